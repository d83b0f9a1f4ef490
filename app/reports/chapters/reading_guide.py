"""Reading guide: how to read the figures."""

from collections.abc import Collection, Iterator

from app.reports.document import Block, Chapter, Heading, Paragraph
from app.reports.material import Material
from app.results.figures.figure import Figure

TITLE = "Zo leest u de figuren"


def reading_guide(material: Material) -> Chapter:
    """Left out where there is no figure to read."""
    figures = [figure for section in material.sections for figure in section.figures]
    return Chapter(TITLE, tuple(_blocks(material, figures)) if figures else ())


def _blocks(material: Material, figures: list[Figure]) -> Iterator[Block]:
    shown = [figure for figure in figures if not figure.is_hidden]
    kinds = {figure.kind for figure in shown}
    if shown:
        yield Heading("Aantallen en percentages")
        yield Paragraph(
            "Elke figuur hoort bij één vraag. Boven de figuur staat de vraag zoals wij die stelden. Met ‘n’ bedoelen "
            "wij het aantal mensen dat antwoord gaf. Niet iedereen krijgt elke vraag, dus n kan per figuur anders zijn."
        )
        yield Paragraph(_percentages(kinds))
        if kinds & {"grade", "grade_distribution"}:
            yield Paragraph(
                "Bij rapportcijfers rekenen wij met het precieze cijfer, ook met cijfers achter de komma. Wij ronden "
                "pas af als wij klaar zijn met rekenen."
            )
    if shown and material.has_benchmark:
        yield Heading("Vergelijken met anderen")
        yield Paragraph(
            "Naast uw uitkomst staat die van alle dienstverleners die in deze meetperiode meededen, samen. Uw eigen "
            "uitkomst telt daarin mee. Zo ziet u of u hoger of lager uitkomt dan gemiddeld."
        )
        yield Paragraph(
            "Als er weinig mensen antwoord gaven, kan een verschil toeval zijn. Staat er bij een figuur dat de "
            "uitkomst niet te onderscheiden is van het gemiddelde? Trek dan geen conclusie uit het verschil."
        )
    if material.rules.min_n > 1:
        yield Heading("Als weinig mensen antwoord gaven")
        yield Paragraph(
            f"Gaven minder dan {material.rules.min_n} mensen antwoord op een vraag? Dan laten wij de uitkomst niet "
            "zien. Anders zou u kunnen raden wie wat zei. Soms laten wij om die reden nog een uitkomst weg, omdat u de "
            "verborgen uitkomst anders kunt uitrekenen. In de tabel voor het keurmerk staat wel elke dienst."
        )


def _percentages(kinds: Collection[str]) -> str:
    text = "Percentages zijn afgerond op hele getallen en tellen op tot 100."
    if "choices" in kinds:
        text += " Kon iemand meer antwoorden kiezen? Dan kan het totaal hoger zijn dan 100."
    if "satisfaction" in kinds:
        text += (
            " Bij vragen over tevredenheid loopt de balk van heel tevreden naar heel ontevreden. Wie geen mening had, "
            "staat apart aan het eind."
        )
    return text
