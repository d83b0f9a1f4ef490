"""E-mail over SMTP: what is sent, and what each misbehaviour of a server means for the message."""

import ssl
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from app.channels import Envelope, Outcome, OutOfReach
from app.channels.email import Email, refusal
from app.channels.mail_form import as_mail
from app.channels.smtp_server import server
from tests.surroundings.environment import SECRET, Environment
from tests.surroundings.mail import MailServer
from tests.surroundings.scripted_smtp import (
    CONTENT,
    DATA,
    GREETING,
    HANG,
    HANG_UP,
    HELLO,
    RECIPIENT,
    SENDER,
    ScriptedSmtp,
)
from tests.surroundings.server import free_port

ENVELOPE = Envelope(
    message_id="0123456789abcdef@localhost",
    to="jan@example.nl",
    language="nl",
    subject="Wat vindt u van Werkpad?",
    paragraphs=("Dit is de link voor u: https://x.example/v/abc", "Bel ons."),
    button="Start",
    link="https://x.example/v/abc",
    unsubscribe_link="https://x.example/afmelden/abc",
)
PATIENCE = 0.3


def mails_go_to(url: str, folder: Path, **more: str) -> Environment:
    given = {
        "PEILWIJS_SMTP_URL": url,
        "PEILWIJS_SMTP_PATIENCE_SECONDS": str(PATIENCE),
        "PEILWIJS_VAR_FOLDER": str(folder),
    }
    return Environment(**{"PEILWIJS_SECRET_KEY": SECRET} | given | more)


def send(*envelopes: Envelope, may_send: bool = True) -> list[Outcome]:
    with Email().open() as line:
        return [line.send(one, lambda: may_send) for one in envelopes or (ENVELOPE,)]


@pytest.fixture
def mail_server(tmp_path: Path) -> Iterator[MailServer]:
    one = MailServer()
    one.start()
    with mails_go_to(one.url, tmp_path):
        yield one
    one.stop()


def test_what_arrives_is_what_was_made(mail_server: MailServer) -> None:
    dotted = replace(ENVELOPE, paragraphs=("Een regel.", ".begint met een punt", "U kunt naar https://x.example/v/abc"))
    assert send(dotted) == [Outcome("sent")]
    (mail,) = mail_server.mails
    assert mail["Message-ID"] == "<0123456789abcdef@localhost>"
    assert mail.get_body(("plain",)).get_content().replace("\r\n", "\n") == as_mail(dotted).get_body(
        ("plain",)
    ).get_content().replace("\r\n", "\n")
    assert "\n.begint" in mail.get_body(("plain",)).get_content()


def test_one_connection_carries_many_messages() -> None:
    with ScriptedSmtp() as smtp, mails_go_to(smtp.url, Path("/nowhere")):
        assert send(*[ENVELOPE] * 25) == [Outcome("sent")] * 25
        assert smtp.n_connections == 1
        assert len(smtp.taken) == 25


def test_what_is_called_back_at_the_last_moment_is_not_sent_and_the_next_one_is() -> None:
    with ScriptedSmtp() as smtp, mails_go_to(smtp.url, Path("/nowhere")):
        answers = iter([False, True])
        with Email().open() as line:
            outcomes = [line.send(ENVELOPE, lambda: next(answers)) for _ in range(2)]
        assert outcomes == [Outcome("withdrawn"), Outcome("sent")]
        assert len(smtp.taken) == 1


