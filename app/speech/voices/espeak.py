"""espeak-ng: a draft voice that works offline and speaks all our languages, none of them well.

The library runs in a process of its own: it keeps its state in globals, and what goes wrong in it stays there.
"""

import io
import os
import subprocess
import sys
import wave
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from app.speech.manifest import Kind
from app.speech.voices.voice import Voice, VoiceFailed, spoken_by

PROCESS = Path(__file__).with_name("espeak_process.py")
WORDS_PER_MINUTE = 140  # slower than its own 175: for people who are learning the language
SAMPLE_RATE = 22_050
PATIENCE_SECONDS = 60


class Espeak(Voice):
    """Speaks at one pace, the same sound for the same words every time."""

    name: ClassVar[str] = "espeak"
    kind: ClassVar[Kind] = "draft"
    # As espeak-ng 1.52 names them. Its Tigrinya and Farsi are rough: many words are spelt or guessed.
    languages: ClassVar[Mapping[str, str]] = {
        "nl": "nl",
        "en": "en",
        "ar": "ar",
        "tr": "tr",
        "pl": "pl",
        "uk": "uk",
        "fr": "fr",
        "es": "es",
        "fa": "fa",
        "ti": "ti",
    }
    at_once: ClassVar[int] = os.cpu_count() or 1

    def speak(self, words: str, language: str) -> bytes:
        command = [sys.executable, "-I", str(PROCESS), spoken_by(self, language), str(WORDS_PER_MINUTE)]
        try:
            done = subprocess.run(  # noqa: S603 - our own file; the words go in as input, never as an argument
                command, input=words.encode(), capture_output=True, timeout=PATIENCE_SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            raise VoiceFailed(f"espeak-ng took longer than {PATIENCE_SECONDS} s over «{words[:60]}»") from None
        if done.returncode or not done.stdout:
            said = (done.stderr.decode(errors="replace").strip().splitlines() or ["no sound came out"])[-1]
            raise VoiceFailed(f"espeak-ng could not speak «{words[:60]}»: {said}")
        return _as_wave(done.stdout)


def _as_wave(samples: bytes) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(SAMPLE_RATE)
        sound.writeframes(samples)
    return file.getvalue()
