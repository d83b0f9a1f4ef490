"""Where the demo's e-mails go: files in a folder, and from there to a page of the office. Nothing leaves the demo."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from app.channels import Envelope, MaySend, Outcome
from app.channels.mail_form import Unmailable, as_mail
from app.errors import NotFound

_NAME = re.compile(r"[0-9a-f]{8,64}")


class Mailbox:
    """A folder of .eml files, named after the Message-ID: who gets a message twice has it once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, envelope: Envelope, may_send: MaySend) -> Outcome:
        """Puts one message in the mailbox."""
        try:
            content = as_mail(envelope).as_bytes()
        except Unmailable as problem:
            return Outcome("refused", str(problem))
        if not may_send():
            return Outcome("withdrawn")
        name = envelope.message_id.partition("@")[0]
        if not _NAME.fullmatch(name):
            return Outcome("refused", "a Message-ID that is no name for a file")
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        half = self.folder / f"{name}.half"
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
        half.rename(self.folder / f"{name}.eml")
        return Outcome("sent")


@dataclass(frozen=True)
class KeptMail:
    """One e-mail of the mailbox."""

    name: str
    at: datetime
    to: str
    subject: str
    language: str
    plain: str
    html: str


def newest(folder: Path, n_most: int) -> tuple[list[KeptMail], int]:
    """The last e-mails, newest first, and how many there are in all."""
    paths = sorted(folder.glob("*.eml"), key=lambda path: (path.stat().st_mtime_ns, path.name), reverse=True)
    return list(_read(paths[:n_most])), len(paths)


def one(folder: Path, name: str) -> KeptMail:
    """One e-mail.

    Raises:
        NotFound: when there is none of this name.
    """
    path = folder / f"{name}.eml"
    if not _NAME.fullmatch(name) or not path.is_file():
        raise NotFound("there is no such e-mail in the mailbox")
    return next(_read([path]))


def _read(paths: list[Path]) -> Iterator[KeptMail]:
    for path in paths:
        mail = message_from_bytes(path.read_bytes(), policy=policy.default)
        assert isinstance(mail, EmailMessage)
        yield KeptMail(
            name=path.stem,
            at=parsedate_to_datetime(str(mail["Date"])),
            to=str(mail["To"]),
            subject=str(mail["Subject"]),
            language=str(mail["Content-Language"]),
            plain=_part(mail, "plain"),
            html=_part(mail, "html"),
        )


def _part(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    return str(part.get_content()).replace("\r\n", "\n") if part is not None else ""
