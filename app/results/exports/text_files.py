"""Rows as text: CSV as the import reads it, CSV as Dutch Excel opens it, and JSON. No cell becomes a formula."""

import csv
import json
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO, Literal

from app.errors import Invalid
from app.fieldwork.delivery.formula_cells import guarded

TextFormat = Literal["csv", "csv-excel", "json"]
BOM = "\ufeff"  # by which Excel knows UTF-8


def write(path: Path, file_format: TextFormat, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    """Writes the file as the rows come, and puts it in place when it is complete; returns how many rows.

    Raises:
        Invalid: when the file cannot be written; then there is no half file either.
    """
    try:
        if path.exists() and not path.is_file():  # a pipe or /dev/stdout
            with path.open("w", encoding="utf-8", newline="") as file:
                return write_to(file, file_format, columns, rows)
        return _write_whole(path.resolve(), file_format, columns, rows)
    except OSError as error:
        raise Invalid(f"{path} cannot be written ({error.strerror}); choose another place") from None


def _write_whole(path: Path, file_format: TextFormat, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", newline="", dir=path.parent, prefix=f".{path.name}.", delete=False
    ) as file:
        unfinished = Path(file.name)
        try:
            n_rows = write_to(file, file_format, columns, rows)
            file.close()
            unfinished.replace(path)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
    return n_rows


def write_to(file: IO[str], file_format: TextFormat, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    """Writes to an open file; returns how many rows."""
    if file_format == "json":
        return _write_json(file, columns, rows)
    if file_format == "csv-excel":
        file.write(BOM)
    writer = csv.writer(file, delimiter=";")
    writer.writerow(columns)
    n_rows = 0
    for row in rows:
        writer.writerow([guarded(cell) if cell else cell for cell in row])
        n_rows += 1
    return n_rows


def _write_json(file: IO[str], columns: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    file.write("[")
    n_rows = 0
    for row in rows:
        cells = dict(zip(columns, row, strict=True))
        file.write((",\n" if n_rows else "\n") + json.dumps(cells, ensure_ascii=False))
        n_rows += 1
    file.write("\n]\n")
    return n_rows
