"""Signing in over HTTP: what opens, what does not, and what stays shut after all."""

import re
from collections.abc import Callable
from datetime import timedelta

import pyotp
import pytest
import sqlalchemy as sa
import time_machine

from app import clock
from app.accounts import sessions, users
from app.accounts.tables import session_table, user_table
from app.audit.log import entry_table, verify
from app.database import reading, writing
from app.errors import Invalid
from app.settings import settings
from app.web.access import Role
from tests.factories.office import PASSWORD, SECRET, Employee, make_user, signed_in_as


def n_sessions() -> int:
    with reading() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(session_table)).scalar_one())


def test_an_agent_signs_in_with_a_password_and_signs_out(database: str) -> None:
    user = make_user(Role.AGENT)
    employee = Employee().give_password(user.email)
    assert employee.follow().follow().status == 200
    assert "Mijn account" in employee.text
    key = employee.key
    employee.post("/kantoor/uitloggen")
    assert employee.follow().status == 200
    employee.carry(key)
    assert employee.get("/kantoor/account").status == 303
    assert n_sessions() == 0


def test_a_researcher_needs_the_code_of_a_phone_too(database: str) -> None:
    user = make_user(Role.RESEARCHER)
    employee = Employee().give_password(user.email)
    assert employee.response.headers["location"] == "/kantoor/inloggen/code"
    half = employee.key
    assert employee.get("/kantoor/golven").response.headers["location"] == "/kantoor/inloggen/code"
    assert employee.give_code("000000").status == 403
    assert employee.give_code().follow().status == 200
    whole = employee.key
    assert whole != half, "the key changes when the session becomes more than it was"
    employee.carry(half)
    assert employee.get("/kantoor/golven").response.headers["location"] == "/kantoor/inloggen"


def test_a_code_works_once(database: str) -> None:
    user = make_user(Role.RESEARCHER)
    code = pyotp.TOTP(SECRET).now()
    assert Employee().give_password(user.email).give_code(code).status == 303
    assert Employee().give_password(user.email).give_code(code).status == 403


def test_a_new_researcher_links_a_phone_and_gets_recovery_codes_that_work_once(database: str) -> None:
    user = make_user(Role.RESEARCHER, has_phone=False)
    employee = Employee().give_password(user.email).follow()
    secret = re.sub(r"\s", "", re.search(r"<code>([A-Z2-7 ]+)</code>", employee.text)[1])
    proposal = re.search(r'name="proposal" value="([^"]+)"', employee.text)[1]
    assert "<svg" in employee.text
    employee.post("/kantoor/inloggen/telefoon", code="123", proposal=proposal)
    assert employee.status == 403
    employee.post("/kantoor/inloggen/telefoon", code=pyotp.TOTP(secret).now(), proposal=proposal)
    codes = re.findall(r"<code>([a-z0-9-]{14})</code>", employee.text)
    assert (employee.status, len(codes)) == (200, 10)
    assert employee.get("/kantoor/golven").status == 200
    again = Employee().give_password(user.email)
    assert again.give_code(codes[3].upper().replace("-", " ")).status == 303
    assert Employee().give_password(user.email).give_code(codes[3]).status == 403


def test_somebody_elses_proposal_for_a_phone_is_refused(database: str) -> None:
    mine = Employee().give_password(make_user(Role.ADMIN, has_phone=False).email).follow()
    theirs = Employee().give_password(make_user(Role.RESEARCHER, has_phone=False).email).follow()
    proposal = re.search(r'name="proposal" value="([^"]+)"', mine.text)[1]
    secret = re.sub(r"\s", "", re.search(r"<code>([A-Z2-7 ]+)</code>", mine.text)[1])
    theirs.post("/kantoor/inloggen/telefoon", code=pyotp.TOTP(secret).now(), proposal=proposal)
    assert theirs.status == 403


def test_a_wrong_address_and_a_wrong_password_get_the_same_answer(database: str) -> None:
    user = make_user(Role.AGENT)
    answers = [Employee().give_password(email, "iets heel anders") for email in (user.email, "niemand@example.nl")]
    shown = [re.sub(r'value="[^"]*"', "", answer.text) for answer in answers]
    assert shown[0] == shown[1]
    assert {answer.status for answer in answers} == {403}
    assert n_sessions() == 0


