"""A report as PDF: the document as data for the typst template, which sets it as text and never as markup."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typst

from app.fieldwork.letters.text import FONTS, clean
from app.language import long_date
from app.reports.document import (
    Chapter,
    Chart,
    Document,
    Edition,
    Front,
    Heading,
    Items,
    Paragraph,
    Quotes,
    Scheme,
    Table,
)
from app.reports.scheme_drawing import draw_scheme, scheme_told
from app.results.drawing.draw import description, draw
from app.results.drawing.map import TITLE as MAP_TITLE
from app.results.drawing.map import credit, province_map

MOST_ENTRIES = 26  # in the contents, if the introduction is to go below them
MOST_LETTERS = 2_000  # of a chapter without figures, if it is to stay on one page
TEMPLATE = Path(__file__).with_name("report.typ")


def report_pdf(document: Document, edition: Edition) -> bytes:
    """The PDF (PDF/UA-1, tagged); equal input gives equal bytes."""
    data = printed(document, edition)
    pdf: bytes = typst.compile(TEMPLATE.read_bytes(), pdf_standards="ua-1", format="pdf", **_surroundings(data))
    return pdf


def pictures(document: Document, edition: Edition, ppi: int = 110) -> list[bytes]:
    """Every page as PNG, for eyes and tests."""
    data = printed(document, edition)
    pages: Any = typst.compile(TEMPLATE.read_bytes(), format="png", ppi=ppi, **_surroundings(data))
    return pages if isinstance(pages, list) else [pages]


def _surroundings(data: dict[str, Any]) -> dict[str, Any]:
    """The template's root is the folder of the fonts, so no other file can be read."""
    year, month, day = data["day"]
    return {
        "root": str(FONTS),
        "font_paths": [str(FONTS)],
        "ignore_system_fonts": True,
        "sys_inputs": {"data": json.dumps(data)},
        "timestamp": int(datetime(year, month, day, 12, tzinfo=UTC).timestamp()),
    }


def printed(document: Document, edition: Edition) -> dict[str, Any]:
    """What the template is given: every text in letters that we have, every drawing as SVG."""
    day = edition.day(document)
    return {
        "title": clean(f"{document.title} {document.provider}, {document.wave}"),
        "language": document.language,
        "day": [day.year, day.month, day.day],
        "agency": {"name": clean(document.agency.name), "lines": [clean(line) for line in document.agency.lines]},
        "heading": clean(document.title),
        "subtitle": clean(document.subtitle),
        "provider": clean(document.provider),
        "wave": clean(document.wave),
        "is_final": edition.is_final,
        "edition": edition_words(edition, document),
        "change_note": clean(edition.change_note),
        "front": _front(document.front, document.language),
        "is_long": _n_entries(document) > MOST_ENTRIES,
        "chapters": [_chapter(chapter, document.language) for chapter in document.chapters],
    }


def _n_entries(document: Document) -> int:
    """How many lines the contents have."""
    return sum(1 + sum(isinstance(block, Heading) for block in chapter.blocks) for chapter in document.chapters)


def edition_words(edition: Edition, document: Document) -> str:
    """`Definitief rapport, versie 1, 3 maart 2026`."""
    state = "Definitief rapport" if edition.is_final else "Concept"
    return f"{state}, versie {edition.version}, {long_date(edition.day(document))}"


def _front(front: Front, language: str) -> dict[str, Any]:
    best = front.best
    return {
        "mean": front.mean,
        "mean_says": clean(front.mean_says),
        "empty": clean(front.empty),
        "map": _drawing(province_map(front.provinces, language, "print")) if front.provinces else None,
        "map_title": MAP_TITLE,
        "map_says": clean(front.provinces_say),
        "credit": credit(),
        "best": None if best is None else _drawing(draw(best, language, "print", name="-best")),
        "best_question": "" if best is None else clean(best.question),
        "best_told": "" if best is None else clean(description(best, language)),
        "good_title": clean(front.good_title),
        "good": [{"question": clean(one.question), "pct": one.pct, "all": one.benchmark_pct} for one in front.good],
    }


def _chapter(chapter: Chapter, language: str) -> dict[str, Any]:
    blocks = [_block(block, language) for block in chapter.blocks]
    begins_page = any(not isinstance(block, Paragraph | Heading | Items) for block in chapter.blocks)
    n_letters = sum(len(str(block)) for block in chapter.blocks)
    return {
        "number": str(chapter.number),
        "title": clean(chapter.title),
        "blocks": blocks,
        "begins_page": begins_page,
        "is_whole": not begins_page and n_letters <= MOST_LETTERS,
    }


def _block(block: Any, language: str) -> dict[str, Any]:
    match block:
        case Paragraph(text):
            return {"kind": "paragraph", "text": clean(text)}
        case Heading(text, number):
            return {"kind": "heading", "text": clean(text), "number": number}
        case Items(items):
            return {"kind": "items", "items": [clean(item) for item in items]}
        case Quotes():
            texts = [clean(text) for text in block.texts]
            level = 3 if block.is_in_section else 2
            return {"kind": "quotes", "question": clean(block.question), "texts": texts, "level": level}
        case Chart():
            return _chart(block, language)
        case Scheme():
            drawing = _drawing(draw_scheme(block, language, "print"))
            caption = {"label": f"Figuur {block.number}", "caption": clean(block.caption)}
            return {"kind": "figure", "svg": drawing, "alt": clean(scheme_told(block)), "below": [], **caption}
        case Table():
            return _table(block)
    raise TypeError(f"a report knows no block like {type(block).__name__}")


def _chart(chart: Chart, language: str) -> dict[str, Any]:
    figure = chart.figure
    return {
        "kind": "figure",
        "label": f"Figuur {chart.number}",
        "caption": clean(f"{chart.caption} (n = {figure.n})"),
        "svg": _drawing(draw(figure, language, "print", name=f"-{chart.number}")),
        "alt": clean(description(figure, language)),
        "below": [clean(text) for text in (chart.verdict, chart.note) if text],
    }


def _table(table: Table) -> dict[str, Any]:
    return {
        "kind": "table",
        "label": f"Tabel {table.number}",
        "caption": clean(table.caption),
        "columns": [clean(column) for column in table.columns],
        "rows": [{"role": row.role, "cells": [clean(cell) for cell in row.cells]} for row in table.rows],
    }


def _drawing(svg: str) -> str:
    return str(svg)
