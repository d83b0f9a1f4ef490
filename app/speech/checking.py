"""What is wrong with the clips of a language: missing, stale, damaged, too loud, too quiet, too short or too long."""

from collections.abc import Iterator
from pathlib import Path

from app.errors import Invalid
from app.speech.manifest import Entry, Manifest, content_hash
from app.speech.recording_checks import plausible_seconds
from app.speech.sound import TARGET_LUFS, TOLERANCE_LU, measure
from app.speech.spoken import NAME, Utterance, Utterances


def problems(folder: Path, needed: Utterances, manifest: Manifest, listens: bool = False) -> Iterator[str]:
    """One sentence per clip that is missing or not right.

    Args:
        needed: everything that must be heard.
        listens: also measure every clip again, instead of trusting what was measured when it was made.
    """
    by_place = {entry.place: entry for entry in manifest.entries.values() if entry.place}
    for key, utterance in needed.items():
        entry = manifest.entries.get(key)
        if entry is None:
            yield f"{_named(utterance)} {_lacking(utterance, by_place.get(utterance.place))}"
        elif problem := clip_problem(folder, entry, utterance.words, listens):
            yield f"{_named(utterance)} {problem}"


def unused(needed: Utterances, manifest: Manifest) -> tuple[Entry, ...]:
    """Clips of texts that nobody meets any more. Names of providers are always wanted."""
    return tuple(entry for key, entry in manifest.entries.items() if key not in needed and entry.place != NAME)


def clip_problem(folder: Path, entry: Entry, words: str, listens: bool = False) -> str:
    """What is wrong with one clip; "" when nothing is."""
    path = folder / entry.file
    try:
        mp3 = path.read_bytes()
    except OSError:
        return f"lost its file {entry.file}; build it, or record it again"
    if content_hash(mp3) != path.stem:
        return f"is damaged: {entry.file} is not the file that was stored; build it, or record it again"
    seconds, lufs = entry.seconds, entry.lufs
    if listens:
        try:
            seconds, lufs = measure(mp3)
        except Invalid as error:
            return f"is damaged: {error}"
    return _loudness_problem(lufs) or pace_problem(seconds, words)


def _named(utterance: Utterance) -> str:
    return f"{utterance.place}: the clip «{utterance.words[:60]}»"


def _lacking(utterance: Utterance, old: Entry | None) -> str:
    if old is None or old.words == utterance.words:
        return "is missing; run: peilwijs audio build" if old is None else "is stale: the text around it changed"
    return f"is stale: it still says «{old.words[:60]}»"


def _loudness_problem(lufs: float) -> str:
    if abs(lufs - TARGET_LUFS) <= TOLERANCE_LU:
        return ""
    return f"is too {'loud' if lufs > TARGET_LUFS else 'quiet'}: {lufs} LUFS, where {TARGET_LUFS} is meant"


def pace_problem(seconds: float, words: str) -> str:
    """Whether these words can be said in this time; "" when they can."""
    least, most = plausible_seconds(words)
    if least <= seconds <= most:
        return ""
    return f"takes {seconds} s, where {least:.1f} to {most:.1f} s fit these words; build it, or record it again"