def test_a_disabled_user_is_out_at_once(database: str) -> None:
    employee = signed_in_as(Role.AGENT)
    assert employee.get("/kantoor/account").status == 200
    with writing() as connection:
        found = users.by_email(connection, "agent@example.nl")
        users.disable(connection, "command", found.id)
    assert employee.get("/kantoor/account").status == 303
    assert Employee().give_password("agent@example.nl").status == 403


def test_the_last_administrator_stays(database: str) -> None:
    employee = signed_in_as(Role.ADMIN)
    with reading() as connection:
        me = users.by_email(connection, "admin@example.nl").id
    employee.get("/kantoor/beheer/gebruikers").post(f"/kantoor/beheer/gebruikers/{me}/disable")
    assert employee.status == 422
    assert "laatste beheerder" in employee.text


@pytest.mark.parametrize("hours, minutes, is_in", [(0, 40, True), (0, 50, False), (13, 0, False)])
def test_a_session_ends_when_left_alone_and_after_a_day(
    database: str, hours: int, minutes: int, is_in: bool
) -> None:  # fmt: skip
    employee = signed_in_as(Role.AGENT)
    with time_machine.travel(clock.now() + timedelta(hours=hours, minutes=minutes)):
        assert (employee.get("/kantoor/account").status == 200) is is_in


def test_working_keeps_a_session_alive_until_the_day_is_over(database: str) -> None:
    employee = signed_in_as(Role.AGENT)
    begun = clock.now()
    for half_hours in range(1, 24):
        with time_machine.travel(begun + timedelta(minutes=30 * half_hours)):
            assert employee.get("/kantoor/account").status == 200, half_hours
    with time_machine.travel(begun + timedelta(hours=12, minutes=5)):
        assert employee.get("/kantoor/account").status == 303


def test_guessing_is_slowed_down_but_does_not_lock_the_real_user_out(database: str) -> None:
    user = make_user(Role.AGENT)
    real = Employee()
    real.give_password(user.email).follow()
    real.get("/kantoor/account").post("/kantoor/uitloggen")
    stranger = Employee()
    statuses = [stranger.give_password(user.email, f"guess {n}").status for n in range(8)]
    assert statuses[:5] == [403] * 5
    assert set(statuses[5:]) == {429}
    assert stranger.give_password(user.email).status == 429, "not even the right password, from there"
    assert real.give_password(user.email).status == 303


def test_a_form_without_the_token_of_its_session_is_refused(database: str) -> None:
    employee = signed_in_as(Role.ADMIN)
    for fields in ({}, {"token": "0" * 32}):
        employee.response = employee.client.post("/kantoor/beheer/gebruikers", data=fields)
        assert employee.status == 403
    other = signed_in_as(Role.AGENT).get("/kantoor/account")
    token = re.search(r'name="token" value="([0-9a-f]+)"', other.text)[1]
    employee.response = employee.client.post("/kantoor/uitloggen", data={"token": token})
    assert employee.status == 403
    assert n_sessions() == 2


def test_an_administrator_invites_somebody_who_then_signs_in(database: str) -> None:
    admin = signed_in_as(Role.ADMIN).get("/kantoor/beheer/gebruikers")
    admin.post("/kantoor/beheer/gebruikers", email="Nieuw@Example.nl ", name="N. Nieuw", role="supervisor")
    link = re.search(r'<code class="link">([^<]+)</code>', admin.text)[1]
    assert link.startswith(settings().public_url)
    newcomer = Employee().get(link)
    assert "N. Nieuw" in newcomer.text
    for password, again, problem in (
        ("kort", "kort", "te kort"),
        ("wachtwoord1234", "wachtwoord1234", "makkelijk te raden"),
        ("nieuw@example.nl", "nieuw@example.nl", "makkelijk te raden"),
        (PASSWORD, PASSWORD + "x", "niet gelijk"),
    ):
        newcomer.post(link, password=password, again=again)
        assert (newcomer.status, problem in newcomer.text) == (422, True), problem
    assert newcomer.post(link, password=PASSWORD, again=PASSWORD).status == 200
    assert newcomer.get(link).status == 404, "a link works once"
    assert Employee().give_password("nieuw@example.nl").follow().follow().status == 200


