"""The delivery check: exactly one verdict for every record of a file.

Clients are judged in the order of the file, then the commissioners: whether one of those is a self-reporter depends
on the whole client list. What is wrong with a row comes first, then self-reporters, then duplicates; a row is a
duplicate of an accepted row only.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from app.fieldwork import contact_keys
from app.fieldwork.contact_keys import ContactKeys
from app.fieldwork.delivery.case_rows import CaseRow, RowReader
from app.fieldwork.delivery.columns import ORDER
from app.fieldwork.delivery.file import DeliveryFile
from app.fieldwork.delivery.known_cases import KnownCase, KnownCases
from app.fieldwork.delivery.reasons import Reason
from app.fieldwork.waves import KnownWave
from app.questions.question import N_

ACCEPTED = "accepted"
REJECTED = "rejected"
DUPLICATE = "duplicate"
SELF_REPORTER = "self_reporter"
VERDICTS = (ACCEPTED, REJECTED, DUPLICATE, SELF_REPORTER)
HOUSEHOLD_COLUMNS = ("achternaam", "huisnummer", "postcode", "dienst")

SAME_REFERENCE = N_("Dit klantnummer staat al op regel %(row)s.")
SAME_EMAIL = N_("Dit e-mailadres staat al op regel %(row)s.")
SAME_HOUSEHOLD = N_("Achternaam, adres en dienst zijn gelijk aan regel %(row)s.")
KNOWN_REFERENCE = N_("Dit klantnummer hoort in een eerdere aanlevering bij een andere soort.")
KNOWN_EMAIL = N_("Dit e-mailadres stond in een eerdere aanlevering bij een ander klantnummer.")
KNOWN_HOUSEHOLD = N_("Achternaam, adres en dienst stonden in een eerdere aanlevering bij een ander klantnummer.")
SELF_BY_EMAIL = N_("Deze opdrachtgever is zelf cliënt: hetzelfde e-mailadres staat bij de cliënten.")
SELF_BY_MARK = N_("Deze opdrachtgever is zelf cliënt: hij staat als zelfmelder bij de cliënten.")


@dataclass(slots=True)
class Verdict:
    """What happens to one record, and why."""

    row: int
    verdict: str
    reasons: tuple[Reason, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that a reason is about, once, in the usual order."""
        return tuple(sorted({column for reason in self.reasons for column in reason.columns}, key=ORDER.__getitem__))


@dataclass(slots=True)
class Checked:
    """A verdict with the row it is about; `known` is the stored case that an accepted row renews."""

    verdict: Verdict
    case: CaseRow
    keys: ContactKeys
    known: KnownCase | None = None


@dataclass
class _ClientList:
    """What the client rows of a file say about who is a commissioner too, whatever their verdict."""

    emails: set[bytes] = field(default_factory=set)
    self_reporters: set[bytes | str] = field(default_factory=set)

    def add(self, case: CaseRow, keys: ContactKeys) -> None:
        if keys.email:
            self.emails.add(keys.email)
        if case.is_self_reporter:
            self.self_reporters.update(_marks(case, keys))


def _marks(case: CaseRow, keys: ContactKeys) -> set[bytes | str]:
    """What a self-reporter is recognised by besides the e-mail address."""
    contact = case.contact
    marks = (
        keys.reference,
        keys.phone,
        contact_keys.household(contact.surname, contact.postcode, contact.house_number),
    )
    return {mark for mark in marks if mark}


class _Check:
    """The accepted rows so far, by look-up value."""

    def __init__(self, known: KnownCases) -> None:
        self.known = known
        self.clients = _ClientList()
        self.references: dict[bytes, int] = {}
        self.emails: dict[str, dict[bytes, int]] = {"client": {}, "commissioner": {}}
        self.households: dict[bytes, int] = {}

    def judge(self, row: int, case: CaseRow) -> Checked:
        keys = _keys(case)
        if case.kind == "client":
            self.clients.add(case, keys)
        if case.reasons:
            return Checked(Verdict(row, REJECTED, tuple(case.reasons)), case, keys)
        self_reporter = self._self_reporter(case, keys) if case.kind == "commissioner" else None
        if self_reporter:
            return Checked(Verdict(row, SELF_REPORTER, (self_reporter,)), case, keys)
        known = self.known.by_reference.get(keys.reference) if keys.reference else None
        duplicate = self._duplicate_in_file(case, keys) or self._duplicate_of_known(case, keys, known)
        if duplicate:
            return Checked(Verdict(row, DUPLICATE, (duplicate,)), case, keys)
        self._register(row, case, keys)
        return Checked(Verdict(row, ACCEPTED), case, keys, known)

    def _self_reporter(self, case: CaseRow, keys: ContactKeys) -> Reason | None:
        if keys.email and (keys.email in self.clients.emails or keys.email in self.known.client_emails):
            return Reason(("email",), SELF_BY_EMAIL)
        if not self.clients.self_reporters.isdisjoint(_marks(case, keys)):
            return Reason(("zelfmelder",), SELF_BY_MARK)
        return None

    def _duplicate_in_file(self, case: CaseRow, keys: ContactKeys) -> Reason | None:
        if keys.reference and (row := self.references.get(keys.reference)):
            return Reason(("klantnummer",), SAME_REFERENCE, {"row": row})
        if keys.email and (row := self.emails[case.kind].get(keys.email)):
            return Reason(("email",), SAME_EMAIL, {"row": row})
        if keys.household and (row := self.households.get(keys.household)):
            return Reason(HOUSEHOLD_COLUMNS, SAME_HOUSEHOLD, {"row": row})
        return None

    def _duplicate_of_known(self, case: CaseRow, keys: ContactKeys, known: KnownCase | None) -> Reason | None:
        if known and known.kind != case.kind:
            return Reason(("klantnummer",), KNOWN_REFERENCE)
        own_id = known.id if known else None
        if keys.email and self.known.emails(case.kind).get(keys.email, own_id) != own_id:
            return Reason(("email",), KNOWN_EMAIL)
        if keys.household and self.known.households.get(keys.household, own_id) != own_id:
            return Reason(HOUSEHOLD_COLUMNS, KNOWN_HOUSEHOLD)
        return None

    def _register(self, row: int, case: CaseRow, keys: ContactKeys) -> None:
        if keys.reference:
            self.references[keys.reference] = row
        if keys.email:
            self.emails[case.kind][keys.email] = row
        if keys.household:
            self.households[keys.household] = row


def check(file: DeliveryFile, wave: KnownWave, known: KnownCases) -> Iterator[Checked]:
    """Judges every record: clients in the order of the file, then commissioners.

    Raises:
        Unreadable: when the file breaks off or holds no records.
    """
    reader, judgement = RowReader(wave, file.columns), _Check(known)
    commissioners = []
    for row, cells in file.records():
        case = reader.read(cells)
        if case.kind == "commissioner":
            commissioners.append((row, case))
        else:
            yield judgement.judge(row, case)
    for row, case in commissioners:
        yield judgement.judge(row, case)


def counts(verdicts: list[Verdict]) -> dict[str, int]:
    """How many records got each verdict."""
    found = dict.fromkeys(VERDICTS, 0)
    for verdict in verdicts:
        found[verdict.verdict] += 1
    return found


def _keys(case: CaseRow) -> ContactKeys:
    contact = case.contact
    return ContactKeys(
        contact_keys.reference_key(contact.reference),
        contact_keys.email_key(contact.email),
        contact_keys.household_key(contact.surname, contact.postcode, contact.house_number, case.service),
        contact_keys.phone_key(contact.phone or contact.phone2),
    )
