"""The supervisor's screen: what it tells, and that every change is in the audit log."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from app.callcentre import attempts, enrolment, queue, shifts
from app.callcentre.agents import languages_of
from app.callcentre.tables import attempt_table
from app.database import reading, writing
from app.fieldwork.tables import Case, NormProgress
from app.web.access import Role
from tests.factories.calls import call, called_participation, dutch, make_agent, queued, set_state, state
from tests.factories.office import Employee, audited, signed_in_as
from tests.factories.stored import answers_of

EVENING = dutch("11-03 18:00")  # Tuesday
START = "/kantoor/belteam"
pytestmark = pytest.mark.usefixtures("database", "clock")


@pytest.fixture
def supervisor() -> Employee:
    return signed_in_as(Role.SUPERVISOR)


def refer(case_holder: int) -> int:
    return call(case_holder, "to_supervisor", note="Wil alleen met u praten")


def test_the_screen_tells_queue_agents_hours_and_providers(supervisor: Employee) -> None:
    queued(called_participation(), 3, EVENING)
    anna, bram = make_agent("Anna"), make_agent("Bram")
    shifts.begin(anna), shifts.begin(bram)
    shifts.pause(bram)
    call(anna, "no_answer")
    handed = queue.next_case(anna)
    assert handed is not None
    attempts.dial(anna, handed.case_id)
    text = supervisor.get(START).text
    assert "Belteam: 1 zaak nu te bellen" in text
    assert "in gesprek sinds 18:00" in text and "pauze sinds 18:00" in text
    assert "18:00</th>" in text and "Werkpad" in text and "0 / 2" in text


def test_an_empty_call_centre_says_what_comes_next(supervisor: Employee) -> None:
    text = supervisor.get(START).text
    assert "Er is niemand aan het werk" in text and "Vandaag is nog niemand gebeld" in text


def test_the_same_comes_as_an_event(supervisor: Employee) -> None:
    queued(called_participation(), 2, EVENING)
    answer = supervisor.get(f"{START}/live")
    assert answer.response.headers["content-type"].startswith("text/event-stream")
    assert answer.text.startswith("data: ") and answer.text.endswith("\n\n") and "Werkpad" in answer.text
    assert "Content-Security-Policy".lower() in answer.response.headers


def test_a_referred_case_goes_back_to_one_agent_first(supervisor: Employee) -> None:
    queued(called_participation(), 1, EVENING)
    anna, bram = make_agent("Anna"), make_agent("Bram")
    case_id = refer(anna)
    supervisor.get(f"{START}/zaak/{case_id}")
    assert "Wil alleen met u praten" in supervisor.text
    supervisor.post(f"{START}/zaak/{case_id}", actie="back", medewerker=str(bram)).follow()
    assert "De wijziging is bewaard." in supervisor.text
    after = state(case_id)
    assert (after.state, after.stage, after.for_user_id) == ("waiting", "appointment", bram)
    handed = queue.next_case(bram)
    assert handed is not None and handed.case_id == case_id
    assert [subject for _, subject, _ in audited("call.handed_back")] == [f"case:{case_id}"]
    assert [subject for _, subject, _ in audited("contact_seen")] == [f"case:{case_id}"]


def test_a_referred_case_may_be_called_no_more(supervisor: Employee) -> None:
    queued(called_participation(), 1, EVENING)
    case_id = refer(make_agent("Anna"))
    supervisor.get(f"{START}/zaak/{case_id}").post(f"{START}/zaak/{case_id}", actie="close")
    assert state(case_id).state == "done" and len(audited("call.closed_by_supervisor")) == 1
    supervisor.get(START).post(f"{START}/zaak/{case_id}", actie="back").follow()
    assert "Deze zaak wacht niet meer op u." in supervisor.text and audited("call.handed_back") == []


def test_a_case_that_waits_for_nobody_is_not_shown(supervisor: Employee) -> None:
    (case_id,) = queued(called_participation(), 1, EVENING)
    assert supervisor.get(f"{START}/zaak/{case_id}").status == 404
    assert audited("contact_seen") == []


def test_releasing_shows_how_many_first_and_loses_no_answer(supervisor: Employee) -> None:
    queued(called_participation(), 2, EVENING)
    anna, bram = make_agent("Anna"), make_agent("Bram")
    mine, other = queue.next_case(anna), queue.next_case(bram)
    assert mine is not None and other is not None
    supervisor.get(START).post(f"{START}/samen", wat="release", van=str(anna))
    assert "1 zaak wordt vrijgegeven" in supervisor.text and "Alleen van Anna." in supervisor.text
    assert state(mine.case_id).locked_by == anna
    supervisor.post(f"{START}/samen", wat="release", van=str(anna), actie="do").follow()
    assert state(mine.case_id).locked_by is None and state(other.case_id).locked_by == bram
    assert audited("call.bulk_release")[0][2]["n_cases"] == 1
    assert answers_of(mine.case_id) == {}


def test_the_appointments_of_somebody_who_is_ill_go_to_another(supervisor: Employee) -> None:
    (case_id,) = queued(called_participation(), 1, EVENING)
    anna, bram = make_agent("Anna"), make_agent("Bram")
    set_state(case_id, stage="appointment", due_at=EVENING, for_user_id=anna)
    fields = {"wat": "appointments", "van": str(anna), "naar": str(bram)}
    supervisor.get(START).post(f"{START}/samen", **fields)
    assert "1 afspraak gaat naar iemand anders" in supervisor.text and "Van Anna naar Bram." in supervisor.text
    supervisor.post(f"{START}/samen", **fields, actie="do")
    assert state(case_id).for_user_id == bram
    assert audited("call.bulk_appointments")[0][2] == {"n_cases": 1, "to": bram}


def test_who_had_every_attempt_is_called_again(supervisor: Employee) -> None:
    one, other = queued(called_participation(), 2, EVENING)
    set_state(one, state="done", ended_because="exhausted", n_attempts=6)
    set_state(other, state="done", ended_because="refused", n_attempts=1)
    supervisor.get(START).post(f"{START}/samen", wat="again")
    assert "1 zaak wordt opnieuw gebeld" in supervisor.text
    supervisor.post(f"{START}/samen", wat="again", actie="do")
    assert (state(one).state, state(one).n_attempts, state(other).state) == ("waiting", 0, "done")
    assert audited("call.bulk_again")[0][2]["n_cases"] == 1


def test_a_quota_that_is_made_smaller_gives_up_the_rest_at_once(supervisor: Employee) -> None:
    here = called_participation(option="none", quota=5)
    one, _, _ = queued(here, 3, EVENING, service=11, learning_profile=1)
    with writing() as connection:
        connection.execute(sa.update(Case.__table__).where(Case.__table__.c.id == one).values(disposition="finished"))
    enrolment.refresh()
    supervisor.get(START).post(f"{START}/quotum/{here}", quotum="1")
    assert "van 5 naar 1" in supervisor.text and "2 mensen worden niet meer gevraagd" in supervisor.text
    assert audited("call.quota_set") == []
    supervisor.post(f"{START}/quotum/{here}", quotum="1", actie="do").follow()
    assert "De wijziging is bewaard." in supervisor.text
    with reading() as connection:
        needed = sa.select(NormProgress.__table__.c.n_needed).where(
            NormProgress.__table__.c.norm_group == "phone_quota"
        )
        assert connection.scalar(needed) == 1
    enrolment.refresh()
    assert queue.next_case(make_agent("Anna")) is None
    assert audited("call.quota_set")[0][1:] == (f"participation:{here}", {"quota": 1, "before": None})
    supervisor.post(f"{START}/quotum/{here}", quotum="9")
    assert "2 mensen worden weer gevraagd" in supervisor.text


@pytest.mark.parametrize("typed", ["", "-1", "veel", "1000000"])
def test_a_quota_is_a_whole_number(supervisor: Employee, typed: str) -> None:
    here = called_participation()
    supervisor.get(START).post(f"{START}/quotum/{here}", quotum=typed).follow()
    assert "Vul een aantal in" in supervisor.text and audited("call.quota_set") == []


def test_quality_tells_lengths_and_open_questions_but_no_answers(
    supervisor: Employee, clock: time_machine.Traveller
) -> None:
    queued(called_participation(), 1, EVENING)
    anna = make_agent("Anna")
    case_id = call(anna, "no_answer")
    with writing() as connection:
        lasted = {"outcome": "complete", "ended_at": EVENING + timedelta(minutes=12)}
        connection.execute(sa.update(attempt_table).where(attempt_table.c.case_id == case_id).values(lasted))
    text = supervisor.get(f"{START}/kwaliteit").text
    assert "Anna" in text and '<td class="number">12</td>' in text


def test_what_an_agent_speaks_decides_whom_they_get(supervisor: Employee) -> None:
    queued(called_participation(), 1, EVENING, language="ar")
    anna = make_agent("Anna")
    assert queue.next_case(anna) is None
    supervisor.get(f"{START}/kwaliteit").post(f"{START}/talen/{anna}", taal="ar").follow()
    assert "De wijziging is bewaard." in supervisor.text
    with reading() as connection:
        assert languages_of(connection, anna) == ("ar",)
    assert queue.next_case(anna) is not None
    assert audited("agent.languages_set")[0][1] == f"user:{anna}"
    supervisor.get(f"{START}/kwaliteit").post(f"{START}/talen/{anna}").follow()
    assert "minstens één taal" in supervisor.text


def test_an_agent_does_not_see_the_supervisors_screen() -> None:
    agent = signed_in_as(Role.AGENT)
    assert agent.get(START).status == 403 and agent.get(f"{START}/live").status == 403
    assert "Belteam" not in agent.get("/kantoor/bellen").text
