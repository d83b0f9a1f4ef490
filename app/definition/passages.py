"""Every text of a questionnaire with its place: what is checked, translated and read aloud.

These are the texts as written, with names still between braces, and with grids whole.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from app.definition.messages import Message
from app.definition.questionnaire import Page, Questionnaire
from app.definition.yaml_source import Path
from app.questions.question import Question

Kind = Literal[
    "title", "introduction", "phone", "block", "lead_in", "question", "hint", "option", "row", "label",
    "interviewer", "closing", "message",
]  # fmt: skip
# What only people on the phone meet; a respondent with a screen meets everything else.
SPOKEN_KINDS: frozenset[Kind] = frozenset({"phone", "interviewer"})
_KINDS: dict[str, Kind] = {
    "lead_in": "lead_in",
    "text": "question",
    "hint": "hint",
    "options": "option",
    "rows": "row",
    "low_label": "label",
    "high_label": "label",
    "interviewer": "interviewer",
}


@dataclass(frozen=True)
class Passage:
    """One text. `path` is its place in the typed questionnaire, which `Definition.fault` turns into file and line."""

    path: Path
    text: str
    kind: Kind
    question: str = ""  # code of the question it belongs to


def passages(questionnaire: Questionnaire) -> Iterator[Passage]:
    """Every text of one wording, in the order in which it is met; a text that was left out is no passage."""
    texts = questionnaire.texts
    yield Passage(("title",), texts.title, "title")
    yield from _page(texts.introduction, "introduction")
    for p, paragraph in enumerate(texts.phone.introduction):
        yield Passage(("phone", "introduction", p), paragraph, "phone")
    for b, block in enumerate(texts.blocks):
        shown = [(q, one) for q, one in enumerate(block.questions) if questionnaire.wording not in one.not_in]
        if shown or not block.questions:
            yield Passage(("blocks", b, "title"), block.title, "block")
        for q, question in shown:
            yield from question_passages(question, ("blocks", b, "questions", q))
    yield from _page(texts.closing, "closing")


def question_passages(question: Question, path: Path = ()) -> Iterator[Passage]:
    """The texts of one question; `path` is the place of the question."""
    for place, text in question.texts():
        yield Passage((*path, *place), text, _KINDS[str(place[0])], question.code)


def message_passages(message: Message, path: Path) -> Iterator[Passage]:
    """The texts of an invitation or reminder; `path` is its place in messages.yaml."""
    yield Passage((*path, "subject"), message.subject, "message")
    for p, paragraph in enumerate(message.text):
        yield Passage((*path, "text", p), paragraph, "message")
    yield Passage((*path, "button"), message.button, "message")


def _page(page: Page, kind: Kind) -> Iterator[Passage]:
    yield Passage((kind, "title"), page.title, kind)
    for p, paragraph in enumerate(page.text):
        yield Passage((kind, "text", p), paragraph, kind)
