"""What people wrote themselves: only what a researcher read and released."""

from collections.abc import Iterator
from itertools import groupby

from app.reports.document import Block, Chapter, Heading, Paragraph, Quotes
from app.reports.material import Material

TITLE = "Wat mensen zelf schreven"
GROUPS = {"clients": "Cliënten", "inburgering": "Cursisten", "commissioners": "Opdrachtgevers"}


def open_answers(material: Material) -> Chapter:
    return Chapter(TITLE, tuple(_blocks(material)) if material.answers else ())


def _blocks(material: Material) -> Iterator[Block]:
    yield Paragraph(
        "Bij sommige vragen konden mensen in hun eigen woorden antwoord geven. Hieronder staan die antwoorden, zoals "
        "zij ze schreven, met taalfouten en al. Een onderzoeker las elk antwoord. Staat er […]? Dan haalden wij iets "
        "weg waaraan iemand te herkennen is. Sommige antwoorden staan er om die reden helemaal niet."
    )
    order = list(GROUPS)
    answers = sorted(material.answers, key=lambda one: (order.index(one.group), one.code, one.text.casefold()))
    groups = {one.group for one in answers}
    for group, of_group in groupby(answers, key=lambda one: one.group):
        if len(groups) > 1:
            yield Heading(GROUPS[group])
        for _, same in groupby(of_group, key=lambda one: one.code):
            texts = list(same)
            yield Quotes(texts[0].question, tuple(one.text for one in texts), len(groups) > 1)
