"""espeak-ng in a process of its own: offline, the same every time, in all our languages."""

from pathlib import Path

import pytest

from app.errors import Invalid
from app.language import LANGUAGES
from app.speech.sound import to_clip
from app.speech.voices import VOICES, espeak
from app.speech.voices.espeak import Espeak
from app.speech.voices.voice import VoiceFailed

HELLO = {"ar": "مرحبا بكم", "fa": "خوش آمدید", "uk": "Ласкаво просимо", "ti": "ሰላም ንዓኹም"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_speaks_every_language_that_we_offer(language: str) -> None:
    clip = to_clip(Espeak().speak(HELLO.get(language, "Hallo, welkom"), language))
    assert 0.4 < clip.seconds < 4


def test_a_longer_text_takes_longer_and_equal_words_sound_equal() -> None:
    short, long = (Espeak().speak(words, "nl") for words in ("Ja", "Ja, daar ben ik heel erg tevreden over."))
    assert len(long) > 3 * len(short)
    assert Espeak().speak("Ja", "nl") == short


def test_languages_sound_different() -> None:
    assert Espeak().speak("zes", "nl") != Espeak().speak("zes", "en")


def test_a_language_that_it_does_not_speak_is_refused() -> None:
    with pytest.raises(VoiceFailed, match="does not speak «xx»"):
        Espeak().speak("Ja", "xx")


def test_words_are_never_an_argument_or_markup() -> None:
    clip = to_clip(Espeak().speak("--voice=nl; <speak>$(id)</speak> [[x]] \x07 ja", "nl"))
    assert clip.seconds > 1


def test_a_text_without_words_gives_no_clip() -> None:
    with pytest.raises(Invalid, match="silence"):
        to_clip(Espeak().speak(" ", "nl"))


def test_a_process_that_dies_harms_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dying = tmp_path / "dying.py"
    dying.write_text("import ctypes; ctypes.string_at(0)")
    monkeypatch.setattr(espeak, "PROCESS", dying)
    with pytest.raises(VoiceFailed, match="could not speak «Ja»"):
        Espeak().speak("Ja", "nl")


def test_a_process_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hanging = tmp_path / "hanging.py"
    hanging.write_text("import time; time.sleep(60)")
    monkeypatch.setattr(espeak, "PROCESS", hanging)
    monkeypatch.setattr(espeak, "PATIENCE_SECONDS", 0.3)
    with pytest.raises(VoiceFailed, match="longer than"):
        Espeak().speak("Ja", "nl")


def test_every_voice_is_listed_under_its_name() -> None:
    assert all(voice.name == name for name, voice in VOICES.items())
    assert {"recorded", "gtts", "espeak"} <= set(VOICES)


def test_a_person_cannot_be_asked_by_a_program() -> None:
    with pytest.raises(VoiceFailed, match="studio"):
        VOICES["recorded"]().speak("Ja", "nl")
