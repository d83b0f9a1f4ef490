"""The agent's screen over HTTP, without JavaScript: from the queue to the outcome."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from app.accounts.tables import user_table
from app.audit.log import entry_table
from app.callcentre import attempts, queue
from app.callcentre.case_in_hand import _seen
from app.callcentre.tables import appointment_table, attempt_table, shift_table
from app.collection.tables import Answer, Interview
from app.database import reading, writing
from app.encryption import decrypt, encrypt
from app.fieldwork import tokens
from app.fieldwork.tables import Contact, Message, Wave
from app.web.access import Role
from tests.factories.calls import called_participation, dutch, make_agent, queued, set_state, state
from tests.factories.office import Employee, signed_in_as
from tests.factories.respondent import Respondent
from tests.factories.stored import answers_of, interview_of

EVENING = dutch("11-03 18:00")  # Tuesday
START = "/kantoor/bellen"
pytestmark = pytest.mark.usefixtures("database", "clock")


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """A clock that stands still until a test moves it."""
    _seen.clear()
    with time_machine.travel(EVENING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def case_id() -> int:
    """The one case in the queue."""
    return queued(called_participation(), 1, EVENING, service=6, email="s.bakker@example.nl")[0]


@pytest.fixture
def agent(case_id: int) -> Employee:
    return signed_in_as(Role.AGENT)


def link_of(case_id: int) -> str:
    """A link token of the case."""
    with writing() as connection:
        return tokens.issue(connection, [case_id], "link")[case_id]


def user_id() -> int:
    with reading() as connection:
        return int(connection.scalar(sa.select(user_table.c.id).where(user_table.c.email == "agent@example.nl")) or 0)


def take(agent: Employee) -> Employee:
    """The next case, on the screen."""
    return agent.get(START).post(f"{START}/volgende").follow()


def dial(agent: Employee, case_id: int) -> Employee:
    return take(agent).post(f"{START}/{case_id}/bel").follow()


def begin(agent: Employee, case_id: int) -> Employee:
    dial(agent, case_id).post(f"{START}/{case_id}/begin").follow()
    return agent


def question(agent: Employee) -> str:
    """The code of the question on the screen."""
    found = re.search(r'action="/kantoor/bellen/\d+/vraag/([a-z0-9_]+)"', agent.text)
    return found[1] if found else ""


def say(agent: Employee, case_id: int, answer: str, action: str = "next") -> Employee:
    code = question(agent)
    agent.post(f"{START}/{case_id}/vraag/{code}", **{code: answer, "actie": action})
    return agent.follow() if agent.status == 303 else agent


def ask_everything(agent: Employee, case_id: int) -> Employee:
    for _ in range(60):
        if "/klaar" in agent.text:
            return agent
        offered = re.findall(r'<input type="(?:radio|checkbox)" name="[a-z0-9_]+" value="([a-z0-9_]+)"', agent.text)
        say(agent, case_id, offered[0] if offered else "8", "next" if offered else "skip")
    raise AssertionError("the interview has no end")


def audited(action: str) -> list[tuple[str, dict[str, object]]]:
    with reading() as connection:
        columns = entry_table.c.subject, entry_table.c.details
        rows = connection.execute(sa.select(*columns).where(entry_table.c.action == action))
        return [(row.subject, row.details) for row in rows]


def test_from_the_queue_to_a_finished_interview(agent: Employee, case_id: int) -> None:
    ask_everything(begin(agent, case_id), case_id)
    agent.post(f"{START}/{case_id}/klaar").follow()
    assert re.findall(r'name="uitkomst" value="([a-z_]+)"', agent.text) == ["complete"]
    agent.post(f"{START}/{case_id}/afronden", uitkomst="complete", actie="next").follow()
    assert "Er is nu niemand om te bellen" in agent.text
    interview, after = interview_of(case_id), state(case_id)
    assert interview.finished_at is not None and interview.mode == "phone" and interview.is_usable
    assert (after.state, after.last_outcome, after.locked_by) == ("done", "complete", None)


def test_the_screen_says_who_is_called_why_and_with_which_words(agent: Employee, case_id: int) -> None:
    with writing() as connection:
        named = {"salutation": encrypt("mevrouw"), "surname": encrypt("Bakker")}
        connection.execute(sa.update(Contact.__table__).values(named))
    take(agent)
    assert "mevrouw Bakker" in agent.text and "Nog niet gebeld. Werkpad heeft nog 1 interview nodig." in agent.text
    assert "u spreekt met Een agent van" in agent.text and "Spreek ik met mevrouw Bakker?" in agent.text
    assert "020 123 4567" in agent.text


def test_that_contact_data_are_seen_is_in_the_audit_log_once_per_call(agent: Employee, case_id: int) -> None:
    begin(agent, case_id)
    say(agent, case_id, "yes")
    assert [subject for subject, _ in audited("contact_seen")] == [f"case:{case_id}"]


def test_asking_for_a_case_begins_the_shift_and_a_break_is_logged(agent: Employee, case_id: int) -> None:
    take(agent)
    agent.post(f"{START}/dienst", actie="pauze").follow()
    assert "Pauze sinds 18:00" in agent.text and "Uw zaak wacht" in agent.text
    agent.post(f"{START}/dienst", actie="verder").follow()
    assert agent.response.headers["location"] == f"{START}/{case_id}"
    agent.get(f"{START}/{case_id}").post(f"{START}/dienst", actie="einde")
    with reading() as connection:
        rows = connection.execute(sa.select(shift_table.c.kind, shift_table.c.ended_at).order_by(shift_table.c.id))
        stretches = [(row.kind, row.ended_at is not None) for row in rows]
    assert stretches == [("work", True), ("break", True), ("work", True)]


def test_an_interview_begins_only_after_dialling(agent: Employee, case_id: int) -> None:
    take(agent).post(f"{START}/{case_id}/begin").follow()
    assert "Bel eerst" in agent.text and interview_of(case_id) is None


def test_the_number_to_dial_is_a_link_once_the_attempt_is_noted(agent: Employee, case_id: int) -> None:
    assert "tel:" not in take(agent).text
    agent.post(f"{START}/{case_id}/bel").follow()
    assert 'href="tel:+31201234567"' in agent.text
    with reading() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(attempt_table)) == 1
    agent.post(f"{START}/{case_id}/bel").follow()
    with reading() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(attempt_table)) == 1


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


def test_a_refusal_needs_a_note(agent: Employee, case_id: int) -> None:
    dial(agent, case_id).get(f"{START}/{case_id}/afronden")
    agent.post(f"{START}/{case_id}/afronden", uitkomst="hard_refusal", actie="stay")
    assert agent.status == 422 and "Schrijf bij deze uitkomst een notitie" in agent.text
    assert state(case_id).last_outcome is None
    agent.post(f"{START}/{case_id}/afronden", uitkomst="hard_refusal", notitie="Wil dit niet", actie="stay").follow()
    assert "De uitkomst is bewaard" in agent.text
    assert state(case_id).ended_because == "refused"


def test_an_outcome_must_be_chosen(agent: Employee, case_id: int) -> None:
    dial(agent, case_id).get(f"{START}/{case_id}/afronden").post(f"{START}/{case_id}/afronden", actie="next")
    assert agent.status == 422 and "Kies een uitkomst" in agent.text


@pytest.mark.parametrize(
    ("day", "time", "words"),
    [
        ("2026-11-08", "10:00", "Op zondag en op feestdagen bellen wij niet"),
        ("2026-11-05", "22:30", "Op dit uur belt er niemand"),
        ("2026-11-03", "17:00", "Dit moment is al voorbij"),
        ("2026-11-05", "", "Kies een dag en een tijd"),
        ("morgen", "10:00", "Kies een dag en een tijd"),
    ],
)
def test_an_appointment_outside_the_hours_is_refused(
    agent: Employee, case_id: int, day: str, time: str, words: str
) -> None:
    dial(agent, case_id).get(f"{START}/{case_id}/afronden")
    agent.post(f"{START}/{case_id}/afronden", uitkomst="appointment", dag=day, tijd=time, actie="stay")
    assert agent.status == 422 and words in agent.text
    assert f'value="{day}"' in agent.text


def test_an_appointment_stands_in_the_agenda_and_on_the_start_page(agent: Employee, case_id: int) -> None:
    dial(agent, case_id).get(f"{START}/{case_id}/afronden")
    fields = {"uitkomst": "appointment", "dag": "4-11-2026", "tijd": "9.30", "zelf": "ja", "actie": "stay"}
    agent.post(f"{START}/{case_id}/afronden", **fields).follow()
    assert "wo 4 nov 09:30" in agent.text and "Werkpad" in agent.text
    with reading() as connection:
        made = connection.execute(sa.select(appointment_table)).one()
    assert (made.at, made.user_id, made.is_definite) == (dutch("11-04 09:30"), user_id(), True)


def test_a_note_keeps_itself_during_the_call_and_goes_with_the_outcome(agent: Employee, case_id: int) -> None:
    dial(agent, case_id).post(f"{START}/{case_id}/notitie", notitie="Zit in de trein").follow()
    assert "Zit in de trein" in agent.text
    agent.get(f"{START}/{case_id}/afronden")
    assert "Zit in de trein" in agent.text
    agent.post(f"{START}/{case_id}/afronden", uitkomst="call_back", notitie="Zit in de trein", actie="stay")
    with reading() as connection:
        assert decrypt(connection.scalar(sa.select(attempt_table.c.note))) == "Zit in de trein"


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


def test_somebody_elses_case_is_not_shown(agent: Employee, case_id: int) -> None:
    queue.next_case(make_agent("Bram"))
    for path in ("", "/vraag/had_contact", "/slot", "/afronden"):
        agent.get(f"{START}/{case_id}{path}").follow()
        assert "Deze zaak is niet (meer) van u" in agent.text
    for path in ("begin", "bel", "vraag/had_contact", "klaar", "afronden", "notitie", "naar-web", "taal", "terug"):
        agent.post(f"{START}/{case_id}/{path}", had_contact="yes", uitkomst="busy")
        assert (agent.status == 303 and agent.response.headers["location"].startswith(f"{START}?")) or path == "terug"
        agent.follow()
    assert interview_of(case_id) is None and audited("contact_seen") == []


def test_a_case_without_a_call_is_given_back_unchanged(agent: Employee, case_id: int) -> None:
    take(agent).post(f"{START}/{case_id}/terug").follow()
    after = state(case_id)
    assert (after.locked_by, after.n_attempts, after.state) == (None, 0, "waiting")


def test_the_link_goes_by_mail_and_asking_twice_sends_one(agent: Employee, case_id: int) -> None:
    dial(agent, case_id)
    for _ in range(2):
        agent.post(f"{START}/{case_id}/naar-web").follow()
        assert "De link gaat per e-mail" in agent.text
    with reading() as connection:
        sent = connection.execute(sa.select(Message.__table__)).all()
    assert [(one.case_id, one.step, one.state) for one in sent] == [(case_id, "resend-1", "queued")]
    assert audited("link_resent")[0][0] == f"case:{case_id}"


def test_without_an_address_the_link_cannot_go(agent: Employee, case_id: int) -> None:
    with writing() as connection:
        connection.execute(sa.update(Contact.__table__).values(email=None))
    dial(agent, case_id).post(f"{START}/{case_id}/naar-web").follow()
    assert "Er is geen e-mailadres dat werkt" in agent.text


def test_a_page_open_in_another_tab_does_not_answer_after_the_call(agent: Employee, case_id: int) -> None:
    begin(agent, case_id)
    agent.post(f"{START}/{case_id}/afronden", uitkomst="call_back", actie="stay").follow()
    agent.post(f"{START}/{case_id}/vraag/had_contact", had_contact="yes")
    assert agent.response.headers["location"] == f"{START}?melding=kwijt"
    assert answers_of(case_id) == {}


def test_the_heartbeat_holds_the_case(agent: Employee, case_id: int, clock: time_machine.Traveller) -> None:
    take(agent)
    before = state(case_id).locked_until
    clock.shift(60)
    assert agent.post(f"{START}/{case_id}/hier").status == 200
    assert state(case_id).locked_until == before + timedelta(seconds=60)
    agent.get(f"{START}/{case_id}")
    queue.release(user_id(), case_id)
    assert agent.post(f"{START}/{case_id}/hier").status == 404


def test_history_tells_of_earlier_calls_with_their_notes(agent: Employee, case_id: int) -> None:
    bram = make_agent("Bram")
    assert queue.next_case(bram) is not None
    attempts.close(bram, attempts.dial(bram, case_id), "call_back", note="Liever na zessen")
    set_state(case_id, due_at=EVENING, barred_parts=0)
    take(agent)
    assert "Later terugbellen, geen vaste tijd" in agent.text and "Liever na zessen" in agent.text
    assert "Bram" in agent.text


def test_after_the_wave_closed_only_the_outcome_is_left(agent: Employee, case_id: int) -> None:
    dial(agent, case_id)
    with writing() as connection:
        connection.execute(sa.update(Wave.__table__).values(fieldwork_ends_on=dutch("11-01 12:00").date()))
    agent.get(f"{START}/{case_id}")
    assert "Deze meetperiode is gesloten" in agent.text and "Begin het interview" not in agent.text
