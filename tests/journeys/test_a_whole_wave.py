"""A wave over four weeks: five deliveries, mail over SMTP, letters, a bounce, an opt-out, post that came back.

At every step what is counted adds up, and nobody gets what is not theirs.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa

from app.database import reading
from app.encryption import decrypt
from app.fieldwork.sending.bounces import read_mailbox
from app.fieldwork.sending.commands import moment_of
from app.fieldwork.sending.invitations import dry_run, step_lines
from app.fieldwork.sending.planning import sending_waves
from app.fieldwork.tables import Case, Contact, Message
from app.settings import settings
from app.web.access import Role
from tests.factories.bounced import report
from tests.factories.deliveries import SAMPLES, expected, sample
from tests.factories.office import signed_in_as
from tests.factories.respondent import Respondent
from tests.surroundings.environment import SECRET, Environment
from tests.surroundings.imap_server import ImapServer
from tests.surroundings.mail import MailServer

Cli = Callable[..., Any]
DAY_0, DAY_7, DAY_14, DAY_21 = (f"2026-11-{day:02d}T10:00" for day in (2, 9, 16, 23))
AFTER = "2026-12-21T10:00"
_case, _contact, _message = Case.__table__, Contact.__table__, Message.__table__  # type: ignore[attr-defined]


class Fieldwork:
    """The command line, the post office and the eyes of a researcher."""

    def __init__(self, cli: Cli, post: MailServer, returns: ImapServer, folder: Path) -> None:
        self.cli, self.post, self.returns, self.folder = cli, post, returns, folder

    def run(self, *arguments: object) -> Any:
        outcome = self.cli(*arguments)
        assert outcome.exit_code == 0, outcome.stderr
        return outcome

    def send(self, at: str) -> list[Any]:
        """What goes out at a moment."""
        before = len(self.post.mails)
        self.run("send-due", "--at", at)
        return self.post.mails[before:]

    def letters(self, at: str) -> list[dict[str, str]]:
        """The letters of a moment, printed; the list as the print shop gets it."""
        pdf, table = self.folder / f"{at[:10]}.pdf", self.folder / f"{at[:10]}.csv"
        self.run("letters", "--wave", "2024", "-o", pdf, "--csv", table, "--at", at)
        return list(csv.DictReader(io.StringIO(table.read_text("utf-8-sig")), delimiter=";"))

    def adds_up(self, at: str) -> Counter[str]:
        """Everybody gets something or nothing for one reason; and every message of the outbox is in one column."""
        with reading() as connection:
            (wave,) = sending_waves(connection)
            lines, told = step_lines(connection, wave), dry_run(connection, wave, moment_of(at))
            n_cases = connection.scalar(sa.select(sa.func.count()).select_from(_case))
            n_messages = connection.scalar(sa.select(sa.func.count()).select_from(_message))
        assert told.n_due + sum(n for _, n in told.skipped) == n_cases
        counted: Counter[str] = sum((line.counts for line in lines), Counter())
        assert counted.total() == n_messages
        return counted


@pytest.fixture
def fieldwork(database: str, cli: Cli, tmp_path: Path) -> Iterator[Fieldwork]:
    post = MailServer()
    post.start()
    with (
        ImapServer() as returns,
        Environment(
            PEILWIJS_DATABASE_URL=database,
            PEILWIJS_VAR_FOLDER=str(settings().var_folder),
            PEILWIJS_SECRET_KEY=SECRET,
            PEILWIJS_SMTP_URL=post.url,
            PEILWIJS_BOUNCE_URL=returns.url,
        ),
    ):
        yield Fieldwork(cli, post, returns, tmp_path)
    post.stop()


def link_in(mail: Any) -> str:
    found = re.search(r"/v/([\w-]+)", mail.get_body(("plain",)).get_content())
    assert found
    return found[1]


def case_of(address: str) -> int:
    with reading() as connection:
        rows = connection.execute(sa.select(_contact.c.case_id, _contact.c.email).where(_contact.c.email.is_not(None)))
        (found,) = [row.case_id for row in rows if decrypt(row.email) == address]
    return int(found)


def disposition(case_id: int) -> str:
    with reading() as connection:
        return str(connection.scalar(sa.select(_case.c.disposition).where(_case.c.id == case_id)))


def n_cases(condition: Any = sa.true()) -> int:
    with reading() as connection:
        return int(connection.scalar(sa.select(sa.func.count()).select_from(_case).where(condition)) or 0)


def test_a_wave_from_five_deliveries_to_the_last_reminder(fieldwork: Fieldwork) -> None:
    fieldwork.run("wave", "create", "2024", "--from", "2024-01-01", "--to", "2024-12-31")
    names = SAMPLES if "sqlite" in settings().database_url else SAMPLES[:1]  # one database takes all five
    n_accepted = 0
    for name in names:
        fieldwork.run("provider", "add", name.replace("-", " ").title())
        fieldwork.run("delivery", "import", sample(name), "--provider", name, "--wave", "2024")
        n_accepted += sum(verdict == "accepted" for _, verdict, _ in expected(name))
    assert n_cases() == n_accepted

    fieldwork.run("invite", "--wave", "2024", "--at", DAY_0)
    invited = fieldwork.send(DAY_0)
    assert len(invited) > 0.5 * n_accepted
    assert fieldwork.adds_up(DAY_0)["sent"] == len(invited)
    assert {mail["Subject"] for mail in invited if mail["Content-Language"] == "nl"}

    first_letters = fieldwork.letters(DAY_0)
    assert fieldwork.adds_up(DAY_0)["sent"] == len(invited) + len(first_letters)
    assert fieldwork.adds_up(DAY_0)["queued"] == 0

    # one finishes, one opts out with a press in the mail program, one address does not exist
    n_by_address = Counter(fieldwork.post.addresses)  # somebody may be the client of two providers
    done, out, gone = [mail for mail in invited if n_by_address[mail["To"]] == 1][:3]
    Respondent().open(link_in(done)).send().go_on_until("/overzicht").send()
    assert disposition(case_of(done["To"])) == "finished"
    one_click = urlsplit(re.findall(r"<(http[^>]+)>", out["List-Unsubscribe"])[0]).path
    assert Respondent().client.post(one_click, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert disposition(case_of(out["To"])) == "opted_out"
    fieldwork.returns.add(report(str(gone["Message-ID"]).strip("<>")))
    assert read_mailbox() == {"hard": 1}

    # a letter comes back, and is booked by its code as somebody types it
    office = signed_in_as(Role.RESEARCHER)
    returned = first_letters[0]
    code = next(text for key, text in returned.items() if "code" in key.lower())
    office.get("/kantoor/brieven/2024/post").post("/kantoor/brieven/2024/post", code=code.lower().replace("-", " "))
    assert office.status in (200, 303)
    assert fieldwork.adds_up(DAY_0)["came_back"] == 2

    n_open_with_mail = len(invited) - 3
    reminded = fieldwork.send(DAY_7)
    assert len(reminded) <= n_open_with_mail
    assert not {done["To"], out["To"], gone["To"]} & {mail["To"] for mail in reminded}
    assert {mail["To"] for mail in reminded} <= {mail["To"] for mail in invited}
    assert fieldwork.send(DAY_7) == []

    fieldwork.send(DAY_14)
    second_letters = fieldwork.letters(DAY_14)
    assert len(second_letters) > len(first_letters)
    last = fieldwork.send(DAY_21)
    assert last
    assert not {done["To"], out["To"], gone["To"]} & {mail["To"] for mail in last}
    assert fieldwork.send(AFTER) == []
    late = fieldwork.letters(AFTER)  # the scheme of whose e-mail bounced began with a letter of its own, later
    assert len(late) <= 1
    counted = fieldwork.adds_up(AFTER)
    assert (counted["queued"], counted["uncertain"], counted["failed"]) == (0, 0, 0)
    assert max(fieldwork.post.n_by_message_id.values()) == 1
    with reading() as connection:
        twice = sa.select(_message.c.case_id).group_by(_message.c.case_id, _message.c.step)
        assert connection.execute(twice.having(sa.func.count() > 1)).first() is None
    fieldwork.run("audit", "verify")
