"""Makes the clips that are missing, several at once. What is done stays done, whatever comes between."""

import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path

from app.clock import now
from app.errors import Invalid
from app.speech.checking import clip_problem, pace_problem, unused
from app.speech.manifest import RANK, Entry, Manifest, editing, load, put_file
from app.speech.sound import to_clip
from app.speech.spoken import Utterance, Utterances
from app.speech.voices.voice import Voice, VoiceFailed, spoken_by

KEPT_EVERY_SECONDS = 1.0
GIVES_UP_AFTER = 5  # failures in a row: the voice itself is out of order
LEFT_ALONE_SECONDS = 600  # a file without entry may be that of somebody building at this moment

Made = tuple[Utterance, Entry]


@dataclass
class Outcome:
    """How a build went."""

    n_made: int = 0
    failures: list[str] = field(default_factory=list)
    gave_up: bool = False


def lacking(folder: Path, needed: Utterances, manifest: Manifest, voice: Voice) -> list[Utterance]:
    """What this voice has to speak: what has no clip, a damaged one, or one of a lesser voice. A recording is left
    as it is, even when it is not right: that is for a person to judge."""
    return [utterance for key, utterance in needed.items()
            if _is_lacking(folder, utterance, manifest.entries.get(key), voice)]  # fmt: skip


def _is_lacking(folder: Path, utterance: Utterance, entry: Entry | None, voice: Voice) -> bool:
    if entry is None:
        return True
    if entry.kind == "human":
        return False
    return RANK[entry.kind] < RANK[voice.kind] or bool(clip_problem(folder, entry, utterance.words))


def build(
    folder: Path, language: str, todo: Iterable[Utterance], voice: Voice, tell: Callable[[int], None] = lambda n: None
) -> Outcome:
    """Speaks everything on the list and keeps it, a few clips at a time.

    Args:
        tell: called with the number of texts that are done since the last call.

    Raises:
        VoiceFailed: when the voice does not speak this language.
    """
    spoken_by(voice, language)
    outcome, waiting, made = Outcome(), iter(todo), list[Made]()
    n_failed_in_a_row, kept_at = 0, time.monotonic()
    with ThreadPoolExecutor(voice.at_once) as pool:
        running: dict[Future[Entry], Utterance] = {}
        try:
            while not outcome.gave_up and _start(pool, running, waiting, folder, language, voice):
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    failed = _take(future, running.pop(future), made, outcome)
                    n_failed_in_a_row = n_failed_in_a_row + 1 if failed else 0
                    tell(1)
                outcome.gave_up = n_failed_in_a_row >= GIVES_UP_AFTER
                if time.monotonic() - kept_at > KEPT_EVERY_SECONDS:
                    _keep(folder, made, outcome)
                    kept_at = time.monotonic()
        finally:
            for future in running:
                future.cancel()
            _keep(folder, made, outcome)
    return outcome


def _start(
    pool: ThreadPoolExecutor,
    running: dict[Future[Entry], Utterance],
    waiting: Iterator[Utterance],
    folder: Path,
    language: str,
    voice: Voice,
) -> bool:
    """Keeps the voice busy; False when there is nothing left to wait for."""
    while len(running) < voice.at_once and (utterance := next(waiting, None)):
        running[pool.submit(_make, folder, language, utterance, voice)] = utterance
    return bool(running)


def _make(folder: Path, language: str, utterance: Utterance, voice: Voice) -> Entry:
    sound = to_clip(voice.speak(utterance.words, language))
    if problem := pace_problem(sound.seconds, utterance.words):
        raise VoiceFailed(f"what the voice {voice.name} gave {problem}")
    return Entry(
        text=utterance.text,
        piece=utterance.piece,
        place=utterance.place,
        file=put_file(folder, sound.mp3),
        voice=voice.name,
        kind=voice.kind,
        seconds=sound.seconds,
        lufs=sound.lufs,
    )


def _take(future: Future[Entry], utterance: Utterance, made: list[Made], outcome: Outcome) -> bool:
    """Whether this one failed."""
    try:
        made.append((utterance, future.result()))
    except (VoiceFailed, Invalid) as error:
        outcome.failures.append(f"{utterance.place}: {error}")
        return True
    return False


def _keep(folder: Path, made: list[Made], outcome: Outcome) -> None:
    """Enters what was made, unless a person recorded the text meanwhile."""
    if not made:
        return
    with editing(folder) as entries:
        for _, entry in made:
            old = entries.get(entry.hash)
            if old is None or old.kind != "human":
                entries[entry.hash] = entry
                outcome.n_made += 1
    made.clear()


def prune(folder: Path, needed: Utterances) -> tuple[int, int]:
    """Removes what a machine spoke and nobody needs any more, and files that belong to no clip.

    Returns:
        How many clips and files are gone. Recordings stay: a text may come back, a person's time does not.
    """
    n_clips = n_files = 0
    with editing(folder) as entries:
        for entry in unused(needed, load(folder)):
            if entry.kind != "human":
                del entries[entry.hash]
                n_clips += 1
    wanted = {entry.file for entry in load(folder).entries.values()}
    for path in (*folder.glob("*.mp3"), *folder.glob(".*.part")):
        if path.name not in wanted and now().timestamp() - path.stat().st_mtime > LEFT_ALONE_SECONDS:
            path.unlink(missing_ok=True)
            n_files += 1
    return n_clips, n_files
