"""The queue under many hands: nobody twice at once, nobody against the rules, nobody forgotten."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from random import Random
from typing import Any

import sqlalchemy as sa
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.callcentre import attempts, enrolment, queue
from app.callcentre.appointments import Asked
from app.callcentre.claim import LOCK
from app.callcentre.day_parts import BITS, next_start, part_at
from app.callcentre.follow_up import Call, Standing, after
from app.callcentre.outcomes import OUTCOMES, Outcome
from app.callcentre.tables import attempt_table, state_table
from app.clock import now
from app.database import reading, writing
from app.fieldwork import dispositions
from app.fieldwork.rules import CallRules
from tests.factories.calls import called_participation, case_row, dutch, make_agent, queued

RULES = CallRules()
N_AGENTS = 20
EVENING = dutch("11-02 18:00")
AGAIN = [code for code, one in OUTCOMES.items() if one.follows in ("retry", "other_day_part", "soft_refusal")]
NOT_AT_HOME = ("no_answer", "machine", "machine_message")


def test_twenty_agents_at_once_get_twenty_different_cases(database: str) -> None:
    with time_machine.travel(EVENING, tick=False):
        cases = [case for name in ("Een", "Twee", "Drie") for case in queued(called_participation(name), 10)]
        agents = [make_agent(f"A{number}") for number in range(N_AGENTS)]
        handed = _at_once([lambda agent=agent: queue.next_case(agent) for agent in agents])
    given = [one.case_id for one in handed]
    assert len(set(given)) == N_AGENTS
    assert set(given) <= set(cases)


def test_the_last_five_cases_go_to_five_of_twenty_agents(database: str) -> None:
    with time_machine.travel(EVENING, tick=False):
        cases = queued(called_participation(), 5)
        agents = [make_agent(f"A{number}") for number in range(N_AGENTS)]
        handed = _at_once([lambda agent=agent: queue.next_case(agent) for agent in agents])
    assert sorted(one.case_id for one in handed if one) == sorted(cases)


def test_twenty_agents_empty_a_queue_together_and_call_everybody_once(database: str) -> None:
    with time_machine.travel(EVENING, tick=False):
        cases = [case for name in ("Een", "Twee", "Drie") for case in queued(called_participation(name), 25)]
        agents = [make_agent(f"A{number}") for number in range(N_AGENTS)]
        in_hand: Counter[int] = Counter()
        guard = threading.Lock()

        def shift(agent: int) -> None:
            while (handed := queue.next_case(agent)) is not None:
                with guard:
                    in_hand[handed.case_id] += 1
                    assert in_hand[handed.case_id] == 1
                attempts.close(agent, attempts.dial(agent, handed.case_id), "no_answer")

        _at_once([lambda agent=agent: shift(agent) for agent in agents])
    assert set(in_hand) == set(cases)
    with reading() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(attempt_table)) == len(cases)


def _at_once(works: list[Callable[[], Any]]) -> list[Any]:
    """Runs everything at the same moment, each in a thread of its own."""
    gate = threading.Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        gate.wait()
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


@settings(deadline=None, max_examples=200)
@given(outcomes=st.lists(st.sampled_from(AGAIN), min_size=1, max_size=12), late=st.lists(st.integers(0, 4000)))
def test_whatever_the_outcomes_the_next_attempt_keeps_to_the_rules(outcomes: list[str], late: list[int]) -> None:
    at, standing = EVENING, Standing("waiting", "fresh", EVENING, "nl")
    lateness = iter(late)
    parts = []
    for code in outcomes:
        if standing.state == "done":
            break
        at = _when(standing, at, next(lateness, 0))
        part = part_at(RULES, at)
        assert part is not None
        parts.append(part)
        standing = _dialled(standing, BITS[part])
        before, standing = standing, after(Call(OUTCOMES[code], at, 1, BITS[part]), standing, RULES).standing
        _check(OUTCOMES[code], before, standing, at, part)
    assert standing.n_attempts <= RULES.max_attempts
    if standing.ended_because == "exhausted":
        assert len(set(parts)) >= RULES.min_day_parts


def _dialled(standing: Standing, bit: int) -> Standing:
    values = {name: getattr(standing, name) for name in Standing.__dataclass_fields__}
    values |= {"n_attempts": standing.n_attempts + 1, "tried_parts": standing.tried_parts | bit}
    return Standing(**values)


def _when(standing: Standing, at: datetime, minutes_late: int) -> datetime:
    """When somebody gets round to it: never before it is due, in a part that is allowed."""
    return next_start(RULES, max(at, standing.due_at) + timedelta(minutes=minutes_late), standing.barred_parts)


def _check(outcome: Outcome, before: Standing, now: Standing, at: datetime, part: str) -> None:
    if now.state == "done":
        return
    wait = now.due_at - at
    assert wait >= timedelta(minutes=RULES.delay_minutes(outcome.code))
    if outcome.code in NOT_AT_HOME:
        assert wait >= timedelta(hours=3)
        assert now.barred_parts & BITS[part]  # type: ignore[index]
    if outcome.code == "busy" and before.n_busy >= RULES.max_busy_in_a_row:
        assert wait >= timedelta(hours=3)
    due_part = part_at(RULES, now.due_at)
    assert due_part is not None
    assert not BITS[due_part] & now.barred_parts


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["next", "next", "next", "wait", "web", "silent", "opt_out"]),
        st.integers(0, 3),
        st.sampled_from([*AGAIN, "appointment", "wrong_number", "to_supervisor", "hard_refusal", "unable"]),
        st.sampled_from([1, 7, 20, 200, 1500, 10_000]),
    ),
    max_size=40,
)


@settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, seed=st.integers(0, 99))
def test_in_whatever_order_things_happen_the_queue_keeps_its_promises(
    database: str, steps: list[tuple[str, int, str, int]], seed: int
) -> None:
    """A small call centre lives for some weeks; every case that is handed out is looked at with other eyes."""
    _forget_everything()
    with time_machine.travel(EVENING, tick=False) as clock:
        random = Random(seed)
        cases = [case for name in ("Een", "Twee") for case in queued(called_participation(f"{name}"), 4)]
        agents = [make_agent(f"A{number}") for number in range(4)]
        held: dict[int, tuple[int, datetime]] = {}
        for what, who, outcome, minutes in steps:
            _live(what, agents[who], outcome, minutes, cases, held, clock, random)
        _nobody_is_forgotten(cases, clock)


def _live(
    what: str,
    agent: int,
    outcome: str,
    minutes: int,
    cases: list[int],
    held: dict[int, tuple[int, datetime]],
    clock: Any,
    random: Random,
) -> None:
    if what == "wait":
        clock.shift(timedelta(minutes=minutes))
        enrolment.refresh()
    elif what in ("web", "opt_out"):
        with writing() as connection:
            if what == "web":
                dispositions.report_finished(connection, [random.choice(cases)])
            else:
                dispositions.report(connection, [random.choice(cases)], dispositions.OPTED_OUT)
    elif (handed := queue.next_case(agent)) is not None:
        _look(handed.case_id, agent, held)
        held[handed.case_id] = (agent, now() + LOCK)
        if what == "next":
            _call(agent, handed.case_id, outcome)
            del held[handed.case_id]


def _look(case_id: int, agent: int, held: dict[int, tuple[int, datetime]]) -> None:
    """Everything that must be true of a case at the moment that it is handed out."""
    holder, until = held.get(case_id, (agent, now()))
    assert holder == agent or until <= now(), "somebody else has this case in hand"
    with reading() as connection:
        row = connection.execute(sa.select(state_table).where(state_table.c.case_id == case_id)).one()
        last = connection.execute(
            sa.select(attempt_table)
            .where(attempt_table.c.case_id == case_id, attempt_table.c.ended_at.is_not(None))
            .order_by(attempt_table.c.id.desc())
        ).first()
    if holder == agent and until > now():
        return  # the same case again, still in hand
    part = part_at(RULES, now())
    assert part is not None
    assert case_row(case_id).disposition == "open"
    assert row.state == "waiting"
    assert row.due_at <= now()
    assert row.n_attempts < RULES.max_attempts or row.stage == "appointment"
    assert row.not_user_id != agent
    if last is not None and row.stage == "retry":
        assert now() - last.ended_at >= timedelta(minutes=RULES.delay_minutes(last.outcome))
        if last.outcome in NOT_AT_HOME:
            assert part != last.day_part


def _call(agent: int, case_id: int, outcome: str) -> None:
    with reading() as connection:
        has_message = connection.scalar(sa.select(state_table.c.has_message).where(state_table.c.case_id == case_id))
    chosen = {"machine_message": "machine"}.get(outcome, outcome) if has_message else outcome
    chosen = "no_answer" if chosen == "break_off" else chosen
    asked = Asked(next_start(RULES, now() + timedelta(hours=20))) if chosen == "appointment" else None
    note = "een reden" if OUTCOMES[chosen].needs_note else ""
    attempts.close(agent, attempts.dial(agent, case_id), chosen, note=note, appointment=asked)


def _nobody_is_forgotten(cases: list[int], clock: Any) -> None:
    """Whoever fieldwork still asks, and who was not called to the end, comes up again within some weeks."""
    clock.shift(LOCK)
    fresh = [make_agent("Laatste"), make_agent("Allerlaatste")]
    waiting = set()
    with reading() as connection:
        for row in connection.execute(sa.select(state_table)):
            if row.state == "waiting" and case_row(row.case_id).disposition == "open":
                waiting.add(row.case_id)
    found: set[int] = set()
    for _ in range(4 * 21):
        clock.move_to(next_start(RULES, now() + timedelta(hours=6)))
        enrolment.refresh()
        while handed := queue.next_case(fresh[0]):
            found.add(handed.case_id)
            with writing() as connection:  # out of the way of the others
                here = state_table.c.case_id == handed.case_id
                connection.execute(sa.update(state_table).where(here).values(state="done", locked_until=None))
        if found >= waiting:
            return
    assert found >= waiting


def _forget_everything() -> None:
    with writing() as connection:
        for table in (
            "appointment", "call_attempt", "call_state", "norm_progress", "contact", "token", "survey_case",
            "optout", "participation", "provider", "wave", "agent", "shift", "office_user",
        ):  # fmt: skip
            connection.exec_driver_sql(f"DELETE FROM {table}")