def test_a_link_ends_after_three_days_and_when_a_new_one_is_made(database: str) -> None:
    user = make_user(Role.AGENT)
    with writing() as connection:
        first = users.link(connection, "command", user.id)
    assert Employee().get(first).status == 200
    with time_machine.travel(clock.now() + timedelta(hours=73)):
        assert Employee().get(first).status == 404
    with writing() as connection:
        second = users.link(connection, "command", user.id)
    assert (Employee().get(first).status, Employee().get(second).status) == (404, 200)


def test_a_new_password_ends_all_other_sessions(database: str) -> None:
    employee, elsewhere = signed_in_as(Role.AGENT), Employee()
    elsewhere.give_password("agent@example.nl")
    better = "paarse lantaarn fietst noordwaarts"
    employee.get("/kantoor/account").post(
        "/kantoor/account/wachtwoord", now_used="onzin onzin onzin", password=better, again=better
    )
    assert employee.status == 422
    employee.post("/kantoor/account/wachtwoord", now_used=PASSWORD, password=better, again=better)
    assert (employee.status, n_sessions()) == (200, 1)
    assert elsewhere.get("/kantoor/account").status == 303
    assert employee.get("/kantoor/account").status == 200


def test_one_sees_and_ends_ones_own_sessions_only(database: str) -> None:
    employee, other = signed_in_as(Role.AGENT), signed_in_as(Role.SUPERVISOR)
    with reading() as connection:
        theirs = sessions.find(connection, other.key)
        reference = sessions.listed(connection, theirs)[0].reference
    employee.get("/kantoor/account").post("/kantoor/account/sessie", reference=reference)
    assert other.get("/kantoor/account").status == 200
    elsewhere = Employee()
    elsewhere.give_password("agent@example.nl")
    assert "Overal anders uitloggen" in employee.get("/kantoor/account").text
    employee.post("/kantoor/account/sessie", reference="all")
    assert elsewhere.get("/kantoor/account").status == 303
    assert employee.get("/kantoor/account").status == 200


def test_staff_read_the_office_in_english_if_they_like(database: str) -> None:
    employee = signed_in_as(Role.AGENT).get("/kantoor/account")
    employee.post("/kantoor/account/taal", language="en").follow()
    assert 'lang="en"' in employee.text
    assert "My account" in employee.text
    assert employee.post("/kantoor/account/taal", language="tlh").status == 400


def test_every_change_to_an_account_is_in_the_log_without_names(database: str) -> None:
    test_an_administrator_invites_somebody_who_then_signs_in(database)
    with reading() as connection:
        entries = connection.execute(sa.select(entry_table)).all()
        assert verify(connection).faults == ()
    assert {"user.added", "user.link_made", "user.password_set", "user.signed_in"} <= {e.action for e in entries}
    assert "nieuw" not in str(entries).lower()


def test_passwords_and_secrets_stand_nowhere_in_the_database(database: str) -> None:
    make_user(Role.RESEARCHER)
    with reading() as connection:
        row = connection.execute(sa.select(user_table)).one()
    assert row.password_hash.startswith("$argon2id$")
    assert SECRET.encode() not in bytes(row.totp_secret)


def test_the_command_line_makes_the_first_administrator(database: str, cli: Callable[..., object]) -> None:
    outcome = cli("user", "add", "baas@example.nl", "--name", "De Baas")
    assert (outcome.exit_code, outcome.stdout.count("/kantoor/wachtwoord/")) == (0, 1)
    assert "invited" in cli("user", "list").stdout
    assert cli("user", "add", "baas@example.nl", "--name", "De Baas").exit_code == 1
    assert cli("user", "add", "geen adres", "--name", "X").exit_code == 1
    assert cli("user", "link", "baas@example.nl").exit_code == 0
    assert cli("user", "link", "niemand@example.nl").exit_code == 1


def test_a_provider_user_needs_a_provider_and_others_have_none(database: str) -> None:
    for role, provider in ((Role.PROVIDER, None), (Role.AGENT, 1)):
        with pytest.raises(Invalid), writing() as connection:
            users.add(connection, "command", "x@example.nl", "X", role, provider)
