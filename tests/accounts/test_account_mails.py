"""Links to set a password, by e-mail: whom they reach, how long they work, and what nobody can find out."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from app import clock, tasks
from app.accounts import account_mails, users
from app.accounts.tables import link_table
from app.audit.log import entry_table, verify
from app.database import reading, writing
from app.settings import settings
from app.web.access import Role
from tests.factories.office import PASSWORD, Employee, make_user, signed_in_as
from tests.surroundings.mail import MailServer

BETTER = "paarse lantaarn fietst noordwaarts"


@pytest.fixture
def server(database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    """A mail server that the settings name."""
    server = MailServer()
    server.start()
    monkeypatch.setenv("PEILWIJS_SMTP_URL", server.url)
    monkeypatch.setattr(account_mails, "PAUSES_SECONDS", (0.0, 0.0))
    settings.cache_clear()
    yield server
    server.stop()


def work() -> int:
    """Does what waits in the background; returns how many tasks there were."""
    n_tasks = 0
    while tasks.run_one():
        n_tasks += 1
    return n_tasks


def forget(email: str) -> Employee:
    return Employee().get("/kantoor/wachtwoord-vergeten").post("/kantoor/wachtwoord-vergeten", email=email)


def link_in(server: MailServer, number: int = -1) -> str:
    text = server.mails[number].get_body(("plain",)).get_content()
    return re.search(r"http\S+/kantoor/wachtwoord/\S+", text)[0]


def test_an_invitation_is_mailed_and_opens_the_way_in(server: MailServer) -> None:
    admin = signed_in_as(Role.ADMIN).get("/kantoor/beheer/gebruikers")
    admin.post("/kantoor/beheer/gebruikers", email="nieuw@example.nl", name="N. Nieuw", role="supervisor")
    assert "Er gaat een e-mail met een link naar nieuw@example.nl" in admin.text
    assert "/kantoor/wachtwoord/" not in admin.text, "the link is in the e-mail only"
    assert work() == 1
    assert server.addresses == ["nieuw@example.nl"]
    assert "link gemaild op" in admin.get("/kantoor/beheer/gebruikers").text
    newcomer = Employee().get(link_in(server))
    assert newcomer.post(link_in(server), password=PASSWORD, again=PASSWORD).status == 200
    assert Employee().give_password("nieuw@example.nl").status == 303


@pytest.mark.parametrize(
    ("language", "subject", "words"),
    [
        ("nl", "Uw account bij Peilwijs Onderzoek", "Kies eerst een wachtwoord"),
        ("en", "Your account at Peilwijs Onderzoek", "First choose a password"),
    ],
)
def test_the_mail_is_in_the_language_of_its_reader_and_asks_for_no_opting_out(
    server: MailServer, language: str, subject: str, words: str
) -> None:
    with writing() as connection:
        made = users.add(connection, "command", "x@example.nl", "Xin", Role.AGENT, language=language)
    assert account_mails.mail_link("command", made, users.INVITATION).state == "sent"
    (mail,) = server.mails
    assert (mail["Subject"], mail["Content-Language"], mail["List-Unsubscribe"]) == (subject, language, None)
    html = mail.get_body(("html",)).get_content()
    assert words in mail.get_body(("plain",)).get_content() and words in html
    assert f'lang="{language}"' in html
    assert "opt" not in html.lower() and "geen berichten meer" not in html


def test_a_forgotten_password_is_set_anew_and_ends_every_session(server: MailServer) -> None:
    elsewhere = signed_in_as(Role.AGENT)
    assert "Kijk in uw e-mail" in forget("Agent@example.nl ").text
    assert work() == 1
    link = link_in(server)
    somebody = Employee().get(link)
    assert somebody.post(link, password=BETTER, again=BETTER).status == 200
    assert elsewhere.get("/kantoor/account").status == 303
    assert somebody.get(link).status == 404, "a link works once"
    assert Employee().give_password("agent@example.nl").status == 403
    assert Employee().give_password("agent@example.nl", BETTER).status == 303
    with reading() as connection:
        entries = connection.execute(sa.select(entry_table)).all()
        assert verify(connection).faults == ()
    made = [entry for entry in entries if entry.action == "user.link_made"]
    assert [(entry.actor, entry.details) for entry in made] == [("sign-in page", {"purpose": "reset"})]
    assert {"user.mailed", "user.password_set"} <= {entry.action for entry in entries}


def test_a_reset_link_works_an_hour_and_the_phone_is_still_needed(server: MailServer) -> None:
    user = make_user(Role.RESEARCHER)
    forget(user.email)
    work()
    link = link_in(server)
    with time_machine.travel(clock.now() + timedelta(minutes=61)):
        assert Employee().get(link).status == 404
    Employee().get(link).post(link, password=BETTER, again=BETTER)
    employee = Employee().give_password(user.email, BETTER)
    assert employee.response.headers["location"] == "/kantoor/inloggen/code"


def test_nobody_can_tell_whether_an_address_is_known(server: MailServer) -> None:
    make_user(Role.AGENT)
    gone = make_user(Role.SUPERVISOR)
    with writing() as connection:
        users.disable(connection, "command", gone.id)
    answers = [forget(email) for email in ("agent@example.nl", "niemand@example.nl", gone.email, "geen adres")]
    assert len({(answer.status, answer.text) for answer in answers}) == 1
    with reading() as connection:
        rows = connection.execute(sa.text("SELECT kind, owner, state FROM task")).all()
        assert connection.scalar(sa.select(sa.func.count()).select_from(link_table)) == 0
    assert len(rows) == 4 and len(set(rows)) == 1, "just as much is done for everybody"
    assert (work(), server.addresses) == (4, ["agent@example.nl"])


def test_the_answer_does_not_wait_for_the_mail_server(server: MailServer) -> None:
    make_user(Role.AGENT)
    server.stop()
    assert forget("agent@example.nl").status == 200
    work()
    admin = signed_in_as(Role.ADMIN).get("/kantoor/beheer/gebruikers")
    assert "e-mail mislukt" in admin.text
    server.start()
    with reading() as connection:
        agent = users.by_email(connection, "agent@example.nl").id
    admin.post(f"/kantoor/beheer/gebruikers/{agent}/mail")
    work()
    assert server.addresses == ["agent@example.nl"]
    assert "e-mail mislukt" not in admin.get("/kantoor/beheer/gebruikers").text


def test_a_temporary_refusal_is_tried_again_and_only_the_last_link_works(server: MailServer) -> None:
    user = make_user(Role.AGENT)
    replies = iter(["450 4.2.1 later", "250 OK"])
    server.answer = lambda stage, about: next(replies) if stage == "DATA" else "250 OK"
    forget(user.email)
    work()
    assert server.addresses == [user.email]
    assert Employee().get(link_in(server)).status == 200


def test_asking_again_and_again_is_stopped_whoever_asks(server: MailServer) -> None:
    make_user(Role.AGENT)
    browser = Employee()
    for address in ("agent@example.nl", "niemand@example.nl"):
        statuses = [
            browser.get("/kantoor/wachtwoord-vergeten").post("/kantoor/wachtwoord-vergeten", email=address).status
            for _ in range(4)
        ]
        assert statuses == [200, 200, 200, 429]


def test_who_was_invited_and_forgot_gets_the_invitation_again(server: MailServer) -> None:
    with writing() as connection:
        users.add(connection, "command", "x@example.nl", "Xin", Role.AGENT)
    forget("x@example.nl")
    work()
    assert server.mails[0]["Subject"] == "Uw account bij Peilwijs Onderzoek"
    with time_machine.travel(clock.now() + timedelta(hours=71)):
        assert Employee().get(link_in(server)).status == 200


def test_without_a_mail_server_the_administrator_passes_the_link_on(database: str) -> None:
    user = make_user(Role.AGENT)
    page = Employee().get("/kantoor/wachtwoord-vergeten")
    assert "Vraag de beheerder" in page.text and "<form" not in page.text
    admin = signed_in_as(Role.ADMIN).get("/kantoor/beheer/gebruikers")
    assert "/mail" not in admin.text
    admin.post(f"/kantoor/beheer/gebruikers/{user.id}/link")
    assert re.search(r'<code class="link">([^<]+)</code>', admin.text)
    admin.post(f"/kantoor/beheer/gebruikers/{user.id}/mail")
    assert (admin.status, "geen mailserver" in admin.text) == (422, True)


def test_the_command_mails_the_link_where_it_can(server: MailServer, cli: Callable[..., object]) -> None:
    outcome = cli("user", "add", "baas@example.nl", "--name", "De Baas", "--language", "en")
    assert (outcome.exit_code, outcome.stdout) == (0, "")
    assert "went to baas@example.nl" in outcome.stderr
    assert server.mails[0]["Subject"] == "Your account at Peilwijs Onderzoek"
    assert "/kantoor/wachtwoord/" in cli("user", "link", "baas@example.nl", "--show-link").stdout
    server.stop()
    outcome = cli("user", "link", "baas@example.nl")
    assert "/kantoor/wachtwoord/" in outcome.stdout
    assert "was not taken" in outcome.stderr
    assert cli("user", "add", "x@example.nl", "--name", "X", "--language", "tlh").exit_code == 1


def test_links_never_follow_the_host_header(server: MailServer) -> None:
    make_user(Role.AGENT)
    employee = Employee()
    employee.get("/kantoor/wachtwoord-vergeten")
    employee.client.headers["host"] = "kwaad.example"
    employee.post("/kantoor/wachtwoord-vergeten", email="agent@example.nl")
    work()
    assert link_in(server).startswith(settings().public_url + "/kantoor/")
