"""The responses file as it is read: CSV or JSON. What the cells mean is for `responses_rows`."""

import codecs
import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from app.errors import Invalid
from app.fieldwork.delivery.formula_cells import unguarded
from app.questions.question import clean

MAX_BYTES = 500_000_000
MAX_COLUMNS = 5_000
DELIMITERS = (";", ",", "\t")


@dataclass(frozen=True)
class Records:
    """The columns of a file and its records: the row number (a CSV header is row 1) and cells by column."""

    columns: tuple[str, ...]
    rows: Iterable[tuple[int, Mapping[str, str]]]


@contextmanager
def opened(path: Path) -> Iterator[Records]:
    """Reads a CSV (semicolon, comma or tab; UTF-8 or Windows-1252) or a JSON list of objects.

    Raises:
        Invalid: when the file cannot be read as either; says what is wrong and where.
    """
    try:
        n_bytes = path.stat().st_size
        if n_bytes > MAX_BYTES:
            raise Invalid(f"{path} is larger than {MAX_BYTES // 1_000_000} MB; split it")
        with path.open(encoding=_encoding(path), newline="") as file:
            yield _json_records(path, file) if _starts_like_json(file) else _csv_records(path, file)
    except OSError as error:
        raise Invalid(f"{path} cannot be read ({error.strerror}); check the name") from None


def _encoding(path: Path) -> str:
    """UTF-8 when every byte of the file says so, otherwise what Dutch Windows writes."""
    for encoding in ("utf-8", "cp1252"):
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            with path.open("rb") as file:
                while block := file.read(1 << 20):
                    decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return "utf-8-sig" if encoding == "utf-8" else encoding
    raise Invalid(f"{path} cannot be read as text; save it as CSV in UTF-8")


def _starts_like_json(file: IO[str]) -> bool:
    start = file.read(1000).lstrip()
    file.seek(0)
    return start.startswith(("[", "{"))


def _csv_records(path: Path, file: IO[str]) -> Records:
    first_line = file.readline(1_000_000)
    file.seek(0)
    delimiter = max(DELIMITERS, key=first_line.count)
    reader = csv.reader(file, delimiter=delimiter, strict=True)
    try:
        header = next(reader, [])
    except csv.Error as error:
        raise Invalid(f"{path}, row 1 is no CSV header ({error}); save the file as CSV in UTF-8") from None
    columns = tuple(name.strip() for name in header)
    _check_columns(path, columns)
    return Records(columns, _csv_rows(path, reader, columns))


def _check_columns(path: Path, columns: Sequence[str]) -> None:
    if not any(columns):
        raise Invalid(f"{path} is empty; the first row must hold the names of the columns")
    if len(columns) > MAX_COLUMNS:
        raise Invalid(f"{path} has {len(columns)} columns, more than {MAX_COLUMNS}; this is no responses file")
    for name in columns:
        if not name:
            raise Invalid(f"{path} has a column without a name; give it one or remove it")
        if columns.count(name) > 1:
            raise Invalid(f"{path} has two columns «{name[:60]}»; remove one of the two")


def _csv_rows(path: Path, reader: Any, columns: tuple[str, ...]) -> Iterator[tuple[int, Mapping[str, str]]]:
    row = 1
    try:
        for row, cells in enumerate(reader, start=2):
            if not any(cells):
                continue
            if len(cells) != len(columns):
                raise Invalid(f"{path}, row {row} has {len(cells)} cells under {len(columns)} columns; mend that row")
            yield row, {name: _text(unguarded(cell)) for name, cell in zip(columns, cells, strict=True)}
    except csv.Error as error:
        raise Invalid(f"{path}, row {row + 1} cannot be read ({error}); check its quotes") from None


def _text(cell: str) -> str:
    """The cell without control characters and outer spaces, never cut off."""
    return clean(cell, len(cell)) if cell else ""


def _refuse_constant(name: str) -> str:
    raise ValueError(f"{name} is not a value")


def _json_records(path: Path, file: IO[str]) -> Records:
    try:
        # numbers stay the text they were, so that 7.10 is not read as a float
        items = json.load(file, parse_int=str, parse_float=str, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise Invalid(f"{path} is not valid JSON ({error}); write a list of objects") from None
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise Invalid(f"{path} must hold a list of objects, one per interview")
    columns = tuple(dict.fromkeys(name for item in items for name in item))
    _check_columns(path, columns or ("",))
    return Records(columns, _json_rows(path, items))


def _json_rows(path: Path, items: Sequence[Mapping[str, Any]]) -> Iterator[tuple[int, Mapping[str, str]]]:
    for row, item in enumerate(items, start=1):
        for name, value in item.items():
            if not isinstance(value, str | None):
                raise Invalid(f"{path}, row {row}, column «{name[:60]}» must be text, a number or null")
        yield row, {name: _text(value or "") for name, value in item.items()}
