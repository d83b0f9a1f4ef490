"""Finding a case, its history, and what can be done with it: logged, and said before it is done."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from app import clock
from app.audit.tables import AuditEntry
from app.callcentre.outcomes import OUTCOMES
from app.callcentre.tables import appointment_table, attempt_table
from app.database import reading, writing
from app.encryption import decrypt, encrypt
from app.fieldwork import tokens
from app.fieldwork.call_requests import request_call
from app.fieldwork.tables import Case, CaseEvent, Contact, Message, Token, Wave
from app.web.access import Role
from tests.factories.deliveries import ADDRESS, case_of, client, deliver
from tests.factories.fieldwork import make_provider, make_wave
from tests.factories.interviews import make_interview
from tests.factories.monitored import change_case, put_message
from tests.factories.office import Employee, signed_in_as
from tests.factories.respondent import Respondent

PERSON = {
    "klantnummer": "K-77", "achternaam": "Zonnebloem", "email": "zon@voorbeeld.example", "telefoon": "0612345678",
} | ADDRESS  # fmt: skip


@pytest.fixture
def case_id(database: str, tmp_path: Path) -> int:
    """Somebody of Werkpad in a wave whose invitations began, with every kind of address."""
    make_wave()
    make_provider()
    deliver(tmp_path, client(**PERSON), client(klantnummer="K-78"))
    with writing() as connection:
        connection.execute(sa.update(Wave.__table__).values(invited_at=clock.now() - timedelta(days=1)))  # type: ignore[attr-defined]
    return int(case_of("K-77")["id"])


@pytest.fixture
def researcher(case_id: int) -> Employee:
    return signed_in_as(Role.RESEARCHER)


def rows(model: Any, **where: Any) -> list[Any]:
    table = model.__table__
    with reading() as connection:
        conditions = [table.c[name] == value for name, value in where.items()]
        return list(connection.execute(sa.select(table).where(*conditions).order_by(*table.primary_key)))


def log(action: str) -> list[Any]:
    return rows(AuditEntry, action=action)


def look_up(researcher: Employee, **fields: str) -> Employee:
    return researcher.get("/kantoor/case").post("/kantoor/case", **fields)


def do(researcher: Employee, case_id: int, action: str, **fields: str) -> Employee:
    return researcher.get(f"/kantoor/case/{case_id}/{action}").post(f"/kantoor/case/{case_id}/{action}", **fields)


def test_somebody_is_found_by_reference_email_code_or_link(researcher: Employee, case_id: int) -> None:
    with writing() as connection:
        code = tokens.grouped(tokens.issue(connection, [case_id], "code")[case_id])
        link = tokens.issue(connection, [case_id], "link")[case_id]
    typed = {
        "klantnummer": " K-77 ",
        "email": "Zon@Voorbeeld.example",
        "code": code.lower().replace("-", " "),
    }
    for by, text in typed.items():
        answer = look_up(researcher, op=by, zoek=text, meetperiode="2024").response
        assert (answer.status_code, answer.headers["location"]) == (303, f"/kantoor/case/{case_id}"), by
    assert look_up(researcher, op="code", zoek=f"https://x.example/v/{link}").status == 303
    found = log("case.searched")
    assert [entry.subject for entry in found] == [f"case:{case_id}"] * 4
    assert {entry.details["by"] for entry in found} == set(typed)


def test_what_was_typed_stands_nowhere(researcher: Employee, case_id: int) -> None:
    look_up(researcher, op="email", zoek="niemand@voorbeeld.example")
    look_up(researcher, op="klantnummer", zoek="K-77")
    written = " ".join(map(repr, rows(AuditEntry)))
    assert "niemand" not in written and "K-77" not in written
    assert [entry.subject for entry in log("case.searched")] == ["none", f"case:{case_id}"]


def test_nobody_found_and_slips_in_a_code_are_said(researcher: Employee) -> None:
    assert "Wij vinden niemand" in look_up(researcher, op="klantnummer", zoek="k-77").text
    assert researcher.status == 422
    assert "groepje" in look_up(researcher, op="code", zoek="abcd-efgh-jkmn-pqr").text
    assert "Vul in wat u zoekt" in look_up(researcher, op="klantnummer", zoek="  ").text
    assert "Vul in wat u zoekt" in look_up(researcher, op="naam", zoek="Zonnebloem").text


def test_one_reference_in_two_waves_gives_a_list_without_contact_data(
    researcher: Employee, case_id: int, tmp_path: Path
) -> None:
    make_wave("2025")
    deliver(tmp_path, client(**PERSON), wave="2025")
    text = look_up(researcher, op="klantnummer", zoek="K-77").text
    assert "2 personen gevonden" in text and f"/kantoor/case/{case_id}" in text
    assert "Zonnebloem" not in text
    (entry,) = log("case.searched")
    assert entry.subject == "cases" and len(entry.details["cases"].split()) == 2
    assert look_up(researcher, op="klantnummer", zoek="K-77", meetperiode="2024").status == 303


def test_contact_data_show_after_a_button_and_a_line_in_the_log(researcher: Employee, case_id: int) -> None:
    do(researcher, case_id, "notitie", notitie="Belt liever 's avonds")
    text = researcher.get(f"/kantoor/case/{case_id}").text
    assert "Zonnebloem" not in text and "avonds" not in text and "afgeschermd" in text
    assert log("contact.seen") == []
    text = researcher.post(f"/kantoor/case/{case_id}/contact").text
    assert "Zonnebloem" in text and "+31612345678" in text and "avonds" in text
    assert [entry.subject for entry in log("contact.seen")] == [f"case:{case_id}"]


def test_the_history_has_a_line_per_event_newest_first(researcher: Employee, case_id: int) -> None:
    day = clock.now() - timedelta(days=20)
    put_message(case_id, sent_at=day)
    put_message(case_id, "7-email-reminder", "bounced", sent_at=day + timedelta(days=7), reason="5.1.1")
    put_message(case_id, "14-letter-reminder", "withdrawn", due_at=day + timedelta(days=14), reason="finished")
    change_case(case_id, opened_at=day + timedelta(days=8), called_at=day + timedelta(days=9))
    make_interview(case_id, grade=8)
    with writing() as connection:
        request_call(connection, case_id, "nl", "any")
    do(researcher, case_id, "notitie", notitie="x")
    text = researcher.get(f"/kantoor/case/{case_id}").text
    lines = [
        "Notitie, door Een researcher",
        "Vraagt om gebeld te worden, door de persoon zelf",
        "Afgerond, bruikbaar",
        "Begonnen met invullen, op internet",
        "Niet verstuurd, want niet meer nodig: Dag 14: herinnering, brief (Heeft de vragenlijst af)",
        "Voor het eerst gebeld",
        "Link of code voor het eerst gebruikt",
        "Verstuurd en teruggestuurd: Dag 7: herinnering, e-mail (5.1.1)",
        "Verstuurd: Dag 0: uitnodiging, e-mail",
    ]
    found = re.findall(r"</time><span>(.*?)</span>", text, re.DOTALL)
    shown = [re.sub(r"<.*", "", line).strip() for line in found]
    places = [shown.index(line) for line in lines]
    assert sorted(shown) == sorted([*lines, "Aangeleverd"])
    assert places[0] == min(places) and places[-3:] == sorted(places[-3:])
    assert "<h1>Cliënt, Werkpad: Bruikbaar ingevuld</h1>" in text


def test_calls_and_appointments_stand_in_the_history(researcher: Employee, case_id: int) -> None:
    begun = clock.now() - timedelta(hours=2)
    ring = {"case_id": case_id, "user_id": 1, "phone_index": 0, "started_at": begun}
    agreed = {"case_id": case_id, "at": begun, "made_by": 1, "made_at": begun, "is_definite": True}
    with writing() as connection:
        connection.execute(sa.insert(attempt_table), ring | {"outcome": "no_answer", "note": encrypt("Hond blaft")})
        connection.execute(sa.insert(attempt_table), ring | {"outcome": None, "note": None})
        connection.execute(sa.insert(appointment_table), agreed)
    text = researcher.get(f"/kantoor/case/{case_id}").text
    assert f"Gebeld ({OUTCOMES['no_answer'].words}), door Een researcher" in text
    assert "Gebeld (het gesprek loopt nog)" in text and "Afspraak gemaakt: bellen op" in text
    assert "Hond" not in text
    assert "Hond blaft" in researcher.post(f"/kantoor/case/{case_id}/contact").text


def test_the_pages_are_there_in_english(researcher: Employee, case_id: int) -> None:
    with writing() as connection:
        connection.execute(sa.text("UPDATE office_user SET language = 'en'"))
    put_message(case_id)
    pages = {
        "/kantoor/veldwerk/2024": "From file to usable answer",
        "/kantoor/veldwerk/2024/werkpad": "Day 0: invitation, e-mail",
        "/kantoor/case": "What do you search by?",
        f"/kantoor/case/{case_id}": "Sent: Day 0: invitation, e-mail",
        f"/kantoor/case/{case_id}/code": "This will happen",
    }
    for address, words in pages.items():
        assert words in researcher.get(address).text, address


def test_a_new_message_waits_with_a_name_of_its_own(researcher: Employee, case_id: int) -> None:
    put_message(case_id)
    text = researcher.get(f"/kantoor/case/{case_id}/opnieuw").text
    assert "Er komt een bericht in de wachtrij, met een nieuwe link of code." in text
    assert rows(Message, step="resend-1") == []
    assert researcher.post(f"/kantoor/case/{case_id}/opnieuw", keuze="letter").follow().status == 200
    assert "Het bericht staat in de wachtrij" in researcher.text
    (message,) = rows(Message, step="resend-1")
    assert (message.channel, message.kind, message.state) == ("letter", "reminder", "queued")
    assert [event.kind for event in rows(CaseEvent)] == ["resent"]
    assert log("case.resent")[0].details == {"channel": "letter", "step": "resend-1"}
    assert do(researcher, case_id, "opnieuw", keuze="email").status == 409
    assert "Er staat al een bericht" in researcher.get(f"/kantoor/case/{case_id}/opnieuw").text


def test_pressing_twice_sends_once(researcher: Employee, case_id: int) -> None:
    researcher.get(f"/kantoor/case/{case_id}/opnieuw")
    form = researcher.response
    for status in (303, 409):
        researcher.response = form
        assert researcher.post(f"/kantoor/case/{case_id}/opnieuw", keuze="email").status == status
    assert [message.step for message in rows(Message)] == ["resend-1"]
    assert len(log("case.resent")) == 1


def test_a_new_code_shows_once_and_shuts_the_old_ones(researcher: Employee, case_id: int) -> None:
    with writing() as connection:
        old = tokens.issue(connection, [case_id], "link")[case_id]
    text = do(researcher, case_id, "code").text
    link = re.search(r"<code>(http[^<]+)</code>", text)
    code = re.search(r'shown-once">([0-9A-Z-]{19})<', text)
    assert link and code
    assert "no-store" in researcher.response.headers["cache-control"]
    assert Respondent().open(old).response.status_code == 410
    assert Respondent().open(link[1].rpartition("/")[2]).response.status_code == 200
    with reading() as connection:
        found = tokens.find(connection, tokens.normalise_code(code[1]))
    assert found is not None and found.case_id == case_id and found.revoked_at is None
    assert code[1] not in researcher.get(f"/kantoor/case/{case_id}").text
    assert code[1] not in " ".join(map(repr, [*rows(AuditEntry), *rows(CaseEvent), *rows(Token)]))
    assert len(log("case.code_issued")) == 1


@pytest.mark.parametrize("ways", [("email", "letter", "phone"), ("alles",)])
def test_without_a_way_that_works_a_case_leaves_the_net_sample(
    researcher: Employee, case_id: int, ways: tuple[str, ...]
) -> None:
    for way in ways:
        assert rows(Case, id=case_id)[0].disposition == "open"
        assert do(researcher, case_id, "onbereikbaar", keuze=way).status == 303
    assert rows(Case, id=case_id)[0].disposition == "undeliverable"
    (contact,) = rows(Contact, case_id=case_id)
    assert contact.email_failed_at and contact.post_failed_at and contact.phone_failed_at
    assert [entry.details["channel"] for entry in log("case.undeliverable")] == list(ways)
    assert "Dit kan nu niet" in researcher.get(f"/kantoor/case/{case_id}/onbereikbaar").text


def test_opting_somebody_out_stops_everything(researcher: Employee, case_id: int) -> None:
    assert "U kunt dit niet ongedaan maken" in researcher.get(f"/kantoor/case/{case_id}/afmelden").text
    assert rows(Case, id=case_id)[0].disposition == "open"
    do(researcher, case_id, "afmelden")
    assert rows(Case, id=case_id)[0].disposition == "opted_out"
    assert [event.kind for event in rows(CaseEvent)] == ["opted_out"]
    for action in ("opnieuw", "code", "onbereikbaar", "afmelden"):
        assert "Dit kan nu niet" in researcher.get(f"/kantoor/case/{case_id}/{action}").text
    text = researcher.get(f"/kantoor/case/{case_id}").text
    assert "/notitie" in text and f"{case_id}/code" not in text


def test_notes_are_stored_encrypted_and_never_in_the_log(researcher: Employee, case_id: int) -> None:
    assert do(researcher, case_id, "notitie", notitie=" ").status == 422
    assert researcher.text.count("Vul een notitie in.") == 1
    assert do(researcher, case_id, "notitie", notitie="y" * 2001).status == 422
    do(researcher, case_id, "notitie", notitie="Geheim <b>woord</b>")
    (event,) = rows(CaseEvent)
    assert b"Geheim" not in event.note and decrypt(event.note) == "Geheim <b>woord</b>"
    assert "Geheim" not in " ".join(map(repr, rows(AuditEntry)))
    shown = researcher.get(f"/kantoor/case/{case_id}").post(f"/kantoor/case/{case_id}/contact").text
    assert "Geheim &lt;b&gt;woord" in shown


def test_a_choice_is_needed_and_unknown_cases_and_actions_are_not_found(researcher: Employee, case_id: int) -> None:
    assert do(researcher, case_id, "onbereikbaar").status == 422
    assert "Maak een keuze" in researcher.text
    assert do(researcher, case_id, "onbereikbaar", keuze="duif").status == 422
    assert researcher.get(f"/kantoor/case/{case_id}/opeten").status == 404
    assert researcher.get("/kantoor/case/12").status == 404
    assert rows(CaseEvent) == [] and log("case.undeliverable") == []


def test_a_case_without_contact_data_can_still_be_seen(researcher: Employee, case_id: int) -> None:
    with writing() as connection:
        connection.execute(sa.delete(Contact.__table__).where(Contact.__table__.c.case_id == case_id))  # type: ignore[attr-defined]
    assert "al verwijderd" in researcher.get(f"/kantoor/case/{case_id}").text
    assert do(researcher, case_id, "onbereikbaar", keuze="alles").status == 303
    assert rows(Case, id=case_id)[0].disposition == "undeliverable"


@pytest.mark.parametrize("before", ["not_begun", "closed"])
def test_nothing_is_sent_again_before_the_invitations_or_after_the_fieldwork(
    researcher: Employee, case_id: int, before: str
) -> None:
    yesterday = clock.today() - timedelta(days=1)
    change = {"invited_at": None} if before == "not_begun" else {"fieldwork_ends_on": yesterday}
    with writing() as connection:
        connection.execute(sa.update(Wave.__table__).values(change))  # type: ignore[attr-defined]
    assert "Dit kan nu niet" in researcher.get(f"/kantoor/case/{case_id}/opnieuw").text
