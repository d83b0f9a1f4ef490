"""What every voice offers."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar

from app.errors import PeilwijsError
from app.speech.manifest import Kind


class VoiceFailed(PeilwijsError):
    """A voice gave no sound for a text; the sentence says why."""


class Voice(ABC):
    """A way to get speech. `languages`: ours → the voice's own name; a language not named cannot be spoken."""

    name: ClassVar[str]
    kind: ClassVar[Kind]
    languages: ClassVar[Mapping[str, str]]
    at_once: ClassVar[int]  # how many texts it can speak at the same time without harm

    @abstractmethod
    def speak(self, words: str, language: str) -> bytes:
        """The words as a sound file of any usual format.

        Raises:
            VoiceFailed: when there is no sound, with the reason.
        """


def spoken_by(voice: Voice, language: str) -> str:
    """The voice's own name of a language.

    Raises:
        VoiceFailed: when the voice does not speak it.
    """
    if language not in voice.languages:
        known = ", ".join(sorted(voice.languages)) or "none"
        raise VoiceFailed(f"the voice {voice.name} does not speak «{language}»; it speaks: {known}")
    return voice.languages[language]
