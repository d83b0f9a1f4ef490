"""The figures of the supervisor's screen, as they stand now. Reads, and changes nothing; no answers, no names of
respondents."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app import clock
from app.accounts.tables import user_table
from app.callcentre.outcomes import OUTCOMES
from app.callcentre.tables import attempt_table, shift_table, state_table
from app.clock import AMSTERDAM, local
from app.errors import N_
from app.fieldwork.tables import NormProgress, Participation, Provider, Wave
from app.web.access import Role

REACH_OVER = timedelta(days=28)
INTERVIEWS = ("complete", "partial")
CONTACTS = tuple(code for code, outcome in OUTCOMES.items() if outcome.is_contact)
DAY_PARTS: Mapping[str, str] = {
    "morning": N_("Ochtend"),
    "afternoon": N_("Middag"),
    "evening": N_("Avond"),
    "saturday": N_("Zaterdag"),
}
_progress = NormProgress.__table__  # type: ignore[attr-defined]
_participation = Participation.__table__  # type: ignore[attr-defined]
_provider = Provider.__table__  # type: ignore[attr-defined]
_wave = Wave.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Queue:
    """How many cases stand where."""

    n_now: int
    n_appointments: int  # that are due or overdue
    n_later: int
    n_in_hand: int
    n_referred: int
    n_done: int


@dataclass(frozen=True)
class ProviderLine:
    """One provider against its norm or quota. `n_left`: how many can still be called."""

    participation_id: int
    provider: str
    wave: str
    group: str
    n_net: int
    n_finished: int
    n_needed: int
    n_left: int
    n_now: int

    @property
    def n_lacking(self) -> int:
        return max(0, self.n_needed - self.n_finished)

    @property
    def pct(self) -> int:
        """How far on the way to what is needed, 0–100."""
        return min(100, 100 * self.n_finished // self.n_needed) if self.n_needed else 100


@dataclass(frozen=True)
class AgentLine:
    """Somebody who works now. `doing`: break, calling, preparing or idle; `case_id`: that they have in hand."""

    user_id: int
    name: str
    doing: str
    since: datetime
    case_id: int | None
    n_attempts: int
    n_interviews: int
    n_contacts: int


@dataclass(frozen=True)
class Hour:
    """One hour of today."""

    hour: int
    n_attempts: int
    n_interviews: int


@dataclass(frozen=True)
class Reach:
    """One part of the day over the last weeks: how often somebody was spoken to."""

    part: str
    n_attempts: int
    n_contacts: int

    @property
    def pct(self) -> int:
        return round(100 * self.n_contacts / self.n_attempts) if self.n_attempts else 0


@dataclass(frozen=True)
class Referred:
    """A case that an agent gave to the supervisor."""

    case_id: int
    provider: str
    at: datetime | None
    by: str


@dataclass(frozen=True)
class Team:
    """All of the supervisor's screen."""

    queue: Queue
    providers: tuple[ProviderLine, ...]
    agents: tuple[AgentLine, ...]
    hours: tuple[Hour, ...]
    reach: tuple[Reach, ...]
    referred: tuple[Referred, ...]


def team(connection: Connection) -> Team:
    """Everything, in one reading."""
    at = clock.now()
    return Team(
        _queue(connection, at),
        _providers(connection, at),
        _agents(connection, at),
        _hours(connection, at),
        _reach(connection, at),
        referred(connection),
    )


def _count(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    counted: sa.ColumnElement[int] = sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)
    return counted


def _is_free(at: datetime) -> sa.ColumnElement[bool]:
    condition: sa.ColumnElement[bool] = sa.or_(state_table.c.locked_until.is_(None), state_table.c.locked_until <= at)
    return condition


def _queue(connection: Connection, at: datetime) -> Queue:
    waiting = state_table.c.state == "waiting"
    due = sa.and_(waiting, _is_free(at), state_table.c.due_at <= at)
    row = connection.execute(
        sa.select(
            _count(due).label("n_now"),
            _count(sa.and_(due, state_table.c.stage == "appointment")).label("n_appointments"),
            _count(sa.and_(waiting, _is_free(at), state_table.c.due_at > at)).label("n_later"),
            _count(~_is_free(at)).label("n_in_hand"),
            _count(state_table.c.state == "referred").label("n_referred"),
            _count(state_table.c.state == "done").label("n_done"),
        )
    ).one()
    return Queue(*row)


def _providers(connection: Connection, at: datetime) -> tuple[ProviderLine, ...]:
    here = sa.and_(
        state_table.c.participation_id == _progress.c.participation_id,
        state_table.c.norm_group == _progress.c.norm_group,
    )
    waiting = state_table.c.state == "waiting"
    rows = connection.execute(
        sa.select(
            _progress.c.participation_id,
            _provider.c.name,
            _wave.c.label,
            _progress.c.norm_group,
            _progress.c.n_net,
            _progress.c.n_finished,
            _progress.c.n_needed,
            _count(waiting).label("n_left"),
            _count(sa.and_(waiting, state_table.c.due_at <= at)).label("n_now"),
        )
        .select_from(
            _progress.join(state_table, here)
            .join(_participation, _participation.c.id == _progress.c.participation_id)
            .join(_provider, _provider.c.id == _participation.c.provider_id)
            .join(_wave, _wave.c.id == _progress.c.wave_id)
        )
        .group_by(_progress.c.participation_id, _progress.c.norm_group, _provider.c.name, _wave.c.label,
                  _progress.c.n_net, _progress.c.n_finished, _progress.c.n_needed)
    )  # fmt: skip
    lines = [ProviderLine(row[0], row[1], row[2], row[3], *row[4:]) for row in rows]
    return tuple(sorted(lines, key=lambda line: (line.pct, line.provider, line.group)))


