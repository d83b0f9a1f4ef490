"""The agent's screen over HTTP, without JavaScript: who is called, the call, the outcome."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from app.callcentre import attempts, queue
from app.callcentre.tables import appointment_table, attempt_table, shift_table
from app.database import reading, writing
from app.encryption import decrypt, encrypt
from app.fieldwork.tables import Contact, Message
from tests.factories.agents_screen import START, begin, dial, say, take, user_id
from tests.factories.calls import dutch, make_agent, set_state, state
from tests.factories.office import Employee, audited
from tests.factories.stored import interview_of

EVENING = dutch("11-03 18:00")  # Tuesday
pytestmark = pytest.mark.usefixtures("database", "clock")


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
    assert [subject for _, subject, _ in audited("contact_seen")] == [f"case:{case_id}"]


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


def test_the_number_to_dial_is_a_link_once_the_attempt_is_noted(agent: Employee, case_id: int) -> None:
    assert "tel:" not in take(agent).text
    agent.post(f"{START}/{case_id}/bel").follow()
    assert 'href="tel:+31201234567"' in agent.text
    with reading() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(attempt_table)) == 1
    agent.post(f"{START}/{case_id}/bel").follow()
    with reading() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(attempt_table)) == 1


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
    assert audited("link_resent")[0][1] == f"case:{case_id}"


def test_without_an_address_the_link_cannot_go(agent: Employee, case_id: int) -> None:
    with writing() as connection:
        connection.execute(sa.update(Contact.__table__).values(email=None))
    dial(agent, case_id).post(f"{START}/{case_id}/naar-web").follow()
    assert "Er is geen e-mailadres dat werkt" in agent.text


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
