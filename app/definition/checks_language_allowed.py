"""allowed.yaml: hard words and sentences that stay in the easy pages, each with the reason.

    words:
      universiteit: The name of the school itself; who went there knows it.
    sentences:
      Ik bel niet voor de school.: Who is called has to know that the school does not listen.

An entry without a reason, or for a word that is hard nowhere any more, is itself a fault.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from app.definition.yaml_source import Fault, Source

ALLOWED = "allowed.yaml"
SECTIONS = ("words", "sentences")
_MIN_REASON_LETTERS = 15


class Allowed:
    """What one questionnaire allows, and which of it was needed."""

    def __init__(self, source: Source | None = None) -> None:
        self._source = source
        self._reasons = {section: _named(source, section) for section in SECTIONS}
        self._needed: set[tuple[str, str]] = set()

    def word(self, word: str) -> bool:
        """Whether this word is allowed; asking for it shows that the entry is needed."""
        return self._take("words", word.lower())

    def sentence(self, sentence: str) -> bool:
        """Whether this whole sentence, or a whole text, is allowed."""
        return self._take("sentences", sentence)

    def _take(self, section: str, key: str) -> bool:
        if key not in self._reasons[section]:
            return False
        self._needed.add((section, key))
        return True

    def faults(self) -> Iterator[Fault]:
        """What is wrong with the file itself, to be asked for after every text has been checked."""
        if self._source is None:
            return
        for section in self._source.tree:
            if section not in SECTIONS:
                yield self._source.fault((section,), f"«{section}» is unknown; this file holds words and sentences")
            elif not isinstance(self._source.tree[section], dict):
                yield self._source.fault((section,), f"under «{section}» stands a reason per entry")
        for section, reasons in self._reasons.items():
            for key, reason in reasons.items():
                if not isinstance(reason, str) or len(reason.strip()) < _MIN_REASON_LETTERS:
                    sentence = f"«{key}» is allowed without a reason; write in a sentence why it has to stay"
                    yield self._source.fault((section, key), sentence)
                elif section == "words" and key != key.lower():
                    yield self._source.fault((section, key), f"write «{key.lower()}» in small letters here")
                elif (section, key) not in self._needed:
                    sentence = f"«{key}» need not be allowed: no check stumbles over it any more; remove the entry"
                    yield self._source.fault((section, key), sentence)


def _named(source: Source | None, section: str) -> Mapping[str, Any]:
    reasons = source.tree.get(section) if source is not None else None
    return reasons if isinstance(reasons, dict) else {}
