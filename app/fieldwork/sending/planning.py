"""Who gets which step of the scheme now, and who gets nothing and why. Reads, and changes nothing."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from app.clock import local
from app.errors import NotFound
from app.fieldwork.dispositions import OPEN
from app.fieldwork.rules import BY_PHONE_PROFILES as BY_PHONE_PROFILES
from app.fieldwork.rules import INBURGERING, WaveRules
from app.fieldwork.scheme import Group, Step
from app.fieldwork.sending.due_steps import DueStep, Past, Reason, Standing, Way, due_steps
from app.fieldwork.tables import Case, Contact, Message, Participation, Wave
from app.fieldwork.waves import find_wave

_wave = Wave.__table__  # type: ignore[attr-defined]
_case = Case.__table__  # type: ignore[attr-defined]
_contact = Contact.__table__  # type: ignore[attr-defined]
_message = Message.__table__  # type: ignore[attr-defined]
_participation = Participation.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class SendingWave:
    """A wave as sending sees it. `started_at` is day 0; None = the scheme was not started."""

    id: int
    label: str
    started_at: datetime | None
    paused_at: datetime | None
    fieldwork_ends_on: date | None
    rules: WaveRules

    def is_closed(self, at: datetime) -> bool:
        """After the last day of fieldwork links no longer open, so nothing is sent."""
        return self.fieldwork_ends_on is not None and self.fieldwork_ends_on < local(at).date()

    def may_send(self, at: datetime) -> bool:
        """Whether anything may go out for this wave, whatever the hour."""
        return self.started_at is not None and self.paused_at is None and not self.is_closed(at)


@dataclass
class Plan:
    """What is due, and per reason how many cases get nothing."""

    due: list[tuple[int, DueStep]] = field(default_factory=list)
    skipped: Counter[Reason] = field(default_factory=Counter)

    def counts(self) -> Counter[tuple[str, str]]:
        """How many messages per step and channel."""
        return Counter((due.name, due.step.channel) for _, due in self.due)


def sending_waves(connection: Connection) -> list[SendingWave]:
    """Every wave whose scheme was started, the oldest first."""
    rows = connection.execute(sa.select(_wave).where(_wave.c.invited_at.is_not(None)).order_by(_wave.c.id))
    return [_sending(row) for row in rows]


def sending_wave(connection: Connection, wave_id: int) -> SendingWave:
    """One wave, started or not.

    Raises:
        NotFound: when there is none.
    """
    row = connection.execute(sa.select(_wave).where(_wave.c.id == wave_id)).first()
    if row is None:
        raise NotFound("there is no such wave")
    return _sending(row)


def wave_to_send(connection: Connection, label: str) -> SendingWave:
    """The wave with this label.

    Raises:
        NotFound: when there is none.
    """
    return sending_wave(connection, find_wave(connection, label).id)


def _sending(row: Row[Any]) -> SendingWave:
    rules = WaveRules.model_validate(row.rules)
    return SendingWave(row.id, row.label, row.invited_at, row.paused_at, row.fieldwork_ends_on, rules)


def plan(connection: Connection, wave: SendingWave, at: datetime) -> Plan:
    """The steps that are due at a moment, as if the scheme began then when it has not been started."""
    made = Plan()
    way = way_of(wave, at)
    past = _past(connection, _participation.c.wave_id == wave.id)
    for row in connection.execute(_standings().where(_participation.c.wave_id == wave.id, _case.c.disposition == OPEN)):
        found = due_steps(standing(row, past.get(row.id, ())), way, at)
        if isinstance(found, Reason):
            made.skipped[found] += 1
        else:
            made.due += [(row.id, due) for due in found]
    for reason, n_cases in _not_open(connection, wave.id):
        made.skipped[reason] += n_cases
    return made


def why_nothing(connection: Connection, wave: SendingWave, case_id: int, at: datetime) -> Reason | None:
    """Why one case gets nothing now; None when a step is due, or there is no such case in the wave."""
    of_case = sa.and_(_case.c.id == case_id, _participation.c.wave_id == wave.id)
    row = connection.execute(_standings().add_columns(_case.c.disposition).where(of_case)).first()
    if row is None:
        return None
    if row.disposition != OPEN:
        return Reason(row.disposition)
    found = due_steps(standing(row, _past(connection, of_case).get(case_id, ())), way_of(wave, at), at)
    return found if isinstance(found, Reason) else None


def way_of(wave: SendingWave, at: datetime) -> Way:
    """How a wave invites; one that was not started yet begins at this moment."""
    rules = wave.rules
    steps: dict[Group, tuple[Step, ...]] = {
        "clients": rules.scheme.clients,
        "commissioners": rules.scheme.commissioners,
    }
    return Way(steps, rules.sends_letters, wave.started_at or at)


def standing(row: Row[Any], past: list[Past] | tuple[Past, ...]) -> Standing:
    """What matters about the case of a row of `_standings`."""
    is_client = row.kind == "client"
    return Standing(
        group="clients" if is_client else "commissioners",
        is_self_reporter=row.is_self_reporter and not is_client,
        is_by_phone=is_client and row.service == INBURGERING and row.learning_profile in BY_PHONE_PROFILES,
        has_email=bool(row.has_email),
        has_address=bool(row.has_address),
        past=past,
    )


def has_email() -> sa.ColumnElement[bool]:
    """The condition on contacts that can be reached by e-mail, as far as anybody knows."""
    condition: sa.ColumnElement[bool] = _contact.c.email.is_not(None) & _contact.c.email_failed_at.is_(None)
    return condition


def has_address() -> sa.ColumnElement[bool]:
    """The condition on contacts that a letter can be sent to: it needs a name too."""
    parts = (_contact.c.surname, _contact.c.street, _contact.c.house_number, _contact.c.postcode, _contact.c.place)
    condition: sa.ColumnElement[bool] = sa.and_(
        *(part.is_not(None) for part in parts), _contact.c.post_failed_at.is_(None)
    )
    return condition


def _standings() -> sa.Select[Any]:
    return sa.select(
        _case.c.id,
        _case.c.kind,
        _case.c.service,
        _case.c.learning_profile,
        _case.c.is_self_reporter,
        has_email().label("has_email"),
        has_address().label("has_address"),
    ).select_from(
        _case.join(_participation, _participation.c.id == _case.c.participation_id).outerjoin(
            _contact, _contact.c.case_id == _case.c.id
        )
    )


def _past(connection: Connection, which: sa.ColumnElement[bool]) -> dict[int, list[Past]]:
    """The messages of open cases so far."""
    rows = connection.execute(
        sa.select(
            _message.c.case_id,
            _message.c.step,
            _message.c.channel,
            _message.c.kind,
            _message.c.state,
            sa.func.coalesce(_message.c.sent_at, _message.c.due_at).label("at"),
        )
        .select_from(
            _message.join(_case, _case.c.id == _message.c.case_id).join(
                _participation, _participation.c.id == _case.c.participation_id
            )
        )
        .where(which, _case.c.disposition == OPEN)
    )
    past: dict[int, list[Past]] = defaultdict(list)
    for row in rows:
        past[row.case_id].append(Past(row.step, row.channel, row.kind, row.state, row.at))
    return past


def _not_open(connection: Connection, wave_id: int) -> list[tuple[Reason, int]]:
    rows = connection.execute(
        sa.select(_case.c.disposition, sa.func.count())
        .join(_participation, _participation.c.id == _case.c.participation_id)
        .where(_participation.c.wave_id == wave_id, _case.c.disposition != OPEN)
        .group_by(_case.c.disposition)
    )
    return [(Reason(disposition), n_cases) for disposition, n_cases in rows]