def _agents(connection: Connection, at: datetime) -> tuple[AgentLine, ...]:
    today = _calls_since(connection, _midnight(at))
    calling = {
        row.user_id: row
        for row in connection.execute(
            sa.select(attempt_table.c.user_id, attempt_table.c.case_id, attempt_table.c.started_at)
            .where(attempt_table.c.ended_at.is_(None))
            .order_by(attempt_table.c.started_at)
        )
    }
    held = sa.select(state_table.c.locked_by, state_table.c.case_id).where(~_is_free(at))
    holding = {user_id: case_id for user_id, case_id in connection.execute(held)}
    working = connection.execute(
        sa.select(shift_table.c.user_id, shift_table.c.kind, shift_table.c.started_at, user_table.c.name)
        .join(user_table, user_table.c.id == shift_table.c.user_id)
        .where(shift_table.c.ended_at.is_(None))
        .order_by(user_table.c.name)
    )
    lines = []
    for row in working:
        call, case_id = calling.get(row.user_id), holding.get(row.user_id)
        doing = "break" if row.kind == "break" else "calling" if call else "preparing" if case_id else "idle"
        since = call.started_at if call and doing == "calling" else row.started_at
        counts = today.get(row.user_id, (0, 0, 0))
        lines.append(AgentLine(row.user_id, row.name, doing, since, call.case_id if call else case_id, *counts))
    return tuple(lines)


def _calls_since(connection: Connection, since: datetime) -> dict[int, tuple[int, int, int]]:
    """Attempts, interviews and contacts per agent."""
    rows = connection.execute(
        sa.select(
            attempt_table.c.user_id,
            sa.func.count(),
            _count(attempt_table.c.outcome.in_(INTERVIEWS)),
            _count(attempt_table.c.outcome.in_(CONTACTS)),
        )
        .where(attempt_table.c.started_at >= since)
        .group_by(attempt_table.c.user_id)
    )
    return {user_id: (n_attempts, n_interviews, n_contacts) for user_id, n_attempts, n_interviews, n_contacts in rows}


def _midnight(at: datetime) -> datetime:
    return datetime.combine(local(at).date(), time(), AMSTERDAM).astimezone(UTC)


def _hours(connection: Connection, at: datetime) -> tuple[Hour, ...]:
    calls = connection.execute(
        sa.select(attempt_table.c.started_at, attempt_table.c.outcome).where(
            attempt_table.c.started_at >= _midnight(at)
        )
    ).all()
    by_hour: dict[int, list[str | None]] = {}
    for call in calls:
        by_hour.setdefault(local(call.started_at).hour, []).append(call.outcome)
    return tuple(
        Hour(hour, len(outcomes), sum(outcome in INTERVIEWS for outcome in outcomes))
        for hour, outcomes in sorted(by_hour.items())
    )


def _reach(connection: Connection, at: datetime) -> tuple[Reach, ...]:
    rows = connection.execute(
        sa.select(attempt_table.c.day_part, sa.func.count(), _count(attempt_table.c.outcome.in_(CONTACTS)))
        .where(attempt_table.c.started_at >= at - REACH_OVER, attempt_table.c.ended_at.is_not(None))
        .group_by(attempt_table.c.day_part)
    )
    found = {part: (n_attempts, n_contacts) for part, n_attempts, n_contacts in rows}
    return tuple(Reach(part, *found[part]) for part in DAY_PARTS if part in found)


def referred(connection: Connection) -> tuple[Referred, ...]:
    """The cases that wait for the supervisor, the longest waiting first."""
    calls = attempt_table.alias("calls")
    last = sa.select(sa.func.max(calls.c.id)).where(calls.c.case_id == state_table.c.case_id)
    rows = connection.execute(
        sa.select(state_table.c.case_id, _provider.c.name, attempt_table.c.ended_at, user_table.c.name.label("by"))
        .join_from(state_table, _participation, _participation.c.id == state_table.c.participation_id)
        .join(_provider, _provider.c.id == _participation.c.provider_id)
        .outerjoin(attempt_table, attempt_table.c.id == last.scalar_subquery())
        .outerjoin(user_table, user_table.c.id == attempt_table.c.user_id)
        .where(state_table.c.state == "referred")
        .order_by(attempt_table.c.ended_at, state_table.c.case_id)
    )
    return tuple(Referred(row.case_id, row.name, row.ended_at, row.by or "") for row in rows)


def callers(connection: Connection) -> dict[int, str]:
    """Everybody who calls, by name."""
    who = sa.and_(user_table.c.role.in_((Role.AGENT, Role.SUPERVISOR)), user_table.c.disabled_at.is_(None))
    rows = connection.execute(sa.select(user_table.c.id, user_table.c.name).where(who).order_by(user_table.c.name))
    return {user_id: name for user_id, name in rows}
