"""The two tables of the method chapter: the response, and the table of the keurmerk with its verdict."""

from collections.abc import Callable, Iterator
from fractions import Fraction

from app.language import one_decimal
from app.reports.chapters.words import capital, people, said
from app.reports.document import Row, Table
from app.reports.material import Material, Sample
from app.results.keurmerk import KeurmerkTable
from app.results.keurmerk_page import GROUPS, Group, page_of

YES_NO = {True: "ja", False: "nee"}
# In order: what is subtracted from the cases to come to the net sample.
LEFT_OUT: tuple[tuple[str, Callable[[Sample], int]], ...] = (
    ("Niet in de steekproef", lambda sample: sample.n_not_sampled),
    ("Ook cliënt, en als cliënt gevraagd", lambda sample: sample.n_self_reporters),
    ("Op geen enkele manier te bereiken", lambda sample: sample.n_undeliverable),
    ("Niet gebeld, want er waren al genoeg gesprekken", lambda sample: sample.n_quota_filled),
)


def response_table(material: Material) -> Table:
    """From the cases that were accepted to the response, for each group that was invited."""
    groups = [(capital(people(material)), material.clients)] if material.clients.n_cases else []
    if material.commissioners.n_cases:
        groups.append(("Opdrachtgevers", material.commissioners))
    samples = [sample for _, sample in groups]

    def row(label: str, of: Callable[[Sample], object], *, is_total: bool = False) -> Row:
        return Row((label, *(str(of(sample)) for sample in samples)), "total" if is_total else "plain")

    left_out = [row(label, of) for label, of in LEFT_OUT if any(of(sample) for sample in samples)]
    return Table(
        "Van aangeleverde gegevens naar respons",
        ("", *(group for group, _ in groups)),
        (
            row("Goedgekeurd in de aanlevering", lambda sample: sample.n_cases),
            *left_out,
            row("Netto steekproef", lambda sample: sample.n_net, is_total=True),
            row("Bruikbaar ingevuld", lambda sample: sample.n_completed),
            row("Respons (%)", _response, is_total=True),
        ),
    )


def _response(sample: Sample) -> str:
    return one_decimal(Fraction(100 * sample.n_completed, sample.n_net) if sample.n_net else 0)


def keurmerk_table(table: KeurmerkTable) -> Table:
    """The table "Resultaten voor het keurmerk"."""
    groups = page_of(table).groups
    columns = ("Dienst", "Netto steekproef", "Ingevuld", "Respons (%)", "Rapportcijfer", "Publicatie")
    return Table("Resultaten voor het keurmerk", columns, tuple(row for group in groups for row in _rows(group)))


def _rows(group: Group) -> Iterator[Row]:
    yield Row((group.title, "", "", "", "", ""), "group")
    for line in group.lines:
        label = f"{line.code} {line.label}".strip()
        cells = (label, line.net_sample, line.completed, line.response_pct, line.grade, YES_NO[line.is_published])
        yield Row(cells, "total" if line.is_total and group.title != GROUPS["commissioners"] else "plain")


def verdict_sentences(table: KeurmerkTable) -> Iterator[str]:
    """What the norms say of it, the promoter score where it exists, and the commissioners where they were invited."""
    page = page_of(table)
    for verdict in page.verdicts:
        yield f"{verdict.norm_set}: {_lower(said(verdict.sentence))}"
        yield from (said(lot) for lot in verdict.lots)
    if page.promoter is not None:
        yield (
            f"{said(page.promoter)} Dat is het percentage mensen dat u aanbeveelt, min het percentage dat u afraadt. "
            "Hoe hoger, hoe beter: de score loopt van -100 tot 100."
        )
    if table.commissioners is not None:
        yield said(page.commissioners)


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
