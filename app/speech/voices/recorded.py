"""A human voice: recorded or uploaded on the studio page, and never replaced by a machine's."""

from collections.abc import Mapping
from typing import ClassVar

from app.speech.manifest import Kind
from app.speech.voices.voice import Voice, VoiceFailed


class Recorded(Voice):
    """People speak when they have time: this voice cannot be asked for a text."""

    name: ClassVar[str] = "recorded"
    kind: ClassVar[Kind] = "human"
    languages: ClassVar[Mapping[str, str]] = {}
    at_once: ClassVar[int] = 1

    def speak(self, words: str, language: str) -> bytes:
        raise VoiceFailed(f"«{words[:60]}» is spoken by a person: record or upload it on the studio page")
