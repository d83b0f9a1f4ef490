"""A sentence for people: a catalogue message with its values, translated where it is shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.language import SOURCE_LANGUAGE, catalogue


@dataclass(frozen=True)
class Sentence:
    """A message of the catalogue with what to fill in, which may be sentences too."""

    message: str
    values: Mapping[str, object] = field(default_factory=dict)

    def text(self, language: str = SOURCE_LANGUAGE) -> str:
        """The sentence in one language."""
        filled = {
            name: value.text(language) if isinstance(value, Sentence) else value for name, value in self.values.items()
        }
        return catalogue(language).gettext(self.message) % filled
