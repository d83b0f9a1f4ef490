"""Interviews as an SPSS file, with labels, measure levels and codes for what is missing. Written row by row.

pyreadstat takes any frame that answers to the protocol of narwhals; `_Frame` is one that hands out the rows as they are
read, so that a file of any length fits in memory.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import narwhals as nw
import pyreadstat

from app.errors import Invalid
from app.fieldwork.output_files import written
from app.results.exports.cells import UNANSWERED
from app.results.exports.columns import Column
from app.results.exports.interviews import Interviews

NOT_ASKED, NOT_ANSWERED = -8.0, -9.0
MISSING = {NOT_ASKED: "niet gesteld", NOT_ANSWERED: "niet beantwoord"}
MAX_NAME, MAX_LABEL, MAX_VALUE_LABEL, MAX_TEXT = 64, 255, 120, 32_767  # bytes
FIXED_WIDTH = 64  # of the columns about the interview
RESERVED = frozenset({"all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"})
Cell = float | str


@dataclass(frozen=True)
class _Variable:
    """One column as SPSS has it. `numbers`: code → number, for choices; None = text."""

    name: str
    label: str
    measure: str
    width: int  # bytes, of text
    numbers: Mapping[str, float] | None
    value_labels: Mapping[float, str]
    value: Callable[[str], Cell]

    @property
    def format(self) -> str:
        if self.numbers is None and self.measure != "scale":
            return f"A{self.width}"
        return "F4.1" if self.measure == "scale" else "F4.0"


def write(path: Path, interviews: Interviews) -> int:
    """Writes the file; returns how many interviews it holds.

    Raises:
        Invalid: when the file cannot be written.
    """
    variables = _variables(interviews)
    numeric = [one for one in variables if not one.format.startswith("A")]
    with written(path) as unfinished:
        pyreadstat.write_sav(
            _Frame(variables, interviews),
            str(unfinished),
            file_label=f"Peilwijs {interviews.wave.label}"[:MAX_NAME],
            column_labels=[one.label for one in variables],
            row_compress=True,
            variable_value_labels={one.name: dict(one.value_labels) for one in numeric},
            missing_ranges={one.name: [NOT_ASKED, NOT_ANSWERED] for one in numeric},
            variable_measure={one.name: one.measure for one in variables},
            variable_format={one.name: one.format for one in variables},
        )
    return interviews.n


def _variables(interviews: Interviews) -> list[_Variable]:
    names = spss_names([column.code for column in interviews.columns])
    return [
        _variable(name, column, interviews.widths.get(column.code, FIXED_WIDTH))
        for name, column in zip(names, interviews.columns, strict=True)
    ]


def _variable(name: str, column: Column, width: int) -> _Variable:
    label = _cut(column.label, MAX_LABEL)
    if column.measure == "text":
        width = min(max(width, 1), MAX_TEXT)
        return _Variable(name, label, "nominal", width, None, {}, _as_text(width))
    numbers = numbers_of(column.values) if column.values else {}
    labels = {numbers[code]: _cut(words, MAX_VALUE_LABEL) for code, words in column.values.items()}
    return _Variable(name, label, column.measure, 0, numbers, labels | MISSING, _as_number(numbers))


def numbers_of(codes: Mapping[str, str] | Sequence[str]) -> dict[str, float]:
    """Codes that are numbers keep their own; others are numbered from 1 in the order of the options."""
    if all(re.fullmatch(r"0|[1-9][0-9]{0,5}", code) for code in codes):
        return {code: float(code) for code in codes}
    return {code: float(number) for number, code in enumerate(codes, start=1)}


def spss_names(codes: Sequence[str]) -> list[str]:
    """The names of columns as SPSS takes them: at most 64 bytes, no word of its own, none twice."""
    names: list[str] = []
    used: set[str] = set()
    for code in codes:
        base = re.sub(r"[^A-Za-z0-9_.]", "_", code).rstrip(".")
        base = f"{base}_" if base.lower() in RESERVED else base
        name, number = base[:MAX_NAME].rstrip(".") or "v", 1
        while name.lower() in used:
            number += 1
            name = f"{base[: MAX_NAME - 4]}_{number}"
        used.add(name.lower())
        names.append(name)
    return names


def _as_text(width: int) -> Callable[[str], Cell]:
    return lambda cell: "" if cell == UNANSWERED else _cut(cell, width)


def _as_number(numbers: Mapping[str, float]) -> Callable[[str], Cell]:
    known: dict[str, Cell] = {**numbers, "": NOT_ASKED, UNANSWERED: NOT_ANSWERED}

    def value(cell: str) -> Cell:
        found = known.get(cell)
        if found is None:
            try:
                found = known[cell] = float(cell.replace(",", "."))
            except ValueError:
                raise Invalid(f"«{cell[:40]}» is stored where a number belongs; mend that answer") from None
        return found

    return value


def _cut(text: str, n_bytes: int) -> str:
    """The text within this many bytes, never half a sign."""
    if len(text) * 4 <= n_bytes:
        return text
    return text.encode()[:n_bytes].decode("utf-8", "ignore")


class _Frame:
    """The rows as a frame that pyreadstat walks once."""

    _implementation = nw.Implementation.POLARS  # pyreadstat refuses what is neither pandas nor polars

    def __init__(self, variables: Sequence[_Variable], interviews: Interviews) -> None:
        self.variables, self.interviews = variables, interviews
        self._version: object = None

    def __narwhals_dataframe__(self) -> Self:
        return self

    def __native_namespace__(self) -> Any:
        return nw

    def _with_version(self, version: object) -> Self:
        self._version = version
        return self

    def __len__(self) -> int:
        return self.interviews.n

    @property
    def columns(self) -> list[str]:
        return [one.name for one in self.variables]

    def iter_columns(self) -> Iterator["_Series"]:
        return (_Series(one, self._version) for one in self.variables)

    def iter_rows(self, *, named: bool = False, buffer_size: int = 512) -> Iterator[list[Cell]]:
        values = [one.value for one in self.variables]
        for row in self.interviews.rows:
            yield [value(cell) for value, cell in zip(values, row, strict=True)]


class _Series:
    """What pyreadstat wants to know about a column beforehand: its type, and how wide its texts are."""

    def __init__(self, variable: _Variable, version: object) -> None:
        self.variable = variable
        self._version = version

    def __narwhals_series__(self) -> Self:
        return self

    def _with_version(self, version: object) -> Self:
        self._version = version
        return self

    @property
    def name(self) -> str:
        return self.variable.name

    @property
    def dtype(self) -> Any:
        return nw.String() if self.variable.format.startswith("A") else nw.Float64()

    def null_count(self) -> int:
        return 0

    def __iter__(self) -> Iterator[str]:
        yield "x" * self.variable.width
