"""One row of a delivery as a case: its facts, its contact data and everything that is wrong with it."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple, TypeVar

from app.fieldwork.delivery import cells
from app.fieldwork.delivery.columns import ADDRESS, Columns
from app.fieldwork.delivery.provinces import province_of
from app.fieldwork.delivery.reasons import Reason, shown
from app.fieldwork.rules import INBURGERING
from app.fieldwork.waves import KnownWave
from app.questions.question import N_

Value = TypeVar("Value")
MAX_CELL = 200
# What no name or address holds: control characters, marks that turn text around, and the sign of lost characters.
_UNUSABLE = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufff9-\uffff]")
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")


class ContactData(NamedTuple):
    """Contact data as text, in the order of the table's columns; empty where nothing was delivered."""

    reference: str
    salutation: str
    initials: str
    infix: str
    surname: str
    email: str
    phone: str
    phone2: str
    street: str
    house_number: str
    addition: str
    postcode: str
    place: str
    organisation: str
    job_title: str


@dataclass(slots=True)
class CaseRow:
    """A row as read. None = not delivered; `reasons` is empty when the row can be used."""

    kind: str
    contact: ContactData
    service: int | None = None
    learning_profile: int | None = None
    wording: str | None = None
    language: str | None = None
    wants_phone: bool | None = None
    is_self_reporter: bool = False
    ended_on: date | None = None
    province: str | None = None
    reasons: list[Reason] = field(default_factory=list)


class _Row:
    """The values of one row while they are read; gathers what is wrong."""

    def __init__(self, values: Mapping[str, str], reasons: list[Reason]) -> None:
        self.values = values
        self.reasons = reasons

    def has(self, column: str) -> bool:
        return column in self.values

    def text(self, column: str) -> str:
        return self.values.get(column, "")

    def take(self, column: str, read: Callable[[str], Value], default: Value) -> Value:
        """The value of a cell, or the default when it is empty or wrong."""
        text = self.values.get(column)
        if not text:
            return default
        try:
            return read(text)
        except cells.Refused as refused:
            self.refuse((column,), refused.message, **cells.quoted(text, refused))
            return default

    def refuse(self, columns: tuple[str, ...], message: str, **values: object) -> None:
        self.reasons.append(Reason(columns, message, values))


