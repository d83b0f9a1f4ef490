"""Made-up clients and commissioners, as the rows of a delivery file. Nobody exists; mail goes to @voorbeeld.example."""

import csv
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

from app.fieldwork.delivery.columns import COLUMNS

Row = dict[str, str]
SURNAMES = (
    "Aydin", "Bakker", "Boer", "Brouwer", "Chen", "Dekker", "Dijkstra", "El Idrissi", "García", "Haile", "Hendriks",
    "Hoekstra", "Jansen", "Kowalski", "Kuipers", "Lefèvre", "Meijer", "Mulder", "Müller", "Nguyen", "Öztürk", "Peeters",
    "Petrović", "Postma", "Smit", "Tesfay", "Timmermans", "Veenstra", "Visser", "Wójcik", "Yılmaz", "Ziani",
)  # fmt: skip
INFIXES = ("", "", "", "", "", "van", "de", "van der", "van den")
STREETS = ("Dorpsstraat", "Kerkstraat", "Stationsweg", "Ceintuurbaan", "Plein 1944", "Burg. de Bruïnelaan", "’t Zand")
PLACES = (
    ("3511", "Utrecht"), ("2511", "Den Haag"), ("9711", "Groningen"), ("5611", "Eindhoven"), ("8911", "Leeuwarden"),
    ("6811", "Arnhem"), ("4331", "Middelburg"), ("8232", "Lelystad"), ("7411", "Deventer"), ("1012", "Amsterdam"),
    ("6211", "Maastricht"), ("9401", "Assen"),
)  # fmt: skip
LETTERS = "ABCDEGHJKLNPRTVWXZ"
BSN = "111222333"  # passes the eleven-proof, belongs to nobody
INBURGERING = 11


@dataclass(frozen=True)
class Caseload:
    """What a provider does: its services and how its clients read. `low_threshold_share` is 0–1."""

    services: Sequence[int]
    starts_on: date
    ends_on: date
    low_threshold_share: float = 0.35


def client(random: Random, number: int, caseload: Caseload) -> Row:
    """One client without faults. The number makes reference, e-mail address and house number its own."""
    surname = random.choice(SURNAMES)
    digits, place = random.choice(PLACES)
    service = random.choice(caseload.services)
    ended_on = caseload.starts_on + timedelta(days=random.randrange((caseload.ends_on - caseload.starts_on).days))
    row = {
        "soort": "client",
        "klantnummer": f"K{number:06d}",
        "aanhef": random.choice(("mevr.", "dhr.", "")),
        "voorletters": f"{random.choice(LETTERS)}.",
        "tussenvoegsel": random.choice(INFIXES),
        "achternaam": surname,
        "email": f"{_ascii(surname)}.{number}@voorbeeld.example",
        "telefoon": f"06-{20000000 + number:08d}" if random.random() < 0.7 else "",
        "straat": random.choice(STREETS),
        "huisnummer": str(number + 1),
        "postcode": f"{digits} {random.choice(LETTERS)}{random.choice(LETTERS)}",
        "plaats": place,
        "dienst": str(service),
        "einddatum": f"{ended_on.day}-{ended_on.month}-{ended_on.year}",
        "vragenlijst": "laagdrempelig" if random.random() < caseload.low_threshold_share else "regulier",
    }
    if service == INBURGERING:
        row |= {"leerprofiel": str(random.randint(1, 4)), "vragenlijst": ""}
    return row


def commissioner(random: Random, number: int, organisation: str) -> Row:
    """One commissioner without faults."""
    surname = random.choice(SURNAMES)
    return {
        "soort": "opdrachtgever",
        "klantnummer": f"O{number:06d}",
        "voorletters": f"{random.choice(LETTERS)}.",
        "achternaam": surname,
        "email": f"{_ascii(surname)}.o{number}@voorbeeld.example",
        "organisatie": organisation,
        "functie": random.choice(("inkoper", "casemanager", "HR-adviseur")),
    }


def with_faults(random: Random, rows: list[Row]) -> list[Row]:
    """The rows with, somewhere among them, what providers really send: doubles and rows that cannot be used."""
    first, second, third = random.sample(rows, 3)
    spoiled = [
        {**first, "email": "anders@voorbeeld.example", "huisnummer": "7"},  # the same reference
        {**second, "klantnummer": "K900001", "achternaam": "Anders"},  # the same e-mail address
        {**third, "klantnummer": BSN, "email": "bsn@voorbeeld.example", "huisnummer": "9"},
        {**third, "klantnummer": "K900002", "email": "naam@", "telefoon": "", "postcode": "12 AB", "huisnummer": "11"},
        {**third, "klantnummer": "K900003", "email": "dienst@voorbeeld.example", "dienst": "99", "huisnummer": "13"},
        {**third, "klantnummer": "K900004", "email": "datum@voorbeeld.example", "einddatum": "31-2-2020"},
    ]
    mixed = list(rows)
    for row in spoiled:
        mixed.insert(random.randrange(len(rows) // 2, len(mixed)), row)
    return mixed


def write_delivery(path: Path, rows: Iterable[Row]) -> None:
    """The rows as a file, as Dutch spreadsheets write it: semicolons, with a byte order mark."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="", delimiter=";")
        writer.writeheader()
        writer.writerows(rows)


def _ascii(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.lower().replace("ı", "i")).encode("ascii", "ignore").decode()
    return plain.replace(" ", "")
