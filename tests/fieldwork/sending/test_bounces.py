"""Returned mail: a hard bounce closes an address, a soft one is counted, and other mail is left alone."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from app.channels import OutOfReach
from app.channels.bounce_mailbox import LOOKED_AT, visit
from app.channels.bounces import read_bounce
from app.database import reading, writing
from app.fieldwork.sending.bounce_hook import MOMENT, SIGNATURE, signature
from app.fieldwork.sending.bounces import book, read_mailbox
from app.fieldwork.tables import Case, Contact, Message
from app.main import create
from app.settings import settings
from tests.factories.bounced import exim, on_holiday, qmail, report
from tests.factories.people import invite, make_people, messages
from tests.surroundings.environment import SECRET, Environment
from tests.surroundings.imap_server import ImapServer

HOOK_SECRET = "a secret that the mail provider knows too"


def with_settings(database: str, **more: str) -> Environment:
    return Environment(
        PEILWIJS_DATABASE_URL=database,
        PEILWIJS_VAR_FOLDER=str(settings().var_folder),
        PEILWIJS_SECRET_KEY=SECRET,
        **more,
    )


@pytest.fixture(params=[True, False], ids=["keywords", "no keywords"])
def mailbox(request: pytest.FixtureRequest, database: str) -> Iterator[ImapServer]:
    with ImapServer(takes_keywords=request.param) as server, with_settings(database, PEILWIJS_BOUNCE_URL=server.url):
        yield server


def sent(n_people: int = 1, **people: Any) -> list[Any]:
    """Messages that have gone out."""
    make_people(n_people, **people)
    invite()
    with writing() as connection:
        connection.execute(sa.update(Message.__table__).values(state="sent"))
    return messages()


def column(table: Any, name: str) -> list[Any]:
    with reading() as connection:
        return list(connection.scalars(sa.select(table.__table__.c[name])))


@pytest.mark.parametrize("headers_only", [True, False])
def test_a_hard_bounce_closes_the_address_and_is_taken_out(headers_only: bool, mailbox: ImapServer) -> None:
    (message,) = sent()
    mailbox.add(report(message.message_id, headers_only=headers_only))
    assert read_mailbox() == {"hard": 1}
    assert [(row.state, row.reason) for row in messages()] == [("bounced", "5.1.1")]
    assert column(Contact, "email_failed_at") != [None]
    assert column(Case, "disposition") == ["undeliverable"]
    assert mailbox.mails == {}
    assert mailbox.commands[-1] == "LOGOUT"


@pytest.mark.parametrize("other", [{"address": True}, {"phone": "+31612345678"}])
def test_who_can_be_reached_in_another_way_stays_in_the_sample(other: dict[str, Any], mailbox: ImapServer) -> None:
    (message,) = sent(**other)
    mailbox.add(report(message.message_id))
    read_mailbox()
    assert column(Case, "disposition") == ["open"]
    assert column(Contact, "email_failed_at") != [None]


@pytest.mark.parametrize(("status", "action"), [("4.2.2", "delayed"), ("4.4.1", "failed")])
def test_a_soft_bounce_is_counted_and_changes_nothing(status: str, action: str, mailbox: ImapServer) -> None:
    (message,) = sent()
    mailbox.add(report(message.message_id, status, action))
    assert read_mailbox() == {"soft": 1}
    assert (messages()[0].state, column(Case, "disposition")) == ("sent", ["open"])
    assert mailbox.mails == {}


@pytest.mark.parametrize("write", [exim, qmail])
def test_servers_that_write_in_words_are_understood(write: Any, mailbox: ImapServer) -> None:
    (message,) = sent()
    mailbox.add(write(message.message_id))
    assert read_mailbox() == {"hard": 1}
    assert messages()[0].state == "bounced"


def test_other_mail_is_left_alone_and_unread(mailbox: ImapServer) -> None:
    (message,) = sent()
    others = (
        on_holiday(message.message_id),
        report("of.another.system@elsewhere.example"),
        report(message.message_id, "2.0.0", "delivered"),
        b"From: a@b.nl\nSubject: Vraag\n\nHoe werkt dit?\n",
        b"\x00\xff\xfe",
        b"",
    )
    uids = [mailbox.add(one) for one in others]
    before = dict(mailbox.mails)
    read_mailbox()
    assert read_mailbox() == ({} if mailbox.takes_keywords else {"unknown": len(uids)})
    assert mailbox.mails == before
    assert set().union(*mailbox.flags.values()) <= {LOOKED_AT}
    assert (messages()[0].state, column(Case, "disposition")) == ("sent", ["open"])


def test_a_bounce_that_is_read_twice_is_booked_once(mailbox: ImapServer) -> None:
    (message,) = sent()
    mailbox.add(report(message.message_id))
    read_mailbox()
    first = column(Contact, "email_failed_at")
    mailbox.add(report(message.message_id))
    assert read_mailbox() == {"hard": 1}
    assert column(Contact, "email_failed_at") == first


def test_nothing_the_server_wrote_is_stored(mailbox: ImapServer) -> None:
    (message,) = sent()
    mailbox.add(report(message.message_id))
    read_mailbox()
    with reading() as connection:
        row = connection.execute(sa.select(Message.__table__)).one()
    assert "Jan" not in str(tuple(row))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("pass%20word", "wrong"), "does not answer"),
        (("INBOX", "Nergens"), "no folder Nergens"),
        (("imap://", "http://"), "cannot be read"),
        (("127.0.0.1:", "127.0.0.1:1"), "does not answer|cannot be read"),
    ],
)
def test_a_mailbox_that_cannot_be_read_is_told_in_a_sentence(
    change: tuple[str, str], said: str, mailbox: ImapServer, database: str
) -> None:
    url = settings().bounce_url.replace(*change)
    with with_settings(database, PEILWIJS_BOUNCE_URL=url):
        with pytest.raises(OutOfReach, match=said):
            visit(book)
        assert read_mailbox() == {}


MANGLED = st.text(max_size=300).map(lambda text: report("a1b2c3d4e5@b.nl", text).replace(b"Action", text.encode()[:9]))


@given(st.binary(max_size=2000) | MANGLED)
def test_no_mail_makes_the_reader_fail(raw: bytes) -> None:
    read_bounce(raw)


class Provider:
    """A mail provider that reports."""

    def __init__(self) -> None:
        self.client = TestClient(create(), base_url="http://localhost:8000")

    def tell(self, body: Any, *, age_seconds: int = 0, secret: str = HOOK_SECRET, sign: Any = None) -> Any:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        moment = str(int(time.time()) - age_seconds)
        headers = {MOMENT: moment, SIGNATURE: signature(secret, moment, raw if sign is None else sign),
                   "content-type": "application/json"}  # fmt: skip
        return self.client.post("/bezorging", content=raw, headers=headers)


@pytest.fixture
def provider(database: str) -> Iterator[Provider]:
    with with_settings(database, PEILWIJS_BOUNCE_SECRET=HOOK_SECRET):
        yield Provider()


@pytest.mark.parametrize("status", ["5.1.1", "hard", "bounced"])
def test_a_signed_report_books_a_bounce_once(status: str, provider: Provider) -> None:
    (message,) = sent()
    body = {"message_id": f"<{message.message_id}>", "status": status, "reason": "550 5.1.1 Jan de Vries is weg"}
    for _ in range(2):
        answer = provider.tell(body)
        assert (answer.status_code, answer.json()) == (200, {"booked": "hard"})
    assert [(row.state, row.reason) for row in messages()] == [("bounced", "5.1.1")]


@pytest.mark.parametrize(("status", "booked"), [("4.2.2", "soft"), ("soft", "soft"), ("delivered", "nothing")])
def test_other_reports_change_nothing(status: str, booked: str, provider: Provider) -> None:
    (message,) = sent()
    assert provider.tell({"message_id": message.message_id, "status": status}).json() == {"booked": booked}
    assert messages()[0].state == "sent"


def test_a_report_about_a_message_of_others_is_told_so(provider: Provider) -> None:
    assert provider.tell({"message_id": "x@y", "status": "5.1.1"}).json() == {"booked": "unknown"}


@pytest.mark.parametrize("wrong", [{"age_seconds": 400}, {"age_seconds": -400}, {"secret": "x" * 40}, {"sign": b"{}"}])
def test_an_old_or_wrongly_signed_report_is_refused(wrong: dict[str, Any], provider: Provider) -> None:
    (message,) = sent()
    assert provider.tell({"message_id": message.message_id, "status": "5.1.1"}, **wrong).status_code == 403
    assert messages()[0].state == "sent"


NONSENSE = (
    b"", b"[]", b"{}", b"\xff", b"[" * 50_000, {"message_id": 1, "status": "5.1.1"},
    {"message_id": "x", "status": "maybe"}, {"message_id": "x", "status": "5.1.1", "reason": 7},
)  # fmt: skip


@pytest.mark.parametrize("body", NONSENSE)
def test_a_report_that_says_nothing_is_refused_in_a_sentence(body: Any, provider: Provider) -> None:
    assert provider.tell(body).status_code == 400


def test_without_a_secret_nobody_can_report(database: str) -> None:
    assert Provider().tell({"message_id": "x", "status": "5.1.1"}).status_code == 404
