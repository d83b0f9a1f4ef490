"""Sentences for providers: why a row or a file cannot be used. Dutch is the source; translated at the edge."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.errors import Invalid
from app.language import SOURCE_LANGUAGE, catalogue

MAX_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing about a row: the columns it is about, a catalogue message and what to fill in."""

    columns: tuple[str, ...]
    message: str
    values: Mapping[str, object] = field(default_factory=dict)

    def text(self, language: str = SOURCE_LANGUAGE) -> str:
        """The sentence in one language."""
        return catalogue(language).gettext(self.message) % dict(self.values)


class Unreadable(Invalid):
    """A file that cannot be read as a delivery; nothing was stored."""

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message % values)
        self.reason = Reason((), message, values)


def shown(text: str) -> str:
    """A delivered value as it may stand in a sentence: one line, not too long."""
    plain = "".join(character if character.isprintable() else " " for character in text[: MAX_SHOWN + 1])
    return f"{plain[:MAX_SHOWN]}…" if len(text) > MAX_SHOWN else plain
