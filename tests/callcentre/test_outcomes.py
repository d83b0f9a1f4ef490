"""What follows from every outcome, as fieldwork, the queue and the agenda see it."""

import pytest
import sqlalchemy as sa
import time_machine

from app.callcentre import appointments, enrolment
from app.callcentre.appointments import Asked
from app.callcentre.outcomes import OUTCOMES
from app.callcentre.tables import appointment_table, attempt_table
from app.clock import now
from app.database import reading, writing
from app.errors import Invalid
from app.fieldwork import opt_outs
from app.fieldwork.rules import DELAYS_MINUTES
from app.fieldwork.tables import Contact
from tests.factories.calls import (
    DAY,
    MINUTE,
    PHONE,
    SECOND,
    call,
    called_participation,
    case_row,
    dutch,
    make_agent,
    next_of,
    queued,
    state,
)

EVENING = dutch("11-02 18:00")  # Monday


Clock = time_machine.Traveller


def test_every_delay_of_the_rules_is_one_of_an_outcome_and_every_retry_has_one() -> None:
    again = {code for code, one in OUTCOMES.items() if one.follows in ("retry", "other_day_part", "soft_refusal")}
    assert set(DELAYS_MINUTES) == again


@pytest.mark.parametrize(
    ("outcome", "due_at", "barred"),
    [
        ("no_answer", "11-03 09:00", 4),
        ("machine", "11-03 09:00", 4),
        ("machine_message", "11-03 09:00", 4),
        ("non_contact", "11-03 09:00", 4),
        ("call_back", "11-03 09:00", 4),
        ("busy", "11-02 18:15", 0),
        ("phone_problem", "11-02 19:00", 0),
        ("technical_problem", "11-02 18:15", 0),
        ("unavailable", "11-09 18:00", 0),
    ],
)
def test_the_next_attempt_waits_its_delay_and_falls_in_another_part_where_it_must(
    clock: Clock, outcome: str, due_at: str, barred: int
) -> None:
    (case,) = queued(called_participation(), 1)
    call(make_agent(), outcome)
    assert state(case).due_at == dutch(due_at)
    assert (state(case).stage, state(case).barred_parts, state(case).last_outcome) == ("retry", barred, outcome)
    assert (case_row(case).aapor, case_row(case).disposition) == (OUTCOMES[outcome].aapor, "open")


def test_no_answer_in_the_morning_is_tried_three_hours_later_in_the_afternoon(clock: Clock) -> None:
    (case,), agent = queued(called_participation(), 1), make_agent()
    clock.move_to(dutch("11-03 11:30"))
    call(agent, "no_answer")
    assert state(case).due_at == dutch("11-03 14:30")


def test_a_busy_line_is_tried_again_three_times_in_a_row_and_then_counts_as_no_answer(clock: Clock) -> None:
    (case,), agent = queued(called_participation(), 1), make_agent()
    waits = []
    for _ in range(4):
        call(agent, "busy")
        waits.append(state(case).due_at - now())
        clock.shift(15 * MINUTE)
    assert waits[:3] == [15 * MINUTE] * 3
    assert state(case).due_at == dutch("11-03 09:00")


def test_something_else_in_between_starts_the_busy_lines_over(clock: Clock) -> None:
    (case,), agent = queued(called_participation(), 1), make_agent()
    call(agent, "busy")
    clock.shift(15 * MINUTE)
    call(agent, "technical_problem")
    assert state(case).n_busy == 0


def test_after_six_attempts_in_three_parts_of_the_day_nobody_calls_any_more(clock: Clock) -> None:
    (case,), agent = queued(called_participation(), 1), make_agent()
    parts = set()
    for _ in range(6):
        clock.move_to(max(now(), state(case).due_at))
        assert call(agent, "no_answer") == case
    with reading() as connection:
        parts = set(connection.scalars(sa.select(attempt_table.c.day_part)))
    assert (state(case).state, state(case).ended_because, case_row(case).disposition) == ("done", "exhausted", "open")
    assert len(parts) >= 3
    clock.shift(30 * DAY)
    assert next_of(agent) is None


def test_the_last_attempts_are_kept_for_parts_of_the_day_that_were_not_tried(clock: Clock) -> None:
    (case,), agent = queued(called_participation(max_busy_in_a_row=20), 1), make_agent()
    for n_minutes in (0, 15, 30, 45):
        clock.move_to(EVENING + n_minutes * MINUTE)
        call(agent, "busy")
    assert (state(case).due_at, state(case).barred_parts) == (dutch("11-03 09:00"), 4)
    clock.move_to(dutch("11-03 09:00"))
    call(agent, "busy")
    assert (state(case).due_at, state(case).barred_parts) == (dutch("11-03 12:00"), 5)


def test_a_soft_refusal_is_tried_once_more_after_a_week_by_somebody_else(clock: Clock) -> None:
    (case,), first, second = queued(called_participation(), 1), make_agent("Anna"), make_agent("Bram")
    call(first, "soft_refusal", note="geen tijd")
    assert (state(case).due_at, case_row(case).disposition) == (EVENING + 7 * DAY, "open")
    clock.shift(7 * DAY)
    assert next_of(first) is None
    call(second, "soft_refusal_other", note="man nam op")
    assert (state(case).state, state(case).ended_because) == ("done", "refused")
    assert (case_row(case).disposition, case_row(case).aapor) == ("refused", "2.111")


