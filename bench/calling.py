"""Handing out the next case to call, out of 100,000 of 500 providers, against taking the oldest from one list."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from statistics import median
from typing import Any

import sqlalchemy as sa

from app.accounts.tables import user_table
from app.callcentre import queue
from app.callcentre.tables import state_table as _state
from app.database import not_waiting_for_disk, refresh_statistics, writing
from app.fieldwork import progress
from app.fieldwork.tables import Case, Participation, Wave, random_id
from bench.figures import Figure
from bench.stage import make_participation, make_wave, stage

N_PROVIDERS = 500
N_CASES = 200  # per provider
N_AGENTS = 20
EVENING = datetime(2026, 11, 2, 17, 30, tzinfo=UTC)  # a Monday
BAR_MS = 50
_case = Case.__table__  # type: ignore[attr-defined]
_participation = Participation.__table__  # type: ignore[attr-defined]
_wave = Wave.__table__  # type: ignore[attr-defined]


def run(full: bool) -> Iterator[Figure]:
    """One `next` with a full queue, with only cases that were never called, and with nothing to call at all."""
    n_times = 400 if full else 100
    with stage("calling"):
        agents = fill(Random(1))
        taken_ms = _measure(agents, n_times, _take_oldest)
        detail = {"n_cases": N_PROVIDERS * N_CASES, "baseline: oldest case of one list, ms": round(taken_ms, 2)}
        yield _figure("next case to call, of 100,000", _measure(agents, n_times, _next), detail)
        _leave_only("fresh")
        yield _figure("next case to call, none of 100,000 called yet", _measure(agents, n_times, _next), detail)
        _leave_only("nothing")
        yield _figure("next case to call when all 100,000 must wait", _measure(agents, n_times, _next), detail)


def _figure(name: str, milliseconds: float, detail: dict[str, Any]) -> Figure:
    return Figure(name, milliseconds, "ms", "at most", BAR_MS, detail)


def fill(random: Random) -> list[int]:
    """A queue in the middle of fieldwork; returns the agents."""
    make_wave()
    with not_waiting_for_disk():
        for number in range(N_PROVIDERS):
            _fill_provider(make_participation(f"Provider {number}"), random)
        with writing() as connection:
            connection.execute(sa.update(_wave).values(invited_at=EVENING - timedelta(days=14)))
            here = connection.scalars(sa.select(_participation.c.id)).all()
            progress.recount(connection, here)
            names = [f"agent{number}" for number in range(N_AGENTS)]
            row = {"role": "agent", "language": "nl", "made_at": EVENING, "totp_step": 0}
            connection.execute(sa.insert(user_table), [row | {"email": name, "name": name} for name in names])
            agents = list(connection.scalars(sa.select(user_table.c.id)))
    refresh_statistics()
    return agents


def _fill_provider(participation_id: int, random: Random) -> None:
    cases = [
        {
            "id": random_id(),
            "participation_id": participation_id,
            "kind": "client",
            "service": 9,
            "wording": "regular",
            "language": "nl",
            "wants_phone": True,
            "is_self_reporter": False,
            "disposition": "finished" if random.random() < 0.3 else "open",
        }
        for _ in range(N_CASES)
    ]
    with writing() as connection:
        connection.execute(sa.insert(_case), cases)
        connection.execute(sa.insert(_state), [_state_row(case, random) for case in cases])


def _state_row(case: dict[str, Any], random: Random) -> dict[str, Any]:
    stage_name = random.choices(("fresh", "retry", "appointment"), (60, 38, 2))[0]
    minutes = random.randint(-14 * 24 * 60, 3 * 24 * 60)
    counts = dict.fromkeys(("tried_parts", "n_attempts", "n_busy", "n_soft_refusals", "phone_index"), 0)
    return {
        "case_id": case["id"],
        "participation_id": case["participation_id"],
        "norm_group": "clients",
        "state": "waiting",
        "stage": stage_name,
        "due_at": EVENING + timedelta(minutes=minutes),
        "entered_at": EVENING,
        "language": "nl" if random.random() < 0.8 else "ar",
        "is_requested": False,
        "has_message": False,
        "barred_parts": random.choice((0, 1, 2, 4)) if stage_name == "retry" else 0,
        **counts,
    }


def _measure(agents: list[int], n_times: int, take: Callable[[int], object]) -> float:
    """The median of so many calls, each by the next agent; their cases are given back in between."""
    found = []
    for number in range(n_times):
        agent = agents[number % len(agents)]
        began = time.perf_counter()
        take(agent)
        found.append((time.perf_counter() - began) * 1000)
        with writing() as connection:
            connection.execute(sa.update(_state).where(_state.c.locked_by == agent).values(locked_by=None))
    return median(found)


def _next(agent: int) -> object:
    return queue.next_case(agent, EVENING)


def _take_oldest(agent: int) -> object:
    """What a queue does that knows no norm, no part of the day, no language and no web."""
    free = sa.or_(_state.c.locked_until.is_(None), _state.c.locked_until <= EVENING)
    oldest = (
        sa.select(_state.c.case_id)
        .where(_state.c.state == "waiting", _state.c.stage == "fresh", _state.c.due_at <= EVENING, free)
        .order_by(_state.c.due_at)
        .limit(1)
    )
    with writing() as connection:
        taken = sa.update(_state).where(_state.c.case_id == oldest.scalar_subquery()).returning(_state.c.case_id)
        return connection.scalar(taken.values(locked_by=agent, locked_until=EVENING + timedelta(minutes=5)))


def _leave_only(what: str) -> None:
    later = EVENING + timedelta(days=1)
    values = {"stage": "fresh"} if what == "fresh" else {"due_at": later}
    with writing() as connection:
        connection.execute(sa.update(_state).values(values))
    refresh_statistics()