class RowReader:
    """Reads rows by the rules of one wave."""

    def __init__(self, wave: KnownWave, columns: Columns) -> None:
        self.wave = wave
        self.columns = columns
        self._codes = ", ".join(str(code) for code in sorted(wave.rules.services))

    def read(self, row_cells: Sequence[str]) -> CaseRow:
        """The row as a case, with a reason for everything that is wrong."""
        reasons: list[Reason] = []
        row = _Row(self._values(row_cells, reasons), reasons)
        kind = row.take("soort", cells.kind, "client")
        case = CaseRow(kind, _contact(row), reasons=reasons)
        case.language = row.take("taal", cells.language, None)
        case.province = province_of(case.contact.postcode) if case.contact.postcode else None
        if kind == "client":
            self._client(row, case)
        _check_channels(row, case.contact)
        return case

    def _values(self, row_cells: Sequence[str], reasons: list[Reason]) -> dict[str, str]:
        """The cells of the known columns that hold something: one line, one form of every letter."""
        values = {}
        joined = "".join(row_cells)
        is_plain = joined.isascii() and joined.isprintable()
        n_cells = len(row_cells)
        for column, place in self.columns.positions.items():
            text = row_cells[place] if place < n_cells else ""
            if not text:
                continue
            text = " ".join((text if is_plain else _usual_form(text)).split())
            if text:
                values[column] = text
            if len(text) > MAX_CELL:
                values[column] = ""
                reasons.append(Reason((column,), N_("De tekst is te lang: meer dan %(n)s tekens."), {"n": MAX_CELL}))
            elif not is_plain and _UNUSABLE.search(text):
                values[column] = ""
                reasons.append(Reason((column,), N_("De tekst heeft tekens die wij niet kunnen lezen.")))
        if n_cells > self.columns.n_cells and any(map(str.strip, row_cells[self.columns.n_cells :])):
            reasons.append(
                Reason((), N_("Deze regel heeft meer cellen dan er kolommen zijn. Zet de tekst in de goede kolom."))
            )
        return values

    def _client(self, row: _Row, case: CaseRow) -> None:
        case.service = self._service(row)
        case.ended_on = self._end(row, case.service)
        case.is_self_reporter = row.take("zelfmelder", cells.yes_no, False)
        case.wants_phone = row.take("telefonisch", cells.yes_no, None)
        if case.service == INBURGERING:
            case.learning_profile = _learning_profile(row)
        else:  # inburgering has one questionnaire for all
            case.wording = row.take("vragenlijst", cells.wording, None)

    def _service(self, row: _Row) -> int | None:
        if not row.has("dienst"):
            row.refuse(("dienst",), N_("De dienst ontbreekt. Vul een nummer in: %(codes)s."), codes=self._codes)
            return None
        service = row.take("dienst", cells.whole_number, None)
        if service in self.wave.rules.services:
            return service
        message = N_("«%(value)s» is geen dienst van deze meetperiode. Vul een nummer in: %(codes)s.")
        if text := row.text("dienst"):
            row.refuse(("dienst",), message, value=shown(text), codes=self._codes)
        return None

    def _end(self, row: _Row, service: int | None) -> date | None:
        """The end of the trajectory. Inburgering may still be running: without a date, or with one after the wave."""
        may_be_running = service == INBURGERING
        if not row.has("einddatum"):
            if not may_be_running:
                message = N_("De einddatum ontbreekt. Vul de dag in waarop het traject klaar was.")
                row.refuse(("einddatum",), message)
            return None
        ended_on = row.take("einddatum", cells.day, None)
        first, last = self.wave.starts_on, self.wave.ends_on
        if ended_on is not None and (ended_on < first or (ended_on > last and not may_be_running)):
            row.refuse(
                ("einddatum",),
                N_("De einddatum %(value)s valt buiten de meetperiode: %(first)s tot en met %(last)s."),
                value=cells.dutch_date(ended_on),
                first=cells.dutch_date(first),
                last=cells.dutch_date(last),
            )
        return ended_on


def _usual_form(text: str) -> str:
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", text))


def _contact(row: _Row) -> ContactData:
    text, take = row.text, row.take
    return ContactData(
        reference=take("klantnummer", cells.reference, ""),
        salutation=text("aanhef"),
        initials=text("voorletters"),
        infix=text("tussenvoegsel"),
        surname=text("achternaam"),
        email=take("email", cells.email, ""),
        phone=take("telefoon", cells.phone, ""),
        phone2=take("telefoon2", cells.phone, ""),
        street=text("straat"),
        house_number=text("huisnummer"),
        addition=text("toevoeging"),
        postcode=take("postcode", cells.postcode, ""),
        place=text("plaats"),
        organisation=text("organisatie"),
        job_title=text("functie"),
    )


def _learning_profile(row: _Row) -> int | None:
    if not row.has("leerprofiel"):
        row.refuse(("leerprofiel",), N_("Het leerprofiel ontbreekt. Vul bij inburgering 1, 2, 3 of 4 in."))
        return None
    profile = row.take("leerprofiel", cells.whole_number, None)
    if profile in (1, 2, 3, 4):
        return profile
    if text := row.text("leerprofiel"):
        message = N_("«%(value)s» is geen leerprofiel. Vul 1, 2, 3 of 4 in.")
        row.refuse(("leerprofiel",), message, value=shown(text))
    return None


def _check_channels(row: _Row, contact: ContactData) -> None:
    """At least one way to reach the person must be usable."""
    if contact.email or contact.phone or contact.phone2:
        return
    has_address = contact.postcode and all(row.text(column) for column in ADDRESS)
    if has_address and contact.surname:
        return
    if has_address:
        row.refuse(("achternaam",), N_("De achternaam ontbreekt. Zonder achternaam sturen wij geen brief."))
    row.refuse(
        ("email", "telefoon"),
        N_("Wij kunnen deze persoon niet bereiken. Vul een e-mailadres, een telefoonnummer of een volledig adres in."),
    )
