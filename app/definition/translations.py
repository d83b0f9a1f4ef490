"""A questionnaire in another language: the same codes and routes in other words.

Texts are translated as they were written, with names still between braces. A translation that does not pipe exactly
what the Dutch text pipes counts as none.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import getitem
from typing import Any

from app.definition.load import Definition
from app.definition.passages import Passage, message_passages, passages
from app.definition.piping import piped_names, stray_brace
from app.definition.questionnaire import Questionnaire, Texts
from app.language import Translation


@dataclass(frozen=True)
class Coverage:
    """How far texts are translated into one language."""

    n_texts: int
    n_reviewed: int
    n_drafted: int

    def is_complete(self, with_drafts: bool) -> bool:
        return self.n_reviewed + (self.n_drafted if with_drafts else 0) == self.n_texts


def translated_wording(definition: Definition) -> str | None:
    """The wording that exists in other languages: the easy one; None when all wordings are for good readers."""
    return next((name for name, one in definition.wordings.items() if one.is_low_threshold), None)


def texts_to_translate(questionnaire: Questionnaire) -> tuple[str, ...]:
    """Every text once that a respondent meets, on a screen or over the telephone."""
    return tuple(dict.fromkeys(one.text for one in passages(questionnaire) if one.kind != "interviewer"))


def messages_to_translate(definition: Definition) -> Iterator[Passage]:
    """The texts of invitations and reminders to people who get the easy wording."""
    wording = translated_wording(definition)
    for kind, by_wording in definition.messages.messages.items() if definition.messages else ():
        for name, message in by_wording.items():
            if name == wording:
                yield from message_passages(message, ("messages", kind, name))


def coverage(texts: Iterable[str], translations: Mapping[str, Translation]) -> Coverage:
    """How many of these texts can be shown in the language of a catalogue."""
    asked = tuple(texts)
    usable = [found for text in asked if (found := translations.get(text)) and is_usable(text, found)]
    n_drafted = sum(found.is_draft for found in usable)
    return Coverage(len(asked), len(usable) - n_drafted, n_drafted)


def is_usable(text: str, translation: Translation) -> bool:
    """Whether it is filled in, with the same names between braces."""
    names = piped_names(text)
    return translation.is_filled and all(piped_names(t) == names and not stray_brace(t) for t in translation.forms)


def translated(questionnaire: Questionnaire, translate: Callable[[str], str], decimal_mark: str) -> Questionnaire:
    """The questionnaire in the words that `translate` gives; interviewer instructions stay as they are.

    This takes milliseconds, so whoever needs it often keeps the outcome.
    """
    tree: Any = questionnaire.texts.model_dump(mode="json", serialize_as_any=True)
    for passage in passages(questionnaire):
        if passage.kind != "interviewer":
            *way, last = passage.path
            reduce(getitem, way, tree)[last] = translate(passage.text)
    for block in tree["blocks"]:
        for question in block["questions"]:
            if "decimal_mark" in question:
                question["decimal_mark"] = decimal_mark
    return Questionnaire(Texts.model_validate(tree), questionnaire.wording)
