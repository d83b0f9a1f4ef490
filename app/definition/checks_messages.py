"""Checks of messages.yaml: every kind in every wording, and nothing in braces that is not filled in."""

from collections.abc import Iterator

from app.definition.checks_questions import Finding
from app.definition.messages import KINDS, PLACEHOLDERS, Message, Messages
from app.definition.passages import message_passages
from app.definition.piping import piped_names, stray_brace
from app.definition.questionnaire import Texts
from app.definition.yaml_source import Path

_ALLOWED = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)


def message_findings(messages: Messages, texts: Texts) -> Iterator[Finding]:
    """What is wrong with the messages, by path in messages.yaml."""
    for kind in KINDS:
        if kind not in messages.messages:
            yield ("messages",), f"the message «{kind}» is missing"
    for kind, by_wording in messages.messages.items():
        path: Path = ("messages", kind)
        if kind not in KINDS:
            yield path, f"there is no kind of message «{kind}»; choose from {', '.join(KINDS)}"
        for wording in texts.wordings:
            if wording not in by_wording:
                yield path, f"the message «{kind}» is missing in the wording {wording}"
        for wording, message in by_wording.items():
            if wording not in texts.wordings:
                yield (*path, wording), f"the questionnaire has no wording {wording}"
            yield from findings_in(message, (*path, wording))


def findings_in(message: Message, path: Path) -> Iterator[Finding]:
    """What is wrong with one message."""
    if not message.text:
        yield (*path, "text"), "this message holds no text"
    if "\n" in message.subject:
        yield (*path, "subject"), "a subject is one line"
    for passage in message_passages(message, path):
        if not passage.text.strip():
            yield passage.path, "this text is empty; write it"
        for name in sorted(piped_names(passage.text) - set(PLACEHOLDERS)):
            yield passage.path, f"«{{{name}}}» is not filled in in messages; use {_ALLOWED}"
        if stray_brace(passage.text):
            yield passage.path, f"a brace stands here that fills in nothing; use {_ALLOWED}"
