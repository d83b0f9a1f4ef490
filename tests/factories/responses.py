"""Responses files, as few columns as a test needs to name."""

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.collection import versions
from app.questions.satisfaction import SCALE
from app.results.responses.importing import Imported, import_file
from app.results.responses.rows import Response, read_row
from tests.factories.rules import rules

ITEMS = tuple(versions.current("arbeid-2022").texts.required_for_usable)
# A usable interview of arbeid-2022.
USABLE = {"had_contact": "yes", **dict.fromkeys(ITEMS, SCALE[1])}
ABOUT = {
    "case_ref": "C0001",
    "kind": "client",
    "service": "9",
    "questionnaire": "arbeid-2022",
    "wording": "regular",
    "mode": "web",
    "completed_at": "2022-12-02T10:00:00+01:00",
}


def cells(**changed: str) -> dict[str, str]:
    """The cells of one row: a usable interview, with some cells changed; dots in names as double underscores."""
    return ABOUT | USABLE | {name.replace("__", "."): cell for name, cell in changed.items()}


def typed(**changed: str) -> Response:
    """One row, checked by the rules of 2022."""
    return read_row(2, cells(**changed), rules(), "werkpad")


def write_csv(path: Path, *rows: Mapping[str, str], delimiter: str = ";", encoding: str = "utf-8") -> Path:
    """A responses file with the columns that any row has."""
    columns = list(dict.fromkeys(name for row in rows for name in row)) or list(ABOUT)
    with path.open("w", newline="", encoding=encoding) as file:
        writer = csv.DictWriter(file, columns, restval="", delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return path


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file, delimiter=";"))


def nobody(_: Any) -> None:
    """Hears and says nothing."""


def bring_in(path: Path, provider: str = "werkpad", wave: str = "2022") -> Imported:
    return import_file(path, provider, wave, say=nobody, advance=nobody)
