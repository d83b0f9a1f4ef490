"""Who is handed out, in which order, and who never is."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from app.callcentre import enrolment, queue
from app.callcentre.appointments import Asked
from app.clock import now
from app.collection.tables import Answer, Interview, QuestionnaireVersion
from app.database import writing
from app.fieldwork import dispositions
from app.fieldwork.tables import Wave
from tests.factories.calls import (
    DAY,
    HOUR,
    MINUTE,
    call,
    called_participation,
    case_row,
    dutch,
    give_back,
    make_agent,
    next_of,
    queued,
    set_state,
    state,
)

EVENING = dutch("11-02 18:00")  # Monday


def why_next(user_id: int) -> str:
    handed = queue.next_case(user_id)
    assert handed is not None
    queue.release(user_id, handed.case_id)
    return handed.why.text()


@pytest.mark.usefixtures("database", "clock")
class TestOrder:
    def test_own_appointment_then_anyones_then_overdue_then_retry_then_fresh(self) -> None:
        here, me, colleague = called_participation(), make_agent("Anna"), make_agent("Bram")
        fresh, retry, overdue, anyones, own = queued(here, 5)
        set_state(retry, stage="retry", due_at=EVENING - HOUR, n_attempts=1, last_outcome="no_answer")
        set_state(overdue, stage="appointment", due_at=EVENING - HOUR)
        set_state(anyones, stage="appointment", due_at=EVENING - 10 * MINUTE, for_user_id=colleague)
        set_state(own, stage="appointment", due_at=EVENING, for_user_id=me)
        order = []
        while (case := next_of(me)) is not None:
            order.append(case)
            set_state(case, locked_until=None, locked_by=None, state="done")
        assert order == [own, anyones, overdue, retry, fresh]

    def test_among_equals_the_provider_furthest_from_its_norm_comes_first(self) -> None:
        near, far = called_participation("Bijna er"), called_participation("Ver weg")
        agent = make_agent()
        near_cases, far_cases = queued(near, 5), queued(far, 5)
        with writing() as connection:
            dispositions.report_finished(connection, [near_cases[0]])
        assert next_of(agent) in far_cases
        assert "Ver weg heeft nog 2 interviews nodig" in queue.next_case(agent).why.text()  # type: ignore[union-attr]

    def test_who_waits_longest_comes_first_within_one_provider(self) -> None:
        cases, agent = queued(called_participation(), 3), make_agent()
        for number, case in enumerate(cases):
            set_state(case, due_at=EVENING - (number + 1) * HOUR)
        assert next_of(agent) == cases[2]

    def test_an_agent_with_a_case_in_hand_gets_that_one_again(self) -> None:
        queued(called_participation(), 2)
        agent = make_agent()
        assert next_of(agent) == next_of(agent)


@pytest.mark.usefixtures("database")
class TestNever:
    @pytest.mark.parametrize(
        "disposition", ["finished", "opted_out", "refused", "cannot", "undeliverable", "quota_filled", "not_sampled"]
    )
    def test_nobody_is_called_whom_fieldwork_no_longer_asks(self, clock: object, disposition: str) -> None:
        (case,) = queued(called_participation(), 1)
        with writing() as connection:
            dispositions.report(connection, [case], disposition)
        assert next_of(make_agent()) is None
        enrolment.refresh()
        assert (state(case).state, state(case).ended_because) == ("done", "closed")

    def test_who_answers_on_the_web_is_left_alone_for_fifteen_minutes(self, clock: time_machine.Traveller) -> None:
        (case,), agent = queued(called_participation(), 1), make_agent()
        with writing() as connection:
            _begin(connection, case)
        clock.shift(20 * MINUTE)
        with writing() as connection:
            _answer(connection, case, "web")
        clock.shift(14 * MINUTE)
        assert next_of(agent) is None
        clock.shift(2 * MINUTE)
        assert next_of(agent) == case

    def test_an_answer_by_telephone_is_no_web(self, clock: time_machine.Traveller) -> None:
        (case,), agent = queued(called_participation(), 1), make_agent()
        with writing() as connection:
            _begin(connection, case, "phone")
            _answer(connection, case, "phone")
        assert next_of(agent) == case

    def test_nobody_is_called_before_the_delay_or_after_the_last_day(self, to: Callable[[str], None]) -> None:
        (case,), agent = queued(called_participation(), 1), make_agent()
        set_state(case, due_at=EVENING + MINUTE)
        assert next_of(agent) is None
        to("11-02 18:01")
        assert next_of(agent) == case
        give_back(agent, case)
        with writing() as connection:
            connection.execute(sa.update(Wave.__table__).values(fieldwork_ends_on=now().date()))
        to("11-03 18:01")
        assert next_of(agent) is None

    @pytest.mark.parametrize("moment", ["11-02 08:59", "11-02 21:00", "11-07 09:59", "11-07 16:00", "11-08 14:00"])
    def test_nobody_is_called_outside_the_hours_or_on_sunday(self, to: Callable[[str], None], moment: str) -> None:
        (case,) = queued(called_participation(), 1)
        set_state(case, due_at=dutch("11-02 08:00"), stage="appointment")
        to(moment)
        assert next_of(make_agent()) is None

    def test_nobody_is_called_on_a_public_holiday_or_while_the_wave_is_paused(self, to: Callable[[str], None]) -> None:
        (case,), agent = queued(called_participation(), 1), make_agent()
        to("12-25 18:00")
        assert next_of(agent) is None
        to("12-28 18:00")
        assert next_of(agent) == case
        give_back(agent, case)
        with writing() as connection:
            connection.execute(sa.update(Wave.__table__).values(paused_at=now()))
        assert next_of(agent) is None

    def test_a_full_quota_stops_at_once_and_another_providers_goes_on(self, clock: object) -> None:
        full, other = called_participation("Vol", quota=1), called_participation("Open", quota=1)
        profile = {"service": 11, "learning_profile": 2}
        done, waiting = queued(full, 2, **profile)
        (needed,) = queued(other, 1, **profile)
        set_state(waiting, due_at=EVENING - DAY)
        with writing() as connection:
            dispositions.report_finished(connection, [done])
        assert next_of(make_agent()) == needed
        assert case_row(waiting).disposition == "quota_filled"

    def test_a_part_of_the_day_that_is_barred_and_a_colleague_who_was_refused(self, clock: object) -> None:
        here, me = called_participation(), make_agent("Anna")
        barred, refused = queued(here, 2)
        set_state(barred, barred_parts=4)  # evening
        set_state(refused, not_user_id=me)
        assert next_of(me) is None
        assert next_of(make_agent("Bram")) == refused

    def test_an_agent_gets_only_languages_that_they_speak(self, clock: object) -> None:
        here = called_participation()
        (arabic,) = queued(here, 1, language="ar")
        assert next_of(make_agent("Anna")) is None
        assert next_of(make_agent("Samira", "nl", "ar")) == arabic


@pytest.mark.usefixtures("database")
class TestLock:
    def test_two_agents_get_two_cases_and_a_third_none(self, clock: object) -> None:
        cases = queued(called_participation(), 2)
        first, second, third = (make_agent(name) for name in ("Anna", "Bram", "Carla"))
        assert {next_of(first), next_of(second)} == set(cases)
        assert next_of(third) is None

    def test_five_minutes_without_a_heartbeat_give_the_case_back(self, clock: time_machine.Traveller) -> None:
        (case,), me, colleague = queued(called_participation(), 1), make_agent("Anna"), make_agent("Bram")
        assert next_of(me) == case
        clock.shift(4 * MINUTE)
        assert queue.hold(me, case)
        clock.shift(4 * MINUTE)
        assert next_of(colleague) is None
        clock.shift(MINUTE)
        assert next_of(colleague) == case
        assert not queue.hold(me, case)

    def test_who_was_silent_gets_the_case_back_while_nobody_took_it(self, clock: time_machine.Traveller) -> None:
        (case,), me = queued(called_participation(), 1), make_agent("Anna")
        next_of(me)
        clock.shift(HOUR)
        assert queue.hold(me, case)
        assert next_of(make_agent("Bram")) is None

    def test_giving_back_another_ones_case_changes_nothing(self, clock: object) -> None:
        (case,), me = queued(called_participation(), 1), make_agent("Anna")
        next_of(me)
        queue.release(make_agent("Bram"), case)
        assert state(case).locked_by == me


@pytest.mark.usefixtures("database")
class TestWhy:
    def test_every_case_says_why(self, clock: object) -> None:
        here, me = called_participation(), make_agent()
        (case,) = queued(here, 1)
        assert why_next(me) == "Nog niet gebeld. Werkpad heeft nog 1 interview nodig."
        set_state(case, stage="appointment", due_at=EVENING, for_user_id=me)
        assert why_next(me) == "Uw afspraak van 18:00."
        set_state(case, for_user_id=None)
        assert why_next(me) == "Afspraak van 18:00."
        set_state(case, due_at=EVENING - DAY)
        assert why_next(me) == "Afspraak van 1-11 18:00, die is blijven liggen."

    def test_a_retry_names_the_attempt_before(self, to: Callable[[str], None]) -> None:
        queued(called_participation(), 1)
        me = make_agent()
        call(me, "no_answer")
        to("11-03 09:00")
        norm = "Werkpad heeft nog 1 interview nodig."
        assert why_next(me) == f"Poging 2: op 2-11 18:00 «Niet opgenomen». {norm}"

    def test_a_soft_refusal_says_so_to_the_colleague(self, to: Callable[[str], None]) -> None:
        queued(called_participation(), 1)
        call(make_agent("Anna"), "soft_refusal", note="geen tijd")
        to("11-09 18:00")
        assert why_next(make_agent("Bram")) == "Weigerde op 2-11 18:00 bij een collega; nog één keer proberen."


def test_an_appointment_is_handed_to_who_made_it_when_it_is_due(database: str, clock: time_machine.Traveller) -> None:
    (case,), me, colleague = queued(called_participation(), 1), make_agent("Anna"), make_agent("Bram")
    call(me, "appointment", appointment=Asked(EVENING + HOUR, user_id=me))
    clock.shift(HOUR - MINUTE)
    assert next_of(me) is None
    clock.shift(MINUTE)
    assert next_of(me) == case
    give_back(me, case)
    assert next_of(colleague) == case


def _begin(connection: Any, case_id: int, mode: str = "web") -> None:
    version = {"hash": "0" * 64, "name": "q", "source": "{}", "stored_at": now()}
    connection.execute(sa.insert(QuestionnaireVersion.__table__).values(version))
    row = {"case_id": case_id, "version_hash": "0" * 64, "wording": "regular", "mode": mode, "language": "nl"}
    connection.execute(
        sa.insert(Interview.__table__).values(**row, started_at=now(), changed_at=now(), is_usable=False)
    )


def _answer(connection: Any, case_id: int, mode: str) -> None:
    row = {"case_id": case_id, "code": "a", "value": "1", "mode": mode, "language": "nl", "wording": "regular"}
    connection.execute(sa.insert(Answer.__table__).values(**row, answered_at=now()))
    connection.execute(sa.update(Interview.__table__).values(changed_at=now()))
