"""What the pages of the studio show."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from app.errors import N_
from app.language import direction
from app.speech.recording_checks import plausible_seconds
from app.speech.recordings import MAX_FILE_MB
from app.speech.voices.espeak import Espeak
from app.studio.choosing import CHOICES, WITHOUT_RECORDING, Chosen, Step, step
from app.studio.texts import Line, Status, Texts, group_title

DONE = {
    "bewaard": N_("De opname is bewaard. Luister of hij goed is, en keur hem dan goed."),
    "goedgekeurd": N_("De opname is goedgekeurd."),
    "ingetrokken": N_("De goedkeuring is ingetrokken."),
    "weg": N_("De opname is verwijderd."),
}
BAR_WIDTH = 200


@dataclass(frozen=True)
class Part:
    """One coloured part of a bar."""

    status: Status
    n_texts: int
    start: float
    width: float


@dataclass(frozen=True)
class LanguageLine:
    """How far one language is."""

    texts: Texts
    bar: tuple[Part, ...]

    @property
    def n_texts(self) -> int:
        return len(self.texts.lines)


@dataclass(frozen=True)
class Choice:
    """One status to choose, with how many texts have it."""

    value: str
    words: str
    n_texts: int
    query: str
    is_chosen: bool


@dataclass(frozen=True)
class Group:
    """The texts of one questionnaire, or the buttons, grades or names; `screens` by question, "" without."""

    title: str
    name: str
    screens: tuple[tuple[str, tuple[Line, ...]], ...]


@dataclass(frozen=True)
class ListPage:
    """The list of texts."""

    texts: Texts
    choice: Chosen
    choices: tuple[Choice, ...]
    groups: tuple[Group, ...]
    n_shown: int
    direction: str


@dataclass(frozen=True)
class TextPage:
    """One text."""

    texts: Texts
    line: Line
    choice: Chosen
    step: Step
    done: str
    longest_seconds: int
    max_mb: int
    has_draft: bool
    group: str


def language_list(found: Iterable[Texts]) -> tuple[LanguageLine, ...]:
    """Those with texts first, in the order of the languages."""
    lines = [LanguageLine(texts, tuple(_bar(texts))) for texts in found]
    return tuple(sorted(lines, key=lambda line: not line.n_texts))


def _bar(texts: Texts) -> Iterator[Part]:
    start = 0.0
    for status, n_texts in texts.counts.items():
        width = BAR_WIDTH * n_texts / max(len(texts.lines), 1)
        if n_texts:
            yield Part(status, n_texts, round(start, 2), round(width, 2))
        start += width


def list_page(texts: Texts, choice: Chosen) -> ListPage:
    """The chosen texts in groups."""
    shown = [line for line in texts.lines if choice.has(line)]
    return ListPage(
        texts, choice, tuple(_choices(texts, choice)), tuple(_groups(shown)), len(shown), direction(texts.language)
    )


def _choices(texts: Texts, choice: Chosen) -> Iterator[Choice]:
    for value, words in CHOICES.items():
        other = Chosen(value, choice.search)
        n_texts = sum(other.has(line) for line in texts.lines)
        # what no text has is not worth a link, but what is chosen stays visible
        if n_texts or value in ("", WITHOUT_RECORDING, choice.status):
            yield Choice(value, words, n_texts, other.query, value == choice.status)


def _groups(lines: Iterable[Line]) -> Iterator[Group]:
    for name, in_group in groupby(sorted_by_group(lines), lambda line: line.group):
        screens = groupby(in_group, lambda line: line.screen)
        yield Group(group_title(name), name, tuple((screen, tuple(on_screen)) for screen, on_screen in screens))


def sorted_by_group(lines: Iterable[Line]) -> list[Line]:
    """Each group together, groups in the order in which their first text is met."""
    groups: dict[str, list[Line]] = {}
    for line in lines:
        groups.setdefault(line.group, []).append(line)
    return [line for group in groups.values() for line in group]


def text_page(texts: Texts, line: Line, choice: Chosen, done: str) -> TextPage:
    """One text among those chosen."""
    longest = int(plausible_seconds(line.utterance.words)[1]) + 2  # a breath before and after
    return TextPage(
        texts,
        line,
        choice,
        step(texts, line, choice),
        DONE.get(done, ""),
        longest,
        MAX_FILE_MB,
        texts.language in Espeak.languages,
        group_title(line.group),
    )