@pytest.mark.parametrize(
    ("stage", "reply", "expected"),
    [
        (RECIPIENT, "450 4.2.1 try later", Outcome("temporary", "450 4.2.1")),
        (RECIPIENT, "421 4.3.2 closing", Outcome("temporary", "421 4.3.2")),
        (RECIPIENT, "550 5.1.1 no Jan de Vries here", Outcome("permanent", "550 5.1.1")),
        (RECIPIENT, "550 no such user", Outcome("permanent", "550")),
        (RECIPIENT, "554 5.7.1 relay access denied", Outcome("refused", "554 5.7.1")),
        (DATA, "421 closing", Outcome("temporary", "421")),
        (DATA, "450 busy", Outcome("temporary", "450")),
        (DATA, "554 no valid recipients", Outcome("refused", "554")),
        (DATA, HANG, Outcome("temporary", "no answer")),
        (DATA, HANG_UP, Outcome("temporary", "no answer")),
        (CONTENT, "451 4.3.0 local error", Outcome("temporary", "451 4.3.0")),
        (CONTENT, "421 closing", Outcome("temporary", "421")),
        (CONTENT, "550 5.1.1 unknown after all", Outcome("permanent", "550 5.1.1")),
        (CONTENT, "550 5.7.1 this is spam", Outcome("refused", "550 5.7.1")),
        (CONTENT, HANG, Outcome("uncertain", "no answer")),
        (CONTENT, HANG_UP, Outcome("uncertain", "no answer")),
    ],
)
def test_each_misbehaviour_means_something_and_the_next_message_goes_out(
    stage: str, reply: str, expected: Outcome
) -> None:
    with ScriptedSmtp({stage: reply}, later={}) as smtp, mails_go_to(smtp.url, Path("/nowhere")):
        with Email().open() as line:
            assert line.send(ENVELOPE, lambda: True) == expected
            smtp.scripts[0].update({RECIPIENT: "250 ok", DATA: "354 go on", CONTENT: "250 taken"})
            n_before = len(smtp.taken)
            assert line.send(ENVELOPE, lambda: True) == Outcome("sent")
        assert len(smtp.taken) == n_before + 1


@pytest.mark.parametrize(
    ("stage", "reply", "said"),
    [
        (GREETING, "554 go away", "does not want to talk"),
        (GREETING, HANG, "does not answer"),
        (GREETING, HANG_UP, "does not answer"),
        (HELLO, HANG_UP, "does not answer"),
        (SENDER, "550 5.7.1 sender not allowed", "takes no mail from PEILWIJS_MAIL_FROM"),
        (SENDER, "421 closing", "broke off"),
        (SENDER, HANG, "broke off"),
        (RECIPIENT, HANG_UP, "broke off"),
    ],
)
def test_a_server_that_fails_before_anything_was_sent_is_out_of_reach(stage: str, reply: str, said: str) -> None:
    asked: list[int] = []
    with ScriptedSmtp({stage: reply}) as smtp, mails_go_to(smtp.url, Path("/nowhere")):
        with pytest.raises(OutOfReach, match=said), Email().open() as line:
            line.send(ENVELOPE, lambda: not asked.append(1))
        assert asked == []
        assert smtp.taken == []


def test_a_server_that_hung_up_between_two_messages_is_called_again() -> None:
    with ScriptedSmtp({SENDER: "421 4.7.0 enough for one connection"}, later={}) as smtp:
        with mails_go_to(smtp.url, Path("/nowhere")):
            assert send(ENVELOPE, ENVELOPE) == [Outcome("sent")] * 2
        assert smtp.n_connections == 2


def test_a_server_that_is_not_there_is_out_of_reach() -> None:
    nobody = mails_go_to(f"smtp://127.0.0.1:{free_port()}", Path("/nowhere"))
    with nobody, pytest.raises(OutOfReach, match="does not answer"):
        send()


def test_tls_that_is_required_and_absent_stops_everything() -> None:
    with ScriptedSmtp() as smtp, mails_go_to(f"{smtp.url}?starttls=required", Path("/nowhere")):
        with pytest.raises(OutOfReach, match="offers no TLS"):
            send()
        assert "mail" not in smtp.commands


@pytest.mark.parametrize(
    ("url", "starttls"),
    [
        ("smtp://mail.example.nl:587", "required"),
        ("smtp://mail.example.nl?starttls=no", "no"),
        ("smtp://localhost:25", "no"),
        ("smtp://localhost:25?starttls=required", "required"),
    ],
)
def test_tls_is_required_beyond_this_machine_unless_it_is_said_otherwise(url: str, starttls: str) -> None:
    assert server(url).starttls == starttls


