"""The clip of a text, for the pages: `clip(text)` in every template.

A text that was filled in is heard as its pieces one after the other, with the name between them where the name has a
clip, and with *this company* where it has none.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from app.definition.nameless import Name
from app.definition.piping import Piped, pieces
from app.language import catalogue
from app.settings import settings
from app.speech.manifest import EMPTY, Entry, Manifest, current, n_writes

MAX_JOINED = 24  # a question and every option of a long multiple choice
JOINT = "+"
MAX_KEPT = 4096
LOOK_EVERY_SECONDS = 0.5  # for what another process wrote; what this one wrote is seen at once
_looked_at: dict[Path, tuple[Manifest, int, float]] = {}
LIST_JOINT = "; "  # between the chosen options of a multiple choice, as overviews show them


@dataclass(frozen=True)
class Clip:
    """What a page needs to let a text be heard."""

    address: str
    seconds: float
    is_draft: bool  # spoken by a machine of which the browser may have a better one


def folder_of(language: str) -> Path:
    """Where the clips of a language are kept."""
    return _folder(settings().audio_folder, language)


@lru_cache(maxsize=64)
def _folder(audio_folder: Path, language: str) -> Path:
    """Every text of every page asks, and putting paths together is slow."""
    return audio_folder / language


def manifest_of(language: str) -> Manifest:
    """The manifest of a language, as it was at most half a second ago: every text of every page asks."""
    folder = folder_of(language)
    kept = _looked_at.get(folder)
    if kept is None or kept[1] != n_writes() or time.monotonic() - kept[2] > LOOK_EVERY_SECONDS:
        kept = (current(folder), n_writes(), time.monotonic())
        _looked_at[folder] = kept
    return kept[0]


def finder(language: str) -> Callable[[str], Clip | None]:
    """The function `clip` for the templates of one language; None = this text cannot be heard from us."""

    known: tuple[Manifest, dict[str, Clip]] = (EMPTY, {})

    def clip(text: str) -> Clip | None:
        nonlocal known
        manifest = manifest_of(language)
        if manifest is not known[0] or len(known[1]) > MAX_KEPT:
            known = (manifest, {})  # one step, so that no thread enters an old clip among the new
        kept = known[1]
        if isinstance(text, Piped):  # what it is made of matters, not only how it reads
            return _clip(text, manifest, language)
        if text not in kept:
            if (found := _clip(text, manifest, language)) is None:
                return None  # not kept: it may be somebody's own words
            kept[text] = found
        return kept[text]

    return clip


def _clip(text: str, manifest: Manifest, language: str) -> Clip | None:
    entries = _entries(text, manifest, language)
    if not entries or len(entries) > MAX_JOINED:
        return None
    names = JOINT.join(entry.file.removesuffix(".mp3") for entry in entries)
    return Clip(
        f"/geluid/{language}/{names}.mp3",
        round(sum(entry.seconds for entry in entries), 2),
        any(entry.kind == "draft" for entry in entries),
    )


def version(language: str) -> tuple[int, int]:
    """Changes whenever a clip of this language changes: for whoever keeps rendered pages."""
    return manifest_of(language).version


def _entries(text: str, manifest: Manifest, language: str) -> list[Entry] | None:
    """The clips that together say this text, in order; None when one is missing."""
    if entry := manifest.find(text):
        return [entry]
    if isinstance(text, Piped):
        return _all(_piece(text, number, part, manifest, language) for number, part in pieces(text.template))
    if LIST_JOINT in text:
        return _all(_entries(part, manifest, language) for part in text.split(LIST_JOINT))
    return None


def _piece(text: Piped, number: int | None, part: str, manifest: Manifest, language: str) -> list[Entry] | None:
    if number is not None:
        entry = manifest.find(text.template, number)
        return [entry] if entry else None
    value = text.values.get(part, "")
    spoken = _entries(value, manifest, language) if value else []  # an answer not given is not heard
    if not spoken and isinstance(value, Name) and value.nameless:
        return _entries(catalogue(language).gettext(value.nameless), manifest, language)
    return spoken


def _all(found: Iterator[list[Entry] | None]) -> list[Entry] | None:
    """All together, or None as soon as one is missing."""
    entries: list[Entry] = []
    for part in found:
        if part is None:
            return None
        entries += part
    return entries
