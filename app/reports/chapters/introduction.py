"""Introduction: whom the report is about, who made it, and what it is for."""

from collections.abc import Iterator

from app.reports.chapters.words import people, period
from app.reports.document import Block, Chapter, Paragraph
from app.reports.material import Material

TITLE = "Inleiding"


def introduction(material: Material) -> Chapter:
    return Chapter(TITLE, tuple(_blocks(material)))


def _blocks(material: Material) -> Iterator[Block]:
    provider = material.provider
    who = f"de {people(material)}"
    if material.commissioners.n_net:
        who += " en de opdrachtgevers"
    yield Paragraph(
        f"Dit rapport gaat over {provider}. U leest hoe tevreden {who} zijn over de dienstverlening. Het gaat om "
        f"de meetperiode {material.wave}, van {period(material)}."
    )
    yield Paragraph(
        f"Wij zijn {material.agency.name}, een onafhankelijk onderzoeksbureau. De mensen die wij vroegen, vertelden "
        f"ons wat zij van {provider} vinden: wat goed gaat en wat beter kan. Wij telden hun antwoorden bij elkaar op. "
        "In dit rapport staan geen namen van mensen die meededen."
    )
    if material.has_results:
        yield Paragraph(
            "Met de uitkomsten ziet u waar u sterk in bent en waar u nog kunt groeien. De rapportcijfers en de respons "
            "tellen ook mee voor het keurmerk."
        )
    else:
        yield Paragraph(
            "In deze meetperiode vulde nog niemand een vragenlijst in. Daarom staan er in dit rapport geen uitkomsten. "
            "U leest wel hoe wij het onderzoek deden en hoeveel mensen wij vroegen."
        )
