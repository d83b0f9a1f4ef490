"""All providers of a wave beside one another: sorted and narrowed by what the address says."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from sqlalchemy.engine import Connection

from app.language import one_decimal
from app.questions.question import N_
from app.results.keurmerk import KeurmerkTable
from app.results.keurmerk_page import Sentence
from app.results.verdict import Outcome, two_decimals
from app.results.wave_results import tables_of

OUTCOMES: Mapping[Outcome, str] = {
    "met": N_("gehaald"),
    "met_after_correction": N_("gehaald na correctie"),
    "not_met": N_("niet gehaald"),
    "no_judgement": N_("geen oordeel"),
}
_ORDER = list(OUTCOMES)


@dataclass(frozen=True)
class ProviderLine:
    """One provider: its clients in total, and the verdict of the wave's first norm set."""

    slug: str
    name: str
    n_net: int
    n_completed: int
    response_pct: str
    grade: str
    mean: str  # two decimals; "" without a grade
    is_published: bool
    outcome: Outcome | None
    n_small: int  # rows with fewer than five interviews
    promoter: str
    meets_norm: bool


@dataclass(frozen=True)
class Column:
    """A head of the table with the address that sorts by it."""

    name: str
    title: str
    is_number: bool
    address: str
    sorted: str  # ascending, descending or ""


@dataclass(frozen=True)
class WaveDesk:
    """The desk of a wave. `n_all`: before narrowing."""

    wave: str
    state: Sentence
    columns: tuple[Column, ...]
    lines: tuple[ProviderLine, ...]
    n_all: int
    outcome: str
    search: str
    outcomes: Mapping[Outcome, int]
    sort: str
    is_descending: bool


_BY: Mapping[str, tuple[str, bool, Callable[[KeurmerkTable], Any]]] = {
    "naam": (N_("Dienstverlener"), False, lambda table: ()),
    "netto": (N_("Netto steekproef"), True, lambda table: table.total.net_sample),
    "ingevuld": (N_("Ingevuld"), True, lambda table: table.total.completed),
    "respons": (N_("Respons (%%)"), True, lambda table: table.total.response),
    "cijfer": (N_("Rapportcijfer"), True, lambda table: table.total.tally.grades.mean or 0),
    "promotor": (N_("Promotor score"), True, lambda table: -101 if table.promoter is None else table.promoter),
    "publicatie": (N_("Publicatie"), False, lambda table: not table.total.is_published),
    "oordeel": (N_("Norm"), False, lambda table: _ORDER.index(outcome_of(table) or "no_judgement")),
}


def outcome_of(table: KeurmerkTable) -> Outcome | None:
    """What the first norm set of the wave says; None when it has none."""
    return table.verdicts[0].outcome if table.verdicts else None


def wave_desk(connection: Connection, wave: str, asked: Mapping[str, str]) -> WaveDesk:
    """The desk as the address asks for it: `sorteer`, `volgorde`, `oordeel`, `zoek`; what is unknown counts not.

    Raises:
        NotFound: when there is no such wave.
    """
    return desk_of(wave, tables_of(connection, wave), asked)


def desk_of(wave: str, tables: Sequence[KeurmerkTable], asked: Mapping[str, str]) -> WaveDesk:
    """The tables as the address asks for them."""
    sort = asked.get("sorteer", "naam")
    sort = sort if sort in _BY else "naam"
    is_descending = asked.get("volgorde") == "af"
    outcome, search = asked.get("oordeel", ""), asked.get("zoek", "").strip()[:100]
    counts = {name: sum(outcome_of(table) == name for table in tables) for name in OUTCOMES}
    chosen = [
        table
        for table in tables
        if (outcome not in counts or outcome_of(table) == outcome)
        and search.casefold() in table.provider_name.casefold()
    ]
    chosen.sort(key=lambda table: table.provider_name.casefold())
    chosen.sort(key=_BY[sort][2], reverse=is_descending and sort != "naam")
    if sort == "naam" and is_descending:
        chosen.reverse()
    kept = {"oordeel": outcome if outcome in counts else "", "zoek": search}
    return WaveDesk(
        wave=wave,
        state=_state(counts, len(tables)),
        columns=tuple(_column(name, sort, is_descending, kept) for name in _BY),
        lines=tuple(_line(table) for table in chosen),
        n_all=len(tables),
        outcome=kept["oordeel"],
        search=search,
        outcomes={name: n for name, n in counts.items() if n},
        sort=sort,
        is_descending=is_descending,
    )


def _state(counts: Mapping[Outcome, int], n_all: int) -> Sentence:
    if not n_all:
        return Sentence(N_("nog geen dienstverleners"))
    values = {"met": counts["met"] + counts["met_after_correction"], "all": n_all}
    return Sentence(N_("%(met)s van %(all)s dienstverleners halen de norm"), values)


def _column(name: str, sort: str, is_descending: bool, kept: Mapping[str, str]) -> Column:
    """Pressing the sorted column turns it round; a column of numbers begins with the highest."""
    title, is_number, _ = _BY[name]
    is_sorted = name == sort
    goes_down = not is_descending if is_sorted else is_number
    asked = {"sorteer": name, "volgorde": "af" if goes_down else "op"} | {
        key: text for key, text in kept.items() if text
    }
    return Column(
        name, title, is_number, f"?{urlencode(asked)}", ("descending" if is_descending else "ascending") * is_sorted
    )


def _line(table: KeurmerkTable) -> ProviderLine:
    total = table.total
    mean = total.tally.grades.mean
    return ProviderLine(
        slug=table.provider,
        name=table.provider_name,
        n_net=total.net_sample,
        n_completed=total.completed,
        response_pct=total.response_pct,
        grade=total.grade,
        mean="" if mean is None else two_decimals(mean),
        is_published=total.is_published,
        outcome=outcome_of(table),
        n_small=sum(row.is_small for row in table.rows if row.service is not None),
        promoter="" if table.promoter is None else one_decimal(table.promoter),
        meets_norm=total.n_still_needed == 0,
    )
