"""The interview on the agent's screen over HTTP: asked, stored, shared with the web, never lost."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.collection.tables import Answer, Interview
from app.database import writing
from app.fieldwork.tables import Wave
from tests.factories.agents_screen import (
    START,
    ask_everything,
    begin,
    dial,
    link_of,
    question,
    say,
    take,
)
from tests.factories.calls import dutch, make_agent, set_state, state
from tests.factories.office import Employee
from tests.factories.respondent import Respondent
from tests.factories.stored import answers_of, interview_of

EVENING = dutch("11-03 18:00")  # Tuesday
pytestmark = pytest.mark.usefixtures("database", "clock")


def test_from_the_queue_to_a_finished_interview(agent: Employee, case_id: int) -> None:
    ask_everything(begin(agent, case_id), case_id)
    agent.post(f"{START}/{case_id}/klaar").follow()
    assert re.findall(r'name="uitkomst" value="([a-z_]+)"', agent.text) == ["complete"]
    agent.post(f"{START}/{case_id}/afronden", uitkomst="complete", actie="next").follow()
    assert "Er is nu niemand om te bellen" in agent.text
    interview, after = interview_of(case_id), state(case_id)
    assert interview.finished_at is not None and interview.mode == "phone" and interview.is_usable
    assert (after.state, after.last_outcome, after.locked_by) == ("done", "complete", None)


def test_an_interview_begins_only_after_dialling(agent: Employee, case_id: int) -> None:
    take(agent).post(f"{START}/{case_id}/begin").follow()
    assert "Bel eerst" in agent.text and interview_of(case_id) is None


def test_every_question_has_its_instruction_beside_it(agent: Employee, case_id: int) -> None:
    assert "Voor de enquêteur:" in begin(agent, case_id).text


def test_a_question_without_answer_is_asked_again_and_may_be_passed(agent: Employee, case_id: int) -> None:
    begin(agent, case_id)
    code = question(agent)
    agent.post(f"{START}/{case_id}/vraag/{code}", actie="next")
    assert agent.status == 422 and "Geef een antwoord" in agent.text
    say(agent, case_id, "", "skip")
    assert answers_of(case_id) == {code: None} and question(agent) != code


def test_breaking_off_keeps_the_answer_and_asks_for_the_outcome(agent: Employee, case_id: int) -> None:
    begin(agent, case_id)
    say(agent, case_id, "yes", "stop")
    assert answers_of(case_id) == {"had_contact": "yes"}
    assert "Hoe eindigde het gesprek?" in agent.text and 'value="break_off"' in agent.text
    assert 'value="complete"' not in agent.text


def test_before_the_first_answer_nothing_can_be_broken_off(agent: Employee, case_id: int) -> None:
    dial(agent, case_id).get(f"{START}/{case_id}/afronden")
    assert 'value="no_answer"' in agent.text
    assert 'value="break_off"' not in agent.text and 'value="partial"' not in agent.text


def test_a_web_interview_goes_on_by_telephone_and_back(agent: Employee, case_id: int) -> None:
    someone = Respondent().open(link_of(case_id)).send().send({"had_contact": "yes"})
    with writing() as connection:  # a while ago
        before = dutch("11-03 16:00")
        connection.execute(sa.update(Interview.__table__).values(started_at=before, changed_at=before))
        connection.execute(sa.update(Answer.__table__).values(answered_at=before))
    begin(agent, case_id)
    assert question(agent) == "contact_frequency"
    say(agent, case_id, "2_3")
    someone.get("/vragenlijst")
    assert re.search(r'value="2_3"[^>]* checked', someone.text) and 'name="contact_ways"' in someone.text


def test_the_agent_is_warned_while_the_person_is_on_the_web(agent: Employee, case_id: int) -> None:
    begin(agent, case_id)
    assert "nu op het web bezig" not in agent.post(f"{START}/{case_id}/hier").text
    Respondent().open(link_of(case_id)).send({"had_contact": "yes"})
    assert "nu op het web bezig: laatst gezien om 18:00" in agent.get(f"{START}/{case_id}").text
    assert "nu op het web bezig" in agent.post(f"{START}/{case_id}/hier").text


def test_who_finished_on_the_web_meanwhile_leaves_only_one_outcome(agent: Employee, case_id: int) -> None:
    begin(agent, case_id)
    someone = Respondent().open(link_of(case_id)).go_on_until("/overzicht").send()
    assert someone.path == "/bedankt"
    say(agent, case_id, "no")
    assert "De vragenlijst is klaar. Rond het gesprek af." in agent.text
    agent.get(f"{START}/{case_id}/afronden")
    assert re.findall(r'name="uitkomst" value="([a-z_]+)"', agent.text) == ["complete"]


def test_a_lost_case_is_told_and_loses_no_answer(agent: Employee, case_id: int) -> None:
    begin(agent, case_id)
    set_state(case_id, locked_by=make_agent("Bram"), locked_until=EVENING + timedelta(minutes=5))
    say(agent, case_id, "yes")
    assert answers_of(case_id) == {"had_contact": "yes"}
    assert "Bram heeft deze zaak overgenomen. Alle antwoorden tot hier zijn bewaard." in agent.text
    agent.post(f"{START}/{case_id}/terug").follow()
    assert "Klaar om te bellen" in agent.text


def test_a_case_that_the_supervisor_released_can_still_be_ended(agent: Employee, case_id: int) -> None:
    begin(agent, case_id)
    set_state(case_id, locked_by=None, locked_until=None)
    assert "Deze zaak is niet meer van u" in say(agent, case_id, "yes").text
    agent.get(f"{START}/{case_id}/afronden")
    agent.post(f"{START}/{case_id}/afronden", uitkomst="break_off", actie="stay")
    assert state(case_id).last_outcome == "break_off"


def test_a_page_open_in_another_tab_does_not_answer_after_the_call(agent: Employee, case_id: int) -> None:
    begin(agent, case_id)
    agent.post(f"{START}/{case_id}/afronden", uitkomst="call_back", actie="stay").follow()
    agent.post(f"{START}/{case_id}/vraag/had_contact", had_contact="yes")
    assert agent.response.headers["location"] == f"{START}?melding=kwijt"
    assert answers_of(case_id) == {}


def test_after_the_wave_closed_only_the_outcome_is_left(agent: Employee, case_id: int) -> None:
    dial(agent, case_id)
    with writing() as connection:
        connection.execute(sa.update(Wave.__table__).values(fieldwork_ends_on=dutch("11-01 12:00").date()))
    agent.get(f"{START}/{case_id}")
    assert "Deze meetperiode is gesloten" in agent.text and "Begin het interview" not in agent.text
