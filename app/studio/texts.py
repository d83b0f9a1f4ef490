"""Every text of a language that must be heard, with its clip and how it stands."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.collection.versions import current as questionnaire
from app.definition.load import REGULAR, Definition
from app.errors import N_, Invalid, NotFound
from app.fieldwork.tables import Provider
from app.language import LANGUAGES, SOURCE_LANGUAGE
from app.settings import settings
from app.speech import manifest
from app.speech.clips import folder_of
from app.speech.manifest import Entry
from app.speech.spoken import NAME, PAGES, Utterance, Utterances, named, utterances

_provider = Provider.__table__  # type: ignore[attr-defined]
GRADES = "grades"


class Status(StrEnum):
    """How a text stands; the values are those of the address."""

    RECORDED = "opname"
    VOICE = "stem"
    DRAFT = "concept"
    STALE = "verouderd"
    MISSING = "ontbreekt"


STATUS_WORDS = {
    Status.RECORDED: N_("opname"),
    Status.VOICE: N_("computerstem"),
    Status.DRAFT: N_("conceptstem"),
    Status.STALE: N_("verouderd"),
    Status.MISSING: N_("ontbreekt"),
}
PART_WORDS = {
    "text": N_("vraag"),
    "lead_in": N_("inleiding"),
    "hint": N_("uitleg"),
    "rows": N_("rij"),
    "low_label": N_("laagste cijfer"),
    "high_label": N_("hoogste cijfer"),
    "title": N_("titel"),
}
SCREEN_WORDS = {"introduction": N_("Begin van de vragenlijst"), "closing": N_("Einde van de vragenlijst")}
_BY_KIND = {"human": Status.RECORDED, "voice": Status.VOICE, "draft": Status.DRAFT}


@dataclass(frozen=True)
class Line:
    """One text with its clip. `old`: the clip of what stood here before, when the text changed."""

    utterance: Utterance
    language: str
    entry: Entry | None
    old: Entry | None
    dutch: str  # the Dutch text, for other languages

    @property
    def key(self) -> str:
        return self.utterance.hash

    @property
    def status(self) -> Status:
        if self.entry:
            return _BY_KIND[self.entry.kind]
        return Status.STALE if self.old else Status.MISSING

    @property
    def status_words(self) -> str:
        return STATUS_WORDS[self.status]

    @property
    def is_approved(self) -> bool:
        return self.entry is not None and self.entry.approved

    @property
    def sound(self) -> str:
        """The address of the clip, else of the one that was here before; "" without."""
        shown = self.entry or self.old
        return f"/geluid/{self.language}/{shown.file}" if shown else ""

    @property
    def group(self) -> str:
        """The questionnaire it belongs to, or the pages, grades or names."""
        return self.utterance.place.partition(": ")[0]

    @property
    def screen(self) -> str:
        """The question it belongs to, or a message of SCREEN_WORDS; "" outside questionnaires."""
        screen = self._where.partition(".")[0] if "/" in self.group else ""
        return SCREEN_WORDS.get(screen, screen)

    @property
    def part(self) -> str:
        """Which text of its screen: a code, or a message of PART_WORDS."""
        part = self._where.partition(".")[2] if self.screen else ""
        return PART_WORDS.get(part, "" if part.startswith("text.") else part)

    @property
    def _where(self) -> str:
        return self.utterance.place.partition(": ")[2]


@dataclass(frozen=True)
class Texts:
    """All texts of one language, in the order in which people meet them."""

    language: str
    lines: tuple[Line, ...]

    @property
    def name(self) -> str:
        return LANGUAGES[self.language]

    @cached_property
    def counts(self) -> Mapping[Status, int]:
        found = Counter(line.status for line in self.lines)
        return {status: found[status] for status in Status}

    @property
    def n_approved(self) -> int:
        return sum(line.is_approved for line in self.lines)

    def find(self, key: str) -> Line:
        """The line of a text.

        Raises:
            NotFound: when no text has this hash, for instance because it changed.
        """
        found = next((line for line in self.lines if line.key == key), None)
        if found is None:
            raise NotFound("this text is not used any more; choose one from the list")
        return found


def definitions() -> list[Definition]:
    """The questionnaires that are served; one with faults is left out, `peilwijs check` names them."""
    folder = settings().questionnaires_folder
    return [one for path in sorted(folder.glob(f"*/{REGULAR}")) for one in _served(path.parent)]


def _served(folder: Path) -> Iterator[Definition]:
    try:
        yield questionnaire(folder.name)
    except Invalid:
        return


def all_texts(connection: Connection) -> Iterator[Texts]:
    """Every language with its texts."""
    for language in LANGUAGES:
        yield texts_of(connection, language)


def texts_of(connection: Connection, language: str) -> Texts:
    """The texts of a language and the names of all providers.

    Raises:
        NotFound: when it is not one of our languages.
    """
    if language not in LANGUAGES:
        raise NotFound("this is not one of our languages; choose one from the list")
    found = utterances(definitions(), language)
    needed = {**found, **_names(connection)} if found else {}
    entries = manifest.current(folder_of(language)).entries
    return Texts(language, tuple(_lines(needed, language, entries, _dutch(language))))


def _names(connection: Connection) -> Utterances:
    return named(connection.scalars(sa.select(_provider.c.name).order_by(_provider.c.name)))


def _dutch(language: str) -> dict[tuple[str, int | None], str]:
    """The Dutch words at each place."""
    if language == SOURCE_LANGUAGE:
        return {}
    dutch = utterances(definitions(), SOURCE_LANGUAGE).values()
    return {(utterance.place, utterance.piece): utterance.words for utterance in dutch}


def _lines(
    needed: Utterances,
    language: str,
    entries: Mapping[str, Entry],
    dutch: Mapping[tuple[str, int | None], str],
) -> Iterator[Line]:
    left_over = {entry.place: entry for entry in _unused(needed, entries.values())}
    for key, utterance in needed.items():
        entry = entries.get(key)
        old = None if entry else left_over.get(utterance.place)
        yield Line(utterance, language, entry, old, dutch.get((utterance.place, utterance.piece), ""))


def _unused(needed: Utterances, entries: Iterable[Entry]) -> Iterator[Entry]:
    """What was spoken of texts that changed; names have no place of their own, so there it would say nothing."""
    return (entry for entry in entries if entry.place not in ("", NAME) and entry.hash not in needed)


def group_title(group: str) -> str:
    """What a group is called: a questionnaire by its title, the others as a message."""
    known = {PAGES: N_("Knoppen, hulp en meldingen"), GRADES: N_("Cijfers"), NAME: N_("Namen van dienstverleners")}
    if group in known:
        return known[group]
    name, _, wording = group.partition("/")
    return questionnaire(name).wordings[wording].texts.title
