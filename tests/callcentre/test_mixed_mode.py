"""A finished interview counts at once in every mode: for reminders, for the queue and for the quota."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from app.callcentre import attempts, enrolment, queue
from app.clock import now
from app.collection import interviews
from app.collection.sittings import Sitting, answer_table, interview_table, token_table
from app.collection.visitors import Caller, Visitor
from app.database import reading, writing
from app.fieldwork.sending.due_steps import Reason
from app.fieldwork.sending.planning import plan, sending_wave, why_nothing
from app.fieldwork.tables import Wave
from app.results.final_dispositions import final_codes
from tests.drills.mixed_mode import SOMEBODY, specimens
from tests.factories.calls import call, called_participation, case_row, dutch, make_agent, phone_case, state

EVENING = dutch("11-02 18:00")
_wave = Wave.__table__


@pytest.fixture
def here(database: str) -> Iterator[int]:
    """A provider whose clients get a short questionnaire."""
    with specimens(), time_machine.travel(EVENING, tick=False):
        made = called_participation(quota=1)
        with writing() as connection:
            rules = dict(connection.scalar(sa.select(_wave.c.rules)) or {})
            chosen = {"clients": "block-filters", "inburgering": "block-filters"}
            connection.execute(
                sa.update(_wave).values(rules=rules | {"questionnaires": rules["questionnaires"] | chosen})
            )
        yield made


def visitor(case_id: int) -> Visitor:
    with reading() as connection:
        token = connection.scalar(sa.select(token_table.c.id).where(token_table.c.case_id == case_id))
    return Visitor(case_id, int(token or 0), "")


def fill_in_everything(who: Visitor | Caller) -> None:
    from random import Random

    from app.engine.screens import frontier
    from app.simulation.characters import fill_in

    sitting = interviews.begin(who)
    while isinstance(sitting, Sitting) and (screen := frontier(sitting.route, sitting.screens)):
        form: dict[str, list[str]] = {}
        for asked in screen.asked:
            fill_in(Random(1), SOMEBODY, sitting.route.presented(asked), form)
        stored = interviews.answer(who, screen.code, form, may_skip=True, keeps_open=False)
        assert isinstance(stored, interviews.Stored)
        sitting = stored.sitting
    interviews.finish(who)


def test_who_finished_by_telephone_gets_no_reminder(here: int) -> None:
    case, agent = phone_case(here, email="jan@example.nl"), make_agent()
    enrolment.refresh()
    handed = queue.next_case(agent)
    assert handed
    attempt = attempts.dial(agent, handed.case_id)
    with reading() as connection:
        wave = sending_wave(connection, 1)
        assert plan(connection, wave, now() + timedelta(days=8)).due
    fill_in_everything(Caller(case, agent))
    with reading() as connection:
        assert plan(connection, wave, now() + timedelta(days=8)).due == []
        assert why_nothing(connection, wave, case, now()) is Reason.FINISHED
        assert set(connection.scalars(sa.select(answer_table.c.mode))) == {"phone"}
    attempts.close(agent, attempt, "complete")
    assert (state(case).state, state(case).ended_because) == ("done", "interview")
    with reading() as connection:
        assert dict(final_codes(connection, "2026")) == {"1.1": 1}


def test_who_finished_on_the_web_leaves_the_queue_at_once(here: int) -> None:
    case, agent = phone_case(here), make_agent()
    enrolment.refresh()
    fill_in_everything(visitor(case))
    assert queue.next_case(agent) is None
    enrolment.refresh()
    assert state(case).ended_because == "closed"


def test_a_web_interview_fills_the_quota_for_the_telephone_too(here: int) -> None:
    profile = {"service": 11, "learning_profile": 1}
    by_web, waiting, tried = (phone_case(here, **profile) for _ in range(3))
    with time_machine.travel(EVENING, tick=False) as clock:
        enrolment.refresh()
        agent = make_agent()
        assert call(agent, "no_answer") in (by_web, waiting, tried)
        fill_in_everything(visitor(by_web))
        clock.shift(timedelta(days=1))
        assert queue.next_case(agent) is None
    dispositions = sorted(case_row(case).disposition for case in (by_web, waiting, tried))
    assert dispositions in (
        ["finished", "quota_filled", "quota_filled"],
        ["finished", "quota_filled", "quota_filled_tried"],
    )


def test_an_interview_begun_on_the_web_is_ended_by_telephone_as_one(here: int) -> None:
    case, agent = phone_case(here), make_agent()
    enrolment.refresh()
    who = visitor(case)
    sitting = interviews.begin(who)
    assert isinstance(sitting, Sitting)
    interviews.answer(who, sitting.screens[0].code, {"had_contact": ["yes"]}, may_skip=True, keeps_open=False)
    assert queue.next_case(agent) is None  # on the web just now
    with time_machine.travel(EVENING + timedelta(minutes=16), tick=False):
        handed = queue.next_case(agent)
        assert handed
        fill_in_everything(Caller(case, agent))
    with reading() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(interview_table)) == 1
        modes = dict(connection.execute(sa.select(answer_table.c.code, answer_table.c.mode)).tuples().all())
    assert (modes["had_contact"], modes["grade"]) == ("web", "phone")
