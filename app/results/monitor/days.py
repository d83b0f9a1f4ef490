"""The fieldwork monitor by day: what was sent, opened, started and completed, on Dutch dates; and messages by state.

The database groups by hour of UTC, which every Dutch day consists of whole ones of; so no date is cut wrongly when
the clock changes.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.clock import local
from app.collection.tables import Interview
from app.fieldwork.dispositions import in_net_sample
from app.fieldwork.sending.due_steps import RESEND
from app.fieldwork.tables import Case, Message
from app.results.monitor.counts import WENT_OUT
from app.results.tallies import CLIENT

AGAIN = "resend"  # all that was sent again outside the scheme
UNDER_WAY = ("queued", "claimed", "sending")
# the states as the page shows them, in this order; `under_way` stands for all three of those
STATES = ("under_way", "sent", "printed", "uncertain", "bounced", "returned", "failed", "withdrawn")
ONE_DAY = timedelta(days=1)
_case = Case.__table__  # type: ignore[attr-defined]
_interview = Interview.__table__  # type: ignore[attr-defined]
_message = Message.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Day:
    """One day of fieldwork. `n_usable_so_far` includes the day itself."""

    on: date
    n_sent: int
    n_opened: int
    n_started: int
    n_usable: int
    n_usable_so_far: int
    steps: tuple[str, ...]  # that went out for the first time


@dataclass(frozen=True, order=True)
class StepKey:
    """A row of the table of messages: a step of the scheme, or what was sent again, over one channel."""

    day: int  # of the scheme; what is sent again comes last
    step: str
    channel: str
    kind: str


@dataclass
class Messages:
    """Every message of the participations: by step and state, and by the day on which it went."""

    by_state: dict[StepKey, Counter[str]] = field(default_factory=dict)
    sent_on: Counter[date] = field(default_factory=Counter)
    first_on: dict[str, date] = field(default_factory=dict)  # per step of the scheme

    def n(self, state: str) -> int:
        return sum(counts[state] for counts in self.by_state.values())

    @property
    def n_total(self) -> int:
        return sum(counts.total() for counts in self.by_state.values())


def messages_of(connection: Connection, participation_ids: sa.Select[tuple[int]]) -> Messages:
    """All messages of these participations, counted in one query."""
    hour = _hour(connection, _message.c.sent_at)
    keys = (_message.c.step, _message.c.channel, _message.c.kind, _message.c.state, hour)
    rows = connection.execute(
        sa.select(*keys, sa.func.count())
        .select_from(_message.join(_case, _case.c.id == _message.c.case_id))
        .where(_case.c.participation_id.in_(participation_ids))
        .group_by(*keys)
    )
    found = Messages()
    for step, channel, kind, state, hour_sent, n in rows:
        shown = "under_way" if state in UNDER_WAY else state
        found.by_state.setdefault(step_key(step, channel, kind), Counter())[shown] += n
        if state in WENT_OUT and (day := _dutch_day(hour_sent)):
            found.sent_on[day] += n
            if not step.startswith(RESEND):
                found.first_on[step] = min(day, found.first_on.get(step, day))
    return found


def step_key(step: str, channel: str, kind: str) -> StepKey:
    """The row of the table that a message stands in."""
    if step.startswith(RESEND):
        return StepKey(10_000, AGAIN, channel, "")
    day = step.partition("-")[0]
    return StepKey(int(day) if day.isdigit() else 0, step, channel, kind)


def days_of(connection: Connection, participation_ids: sa.Select[tuple[int]], messages: Messages) -> list[Day]:
    """Every day from the first on which something happened up to the last, of the net sample."""
    opened = _per_day(connection, participation_ids, sa.func.coalesce(_case.c.opened_at, _interview.c.started_at))
    started = _per_day(connection, participation_ids, _interview.c.started_at)
    completed_at = sa.func.coalesce(_interview.c.finished_at, _interview.c.changed_at)
    usable = _per_day(connection, participation_ids, completed_at, _interview.c.is_usable)
    return in_order(messages.sent_on, opened, started, usable, messages.first_on)


def in_order(sent: Mapping[date, int], opened: Mapping[date, int], started: Mapping[date, int],
             usable: Mapping[date, int], first_on: Mapping[str, date]) -> list[Day]:  # fmt: skip
    """The days without a gap, so that a line drawn through them has an even scale."""
    known = [*sent, *opened, *started, *usable]
    if not known:
        return []
    days = list(_from(min(known), max(known)))
    so_far = accumulate(usable.get(day, 0) for day in days)
    return [
        Day(
            day, sent.get(day, 0), opened.get(day, 0), started.get(day, 0), usable.get(day, 0), n_so_far,
            tuple(sorted(step for step, first in first_on.items() if first == day)),
        )
        for day, n_so_far in zip(days, so_far, strict=True)
    ]  # fmt: skip


def _from(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += ONE_DAY


def _per_day(
    connection: Connection, participation_ids: sa.Select[tuple[int]], moment: sa.ColumnElement[Any],
    condition: sa.ColumnElement[bool] | None = None,
) -> Counter[date]:  # fmt: skip
    hour = _hour(connection, moment)
    statement = (
        sa.select(hour, sa.func.count())
        .select_from(_case.outerjoin(_interview, _interview.c.case_id == _case.c.id))
        .where(_case.c.participation_id.in_(participation_ids), in_net_sample(), moment.is_not(None))
        .where(sa.or_(_case.c.kind == CLIENT, sa.not_(_case.c.is_self_reporter)))
        .group_by(hour)
    )
    days: Counter[date] = Counter()
    for hour_of, n in connection.execute(statement if condition is None else statement.where(condition)):
        if day := _dutch_day(hour_of):
            days[day] += n
    return days


def _hour(connection: Connection, moment: sa.ColumnElement[Any]) -> sa.ColumnElement[str]:
    """The hour of UTC in which a moment falls, as `2026-11-02 09`."""
    if connection.dialect.name == "sqlite":
        return sa.func.substr(sa.cast(moment, sa.Text), 1, 13)
    text: sa.ColumnElement[str] = sa.func.to_char(sa.func.timezone("UTC", moment), "YYYY-MM-DD HH24")
    return text


def _dutch_day(hour: str | None) -> date | None:
    return local(datetime.strptime(hour, "%Y-%m-%d %H").replace(tzinfo=UTC)).date() if hour else None
