"""messages.yaml: the texts of invitations and reminders, per wording."""

from collections.abc import Mapping

from app.questions.question import Code, Prose, Strict, Wording


class Message(Strict):
    """One message. `{provider}`, `{link}`, `{code}`, `{until}`, `{phone}` are filled in when it is sent."""

    subject: Prose
    text: tuple[Prose, ...]
    button: Prose


class Messages(Strict):
    """Messages by kind (invitation, reminder, last_reminder, letter), each in every wording."""

    messages: Mapping[Code, Mapping[Wording, Message]]
