"""The results: a chapter per group of respondents, with a numbered figure per question."""

from collections.abc import Iterator

from app.reports.chapters.words import capital, counted, said
from app.reports.document import Block, Chapter, Chart, Heading, Items, Paragraph
from app.reports.material import Material
from app.results.figures.figure import Figure, Section

CLIENTS, INBURGERING, COMMISSIONERS = "Wat cliënten vinden", "Wat cursisten vinden", "Wat opdrachtgevers vinden"


def clients(material: Material) -> Chapter:
    """All services but the civic-integration courses."""
    lead = f"In dit hoofdstuk leest u wat cliënten vinden van de begeleiding door {material.provider}."
    return Chapter(CLIENTS, tuple(_blocks(material.of_group("clients"), lead)))


def inburgering(material: Material) -> Chapter:
    lead = f"In dit hoofdstuk leest u wat mensen vinden van hun inburgeringscursus bij {material.provider}."
    return Chapter(INBURGERING, tuple(_blocks(material.of_group("inburgering"), lead)))


def commissioners(material: Material) -> Chapter:
    """Those who bought services. Invited but all silent is told; never invited has no chapter."""
    sample = material.commissioners
    if not sample.n_net:
        return Chapter(COMMISSIONERS, ())
    invited = f"{capital(counted(sample.n_net, 'opdrachtgever kreeg', 'opdrachtgevers kregen'))} een uitnodiging."
    if not sample.n_completed:
        silent = f"{invited} Niemand vulde de vragenlijst in: de respons is 0,0%. Er zijn dus geen uitkomsten."
        return Chapter(COMMISSIONERS, (Paragraph(silent),))
    lead = (
        f"In dit hoofdstuk leest u wat opdrachtgevers vinden van de samenwerking met {material.provider}. {invited} "
        f"{capital(counted(sample.n_completed, 'van hen vulde', 'van hen vulden'))} de vragenlijst in."
    )
    return Chapter(COMMISSIONERS, tuple(_blocks(material.of_group("commissioners"), lead)))


def _blocks(sections: tuple[Section, ...], lead: str) -> Iterator[Block]:
    if not sections:
        return
    yield Paragraph(lead)
    for section in sections:
        if len(sections) > 1:
            yield Heading(section.title)
        yield from (_chart(figure) for figure in section.figures if not figure.is_hidden)
        yield from _hidden([figure for figure in section.figures if figure.is_hidden])


def _chart(figure: Figure) -> Chart:
    return Chart(figure, said(figure.verdict), said(figure.note))


def _hidden(figures: list[Figure]) -> Iterator[Block]:
    """Questions with too few answers are named, so that nobody thinks they were not asked."""
    if not figures:
        return
    few = f"minder dan {figures[0].min_n} mensen" if figures[0].min_n > 1 else "niemand"
    if len(figures) == 1:
        yield Paragraph(
            f"Op de vraag ‘{figures[0].question}’ gaven te weinig mensen antwoord. Die laten wij niet zien."
        )
        return
    yield Paragraph(
        f"Op deze vragen gaven te weinig mensen antwoord ({few}), of u zou een andere uitkomst kunnen uitrekenen. Die "
        "uitkomsten laten wij niet zien:"
    )
    yield Items(tuple(figure.question for figure in figures))