def test_user_and_password_may_hold_any_sign() -> None:
    found = server("smtps://us%40er:p%2Fw%3A%C3%A9@mail.example.nl")
    assert (found.user, found.password, found.port, found.is_tls) == ("us@er", "p/w:é", 465, True)


@pytest.mark.parametrize(
    "url", ["", "http://x", "smtp://", "smtp://x:port", "smtp://x?starttls=maybe", "mail.example.nl"]
)
def test_an_address_that_is_none_is_told_in_a_sentence(url: str) -> None:
    with pytest.raises(OutOfReach, match="PEILWIJS_SMTP_URL"):
        server(url)


@pytest.mark.parametrize(
    "name", ["Werk\r\nBcc: x@y.nl", "Werk\x00pad", "=?utf-8?q?Werk=0D=0ABcc:_x?=", "W =?x?B?aGk=?="]
)
def test_a_name_that_would_become_a_header_is_refused_without_blaming_the_address(
    name: str, mail_server: MailServer
) -> None:
    assert [one.state for one in send(replace(ENVELOPE, subject=f"Wat vindt u van {name}?"))] == ["refused"]
    assert mail_server.mails == []


@pytest.mark.parametrize(
    "to", ["jan@example.nl, piet@example.nl", "jan@example.nl\r\nBcc: x@y.nl", "", "jan", "<jan@x.nl>"]
)
def test_an_address_is_one_address(to: str, mail_server: MailServer) -> None:
    assert [one.state for one in send(replace(ENVELOPE, to=to))] == ["refused"]


def test_no_more_are_sent_per_second_than_the_setting_says() -> None:
    with ScriptedSmtp() as smtp, mails_go_to(smtp.url, Path("/nowhere"), PEILWIJS_MAIL_PER_SECOND="20"):
        begun = time.monotonic()
        send(*[ENVELOPE] * 7)
        assert 0.3 <= time.monotonic() - begun < 3


def test_a_reply_is_kept_as_a_code_and_never_as_words() -> None:
    assert refusal(550, b"5.1.1 <jan@example.nl> Jan is gone") == Outcome("permanent", "550 5.1.1")
    assert refusal(452, b"jan@example.nl is over quota") == Outcome("temporary", "452")


class Tls:
    """A certificate for localhost, made for this test."""

    def __init__(self, folder: Path) -> None:
        self.certificate, key = folder / "cert.pem", folder / "key.pem"
        name = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
        made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *name]
        subprocess.run([*made, "-keyout", key, "-out", self.certificate], check=True, capture_output=True)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(self.certificate, key)


class Keeper:
    def __init__(self) -> None:
        self.mails: list[bytes] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.mails.append(envelope.content)
        return "250 OK"


def signed_in(_server: Any, _session: Any, _envelope: Any, _mechanism: str, login: Any) -> AuthResult:
    return AuthResult(success=login.login == b"user" and login.password == b"s:ecret")


@pytest.mark.parametrize("is_trusted", [True, False])
def test_mail_goes_over_verified_tls_with_user_and_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_trusted: bool
) -> None:
    tls, keeper, port = Tls(tmp_path), Keeper(), free_port()
    controller = Controller(keeper, hostname="127.0.0.1", port=port, tls_context=tls.context, require_starttls=True,
                            authenticator=signed_in, auth_required=True)  # fmt: skip
    if is_trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(tls.certificate))
    controller.start()
    url = f"smtp://user:s%3Aecret@localhost:{port}?starttls=required"
    try:
        with mails_go_to(url, tmp_path, PEILWIJS_SMTP_PATIENCE_SECONDS="5"):
            if is_trusted:
                assert send() == [Outcome("sent")]
            else:
                with pytest.raises(OutOfReach, match="not to be trusted"):
                    send()
        wrong = mails_go_to(url.replace("s%3Aecret", "wrong"), tmp_path, PEILWIJS_SMTP_PATIENCE_SECONDS="5")
        with wrong, pytest.raises(OutOfReach, match="does not let this user" if is_trusted else "not to be trusted"):
            send()
    finally:
        controller.stop()
    assert len(keeper.mails) == is_trusted
