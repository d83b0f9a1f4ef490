"""Clips for tests: murmurs that have the loudness and the pauses of speech, without its sense."""

import io
import random
import wave
from array import array
from pathlib import Path

from app.speech.manifest import Entry, put
from app.speech.sound import to_clip


def murmur(
    seconds: float = 2.0,
    *,
    peak: float = 0.3,
    before: float = 0.0,
    after: float = 0.0,
    rate: int = 22_050,
    seed: int = 1,
) -> bytes:
    """A WAV file: silence, syllables of noise, silence."""
    chance = random.Random(seed)
    samples = array("h", bytes(2 * int(before * rate)))
    low = 0.0
    for n in range(int(seconds * rate)):
        low = 0.7 * low + 0.3 * chance.uniform(-1, 1)
        syllable = 1.0 if (n / rate * 4) % 1 < 0.7 else 0.2
        samples.append(int(32_767 * peak * syllable * low))
    samples.frombytes(bytes(2 * int(after * rate)))
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        sound.writeframes(samples.tobytes())
    return file.getvalue()


def keep_clip(folder: Path, text: str, *, piece: int | None = None, kind: str = "draft", seed: int = 1,
              seconds: float = 0.6, place: str = "") -> Entry:  # fmt: skip
    """A clip of a text in a language's folder."""
    sound = to_clip(murmur(seconds, seed=seed))
    fields = {"file": "", "voice": "espeak", "kind": kind, "seconds": sound.seconds, "lufs": sound.lufs}
    entry = Entry.model_validate({"text": text, "piece": piece, "place": place, **fields})
    return put(folder, entry, sound.mp3)