def test_a_soft_refusal_is_final_where_the_wave_says_so(clock: Clock) -> None:
    (case,) = queued(called_participation(allows_soft_refusal_retry=False), 1)
    call(make_agent(), "soft_refusal", note="geen tijd")
    assert case_row(case).disposition == "refused"


@pytest.mark.parametrize(("outcome", "code"), [("hard_refusal", "2.112"), ("hard_refusal_other", "2.111")])
def test_a_hard_refusal_opts_out(clock: Clock, outcome: str, code: str) -> None:
    here = called_participation()
    (case,) = queued(here, 1, email="jan@example.nl")
    call(make_agent(), outcome, note="nooit meer")
    assert (case_row(case).disposition, case_row(case).aapor) == ("opted_out", code)
    with reading() as connection:
        assert opt_outs.opted_out_keys(connection, here)
    assert state(case).state == "done"


@pytest.mark.parametrize(("outcome", "code"), [("deceased", "2.31"), ("unable", "2.32"), ("not_eligible", "4.70")])
def test_who_cannot_take_part_is_never_asked_again(clock: Clock, outcome: str, code: str) -> None:
    (case,) = queued(called_participation(), 1)
    call(make_agent(), outcome)
    assert (case_row(case).disposition, case_row(case).aapor) == ("cannot", code)


def test_after_a_wrong_number_the_next_one_and_then_undeliverable(clock: Clock) -> None:
    (case,), agent = queued(called_participation(), 1, phone2=SECOND), make_agent()
    call(agent, "wrong_number")
    assert (state(case).phone_index, state(case).due_at, case_row(case).disposition) == (1, EVENING, "open")
    assert case_row(case).aapor is None
    call(agent, "wrong_number")
    assert (state(case).ended_because, case_row(case).disposition) == ("no_number", "undeliverable")
    assert case_row(case).aapor == "4.32"


def test_two_equal_numbers_are_one(clock: Clock) -> None:
    (case,) = queued(called_participation(), 1, phone2=PHONE)
    call(make_agent(), "wrong_number")
    assert state(case).ended_because == "no_number"


def test_who_has_an_email_address_is_only_undeliverable_on_the_telephone(clock: Clock) -> None:
    (case,) = queued(called_participation(), 1, email="jan@example.nl")
    call(make_agent(), "wrong_number")
    assert (state(case).ended_because, case_row(case).disposition, case_row(case).aapor) == ("no_number", "open", None)
    with writing() as connection:  # a new delivery brings another number
        connection.execute(sa.update(Contact.__table__).values(phone_failed_at=None))
    enrolment.refresh()
    assert (state(case).state, state(case).phone_index) == ("waiting", 0)


def test_a_language_problem_goes_to_who_speaks_it_or_ends_the_calling(clock: Clock) -> None:
    here, agent = called_participation(), make_agent("Anna")
    one, other = queued(here, 2)
    first = call(agent, "language_problem", language="pl")
    second = call(agent, "language_problem")
    assert {first, second} == {one, other}
    assert next_of(make_agent("Ola", "pl")) == first
    assert (state(second).ended_because, case_row(second).disposition) == ("language", "open")
    assert case_row(second).aapor == "2.33"


def test_the_supervisor_gets_what_is_referred(clock: Clock) -> None:
    (case,), agent = queued(called_participation(), 1), make_agent()
    call(agent, "to_supervisor", note="klacht")
    assert state(case).state == "referred"
    assert next_of(agent) is None


def test_an_appointment_stands_in_the_agenda_and_is_settled_by_the_next_call(clock: Clock) -> None:
    (case,), agent = queued(called_participation(max_attempts=1), 1), make_agent()
    call(agent, "appointment", appointment=Asked(dutch("11-03 10:15"), user_id=agent))
    assert (state(case).state, state(case).stage, state(case).for_user_id) == ("waiting", "appointment", agent)
    load = {f"{slot.starts_at:%H}": slot.n_appointments for slot in appointments.load(dutch("11-03 10:15").date())}
    assert load["09"] == 1  # ten in the morning here
    assert sum(load.values()) == 1
    clock.move_to(dutch("11-03 10:15"))
    call(agent, "no_answer")
    assert state(case).ended_because == "exhausted"
    with reading() as connection:
        assert connection.scalar(sa.select(appointment_table.c.settled_at)) == now()


def test_to_call_back_some_time_is_a_retry_at_that_moment(clock: Clock) -> None:
    (case,) = queued(called_participation(), 1)
    call(make_agent(), "call_back", appointment=Asked(dutch("11-04 18:30"), is_definite=False))
    assert (state(case).stage, state(case).due_at, state(case).barred_parts) == ("retry", dutch("11-04 18:30"), 0)


def test_at_most_one_message_is_left(clock: Clock) -> None:
    (case,), agent = queued(called_participation(), 1), make_agent()
    call(agent, "machine_message")
    clock.move_to(state(case).due_at)
    with pytest.raises(Invalid, match="past niet"):
        call(agent, "machine_message")
