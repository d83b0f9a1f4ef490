"""Delivered files: rows that are right unless a test says otherwise."""

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel

from app.database import reading
from app.encryption import decrypt
from app.fieldwork.contact_keys import reference_key
from app.fieldwork.delivery.check import Checked, check
from app.fieldwork.delivery.columns import COLUMNS
from app.fieldwork.delivery.file import DeliveryFile, open_delivery
from app.fieldwork.delivery.known_cases import KnownCases
from app.fieldwork.delivery.storing import Imported, import_delivery
from app.fieldwork.rules import shipped_rules
from app.fieldwork.tables import Case, Contact
from app.fieldwork.waves import KnownWave

FOLDER = Path(__file__).parent.parent / "data"
SAMPLES = sorted(path.name.split(".")[0] for path in (FOLDER / "deliveries").glob("*.expected.csv"))
WAVE_2024 = KnownWave(1, "2024", date(2024, 1, 1), date(2024, 12, 31), 1, shipped_rules(date(2024, 1, 1)))
_numbers = count(1)
_case = Case.__table__  # type: ignore[attr-defined]
_contact = Contact.__table__  # type: ignore[attr-defined]


def client(**cells: str) -> dict[str, str]:
    """An acceptable client of service 9, unlike every other one."""
    number = next(_numbers)
    return {
        "klantnummer": f"K{number}",
        "achternaam": f"Testnaam{number}",
        "email": f"client{number}@voorbeeld.example",
        "dienst": "9",
        "einddatum": "31-12-2024",
    } | cells


def commissioner(**cells: str) -> dict[str, str]:
    """An acceptable commissioner."""
    number = next(_numbers)
    return {
        "soort": "opdrachtgever",
        "klantnummer": f"O{number}",
        "email": f"opdrachtgever{number}@bedrijf.example",
        "organisatie": "Gemeente Voorbeeld",
    } | cells


ADDRESS = {"straat": "Kerkstraat", "huisnummer": "1", "postcode": "3511 AB", "plaats": "Utrecht"}


def write_csv(folder: Path, rows: Sequence[Mapping[str, str]], name: str = "delivery.csv") -> Path:
    """A CSV file with the columns that the rows use, in the usual order."""
    used = {column for row in rows for column in row}
    header = [*(column for column in COLUMNS if column in used), *sorted(used - set(COLUMNS))]
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, delimiter=";", restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def sample(name: str) -> Path:
    """One of the five sample deliveries."""
    folder = FOLDER / "deliveries"
    return next(path for path in folder.glob(f"{name}.*") if ".expected" not in path.name)


def expected(name: str) -> list[tuple[int, str, str]]:
    """Row, verdict and columns of every record of a sample."""
    with (FOLDER / "deliveries" / f"{name}.expected.csv").open(encoding="utf-8") as file:
        return [(int(row["row"]), row["verdict"], row["columns"]) for row in csv.DictReader(file)]


def judge(file: DeliveryFile | Path, wave: KnownWave = WAVE_2024, known: KnownCases | None = None) -> list[Checked]:
    """Every record of a file judged, in the order of the file."""
    opened = open_delivery(file) if isinstance(file, Path) else file
    return sorted(check(opened, wave, known or KnownCases()), key=lambda checked: checked.verdict.row)


def verdicts(folder: Path, *rows: Mapping[str, str]) -> list[tuple[str, str]]:
    """The verdict and columns of every row."""
    checked = judge(write_csv(folder, rows))
    return [(one.verdict.verdict, " ".join(one.verdict.columns)) for one in checked]


def deliver(folder: Path, *rows: Mapping[str, str], provider: str = "werkpad", wave: str = "2024") -> Imported:
    """The rows written to a file and stored."""
    return import_delivery(open_delivery(write_csv(folder, rows)), provider, wave)


def case_of(reference: str) -> dict[str, Any]:
    """The stored case with this reference: facts and readable contact data."""
    with reading() as connection:
        row = connection.execute(
            sa.select(_case, *(column for column in _contact.columns if column.name not in _case.columns))
            .join(_contact, _contact.c.case_id == _case.c.id)
            .where(_contact.c.reference_key == reference_key(reference))
        ).one()
    return {
        name: decrypt(value) if isinstance(value, bytes) and not name.endswith("_key") else value
        for name, value in row._asdict().items()
    }


def everything() -> dict[str, list[Any]]:
    """Every row of every table."""
    with reading() as connection:
        tables = SQLModel.metadata.sorted_tables
        return {table.name: sorted(map(repr, connection.execute(sa.select(table)))) for table in tables}
