"""Returned mail: what a delivery status notification says (RFC 3464), or a message of a server that knows no such form.

Only mail that says about itself that it is about a failed delivery counts. An answer, or a note that somebody is on
holiday, names our message too and is none.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, message_from_string, policy
from email.message import Message
from typing import Literal

STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)")
_CODE = re.compile(r"(?<![\d.-])([45]\d\d)[ -]")
_MESSAGE_ID = re.compile(r"<([^<>\s@]{8,80}@[^<>\s@]{1,80})>")
_DAEMON = re.compile(r"mailer-daemon|postmaster|mail delivery (sub)?system", re.IGNORECASE)
_SOFT_WORDS = re.compile(r"delay|warning|temporar|still trying|not yet|will retry|vertraag|tijdelijk", re.IGNORECASE)
_HARD_WORDS = re.compile(r"permanent error|given up|undeliverable|could not be delivered|does not exist|unknown user"
                         r"|user unknown|no such user|onbestelbaar|niet worden bezorgd", re.IGNORECASE)  # fmt: skip


@dataclass(frozen=True)
class Bounce:
    """What came back. `message_ids`: those that it names, the likeliest first; `reason`: a code, never words."""

    kind: Literal["hard", "soft"]
    reason: str
    message_ids: tuple[str, ...]


def read_bounce(raw: bytes) -> Bounce | None:
    """The bounce that a mail is; None for all other mail."""
    mail = message_from_bytes(raw, policy=policy.compat32)
    parts = list(mail.walk())
    found = _of_report(parts) or _of_daemon(mail, parts)
    if found is None:
        return None
    ids = dict.fromkeys(_message_ids(mail, parts))
    return Bounce(*found, tuple(ids)) if ids else None


def _of_report(parts: list[Message]) -> tuple[Literal["hard", "soft"], str] | None:
    """What the part for machines says; the worst, when it is about several recipients."""
    found: list[tuple[str, str]] = []
    for part in parts:
        if part.get_content_type() == "message/delivery-status":
            for block in _blocks(part):
                action = str(block.get("Action", "")).strip().lower()
                status = STATUS.search(str(block.get("Status", "")))
                found.append((action, status[1] if status else ""))
    failed = [status for action, status in found if action == "failed"]
    if any(not status.startswith("4") for status in failed):
        return "hard", next((status for status in failed if status.startswith("5")), "returned")
    if failed or any(action == "delayed" for action, _ in found):
        return "soft", next((status for _, status in found if status), "delayed")
    return None


def _blocks(part: Message) -> list[Message]:
    payload = part.get_payload()
    if isinstance(payload, list):
        return [block for block in payload if isinstance(block, Message)]
    return [message_from_string(block) for block in str(payload).split("\n\n")]


def _of_daemon(mail: Message, parts: list[Message]) -> tuple[Literal["hard", "soft"], str] | None:
    """What a server says in words, in any of the usual forms."""
    if mail.get_content_type() == "multipart/report" and any(
        part.get_content_type() == "message/delivery-status" for part in parts
    ):
        return None  # it was read, and tells of a success
    is_named = "X-Failed-Recipients" in mail
    if not is_named and not _DAEMON.search(str(mail.get("From", ""))):
        return None
    text = str(mail.get("Subject", "")) + "\n" + _told(parts)
    code = STATUS.search(text) or _CODE.search(text)
    if code is not None and code[1][0] in "45":
        return ("hard" if code[1].startswith("5") else "soft"), code[1]
    if _SOFT_WORDS.search(text):
        return "soft", "delayed"
    return ("hard", "returned") if is_named or _HARD_WORDS.search(text) else None


def _told(parts: list[Message]) -> str:
    """The words of the server itself, up to where it shows our own message again."""
    for part in parts:
        if part.get_content_type() == "text/plain":
            text = _text(part)
            return re.split(r"(?im)^(?:-+ ?(?:this is a copy|below this line|original message)|message-id:)", text)[0]
    return ""


def _message_ids(mail: Message, parts: list[Message]) -> Iterator[str]:
    for part in parts[1:]:
        if part.get_content_type() == "text/rfc822-headers":
            yield from _MESSAGE_ID.findall(str(message_from_string(_text(part)).get("Message-ID", "")))
        elif part.get("Message-ID"):
            yield from _MESSAGE_ID.findall(str(part["Message-ID"]))
    for header in ("In-Reply-To", "References"):
        yield from _MESSAGE_ID.findall(str(mail.get(header, "")))
    for part in parts:
        if part.get_content_type() == "text/plain":
            yield from re.findall(r"(?im)^[> ]*message-id:\s*<([^<>\s]{8,160})>", _text(part))


def _text(part: Message) -> str:
    content = part.get_payload(decode=True)
    return content.decode("utf-8", "replace") if isinstance(content, bytes) else ""
