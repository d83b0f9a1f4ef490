"""Piped text: `{provider}` or `{grade}` in a text becomes a case fact or an earlier answer in words.

A name between braces is looked up and inserted as it is; nothing is evaluated, formatted or piped again.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

_PIPED = re.compile(r"\{([a-z][a-z0-9_]{0,39})\}")
_BRACE = re.compile(r"[{}]")
NOT_GIVEN = "…"
# A name in Latin letters would draw the full stop or bracket beside it along to the wrong side of a line that runs
# from right to left. These marks, which nobody sees, keep it apart.
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff]")
ISOLATE, END_OF_ISOLATE = "\u2068", "\u2069"


class Piped(str):
    """A text with its names filled in, which remembers what was written and what was filled in where.

    Read aloud needs this: the pieces around a name have clips, a name has one of its own or is left nameless.
    """

    __slots__ = ("template", "values")
    template: str
    values: Mapping[str, str]

    def __new__(cls, text: str, template: str, values: Mapping[str, str]) -> "Piped":
        self = super().__new__(cls, text)
        self.template = template
        self.values = values
        return self

    def __copy__(self) -> "Piped":
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> "Piped":
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return (Piped, (str(self), self.template, dict(self.values)))


def piped_names(text: str) -> frozenset[str]:
    """The names a text pipes."""
    return frozenset(_PIPED.findall(text)) if "{" in text else frozenset()


def stray_brace(text: str) -> bool:
    """Whether braces are left that pipe nothing: a typing error of the author."""
    return bool(_BRACE.search(_PIPED.sub("", text)))


def pipe(text: str, values: Mapping[str, str]) -> str:
    """Fills in piped names; an answer not given leaves three dots, never a brace."""
    if "{" not in text:
        return text
    names = dict.fromkeys(_PIPED.findall(text))
    if not names:
        return text
    before, after = (ISOLATE, END_OF_ISOLATE) if _RIGHT_TO_LEFT.search(text) else ("", "")
    filled = _PIPED.sub(lambda found: before + (values.get(found[1]) or NOT_GIVEN) + after, text)
    return Piped(filled, str(text), {name: values.get(name, "") for name in names})


def pieces(template: str) -> Iterator[tuple[int | None, str]]:
    """A text in the order in which it is heard: `(number, words)` for what is written, `(None, name)` for a name.

    Full stops and commas that are left alone between two names are not heard, so they are no piece.
    """
    for number, part in enumerate(_PIPED.split(template)):
        if number % 2:
            yield None, part
        elif words := _heard(part):
            yield number, words


def piece_words(text: str, piece: int | None) -> str:
    """The words of one piece, or of a text that is heard whole; "" for a piece that the text does not have."""
    if piece is None:
        return text
    parts = _PIPED.split(text)
    return _heard(parts[piece]) if 0 <= piece < len(parts) else ""


def _heard(part: str) -> str:
    """Without the comma or full stop that belonged to the name before it; "" when no word is left."""
    words = re.sub(r"^[\s.,;:!?)\]»”’،؛؟።፣…-]+", "", part).strip()
    return words if any(character.isalnum() for character in words) else ""
