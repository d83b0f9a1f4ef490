"""Recordings of people: a sound from the browser or from a file becomes the clip of one text.

The sound is decoded, checked and converted in a process of its own with little memory and time (`recording_process`),
because a file from outside may be made to do harm.
"""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from app.errors import N_, Unavailable
from app.settings import ROOT
from app.speech.recording_checks import Refused

MAX_FILE_MB = 10
PATIENCE_SECONDS = 30
MAX_AT_ONCE = 2  # more only wait for the same processors

TOO_LARGE = N_("Dit bestand is groter dan 10 MB. Kies een kleiner bestand, bijvoorbeeld een MP3.")
TOO_HARD = N_("Dit bestand kunnen wij niet verwerken. Sla de opname op als WAV of MP3 en stuur hem nog eens.")
BUSY = N_("Er worden nu te veel opnames verwerkt. Probeer het over een minuut nog eens.")
_places = threading.BoundedSemaphore(MAX_AT_ONCE)


@dataclass(frozen=True)
class Recording:
    """A finished clip of a person's voice, with its length and loudness."""

    mp3: bytes
    seconds: float
    lufs: float


def to_recording(file: bytes, words: str) -> Recording:
    """A checked, trimmed, levelled clip from a sound of any usual format.

    Args:
        file: WAV, MP3, M4A, or what a browser records (WebM, Ogg, MP4).
        words: what is read aloud, to judge whether the length fits.

    Raises:
        Refused: when this cannot be a recording of these words, with one Dutch sentence.
        Unavailable: when too many are being converted.
    """
    if len(file) > MAX_FILE_MB * 1024 * 1024:
        raise Refused(TOO_LARGE)
    with _a_place():
        answer, mp3 = _answered(json.dumps(words).encode() + b"\n" + file)
    if "refused" in answer:
        raise Refused(answer["refused"], **answer["values"])
    return Recording(mp3, answer["seconds"], answer["lufs"])


def _answered(request: bytes) -> tuple[dict[str, Any], bytes]:
    command = [sys.executable, "-m", "app.speech.recording_process"]
    try:
        done = subprocess.run(  # noqa: S603 - our own module; the file goes in as input, never as an argument
            command, input=request, capture_output=True, timeout=PATIENCE_SECONDS, check=False, cwd=ROOT, env={}
        )
    except subprocess.TimeoutExpired:
        raise Refused(TOO_HARD) from None
    line, _, mp3 = done.stdout.partition(b"\n")
    if done.returncode or not line:
        raise Refused(TOO_HARD)
    return json.loads(line), mp3


@contextmanager
def _a_place() -> Iterator[None]:
    if not _places.acquire(timeout=PATIENCE_SECONDS):
        raise Unavailable(BUSY)
    try:
        yield
    finally:
        _places.release()
