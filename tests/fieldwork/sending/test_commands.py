"""The commands `invite` and `send-due`, as a script uses them."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from app.database import reading
from app.fieldwork.tables import Message, Wave
from app.settings import settings
from tests.factories.people import make_people, states
from tests.surroundings.environment import SECRET, Environment
from tests.surroundings.mail import MailServer

Cli = Callable[..., Any]


@pytest.fixture
def server(database: str) -> Iterator[MailServer]:
    """A mail server that the settings point at."""
    one = MailServer()
    one.start()
    given = {"PEILWIJS_DATABASE_URL": database, "PEILWIJS_SMTP_URL": one.url}
    with Environment(**{"PEILWIJS_VAR_FOLDER": str(settings().var_folder), "PEILWIJS_SECRET_KEY": SECRET} | given):
        yield one
    one.stop()


def invited_at() -> Any:
    with reading() as connection:
        return connection.scalar(sa.select(Wave.__table__.c.invited_at))


def test_from_the_first_invitation_to_the_last_reminder(server: MailServer, cli: Cli) -> None:
    make_people(2)
    make_people(1, email=False)
    invited = cli("invite", "--wave", "2024", "--at", "2026-11-02T10:00")
    assert invited.exit_code == 0
    assert "2  0-email-invitation (email)" in invited.stdout
    assert "1  skipped: no e-mail or postal address that works" in invited.stdout
    for at in ("2026-11-02T10:00", "2026-11-09T09:00", "2026-11-16T09:00", "2026-11-23T09:00", "2026-11-30T09:00"):
        assert cli("send-due", "--at", at).exit_code == 0
    assert len(server.mails) == 6
    assert {state for _, state in states()} == {"sent"}


def test_a_dry_run_of_invite_starts_nothing(server: MailServer, cli: Cli) -> None:
    make_people(2)
    dry = cli("invite", "--wave", "2024", "--dry-run")
    assert (dry.exit_code, invited_at(), states()) == (0, None, [])
    assert "2  0-email-invitation (email)" in dry.stdout


def test_a_dry_run_of_send_due_sends_nothing_and_names_nobody(server: MailServer, cli: Cli) -> None:
    (case_id,) = make_people(1)
    cli("invite", "--wave", "2024", "--at", "2026-11-02T10:00")
    dry = cli("send-due", "--at", "2026-11-02T10:00", "--dry-run")
    assert dry.exit_code == 0
    assert "1  0-email-invitation (email)" in dry.stdout
    assert server.mails == []
    assert str(case_id) not in dry.stdout + dry.stderr
    assert "example.nl" not in dry.stdout + dry.stderr


def test_a_wave_is_started_once(server: MailServer, cli: Cli) -> None:
    make_people(1)
    cli("invite", "--wave", "2024", "--at", "2026-11-02T10:00")
    again = cli("invite", "--wave", "2024")
    assert again.exit_code == 1
    assert "began on 2026-11-02 10:00 already" in again.stderr
    with reading() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(Message.__table__)) == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("invite", "--wave", "1999"), "there is no wave «1999»"),
        (("invite", "--wave", "2024", "--at", "soon"), "«soon» is not a moment"),
        (("send-due", "--at", "32-1-2026"), "is not a moment"),
    ],
)
def test_wrong_arguments_are_refused_in_one_sentence(
    server: MailServer, cli: Cli, arguments: tuple[str, ...], sentence: str
) -> None:
    make_people(1)
    outcome = cli(*arguments)
    assert outcome.exit_code == 1
    assert sentence in outcome.stderr


def test_at_night_it_says_when_it_goes_on(server: MailServer, cli: Cli) -> None:
    make_people(1)
    invited = cli("invite", "--wave", "2024", "--at", "2026-11-01T22:00")
    assert "the first leave on Monday 2026-11-02 09:00" in invited.stderr
    sent = cli("send-due", "--at", "2026-11-01T22:00")
    assert "the next allowed moment is Monday 2026-11-02 09:00" in sent.stderr
