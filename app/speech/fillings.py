"""What may come in a sentence of the pages that has `%(…)s` in it, and which texts of the pages are never heard."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from babel.messages.catalog import Message

from app.errors import Invalid
from app.questions.multiple import MultipleChoice
from app.questions.number import Number
from app.questions.question import Question

Values = Mapping[str, object]
MOST_DROPPED = 12  # so many answers that one change takes out of the count; more are read by the browser's voice
# The statement is for whoever judges the pages; the rest names the controls of pages and player.
SILENT_FILES = frozenset({f"app/templates/{name}.html" for name in ("accessibility", "languages", "page", "player")})
# Names of parts for who does not see them, titles of windows, and what only regular wordings show.
SILENT_TEXTS = frozenset(
    {
        "Fout:",
        "Hoe ver u bent",
        "Kies uw taal",
        "Let op:",
        "Of typ een cijfer met een komma, bijvoorbeeld 7,5",
        "Uw antwoorden",
        "Vorige",
    }
)
SILENT_FIELDS = (frozenset({"button", "typed"}),)  # of errors that easy screens cannot cause


def forms(message: Message) -> tuple[str, str]:
    """A text as it is for one, and for several; "" where that makes no difference."""
    return (message.id, "") if isinstance(message.id, str) else (message.id[0], message.id[1])


def is_heard(message: Message) -> bool:
    """Whether an easy page shows this text to be read."""
    files = {place[0] for place in message.locations}
    text, _ = forms(message)
    return not files <= SILENT_FILES and text not in SILENT_TEXTS and _fields(text) not in SILENT_FIELDS


def fillings(text: str, asked: Sequence[Question]) -> Iterator[Values]:
    """Everything that may be filled in, one after the other; one empty filling for a text that is whole.

    Raises:
        Invalid: when there is no rule for its fields yet.
    """
    fields = _fields(text)
    if not fields:
        yield {}
        return
    if fields not in _RULES:
        raise Invalid(f"«{text}» cannot be read aloud: say in app/speech/fillings.py what may come in {sorted(fields)}")
    yield from _RULES[fields](asked)


def _fields(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"%\((\w+)\)", text))


def _dropped(asked: Sequence[Question]) -> Iterator[Values]:
    return ({"num": number} for number in range(1, MOST_DROPPED + 1))


def _groups(asked: Sequence[Question]) -> Iterator[Values]:
    return ({"group": number} for number in range(1, 5))  # a code has four groups of four


def _bounds(asked: Sequence[Question]) -> Iterator[Values]:
    bounds = {(question.low, question.high) for question in asked if isinstance(question, Number)}
    return ({"low": low, "high": high} for low, high in sorted(bounds))


def _exclusive(asked: Sequence[Question]) -> Iterator[Values]:
    lonely = [o.text for question in asked if isinstance(question, MultipleChoice) for o in question.options
              if o.exclusive]  # fmt: skip
    return ({"option": text} for text in dict.fromkeys(lonely))


_RULES: Mapping[frozenset[str], Callable[[Sequence[Question]], Iterator[Values]]] = {
    frozenset({"num"}): _dropped,
    frozenset({"group"}): _groups,
    frozenset({"low", "high"}): _bounds,
    frozenset({"option"}): _exclusive,
}
