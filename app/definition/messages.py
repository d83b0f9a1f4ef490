"""messages.yaml: the texts of invitations and reminders, per wording."""

from collections.abc import Mapping

from app.questions.question import Code, Prose, Strict, Wording

KINDS = ("invitation", "reminder", "last_reminder", "letter")
PLACEHOLDERS = ("provider", "link", "code", "until", "phone")


class Message(Strict):
    """One message. The `PLACEHOLDERS` between braces are filled in when it is sent."""

    subject: Prose
    text: tuple[Prose, ...]
    button: Prose


class Messages(Strict):
    """Messages by kind (`KINDS`), each in every wording."""

    messages: Mapping[Code, Mapping[Wording, Message]]
