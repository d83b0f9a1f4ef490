"""One case: where it stands, and everything that happened to it in order."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.accounts.tables import User
from app.collection.tables import Interview
from app.encryption import decrypt
from app.errors import NotFound
from app.fieldwork import dispositions
from app.fieldwork.case_history import HistoryLine, other_lines
from app.fieldwork.rules import WaveRules
from app.fieldwork.sending.due_steps import WORDS, Reason
from app.fieldwork.sending.planning import has_address, has_email
from app.fieldwork.tables import CallRequest, Case, CaseEvent, Contact, Delivery, Message, Participation, Provider, Wave
from app.questions.question import N_

CONTACT_WORDS = {
    "reference": N_("Klantnummer"), "salutation": N_("Aanhef"), "initials": N_("Voorletters"),
    "infix": N_("Tussenvoegsel"), "surname": N_("Achternaam"), "organisation": N_("Organisatie"),
    "job_title": N_("Functie"), "email": N_("E-mail"), "phone": N_("Telefoon"), "phone2": N_("Tweede telefoon"),
    "street": N_("Straat"), "house_number": N_("Huisnummer"), "addition": N_("Toevoeging"),
    "postcode": N_("Postcode"), "place": N_("Plaats"),
}  # fmt: skip
STATE_LINES = {
    "queued": N_("In de wachtrij: %(step)s"),
    "claimed": N_("Wordt gemaakt of verstuurd: %(step)s"),
    "sending": N_("Wordt verstuurd: %(step)s"),
    "sent": N_("Verstuurd: %(step)s"),
    "printed": N_("Gedrukt en op de post: %(step)s"),
    "uncertain": N_("Onzeker of het weg is: %(step)s"),
    "bounced": N_("Verstuurd en teruggestuurd: %(step)s"),
    "returned": N_("Gedrukt, en de post kwam terug: %(step)s"),
    "failed": N_("Versturen mislukt: %(step)s"),
    "withdrawn": N_("Niet verstuurd, want niet meer nodig: %(step)s"),
}
EVENT_WORDS = {
    "note": N_("Notitie"),
    "undeliverable": N_("Gemarkeerd als niet te bereiken"),
    "opted_out": N_("Wil geen berichten meer"),
    "resent": N_("Nieuw bericht in de wachtrij gezet"),
    "code_issued": N_("Nieuwe code en link gemaakt; oude werken niet meer"),
    "post_returned": N_("Post kwam terug"),
}
OTHER_EVENT = N_("Gebeurtenis: %(kind)s")
MODE_LINES = {
    "web": N_("Begonnen met invullen, op internet"),
    "phone": N_("Begonnen met een interviewer, per telefoon"),
    "paper": N_("Op papier ingevuld"),
}
_call_request = CallRequest.__table__  # type: ignore[attr-defined]
_case = Case.__table__  # type: ignore[attr-defined]
_contact = Contact.__table__  # type: ignore[attr-defined]
_delivery = Delivery.__table__  # type: ignore[attr-defined]
_event = CaseEvent.__table__  # type: ignore[attr-defined]
_interview = Interview.__table__  # type: ignore[attr-defined]
_message = Message.__table__  # type: ignore[attr-defined]
_participation = Participation.__table__  # type: ignore[attr-defined]
_provider = Provider.__table__  # type: ignore[attr-defined]
_user = User.__table__  # type: ignore[attr-defined]
_wave = Wave.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class CaseFacts:
    """What is known about a case, without contact data."""

    row: Any
    rules: WaveRules

    @property
    def id(self) -> int:
        return int(self.row.id)

    @property
    def is_client(self) -> bool:
        return bool(self.row.kind == "client")

    @property
    def service_name(self) -> str:
        return self.rules.services.get(self.row.service or 0, "")

    @property
    def may_get_letters(self) -> bool:
        return self.is_client and self.rules.sends_letters and bool(self.row.has_address)

    def is_closed(self, on: date) -> bool:
        return self.row.fieldwork_ends_on is not None and bool(self.row.fieldwork_ends_on < on)

    @property
    def state(self) -> str:
        """Where the case stands, in words of the catalogue."""
        row = self.row
        if row.finished_at is not None:
            return N_("Bruikbaar ingevuld") if row.is_usable else N_("Afgerond, niet bruikbaar")
        if row.disposition not in (dispositions.OPEN, dispositions.FINISHED):
            return WORDS[Reason(row.disposition)]
        if row.interview_started_at is not None:
            return N_("Begonnen, niet af")
        if row.opened_at is not None:
            return N_("Geopend, niet begonnen")
        return N_("Uitgenodigd") if row.was_invited else N_("Nog niet uitgenodigd")


def facts_of(connection: Connection, case_id: int, *, locked: bool = False) -> CaseFacts:
    """One case.

    Args:
        locked: takes the row's lock first, for who is about to change it.

    Raises:
        NotFound: when there is none.
    """
    if locked:
        connection.execute(sa.select(_case.c.id).where(_case.c.id == case_id).with_for_update())
    went_out = sa.exists(
        sa.select(_message.c.id).where(
            _message.c.case_id == _case.c.id, _message.c.state.in_(("sent", "uncertain", "printed"))
        )
    )
    row = connection.execute(
        sa.select(
            *_case.c,
            *_reachable(),
            _wave.c.label.label("wave"), _wave.c.invited_at, _wave.c.paused_at, _wave.c.fieldwork_ends_on,
            _wave.c.rules, _provider.c.name.label("provider"), _provider.c.slug.label("provider_slug"),
            _interview.c.started_at.label("interview_started_at"), _interview.c.finished_at, _interview.c.is_usable,
            _interview.c.mode, _delivery.c.delivered_at,
            went_out.label("was_invited"),
        )
        .select_from(
            _case.join(_participation, _participation.c.id == _case.c.participation_id)
            .join(_wave, _wave.c.id == _participation.c.wave_id)
            .join(_provider, _provider.c.id == _participation.c.provider_id)
            .outerjoin(_interview, _interview.c.case_id == _case.c.id)
            .outerjoin(_contact, _contact.c.case_id == _case.c.id)
            .outerjoin(_delivery, _delivery.c.id == _case.c.delivery_id)
        )
        .where(_case.c.id == case_id)
    ).first()  # fmt: skip
    if row is None:
        raise NotFound("there is no such case")
    return CaseFacts(row, WaveRules.model_validate(row.rules))


def _reachable() -> tuple[sa.ColumnElement[Any], ...]:
    """Which ways to a person there are, and which of them failed."""
    return (
        sa.func.coalesce(has_email(), False).label("has_email"),
        sa.func.coalesce(has_address(), False).label("has_address"),
        sa.or_(_contact.c.phone.is_not(None), _contact.c.phone2.is_not(None)).label("has_phone"),
        _contact.c.case_id.is_not(None).label("has_contact"),
        _contact.c.email_failed_at,
        _contact.c.post_failed_at,
        _contact.c.phone_failed_at,
    )


def contact_of(connection: Connection, case_id: int) -> list[tuple[str, str]]:
    """The contact data that there are, readable, each with its words. Whoever asks writes in the audit log."""
    row = connection.execute(sa.select(_contact).where(_contact.c.case_id == case_id)).first()
    if row is None:
        return []
    return [(words, text) for name, words in CONTACT_WORDS.items() if (text := decrypt(getattr(row, name)))]


def history(connection: Connection, case: CaseFacts) -> list[HistoryLine]:
    """Everything that happened, the newest first; who of us did it stands there by name."""
    lines = [*_own(case), *_messages(connection, case.id), *_calls(connection, case.id)]
    lines += [*_events(connection, case.id), *other_lines(connection, case.id)]
    ids = {int(line.actor[5:]) for line in lines if line.actor.startswith("user:")}
    known = connection.execute(sa.select(_user.c.id, _user.c.name).where(_user.c.id.in_(ids)))
    names = {f"user:{user_id}": name for user_id, name in known}
    named = [replace(line, actor=names.get(line.actor, line.actor)) for line in lines]
    return sorted(named, key=lambda line: line.at, reverse=True)


def _own(case: CaseFacts) -> Iterator[HistoryLine]:
    row = case.row
    if row.delivered_at is not None:
        yield HistoryLine(row.delivered_at, N_("Aangeleverd"))
    if row.opened_at is not None:
        yield HistoryLine(row.opened_at, N_("Link of code voor het eerst gebruikt"))
    if row.called_at is not None:
        yield HistoryLine(row.called_at, N_("Voor het eerst gebeld"))
    if row.interview_started_at is not None:
        yield HistoryLine(row.interview_started_at, MODE_LINES.get(row.mode, MODE_LINES["web"]))
    if row.finished_at is not None:
        yield HistoryLine(row.finished_at, N_("Afgerond, bruikbaar") if row.is_usable else case.state)
    for name, words in (
        ("email_failed_at", N_("Het e-mailadres werkt niet")),
        ("post_failed_at", N_("Het postadres werkt niet")),
        ("phone_failed_at", N_("Geen telefoonnummer werkt")),
    ):
        if getattr(row, name) is not None:
            yield HistoryLine(getattr(row, name), words)


def _messages(connection: Connection, case_id: int) -> Iterator[HistoryLine]:
    for row in connection.execute(sa.select(_message).where(_message.c.case_id == case_id)):
        at = row.due_at if row.state == "queued" or row.sent_at is None else row.sent_at
        known = row.reason in Reason.__members__.values()
        reason = WORDS[Reason(row.reason)] if known else (row.reason or "").replace("%", "%%")  # the page formats it
        yield HistoryLine(at, STATE_LINES[row.state], step=(row.step, row.channel, row.kind), reason=reason)


def _calls(connection: Connection, case_id: int) -> Iterator[HistoryLine]:
    row = connection.execute(sa.select(_call_request).where(_call_request.c.case_id == case_id)).first()
    if row is not None:
        yield HistoryLine(row.requested_at, N_("Vraagt om gebeld te worden"), actor="respondent")
        if row.settled_at is not None:
            yield HistoryLine(row.settled_at, N_("De vraag om gebeld te worden is afgehandeld"))


def _events(connection: Connection, case_id: int) -> Iterator[HistoryLine]:
    for row in connection.execute(sa.select(_event).where(_event.c.case_id == case_id)):
        words = EVENT_WORDS.get(row.kind, OTHER_EVENT)
        yield HistoryLine(row.at, words, {"kind": row.kind}, actor=row.actor, note=row.note)
