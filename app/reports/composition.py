"""Putting a report together: the chapters that have something to tell, in their order, numbered."""

from dataclasses import replace

from app.reports.chapters import contact, introduction, method, open_answers, reading_guide, results
from app.reports.chapters.words import capital, people, period
from app.reports.document import Chapter, Document, Paragraph, numbered
from app.reports.material import Material
from app.results.keurmerk_formats import as_data


def compose(material: Material) -> Document:
    """The report of one provider in one wave."""
    chapters = [
        introduction.introduction(material),
        method.method(material),
        reading_guide.reading_guide(material),
        results.clients(material),
        results.inburgering(material),
        results.commissioners(material),
        open_answers.open_answers(material),
        contact.contact(material),
    ]
    who = capital(people(material)) if material.clients.n_net or not material.commissioners.n_net else "Opdrachtgevers"
    if material.clients.n_net and material.commissioners.n_net:
        who += " en opdrachtgevers"
    return Document(
        title="Rapport tevredenheidsonderzoek",
        subtitle=f"{who}, meetperiode {material.wave}: {period(material)}",
        provider=material.provider,
        wave=material.wave,
        made_on=material.made_on,
        agency=material.agency,
        front=material.front,
        chapters=numbered([_with_one_stop(chapter, material.provider) for chapter in chapters]),
        grades=tuple(row for row in as_data(material.table)["rows"] if row["published"]),
    )


def _with_one_stop(chapter: Chapter, provider: str) -> Chapter:
    """A sentence that ends with `Werkpad B.V.` needs no second full stop."""
    if not provider.endswith("."):
        return chapter
    blocks = (
        Paragraph(block.text.replace(f"{provider}.", provider)) if isinstance(block, Paragraph) else block
        for block in chapter.blocks
    )
    return replace(chapter, blocks=tuple(blocks))
