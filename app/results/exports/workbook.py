"""Interviews as a workbook: the data with codes, the same with labels, and the codebook. Written row by row."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from itertools import count
from pathlib import Path
from typing import Any

import xlsxwriter

from app.errors import Invalid
from app.fieldwork.output_files import written
from app.results.exports.columns import Column
from app.results.exports.interviews import Interviews

OPTIONS = {
    "constant_memory": True,  # rows go to disk as they come
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
MAX_ROWS = 1_048_575  # that a sheet holds below its header
MAX_CELL = 32_767  # characters
DATA, LABELS, CODEBOOK = "Data", "Labels", "Codeboek"
HEADERS = ("Variabele", "Label", "Meetniveau", "Vraagtype", "Vragenlijsten", "Code", "Label van de code")
MEASURES = {"nominal": "nominaal", "ordinal": "ordinaal", "scale": "schaal", "text": "tekst"}


def write(path: Path, interviews: Interviews) -> int:
    """Writes the workbook; returns how many interviews it holds.

    Raises:
        Invalid: when a sheet cannot hold them, or the file cannot be written.
    """
    if interviews.n > MAX_ROWS:
        raise Invalid(f"a workbook holds {MAX_ROWS} rows, these are {interviews.n}; choose CSV, SPSS or one provider")
    with written(path) as unfinished:
        book = xlsxwriter.Workbook(str(unfinished), OPTIONS | {"tmpdir": str(unfinished.parent)})
        bold = book.add_format({"bold": True})
        data, labels = (_sheet(book, name, interviews.columns, bold) for name in (DATA, LABELS))
        n_rows = _write_rows(data, labels, interviews)
        _write_codebook(book, interviews.columns, bold)
        book.close()
    return n_rows


def _sheet(book: Any, name: str, columns: Sequence[Column], bold: Any) -> Any:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 1)
    for place, column in enumerate(columns):
        sheet.write_string(0, place, column.code, bold)
    return sheet


def _write_rows(data: Any, labels: Any, interviews: Interviews) -> int:
    """Both sheets side by side, because the rows can be walked once."""
    is_number = [column.measure == "scale" for column in interviews.columns]
    words: list[Mapping[str, str]] = [column.values for column in interviews.columns]
    numbers: dict[str, float] = {}
    n_rows = 0
    for row in interviews.rows:
        n_rows += 1
        for place, cell in enumerate(row):
            if not cell:
                continue
            if is_number[place]:
                number = numbers.get(cell)
                if number is None:
                    number = numbers[cell] = _number(cell)
                data.write_number(n_rows, place, number)
                labels.write_number(n_rows, place, number)
            else:
                data.write_string(n_rows, place, cell[:MAX_CELL])
                labels.write_string(n_rows, place, words[place].get(cell, cell)[:MAX_CELL])
    return n_rows


def _number(cell: str) -> float:
    """A spreadsheet knows only binary numbers; a grade of one decimal is shown by them as it was given."""
    try:
        return float(Decimal(cell.replace(",", ".")))
    except InvalidOperation:
        raise Invalid(f"«{cell[:40]}» is stored as the answer to a question about a number; mend the answer") from None


def _write_codebook(book: Any, columns: Sequence[Column], bold: Any) -> None:
    sheet = book.add_worksheet(CODEBOOK)
    sheet.freeze_panes(1, 1)
    for place, width in enumerate((28, 60, 12, 14, 24, 22, 40)):
        sheet.set_column(place, place, width)
    line = count()
    _write_line(sheet, next(line), HEADERS, bold)
    for column in columns:
        about = (column.code, column.label, MEASURES[column.measure], column.question_type, ", ".join(column.asked_in))
        _write_line(sheet, next(line), about)
        for code, label in column.values.items():
            _write_line(sheet, next(line), (column.code, "", "", "", "", code, label))


def _write_line(sheet: Any, line: int, cells: Sequence[str], style: Any = None) -> None:
    for place, cell in enumerate(cells):
        if cell:
            sheet.write_string(line, place, cell[:MAX_CELL], style)
