"""The statement that picks the next case and locks it, in one go.

It walks through steps (kind of due case × provider and group, furthest from its norm first) and stops at the first
that has a case to call; every step is one look in the index `ix_call_state_queue`. On PostgreSQL the case found is
locked with SKIP LOCKED, so that agents who ask at the same moment get different ones without waiting; on SQLite there
is one writer at a time (BEGIN IMMEDIATE). The survey_case row is locked with it: a respondent who is just answering
or finishing holds that lock, and is left in peace.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from app.callcentre.called_waves import CalledWave
from app.callcentre.tables import state_table as _state
from app.collection.tables import Answer, Interview
from app.database import UtcDateTime
from app.fieldwork.disposition_codes import FINISHED, OPEN, OPTED_OUT, REFUSED
from app.fieldwork.tables import Case, NormProgress

LOCK = timedelta(minutes=5)  # without a heartbeat
NEVER_ON_REQUEST = (OPTED_OUT, REFUSED, FINISHED)
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_case = Case.__table__  # type: ignore[attr-defined]
_progress = NormProgress.__table__  # type: ignore[attr-defined]
_interview = Interview.__table__  # type: ignore[attr-defined]
_answer = Answer.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Asker:
    """Who asks for a case: an agent, or nobody in particular (`user_id` None: a look at the whole queue)."""

    user_id: int | None
    languages: tuple[str, ...] = ()  # () = every language


@dataclass(frozen=True)
class _Step:
    """One kind of due case, in the order in which they are handed out."""

    rank: int
    stage: str
    not_before: datetime
    not_after: datetime
    for_user_id: int | None = None


def _steps(who: Asker, wave: CalledWave, at: datetime) -> list[_Step]:
    overdue_since = at - timedelta(minutes=wave.rules.appointment_grace_minutes)
    own = [_Step(1, "appointment", overdue_since, at, who.user_id)] if who.user_id is not None else []
    return [
        *own,
        _Step(2, "appointment", overdue_since, at),
        _Step(3, "appointment", LONG_AGO, overdue_since),
        _Step(4, "retry", LONG_AGO, at),
        _Step(5, "fresh", LONG_AGO, at),
    ]


def claim(connection: Connection, who: Asker, waves: Sequence[CalledWave], at: datetime) -> int | None:
    """Locks the next case for an agent; None when there is nothing to call."""
    called = [wave for wave in waves if wave.part_bit(at)]
    if not called or who.user_id is None:
        return None
    chosen = chosen_case(who, called, at).scalar_subquery()
    statement = sa.update(_state).where(_state.c.case_id == chosen).returning(_state.c.case_id)
    claimed: int | None = connection.scalar(statement.values(locked_by=who.user_id, locked_until=at + LOCK))
    return claimed


def chosen_case(who: Asker, waves: Sequence[CalledWave], at: datetime) -> sa.Select[Any]:
    """The id of the case to hand out: one row, or none."""
    steps = sa.union_all(*(_step_row(step, wave, at) for wave in waves for step in _steps(who, wave, at))).subquery("s")
    places = (
        sa.select(steps, _progress.c.participation_id, _progress.c.norm_group)
        .join(_progress, _progress.c.wave_id == steps.c.wave_id)
        .where(may_call_more())
        .order_by(steps.c.rank, lacking().desc(), _progress.c.participation_id, _progress.c.norm_group)
        .offset(0)  # keeps both databases from dissolving this into the query around it: it must stay in this order
        .subquery("p")
    )
    here = sa.and_(
        _state.c.participation_id == places.c.participation_id,
        _state.c.norm_group == places.c.norm_group,
        _state.c.stage == places.c.stage,
        _state.c.due_at <= places.c.not_after,
        _state.c.due_at > places.c.not_before,
        sa.or_(places.c.for_user_id.is_(None), _state.c.for_user_id == places.c.for_user_id),
        _state.c.barred_parts.op("&")(places.c.part_bit) == 0,
        ~answering_on_the_web(places.c.web_since),
        callable_by(who, at),
    )
    first = (
        sa.select(_state.c.case_id)
        .join(_case, _case.c.id == _state.c.case_id)
        .where(here)
        .order_by(_state.c.due_at, _state.c.case_id)
        .limit(1)
        .with_for_update(of=(_state, _case), skip_locked=True, key_share=True)
        .correlate(places)
        .scalar_subquery()
    )
    found = sa.select(first.label("case_id")).select_from(places).offset(0).subquery("f")
    return sa.select(found.c.case_id).where(found.c.case_id.is_not(None)).limit(1)


def _step_row(step: _Step, wave: CalledWave, at: datetime) -> sa.Select[Any]:
    web_since = at - timedelta(minutes=wave.rules.web_pause_minutes)
    columns: tuple[sa.Label[Any], ...] = (
        sa.literal(step.rank, sa.Integer).label("rank"),
        sa.literal(step.stage, sa.String).label("stage"),
        sa.literal(step.not_before, UtcDateTime).label("not_before"),
        sa.literal(step.not_after, UtcDateTime).label("not_after"),
        sa.literal(step.for_user_id, sa.Integer).label("for_user_id"),
        sa.literal(wave.id, sa.Integer).label("wave_id"),
        sa.literal(wave.part_bit(at), sa.Integer).label("part_bit"),
        sa.literal(web_since, UtcDateTime).label("web_since"),
    )
    due = sa.and_(_state.c.due_at <= step.not_after, _state.c.due_at > step.not_before)
    # one look spares the step all its looks per provider when nobody is in it at all
    anybody = sa.exists().where(_state.c.state == "waiting", _state.c.stage == step.stage, due)
    return sa.select(*columns).where(anybody.correlate(None))


def may_call_more() -> sa.ColumnElement[bool]:
    """The condition on norm_progress rows: a response norm may be exceeded, a phone quota may not."""
    condition: sa.ColumnElement[bool] = sa.or_(
        _progress.c.norm_group != "phone_quota", _progress.c.n_finished < _progress.c.n_needed
    )
    return condition


def lacking() -> sa.ColumnElement[int]:
    """Which share of what it needs a provider still lacks, in millionths; below zero when it has more than enough.

    A quota larger than the number of people counts as that number.
    """
    reachable = sa.and_(_progress.c.norm_group == "phone_quota", _progress.c.n_net < _progress.c.n_needed)
    wanted = sa.cast(sa.case((reachable, _progress.c.n_net), else_=_progress.c.n_needed), sa.BigInteger)
    at_least_one = sa.case((wanted < 1, 1), else_=wanted)
    share: sa.ColumnElement[int] = ((wanted - _progress.c.n_finished) * 1_000_000).op("/")(at_least_one)
    return share


def callable_by(who: Asker, at: datetime) -> sa.ColumnElement[bool]:
    """The condition on call_state with survey_case rows that this agent may call, the moment aside."""
    conditions = [
        _state.c.state == "waiting",
        sa.or_(_state.c.locked_until.is_(None), _state.c.locked_until <= at),
        wants_calls(),
    ]
    if who.languages:
        conditions.append(_state.c.language.in_(who.languages))
    if who.user_id is not None:
        conditions.append(sa.or_(_state.c.not_user_id.is_(None), _state.c.not_user_id != who.user_id))
    return sa.and_(*conditions)


def wants_calls() -> sa.ColumnElement[bool]:
    """The condition on call_state with survey_case rows: fieldwork still asks, or they asked to be called."""
    condition: sa.ColumnElement[bool] = sa.or_(
        _case.c.disposition == OPEN,
        sa.and_(_state.c.is_requested, _case.c.disposition.not_in(NEVER_ON_REQUEST)),
    )
    return condition


def answering_on_the_web(since: sa.ColumnElement[datetime]) -> sa.ColumnElement[bool]:
    """The condition on call_state rows of somebody who began or answered on the web after this moment."""
    by_web = sa.and_(_answer.c.mode == "web", _answer.c.answered_at > since)
    answered = sa.exists().where(_answer.c.case_id == _interview.c.case_id, by_web).correlate_except(_answer)
    began = sa.and_(_interview.c.mode == "web", _interview.c.started_at > since)
    here = sa.and_(_interview.c.case_id == _state.c.case_id, _interview.c.changed_at > since)
    return sa.exists().where(here, sa.or_(began, answered)).correlate_except(_interview)


def one(connection: Connection, case_id: int) -> Row[Any] | None:
    """The row of a case in the call centre."""
    return connection.execute(sa.select(_state).where(_state.c.case_id == case_id)).first()
