"""Which texts to show: a status and some words, both in the address; and the one before and after."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from app.errors import N_
from app.studio.texts import STATUS_WORDS, Line, Status, Texts

WITHOUT_RECORDING = "zonder-opname"
TO_APPROVE = "nakijken"
# value in the address → words; the order is that of the page
CHOICES: Mapping[str, str] = {
    "": N_("alle"),
    WITHOUT_RECORDING: N_("nog op te nemen"),
    TO_APPROVE: N_("nog goed te keuren"),
    **{str(status): words for status, words in STATUS_WORDS.items()},
}


@dataclass(frozen=True)
class Chosen:
    """A choice of texts. What the address does not name rightly counts as no choice."""

    status: str = ""
    search: str = ""

    @property
    def query(self) -> str:
        """The choice for an address, with its question mark; "" when everything is shown."""
        given = {"status": self.status, "zoek": self.search}
        query = urlencode({name: value for name, value in given.items() if value})
        return f"?{query}" if query else ""

    @property
    def words(self) -> str:
        return CHOICES[self.status]

    def has(self, line: Line) -> bool:
        return self._has_status(line) and self._has_words(line)

    def _has_status(self, line: Line) -> bool:
        if self.status == WITHOUT_RECORDING:
            return line.status is not Status.RECORDED
        if self.status == TO_APPROVE:
            return line.status is Status.RECORDED and not line.is_approved
        return not self.status or line.status == self.status

    def _has_words(self, line: Line) -> bool:
        wanted = self.search.casefold()
        places = (line.utterance.words, line.dutch, line.utterance.place)
        return any(wanted in place.casefold() for place in places)


def chosen(parameters: Mapping[str, str]) -> Chosen:
    """The choice in an address."""
    status = parameters.get("status", "")
    return Chosen(status if status in CHOICES else "", parameters.get("zoek", "").strip()[:100])


@dataclass(frozen=True)
class Step:
    """Where a text stands among those chosen. `number` counts from 1; 0 when it is not among them any more."""

    number: int
    n_all: int
    before: Line | None
    after: Line | None


def step(texts: Texts, line: Line, choice: Chosen) -> Step:
    """The chosen texts around one text, which may itself be chosen no longer since it was recorded."""
    here = texts.lines.index(line)
    before = next((other for other in reversed(texts.lines[:here]) if choice.has(other)), None)
    after = next((other for other in texts.lines[here + 1 :] if choice.has(other)), None)
    among = [other for other in texts.lines if choice.has(other)]
    number = among.index(line) + 1 if line in among else 0
    return Step(number, len(among), before, after)
