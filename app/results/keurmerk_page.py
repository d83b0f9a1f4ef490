"""The keurmerk table as its office page shows it: every figure printed, every sentence chosen."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy.engine import Connection

from app.questions.question import N_
from app.results.keurmerk import KeurmerkTable, Row
from app.results.verdict import Outcome, Verdict, two_decimals
from app.results.wave_results import table_of

GROUPS = {"clients": N_("Cliënten"), "commissioners": N_("Opdrachtgevers")}
NORM_SETS = {"keurmerk": N_("Norm van het keurmerk"), "uwv": N_("Norm van UWV")}
WITHOUT_CORRECTION: Mapping[Outcome, str] = {
    "met": N_("Gehaald. Het gemiddelde rapportcijfer is %(mean)s."),
    "not_met": N_("Niet gehaald. Het gemiddelde rapportcijfer is %(mean)s."),
    "no_judgement": N_("Er is nog geen oordeel, want nog niemand gaf een rapportcijfer."),
}
WITH_CORRECTION: Mapping[Outcome, str] = {
    "met_after_correction": N_(
        "Gehaald na correctie. Het gemiddelde rapportcijfer is %(mean)s, en %(corrected)s na de correctie voor heel "
        "lage cijfers."
    ),
    "not_met": N_(
        "Niet gehaald. Het gemiddelde rapportcijfer is %(mean)s, en %(corrected)s na de correctie voor heel lage "
        "cijfers."
    ),
}
LOTS: Mapping[Outcome, str] = {
    "met": N_("%(lot)s: gehaald, met gemiddeld %(mean)s."),
    "not_met": N_("%(lot)s: niet gehaald, met gemiddeld %(mean)s."),
    "no_judgement": N_("%(lot)s: nog geen oordeel."),
}


@dataclass(frozen=True)
class Sentence:
    """A catalogue message with its values; the template prints `gettext(message, **values)`."""

    message: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Line:
    """One row of the table. `is_small`: under five interviews, flagged for staff and never hidden."""

    code: str
    label: str
    net_sample: str
    completed: str
    response_pct: str
    grade: str
    is_published: bool
    is_total: bool
    is_small: bool
    meets_norm: bool
    norm: Sentence


@dataclass(frozen=True)
class Group:
    """Clients or commissioners, with their lines."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Judged:
    """One norm set with what it says."""

    norm_set: str
    is_met: bool | None  # None = no judgement
    sentence: Sentence
    lots: tuple[Sentence, ...]


@dataclass(frozen=True)
class KeurmerkPage:
    """Everything on the page; the template only prints."""

    provider: str
    wave: str
    state: Sentence
    groups: tuple[Group, ...]
    verdicts: tuple[Judged, ...]
    promoter: Sentence | None
    commissioners: Sentence
    has_small_lines: bool


def keurmerk_page(connection: Connection, provider: str, wave: str) -> KeurmerkPage:
    """The page of one provider in one wave.

    Raises:
        NotFound: when there is no such wave or provider, or the provider takes no part in the wave.
    """
    return page_of(table_of(connection, provider, wave))


def page_of(table: KeurmerkTable) -> KeurmerkPage:
    """The table in words."""
    groups = tuple(
        Group(title, lines)
        for group, title in GROUPS.items()
        if (lines := tuple(_line(row) for row in table.rows if row.group == group))
    )
    score = table.promoter_score
    return KeurmerkPage(
        provider=table.provider_name,
        wave=table.wave,
        state=_state(table.total),
        groups=groups,
        verdicts=tuple(_judged(verdict) for verdict in table.verdicts),
        promoter=None if score is None else Sentence(N_("De actuele promotor score is %(score)s."), {"score": score}),
        commissioners=_commissioners(table.commissioners),
        has_small_lines=any(line.is_small for group in groups for line in group.lines),
    )


def _line(row: Row) -> Line:
    return Line(
        code="" if row.service is None else str(row.service),
        label=row.label,
        net_sample=str(row.net_sample),
        completed=str(row.completed),
        response_pct=row.response_pct,
        grade=row.grade,
        is_published=row.is_published,
        is_total=row.service is None,
        is_small=row.is_small,
        meets_norm=row.n_still_needed == 0,
        norm=_norm(row),
    )


def _norm(row: Row) -> Sentence:
    if row.n_still_needed is None:
        return Sentence(N_("niet meer te halen"))
    return Sentence(N_("nog %(n)s nodig"), {"n": row.n_still_needed}) if row.n_still_needed else Sentence(N_("gehaald"))


def _state(total: Row) -> Sentence:
    """The page's title goes on with it: how far the response is."""
    if not total.net_sample:
        return Sentence(N_("nog geen cliënten in de netto steekproef"))
    values = {"pct": total.response_pct}
    if total.n_still_needed is None:
        return Sentence(N_("%(pct)s %% respons, de responsnorm is niet meer te halen"), values)
    if total.n_still_needed:
        return Sentence(N_("%(pct)s %% respons, nog %(n)s nodig"), {**values, "n": total.n_still_needed})
    return Sentence(N_("%(pct)s %% respons, responsnorm gehaald"), values)


def _commissioners(row: Row | None) -> Sentence:
    """Nobody invited is another thing than nobody answering, and reads differently."""
    if row is None:
        return Sentence(N_("Er zijn geen opdrachtgevers uitgenodigd: de respons is 0%%."))
    message = N_("Opdrachtgevers: %(completed)s van %(net)s vulden de vragenlijst in, een respons van %(pct)s%%.")
    return Sentence(message, {"completed": row.completed, "net": row.net_sample, "pct": row.response_pct})


def _judged(verdict: Verdict) -> Judged:
    sentences, values = WITHOUT_CORRECTION, {}
    if verdict.mean is not None:
        values["mean"] = two_decimals(verdict.mean)
    if verdict.corrected_mean is not None:
        sentences, values["corrected"] = WITH_CORRECTION, two_decimals(verdict.corrected_mean)
    lots = tuple(
        Sentence(LOTS[lot.outcome], {"lot": lot.lot, "mean": "" if lot.mean is None else two_decimals(lot.mean)})
        for lot in verdict.lots
    )
    is_met = None if verdict.outcome == "no_judgement" else verdict.outcome != "not_met"
    return Judged(
        NORM_SETS.get(verdict.norm_set, verdict.norm_set), is_met, Sentence(sentences[verdict.outcome], values), lots
    )
