"""Who enters the queue, when, and who comes back into it."""

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine

from app import jobs
from app.callcentre import attempts, enrolment, queue
from app.clock import now
from app.database import writing
from app.fieldwork import call_requests, dispositions, opt_outs
from app.fieldwork.tables import Wave
from tests.factories.calls import (
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
from tests.factories.deliveries import client, deliver

EVENING = dutch("11-02 18:00")  # Monday


@pytest.mark.usefixtures("database")
class TestEntering:
    def test_learning_profiles_one_and_two_and_who_bought_it_and_nobody_else(self, clock: object) -> None:
        none, part = called_participation("Geen", "none"), called_participation("Deel", "part")
        every = called_participation("Alles", "all")
        profile = phone_case(none, service=11, learning_profile=1)
        phone_case(none, service=11, learning_profile=3)
        phone_case(none, wants_phone=True)
        bought = phone_case(part, wants_phone=True)
        phone_case(part)
        any_number = phone_case(every)
        phone_case(every, phone="")
        phone_case(every, kind="commissioner", service=None)
        assert enrolment.refresh().n_entered == 3
        with writing() as connection:
            known = set(connection.scalars(sa.text("SELECT case_id FROM call_state")))
        assert known == {profile, bought, any_number}
        assert enrolment.refresh() == enrolment.Refreshed()

    def test_a_first_attempt_waits_for_the_evening_and_then_for_nothing(self, to: Callable[[str], None]) -> None:
        to("11-03 10:00")
        (case,), agent = queued(called_participation(), 1, now()), make_agent()
        assert state(case).due_at == dutch("11-03 17:00")
        to("11-03 16:59")
        assert next_of(agent) is None
        to("11-04 09:00")
        assert next_of(agent) == case

    def test_a_wave_that_has_not_been_started_is_not_called(self, clock: object) -> None:
        here = called_participation()
        with writing() as connection:
            connection.execute(sa.update(Wave.__table__).values(invited_at=None))
        queued(here, 1)
        assert next_of(make_agent()) is None

    def test_who_asks_to_be_called_is_called_in_their_part_of_the_day_and_language(
        self, to: Callable[[str], None]
    ) -> None:
        here, dutch_only, polish = called_participation(option="none"), make_agent(), make_agent("Ola", "pl")
        case = phone_case(here, disposition="undeliverable")
        with writing() as connection:
            call_requests.request_call(connection, case, "pl", "morning")
        to("11-02 19:00")
        assert state(case).due_at == dutch("11-03 09:00")
        to("11-03 09:30")
        assert next_of(dutch_only) is None
        handed = queue.next_case(polish)
        assert handed
        assert (handed.case_id, handed.why.text()) == (case, "Vroeg zelf om gebeld te worden.")
        attempts.close(polish, attempts.dial(polish, case), "soft_refusal", note="liever niet")
        with writing() as connection:
            assert call_requests.request_of(connection, case) is None

    @pytest.mark.parametrize("disposition", ["opted_out", "refused", "finished"])
    def test_a_request_of_who_opted_out_or_finished_is_not_taken(self, clock: object, disposition: str) -> None:
        case = phone_case(called_participation(option="none"), disposition=disposition)
        with writing() as connection:
            call_requests.request_call(connection, case, "nl", "any")
        assert enrolment.refresh().n_requests == 0

    def test_asking_again_after_every_attempt_brings_the_case_back(self, clock: time_machine.Traveller) -> None:
        (case,), agent = queued(called_participation(max_attempts=1), 1), make_agent()
        call(agent, "no_answer")
        assert state(case).ended_because == "exhausted"
        with writing() as connection:
            call_requests.request_call(connection, case, "nl", "any")
        enrolment.refresh()
        assert next_of(agent) == case

    def test_who_is_asked_again_by_fieldwork_comes_back(self, clock: object) -> None:
        (case,) = queued(called_participation(), 1)
        with writing() as connection:
            dispositions.report(connection, [case], dispositions.UNDELIVERABLE)
        enrolment.refresh()
        with writing() as connection:
            dispositions.report(connection, [case], dispositions.OPEN)
        assert enrolment.refresh().n_reopened == 1
        assert next_of(make_agent()) == case

    def test_an_opt_out_by_link_takes_somebody_out_at_once(self, clock: object) -> None:
        (case,) = queued(called_participation(), 1)
        with writing() as connection:
            opt_outs.opt_out_by_link(connection, case)
        assert next_of(make_agent()) is None


def test_the_minute_brings_in_who_was_delivered_with_telephone(
    database: str, clock: time_machine.Traveller, tmp_path: Path
) -> None:
    here = called_participation(option="none")
    delivered = client(telefonisch="ja", telefoon="020-1234567", email="", einddatum="01-02-2026")
    deliver(tmp_path, delivered, client(einddatum="01-02-2026"), wave="2026")
    jobs.refresh_calls()
    (case,) = _known_cases()
    assert case_row(case).participation_id == here
    call(make_agent(), "wrong_number")
    assert case_row(case).disposition == "undeliverable"
    deliver(tmp_path, delivered, wave="2026")
    assert case_row(case).disposition == "undeliverable"
    deliver(tmp_path, delivered | {"telefoon": "020-7654321"}, wave="2026")
    jobs.refresh_calls()
    assert (case_row(case).disposition, state(case).state) == ("open", "waiting")


def _known_cases() -> list[int]:
    with writing() as connection:
        return list(connection.scalars(sa.text("SELECT case_id FROM call_state")))
