"""The published cells of the worked examples beside what Peilwijs makes of the same clients and answers.

Everything goes the ordinary way, from the delivery to the table, in a database of its own that is thrown away.
"""

import json
import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from app.database import forget_engine, reading, writing
from app.fieldwork.delivery.file import open_delivery
from app.fieldwork.delivery.storing import import_delivery
from app.fieldwork.rules import shipped_rules
from app.fieldwork.waves import add_provider, create_wave
from app.results.keurmerk_formats import as_data
from app.results.responses.importing import import_file
from app.results.wave_results import table_of
from app.schema import migrate
from app.settings import settings

FOLDER = Path(__file__).parent
NAMES = {"nt2-digitaal": "NT2 Digitaal", "ivio-opleidingen": "IVIO Opleidingen", "iskander": "ISKANDER"}
# the cells of a row, with their headings in the table
CELLS = {
    "net_sample": "Netto steekproef",
    "completed": "Ingevuld",
    "response_pct": "Respons (%)",
    "grade": "Rapportcijfer",
    "published": "Publicatie",
}
PROMOTER = "Actuele promotor score"


@dataclass(frozen=True)
class Cell:
    """One figure, as it was published and as it is computed; "" = not there at all."""

    heading: str
    published: str
    computed: str

    @property
    def is_equal(self) -> bool:
        return self.published == self.computed


@dataclass(frozen=True)
class Line:
    """One row of a table."""

    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Example:
    """The table of one provider."""

    provider: str
    period: str
    lines: tuple[Line, ...]

    @property
    def cells(self) -> list[Cell]:
        return [cell for line in self.lines for cell in line.cells]


def examples() -> Iterator[Example]:
    """Each worked example, computed anew."""
    with _scratch():
        for slug, name in NAMES.items():
            published = json.loads((FOLDER / slug / "published.json").read_text(encoding="utf-8"))
            yield _example(name, published, _computed(slug, name, published))


@contextmanager
def _scratch() -> Iterator[None]:
    """An empty database that this process uses meanwhile; never that of the installation."""
    before = {name: value for name, value in os.environ.items() if name.startswith("PEILWIJS_")}
    kept = {name: before[name] for name in ("PEILWIJS_QUESTIONNAIRES_FOLDER",) if name in before}
    with tempfile.TemporaryDirectory(prefix="peilwijs-history-") as folder:
        database = {"PEILWIJS_VAR_FOLDER": folder, "PEILWIJS_DATABASE_URL": f"sqlite:///{folder}/history.sqlite3"}
        _become(kept | database | {"PEILWIJS_SECRET_KEY": secrets.token_hex(32)})
        try:
            migrate()
            yield
        finally:
            _become(before)


def _become(environment: dict[str, str]) -> None:
    forget_engine()
    for name in [name for name in os.environ if name.startswith("PEILWIJS_")]:
        del os.environ[name]
    os.environ.update(environment)
    settings.cache_clear()


def _computed(slug: str, name: str, published: dict[str, Any]) -> dict[str, Any]:
    starts_on, ends_on = (date.fromisoformat(published[edge]) for edge in ("start", "end"))
    with writing() as connection:
        create_wave(connection, published["wave"], starts_on, ends_on, shipped_rules(starts_on))
        add_provider(connection, name)
    import_delivery(open_delivery(FOLDER / slug / "delivery.csv"), slug, published["wave"])
    quiet: dict[str, Any] = {"say": lambda sentence: None, "advance": lambda n: None}
    import_file(FOLDER / slug / "responses.csv", slug, published["wave"], **quiet)
    with reading() as connection:
        return as_data(table_of(connection, slug, published["wave"]))


def _example(name: str, published: dict[str, Any], computed: dict[str, Any]) -> Example:
    """Rows by group and service, also those that only one of the two has."""
    both = [{(row["group"], row["service"]): row for row in table["rows"]} for table in (published, computed)]
    lines = [_line(both[0].get(key), both[1].get(key)) for key in dict.fromkeys((*both[0], *both[1]))]
    promoter = Cell(PROMOTER, *(table["promoter_score"] or "" for table in (published, computed)))
    period = f"{published['start']} … {published['end']}"
    return Example(name, period, (*lines, Line(PROMOTER, (promoter,))))


def _line(published: dict[str, Any] | None, computed: dict[str, Any] | None) -> Line:
    row = published or computed or {}
    label = f"{row['service']} {row['label']}" if row["service"] is not None else row["label"]
    return Line(
        label, tuple(Cell(words, _text(published, name), _text(computed, name)) for name, words in CELLS.items())
    )


def _text(row: dict[str, Any] | None, name: str) -> str:
    if row is None:
        return ""
    value = row[name]
    return ("ja" if value else "nee") if isinstance(value, bool) else str(value)
