"""The queue as it would be handed out at a moment: what comes first and why. Changes nothing."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from app.callcentre import day_parts
from app.callcentre.agents import spoken
from app.callcentre.called_waves import CalledWave
from app.callcentre.claim import Asker, answering_on_the_web, callable_by, lacking, may_call_more
from app.callcentre.sentences import Sentence
from app.callcentre.tables import state_table as _state
from app.callcentre.why import SITUATIONS, why_of
from app.clock import local
from app.database import UtcDateTime
from app.fieldwork.tables import Case, NormProgress, Participation

_case = Case.__table__  # type: ignore[attr-defined]
_participation = Participation.__table__  # type: ignore[attr-defined]
_progress = NormProgress.__table__  # type: ignore[attr-defined]
_ORDER = (_state.c.participation_id, _state.c.norm_group, _state.c.due_at, _state.c.case_id)


@dataclass(frozen=True)
class Waiting:
    """One case in the order in which it would be handed out."""

    case_id: int
    provider: str
    language: str
    why: Sentence


@dataclass(frozen=True)
class Outlook:
    """The queue of a wave at a moment."""

    at: datetime
    day_part: str | None  # None: nobody calls at that moment
    first: tuple[Waiting, ...]
    n_now: int
    by_stage: Counter[str]
    by_part: dict[str, int]  # how many could be called in each part of that day
    unspoken: Counter[str]  # cases in a language that no agent speaks


def outlook(connection: Connection, wave: CalledWave, at: datetime, limit: int) -> Outlook:
    """What would be handed out at a moment, with the queue as it stands now."""
    part = day_parts.part_at(wave.rules, at)
    here = _waiting(wave, at)
    by_stage: Counter[str] = Counter()
    if part is not None:
        counted = here.with_only_columns(_state.c.stage, sa.func.count()).group_by(_state.c.stage).order_by(None)
        by_stage.update({stage: n_cases for stage, n_cases in connection.execute(counted)})
    languages = here.with_only_columns(_state.c.language, sa.func.count()).group_by(_state.c.language).order_by(None)
    known = spoken(connection)
    return Outlook(
        at=at,
        day_part=part,
        first=_first(connection, here, at, limit) if part else (),
        n_now=by_stage.total(),
        by_stage=by_stage,
        by_part=_by_part(connection, wave, at),
        unspoken=Counter({name: n for name, n in connection.execute(languages) if name not in known}),
    )


def _waiting(wave: CalledWave, at: datetime) -> sa.Select[Any]:
    """The cases that could be called at a moment, in their order."""
    overdue_since = at - timedelta(minutes=wave.rules.appointment_grace_minutes)
    web_since = sa.literal(at - timedelta(minutes=wave.rules.web_pause_minutes), UtcDateTime)
    rank = sa.case(
        (sa.and_(_state.c.stage == "appointment", _state.c.due_at > overdue_since), 2),
        (_state.c.stage == "appointment", 3),
        (_state.c.stage == "retry", 4),
        else_=5,
    )
    joined = (
        _state.join(_case, _case.c.id == _state.c.case_id)
        .join(_participation, _participation.c.id == _state.c.participation_id)
        .join(
            _progress,
            sa.and_(
                _progress.c.participation_id == _state.c.participation_id,
                _progress.c.norm_group == _state.c.norm_group,
            ),
        )
    )
    statement: sa.Select[Any] = (
        sa.select(_state.c.case_id)
        .select_from(joined)
        .where(_participation.c.wave_id == wave.id, may_call_more(), callable_by(Asker(None), at))
        .where(_state.c.due_at <= at, _state.c.barred_parts.op("&")(wave.part_bit(at)) == 0)
        .where(~answering_on_the_web(web_since))
        .order_by(rank, lacking().desc(), *_ORDER)
    )
    return statement


def _first(connection: Connection, here: sa.Select[Any], at: datetime, limit: int) -> tuple[Waiting, ...]:
    ids: Sequence[int] = connection.scalars(here.limit(limit)).all()
    rows: dict[int, Row[Any]] = {
        row.case_id: row for row in connection.execute(SITUATIONS.where(_state.c.case_id.in_(ids)))
    }
    ordered = (rows[case_id] for case_id in ids)
    return tuple(Waiting(row.case_id, row.provider, row.language, why_of(row, None, at)) for row in ordered)


def _by_part(connection: Connection, wave: CalledWave, at: datetime) -> dict[str, int]:
    """What could be called at the end of each part of that day, if nobody called before."""
    day = local(at).date()
    found: dict[str, int] = {}
    for part, hours in day_parts.parts_of(wave.rules, day):
        last = day_parts.at_hour(day, hours.until_hour) - timedelta(minutes=1)
        counted = _waiting(wave, last).with_only_columns(sa.func.count()).order_by(None)
        found[part] = int(connection.scalar(counted) or 0)
    return found
