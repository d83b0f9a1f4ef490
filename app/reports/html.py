"""A report as a page: the document as the templates print it, inside the office or as a file of its own."""

import base64
import re
from functools import cache
from typing import Any

from markupsafe import Markup

from app.reports.document import Chart, Document, Edition, Front, Heading, Items, Paragraph, Quotes, Row, Scheme, Table
from app.reports.pdf import edition_words
from app.reports.scheme_drawing import draw_scheme
from app.results.drawing.block import block_of
from app.results.drawing.draw import draw
from app.results.drawing.map import TITLE as MAP_TITLE
from app.results.drawing.map import credit, province_map
from app.web.pages import environment
from app.web.static_files import FOLDER

STYLES = ("peilwijs.css", "office.css", "figures.css", "report.css")
FONTS = ("atkinson-latin.woff2",)
HEADS = {"grade": "Dienst", "counts": "Dienst", "grade_distribution": "Rapportcijfer"}


def report_html(document: Document, edition: Edition) -> str:
    """A whole page that needs nothing outside itself: styles, letters and drawings are in it."""
    template = environment(document.language).get_template("reports/alone.html")
    return template.render(r=viewed(document, edition), style=_style()).lstrip()


def viewed(document: Document, edition: Edition) -> dict[str, Any]:
    """What the templates print."""
    language = document.language
    front: Front = document.front
    return {
        "language": language,
        "title": f"{document.title} {document.provider}, {document.wave}",
        "heading": document.title,
        "provider": document.provider,
        "subtitle": document.subtitle,
        "edition": edition_words(edition, document),
        "is_final": edition.is_final,
        "change_note": edition.change_note,
        "front": front,
        "map": province_map(front.provinces, language) if front.provinces else None,
        "map_title": MAP_TITLE,
        "credit": credit(),
        "best": None if front.best is None else draw(front.best, language, name="-best"),
        "good": [Row((one.question, f"{one.pct} %", f"{one.benchmark_pct} %")) for one in front.good],
        "chapters": [
            {
                "number": chapter.number,
                "title": chapter.title,
                "blocks": [_block(block, language) for block in chapter.blocks],
            }
            for chapter in document.chapters
        ],
    }


def _block(block: Any, language: str) -> Any:
    if isinstance(block, Chart):
        return _chart(block, language)
    if isinstance(block, Scheme):
        rows = [Row((f"{row.group}, dag {moment.day}", moment.words)) for row in block.rows for moment in row.moments]
        drawing = draw_scheme(block, language)
        return _figure(block.number, block.caption, drawing, ("Wie en wanneer", "Wat"), rows, ())
    assert isinstance(block, Paragraph | Heading | Items | Quotes | Table)
    return block


def _chart(chart: Chart, language: str) -> dict[str, Any]:
    figure = chart.figure
    told = block_of(figure, language, name=f"-{chart.number}")
    has_own, has_benchmark = figure.kind != "counts", bool(told.benchmark_n)
    columns = (HEADS.get(figure.kind, "Antwoord"), "Aantal", *(("U",) if has_own else ()),
               *(("Alle dienstverleners",) if has_benchmark else ()))  # fmt: skip
    rows = [
        Row((line.label, line.n or "–", *((line.own,) if has_own else ()),
             *((line.benchmark or "–",) if has_benchmark else ())))
        for line in told.lines
    ]  # fmt: skip
    below = tuple(text for text in (chart.verdict, chart.note) if text)
    return _figure(chart.number, f"{chart.caption} (n = {told.n})", told.drawing, columns, rows, below)


def _figure(
    number: int, caption: str, drawing: Markup, columns: tuple[str, ...], rows: list[Row], below: tuple[str, ...]
) -> dict[str, Any]:
    return {
        "kind": "figure",
        "number": number,
        "caption": caption,
        "drawing": drawing,
        "columns": columns,
        "rows": rows,
        "below": below,
    }


@cache
def _style() -> Markup:
    """Our own stylesheets, with the letters in them; other files that they name are left out."""
    css = "\n".join((FOLDER / name).read_text("utf-8") for name in STYLES)
    for name in FONTS:
        font = base64.b64encode((FOLDER / name).read_bytes()).decode()
        css = css.replace(f'url("{name}")', f'url("data:font/woff2;base64,{font}")')
    css = re.sub(r"@font-face\s*{[^}]*url\(\"(?!data:)[^}]*}", "", css)
    css = re.sub(r"url\(\"(?!data:)[^)]*\)", "none", css)
    return Markup(css)  # noqa: S704 - our own files
