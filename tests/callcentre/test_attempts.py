"""An attempt: who may make it, what its outcome needs, and what is kept of it."""

import pytest
import sqlalchemy as sa
import time_machine

from app.callcentre import appointments, attempts, enrolment, queue
from app.callcentre.appointments import Asked
from app.callcentre.outcomes import CallFacts, sensible
from app.callcentre.tables import attempt_table
from app.database import reading, writing
from app.encryption import decrypt
from app.errors import Conflict, Invalid
from app.fieldwork import call_requests
from tests.factories.calls import (
    HOUR,
    MINUTE,
    SECOND,
    call,
    called_participation,
    case_row,
    dutch,
    make_agent,
    next_of,
    phone_case,
    queued,
    state,
)

EVENING = dutch("11-02 18:00")  # Monday


Clock = time_machine.Traveller


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("11-02 17:59", "al voorbij"),
        ("11-08 12:00", "zondag"),
        ("12-25 12:00", "feestdagen"),
        ("11-03 08:00", "niemand"),
        ("11-03 21:00", "niemand"),
        ("11-07 16:30", "niemand"),
    ],
)
def test_an_appointment_outside_the_shifts_is_refused(clock: Clock, moment: str, words: str) -> None:
    (case,), agent = queued(called_participation(), 1), make_agent()
    queue.next_case(agent)
    attempt = attempts.dial(agent, case)
    with pytest.raises(Invalid, match=words):
        attempts.close(agent, attempt, "appointment", appointment=Asked(dutch(moment)))
    assert appointments.load(dutch("11-08 12:00").date()) == ()


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ("hard_refusal", "notitie"),
        ("to_supervisor", "notitie"),
        ("appointment", "dag en een tijd"),
        ("complete", "past niet"),
        ("partial", "past niet"),
        ("break_off", "past niet"),
        ("quota_filled", "past niet"),
        ("nothing_such", "Kies een uitkomst"),
    ],
)
def test_an_outcome_that_lacks_something_changes_nothing(clock: Clock, outcome: str, words: str) -> None:
    (case,), agent = queued(called_participation(), 1), make_agent()
    queue.next_case(agent)
    attempt = attempts.dial(agent, case)
    with pytest.raises(Invalid, match=words):
        attempts.close(agent, attempt, outcome)
    assert (state(case).locked_by, state(case).last_outcome) == (agent, None)


def test_which_outcomes_make_sense() -> None:
    codes = lambda facts: {one.code for one in sensible(facts)}  # noqa: E731
    assert codes(CallFacts(is_finished=True, is_started=True, is_usable=True)) == {"complete"}
    assert "partial" in codes(CallFacts(is_started=True, is_usable=True))
    assert not codes(CallFacts()) & {"complete", "partial", "break_off", "quota_filled"}


def test_only_who_holds_a_case_can_dial_it_and_close_their_own_attempt(clock: Clock) -> None:
    (case,), me, colleague = queued(called_participation(), 1), make_agent("Anna"), make_agent("Bram")
    with pytest.raises(Conflict):
        attempts.dial(me, case)
    queue.next_case(me)
    attempt = attempts.dial(me, case)
    with pytest.raises(Conflict):
        attempts.close(colleague, attempt, "no_answer")
    attempts.close(me, attempt, "no_answer")
    with pytest.raises(Conflict, match="afgesloten"):
        attempts.close(me, attempt, "busy")


def test_who_was_silent_too_long_cannot_overwrite_a_colleague(clock: Clock) -> None:
    (case,), me, colleague = queued(called_participation(), 1), make_agent("Anna"), make_agent("Bram")
    queue.next_case(me)
    attempt = attempts.dial(me, case)
    clock.shift(5 * MINUTE)
    assert next_of(colleague) == case
    with pytest.raises(Conflict, match="collega"):
        attempts.close(me, attempt, "no_answer")
    attempts.abandon(me, attempt)
    assert state(case).locked_by == colleague
    attempts.close(colleague, attempts.dial(colleague, case), "no_answer")
    assert state(case).n_attempts == 2


def test_an_attempt_whose_agent_disappeared_ends_with_the_next_one(clock: Clock) -> None:
    (case,), me, colleague = queued(called_participation(), 1), make_agent("Anna"), make_agent("Bram")
    queue.next_case(me)
    lost = attempts.dial(me, case)
    clock.shift(HOUR)
    queue.next_case(colleague)
    attempts.dial(colleague, case)
    with pytest.raises(Conflict, match="afgesloten"):
        attempts.close(me, lost, "no_answer")
    with reading() as connection:
        ended = connection.scalars(sa.select(attempt_table.c.outcome).order_by(attempt_table.c.id)).all()
    assert ended == ["technical_problem", None]


def test_a_note_is_kept_encrypted(clock: Clock) -> None:
    queued(called_participation(), 1)
    call(make_agent(), "soft_refusal", note="  Piet is ziek  ")
    with reading() as connection:
        note = connection.scalar(sa.select(attempt_table.c.note))
    assert note
    assert b"Piet" not in note
    assert decrypt(note) == "Piet is ziek"


def test_a_number_that_somebody_typed_is_tried_first(clock: Clock) -> None:
    case = phone_case(called_participation(option="none"))
    with writing() as connection:
        call_requests.request_call(connection, case, "nl", "any", SECOND)
    enrolment.refresh()
    agent = make_agent()
    call(agent, "wrong_number")
    assert (state(case).phone_index, state(case).state) == (1, "waiting")


def test_a_case_is_attempted_from_its_first_dial(clock: Clock) -> None:
    (case,), agent = queued(called_participation(), 1), make_agent()
    queue.next_case(agent)
    assert case_row(case).called_at is None
    attempts.dial(agent, case)
    assert case_row(case).called_at == EVENING
