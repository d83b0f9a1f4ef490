"""The gTTS voice against a stand-in of its service, in all its moods."""

import socket
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import gtts.lang
import pytest

from app.speech.sound import to_clip
from app.speech.voices.gtts import N_TRIES, Gtts
from app.speech.voices.voice import VoiceFailed
from tests.factories.clips import murmur
from tests.factories.voice_service import VoiceService, answer_with, voice_service
from tests.surroundings.environment import SECRET, Environment

PATIENCE_SECONDS = 0.4


SOUND = to_clip(murmur(0.5)).mp3


@pytest.fixture
def service(tmp_path: Path) -> Iterator[VoiceService]:
    with (
        voice_service(lambda text: SOUND) as running,
        Environment(
            PEILWIJS_GTTS_URL=running.address,
            PEILWIJS_VOICE_TIMEOUT_SECONDS=str(PATIENCE_SECONDS),
            PEILWIJS_VAR_FOLDER=str(tmp_path),
            PEILWIJS_SECRET_KEY=SECRET,
        ),
    ):
        yield running


@pytest.fixture
def pauses() -> list[float]:
    """How long the voice waited between tries; no test waits that long."""
    return []


@pytest.fixture
def voice(pauses: list[float]) -> Gtts:
    return Gtts(pause=pauses.append)


def test_a_good_answer_is_the_sound(service: VoiceService, voice: Gtts, pauses: list[float]) -> None:
    assert voice.speak("Hoe gaat het?", "nl") == SOUND
    assert service.asked == [("Hoe gaat het?", "nl")]
    assert pauses == []


def test_a_long_text_is_asked_in_parts_and_joined(service: VoiceService, voice: Gtts) -> None:
    text = "Wij zijn een bureau voor onderzoek. " * 5 + "Wij horen niet bij de gemeente, en ook niet bij een bedrijf."
    sound = voice.speak(text, "nl")
    assert len(service.asked) > 1
    assert all(len(part) <= 100 for part, _ in service.asked)
    assert sound == SOUND * len(service.asked)
    assert to_clip(sound).seconds > 0.9 * 0.5 * len(service.asked)


@pytest.mark.parametrize("mood", ["429", "500", "502", "503", "slow", "cut", "hung up", "page", "empty", "broken",
                                  "silent"])  # fmt: skip
def test_a_bad_moment_is_tried_again(service: VoiceService, voice: Gtts, pauses: list[float], mood: str) -> None:
    service.moods = [mood]
    assert voice.speak("Ja", "nl") == SOUND
    assert len(service.asked) == 2
    assert len(pauses) == 1


@pytest.mark.parametrize(
    ("mood", "reason"),
    [
        ("429", "status 429"),
        ("500", "status 500"),
        ("slow", "no answer in 0.4 s"),
        ("cut", "no sound"),
        ("hung up", "(reset|closed)"),
        ("page", "no sound"),
        ("dripping", "no whole answer in 0.4 s"),
    ],
)
def test_after_some_tries_it_says_what_is_wrong_and_what_to_do(
    service: VoiceService, voice: Gtts, pauses: list[float], mood: str, reason: str
) -> None:
    service.moods = [mood] * 9
    with pytest.raises(VoiceFailed, match=rf"did not answer in {N_TRIES} tries \(.*{reason}.*run the same command"):
        voice.speak("Ja", "nl")
    assert len(service.asked) == N_TRIES
    assert len(pauses) == N_TRIES - 1
    if mood != "429":  # then the service says how long
        assert all(later > earlier for earlier, later in pairwise(pauses))


def test_it_waits_as_long_as_the_service_asks(service: VoiceService, voice: Gtts, pauses: list[float]) -> None:
    service.moods = ["429"]
    voice.speak("Ja", "nl")
    assert 7 <= pauses[0] <= 10


@pytest.mark.parametrize("mood", ["400", "403", "404"])
def test_a_refusal_is_not_asked_again(service: VoiceService, voice: Gtts, pauses: list[float], mood: str) -> None:
    service.moods = [mood]
    with pytest.raises(VoiceFailed, match=f"status {mood}"):
        voice.speak("Ja", "nl")
    assert len(service.asked) == 1
    assert pauses == []


def test_an_endless_answer_is_broken_off(service: VoiceService, voice: Gtts) -> None:
    service.moods = ["endless"]
    with pytest.raises(VoiceFailed, match="more than a clip"):
        voice.speak("Ja", "nl")


def test_nobody_at_the_address_is_told(service: VoiceService, voice: Gtts, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (
        Environment(PEILWIJS_GTTS_URL=f"http://127.0.0.1:{port}", PEILWIJS_SECRET_KEY=SECRET),
        pytest.raises(VoiceFailed, match="refused"),
    ):
        voice.speak("Ja", "nl")


def test_an_address_of_another_kind_is_refused(voice: Gtts) -> None:
    with (
        Environment(PEILWIJS_GTTS_URL="file:///etc/passwd", PEILWIJS_SECRET_KEY=SECRET),
        pytest.raises(VoiceFailed, match="must begin with https"),
    ):
        voice.speak("Ja", "nl")


@pytest.mark.parametrize("language", ["ti", "fa"])
def test_tigrinya_and_farsi_are_refused_before_anything_is_asked(
    service: VoiceService, voice: Gtts, language: str
) -> None:
    with pytest.raises(VoiceFailed, match=f"does not speak «{language}»"):
        voice.speak("ሰላም", language)
    assert service.asked == []


def test_every_language_of_the_voice_is_one_that_gtts_knows() -> None:
    known = gtts.lang.tts_langs()
    assert set(Gtts.languages.values()) <= set(known)
    assert not {"ti", "fa"} & set(known), "gTTS learned a language: add it"


def test_a_text_without_words_is_refused(service: VoiceService, voice: Gtts) -> None:
    with pytest.raises(VoiceFailed, match="nothing to say"):
        voice.speak("…", "nl")


def test_the_stand_in_answers_as_gtts_reads_it() -> None:
    """gTTS's own way of reading an answer finds the sound in that of the stand-in."""
    import base64
    import re

    found = [re.search(r'jQ1olc","\[\\"(.*)\\"]', line) for line in answer_with(b"sound").decode().splitlines()]
    assert [base64.b64decode(one[1]) for one in found if one] == [b"sound"]
