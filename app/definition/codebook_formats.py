"""The codebook as JSON, as a page to read or print, and as a workbook.

Jinja and xlsxwriter are imported where they are used: `peilwijs check` must not wait for them.
"""

import io
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from app.definition.codebook import Codebook, CodebookRow

TEMPLATES = Path(__file__).resolve().parents[1] / "templates"
# a fixed date, so that equal questionnaires give equal bytes
MADE_AT = datetime(2000, 1, 1, tzinfo=UTC)


def as_json(book: Codebook) -> str:
    return json.dumps(book.as_data(), ensure_ascii=False, indent=2) + "\n"


def as_html(book: Codebook) -> str:
    """One page that needs no other file."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    jinja = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return jinja.get_template("office/codebook.html").render(book=book)


def as_xlsx(book: Codebook) -> bytes:
    """Two sheets: variables and codes. A text that looks like a formula stays text."""
    import xlsxwriter

    content = io.BytesIO()
    workbook = xlsxwriter.Workbook(
        content,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    workbook.set_properties({"title": f"Codebook {book.questionnaire}", "created": MADE_AT})
    bold, wrapped = workbook.add_format({"bold": True}), workbook.add_format({"text_wrap": True, "valign": "top"})
    for title, widths, lines in (
        ("Variables", (28, 12, 20, 14, 10, 50), _variable_lines(book)),
        ("Codes", (28, 22, 40), _code_lines(book)),
    ):
        sheet = workbook.add_worksheet(title)
        sheet.freeze_panes(1, 1)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        for line, cells in enumerate(lines):
            for column, cell in enumerate(cells):
                sheet.write_string(line, column, cell, wrapped if line else bold)
    workbook.close()
    return content.getvalue()


def _variable_lines(book: Codebook) -> Iterable[Sequence[str]]:
    yield (
        *("variable", "block", "question", "type", "measure"),
        *(f"text {wording}" for wording in book.wordings),
        *("asked if", "filters", "left out of", "required for usable", "empty means"),
    )
    for row in book.rows:
        yield (
            *(row.variable, row.block, row.question, row.question_type, row.measure),
            *(row.texts.get(wording, "") for wording in book.wordings),
            _lines(f"{part.of} {part.code}: {part.words}" for part in row.asked_if),
            _lines(part.source for part in row.asked_if),
            ", ".join(row.not_in),
            "yes" if row.required_for_usable else "no",
            "; ".join(row.missing[""]),
        )


def _code_lines(book: Codebook) -> Iterable[Sequence[str]]:
    yield ("variable", "code", *(f"label {wording}" for wording in book.wordings))
    for row in book.rows:
        yield from _codes_of(row, book)


def _codes_of(row: CodebookRow, book: Codebook) -> Iterable[Sequence[str]]:
    for code, by_wording in row.codes.items():
        yield (row.variable, code, *(by_wording.get(wording, "") for wording in book.wordings))


def _lines(parts: Iterable[str]) -> str:
    return "\n".join(parts)
