"""A real SMTP server on a free port of this machine, in a thread of its own."""

from collections import Counter
from collections.abc import Callable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller

from tests.surroundings.server import free_port

OK = "250 OK"


class MailServer:
    """Keeps what it takes. `answers` gives another reply: at "RCPT" by address, at "DATA" by Message-ID."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.answer: Callable[[str, str], str] = lambda stage, about: OK
        self.port = free_port()
        self.url = f"smtp://127.0.0.1:{self.port}"
        self._controller: Controller | None = None

    def start(self) -> None:
        self._controller = Controller(_Handler(self), hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def stop(self) -> None:
        if self._controller is not None:
            self._controller.stop()
        self._controller = None

    @property
    def addresses(self) -> list[str]:
        """Who got something, in order."""
        return [str(mail["To"]) for mail in self.mails]

    @property
    def n_by_message_id(self) -> Counter[str]:
        return Counter(str(mail["Message-ID"]) for mail in self.mails)


class _Handler:
    def __init__(self, server: MailServer) -> None:
        self.server = server

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        reply = self.server.answer("RCPT", address)
        if reply == OK:
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        mail = message_from_bytes(envelope.content, policy=default)
        reply = self.server.answer("DATA", str(mail["Message-ID"]))
        if reply == OK:
            self.server.mails.append(mail)
        return reply
