"""The wave's own words of a message: read from a form, looked at, and kept with the wave."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pydantic import ValidationError
from sqlalchemy.engine import Connection

from app.definition.checks_messages import findings_in
from app.definition.messages import PLACEHOLDERS, Message
from app.definition.piping import piped_names, stray_brace
from app.errors import N_
from app.fieldwork.questionnaires import current
from app.fieldwork.rules import WaveRules
from app.fieldwork.sending.invitations import Sort
from app.fieldwork.wave_setup.changes import change_wave, stored_wave

NOT_COMPLETE = N_("Vul het onderwerp, de tekst en de knop in.")
BAD_NAME = N_("Tussen accolades mag alleen staan: {provider}, {link}, {code}, {until} of {phone}.")


@dataclass(frozen=True)
class Typed:
    """What somebody typed; paragraphs are separated by an empty line."""

    subject: str
    text: str
    button: str

    @property
    def message(self) -> Message:
        paragraphs = tuple(" ".join(part.split()) for part in self.text.replace("\r\n", "\n").split("\n\n"))
        return Message(
            subject=" ".join(self.subject.split()),
            text=tuple(part for part in paragraphs if part),
            button=" ".join(self.button.split()),
        )


def typed_of(message: Message) -> Typed:
    """A message as its form shows it."""
    return Typed(message.subject, "\n\n".join(message.text), message.button)


def words_of(rules: WaveRules, sort: Sort) -> Message:
    """The Dutch words of a message as this wave has them."""
    own = rules.own_message(sort.questionnaire, sort.kind, sort.wording)
    if own is not None:
        return own
    messages = current(sort.questionnaire).messages
    by_wording: Mapping[str, Message] = messages.messages[sort.kind] if messages else {}  # type: ignore[assignment]
    return by_wording.get(sort.wording) or next(iter(by_wording.values()))


def problem_of(typed: Typed) -> str:
    """What is wrong with it, as a sentence; "" when all is well."""
    try:
        message = typed.message
    except ValidationError:
        return NOT_COMPLETE
    texts = (message.subject, *message.text, message.button)
    if any(stray_brace(text) or piped_names(text) - set(PLACEHOLDERS) for text in texts):
        return BAD_NAME
    return NOT_COMPLETE if any(findings_in(message, ())) else ""


def keep(connection: Connection, actor: str, label: str, sort: Sort, message: Message | None) -> None:
    """Keeps the wave's own words, or goes back to those of the questionnaire with None; logged."""
    stored = stored_wave(connection, label)
    texts = {name: {kind: dict(words) for kind, words in kinds.items()}
             for name, kinds in stored.draft.rules.message_texts.items()}  # fmt: skip
    wordings = texts.setdefault(sort.questionnaire, {}).setdefault(sort.kind, {})
    wordings.pop(sort.wording, None)
    if message is not None:
        wordings[sort.wording] = message
    rules = WaveRules.model_validate(stored.draft.rules.model_copy(update={"message_texts": texts}).model_dump())
    change_wave(connection, actor, stored, replace(stored.draft, rules=rules))
