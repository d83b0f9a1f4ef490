"""Contact: whom to ask, and how the provider can react."""

from collections.abc import Iterator

from app.reports.document import Block, Chapter, Items, Paragraph
from app.reports.material import Material

TITLE = "Vragen of een reactie"
REBUTTAL_DAYS = 21  # from publication


def contact(material: Material) -> Chapter:
    return Chapter(TITLE, tuple(_blocks(material)))


def _blocks(material: Material) -> Iterator[Block]:
    yield Paragraph(
        "Hebt u een vraag over dit rapport, of klopt er volgens u iets niet? Laat het ons weten. Wij leggen graag uit "
        "hoe een uitkomst tot stand kwam."
    )
    yield Items((material.agency.name, *material.agency.lines))
    yield Paragraph(
        f"U kunt op dit rapport reageren tot en met {REBUTTAL_DAYS} dagen nadat het definitief is. Dat heet hoor en "
        "wederhoor. Wij lezen uw reactie en geven altijd antwoord. Blijkt er iets niet te kloppen? Dan maken wij een "
        "verbeterde versie en schrijven wij erbij wat er veranderde."
    )
