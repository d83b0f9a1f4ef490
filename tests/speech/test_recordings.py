"""A recording of a person becomes a clip, or is refused with a sentence that helps. No file can do harm."""

import io
import math
import random
import struct
import subprocess
import sys
import time
from array import array
from pathlib import Path

import av
import pytest

from app.errors import Unavailable
from app.speech import recordings
from app.speech.recording_checks import DISTORTED, NOISE, SILENT, Refused, plausible_seconds
from app.speech.recording_checks import TOO_LONG as LONG_FOR_TEXT
from app.speech.recording_checks import TOO_SHORT as SHORT_FOR_TEXT
from app.speech.recording_decoding import DAMAGED, EMPTY, INCOMPLETE, TOO_LONG, UNKNOWN, VIDEO
from app.speech.recordings import TOO_HARD, TOO_LARGE, to_recording
from tests.factories.recorded import FORMATS, RATE, WORDS, film, packed, spoken, waved

# a WAV that tells of 4 GB, four thousand million samples in every second
TELLING = struct.pack("<HHIIHH", 1, 1, 4_000_000_000, 4_000_000_000, 2, 16)
BOMB = b"RIFF\xff\xff\xff\xffWAVEfmt \x10\x00\x00\x00" + TELLING + b"data\xff\xff\xff\xff" + bytes(10_000)


def refusal(file: bytes, words: str = WORDS) -> str:
    with pytest.raises(Refused) as refused:
        to_recording(file, words)
    assert str(refused.value) == (refused.value.message % refused.value.values or refused.value.message)
    return refused.value.message


def louder(samples: bytes, gain: float) -> bytes:
    values = array("h", samples)
    return array("h", [max(-32_768, min(32_767, round(value * gain))) for value in values]).tobytes()


def hum(n_seconds: float, level: float) -> bytes:
    values = (round(32_767 * level * math.sin(2 * math.pi * 100 * n / RATE)) for n in range(int(n_seconds * RATE)))
    return array("h", values).tobytes()


@pytest.mark.parametrize("kind", FORMATS)
def test_every_usual_format_becomes_a_clip_of_the_same_make(kind: str) -> None:
    made = to_recording(packed(kind), WORDS)
    with av.open(io.BytesIO(made.mp3)) as clip:
        sound = clip.streams.audio[0]
        assert (sound.codec_context.name, sound.codec_context.sample_rate, sound.codec_context.channels) == (
            "mp3float", 24_000, 1,
        )  # fmt: skip
    assert made.lufs == pytest.approx(-19, abs=1.5)
    assert made.seconds == pytest.approx(len(spoken()) / 2 / RATE, abs=0.7)


def test_silence_around_the_words_is_cut_off() -> None:
    quiet = bytes(2 * RATE * 2)
    long, short = to_recording(waved(quiet + spoken() + quiet), WORDS), to_recording(waved(spoken()), WORDS)
    assert long.seconds == pytest.approx(short.seconds, abs=0.1)


def test_soft_and_loud_recordings_become_equally_loud() -> None:
    soft, loud = (to_recording(waved(louder(spoken(), gain)), WORDS) for gain in (0.05, 1.0))
    assert soft.lufs == pytest.approx(loud.lufs, abs=1)


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (b"", EMPTY),
        (b"Dit is een brief, geen geluid. " * 50, UNKNOWN),
        (b"ID3" + b"tekst als muziek " * 500, DAMAGED),
        (b"#EXTM3U\nfile:///etc/passwd\n", UNKNOWN),
        (b"ffconcat version 1.0\nfile /etc/passwd\n", UNKNOWN),
        (BOMB, DAMAGED),
        (random.Random(1).randbytes(100_000), UNKNOWN),
        (b"\xff\xfb\x90\x00" + random.Random(2).randbytes(100_000), DAMAGED),
        (b"\x1aE\xdf\xa3" + b"\xff" * 5_000, DAMAGED),
        (b"\x00\x00\x00\x20ftypM4A " + random.Random(3).randbytes(5_000), DAMAGED),
        (b"OggS" + random.Random(4).randbytes(5_000), DAMAGED),
    ],
)  # fmt: skip
def test_what_is_no_sound_is_refused(file: bytes, sentence: str) -> None:
    assert refusal(file) == sentence


def test_a_file_that_was_cut_off_is_refused() -> None:
    assert refusal(packed("WAV")[:60_000]) == INCOMPLETE
    assert refusal(packed("M4A")[:5_000]) == DAMAGED
    assert refusal(packed("Chromium")[:3_000]) in (SHORT_FOR_TEXT, SILENT)
    assert refusal(packed("Firefox")[:3_000]) == DAMAGED
    assert refusal(packed("MP3")[:5_000]) in (SHORT_FOR_TEXT, SILENT, INCOMPLETE)


def test_a_wave_that_was_written_while_recording_tells_no_length_and_is_good() -> None:
    file = bytearray(waved(spoken()))
    file[4:8] = file[40:44] = b"\xff\xff\xff\xff"
    assert to_recording(bytes(file), WORDS).seconds > 2


def test_a_film_is_refused() -> None:
    assert refusal(film()) == VIDEO


def test_ten_minutes_are_refused_whatever_the_file_says_of_its_length() -> None:
    assert refusal(waved(bytes(600 * 8_000 * 2), rate=8_000)) == TOO_LONG
    untold = spoken() * (190 * RATE * 2 // len(spoken()))
    assert refusal(packed("Chromium", untold)) == TOO_LONG


def test_silence_hum_and_distortion_are_refused() -> None:
    assert refusal(waved(bytes(3 * RATE * 2))) == SILENT
    assert refusal(waved(louder(spoken(), 0.002))) == SILENT
    assert refusal(waved(hum(3, 0.1))) == NOISE
    assert refusal(waved(louder(spoken(), 12))) == DISTORTED


def test_the_length_must_fit_the_text() -> None:
    assert refusal(waved(spoken("Ja.")), WORDS * 3) == SHORT_FOR_TEXT
    assert refusal(waved(spoken(WORDS * 6)), "Ja.") == LONG_FOR_TEXT
    least, most = plausible_seconds("Bel 088 000 1234.")
    assert least < 3 < 8 < most
    assert plausible_seconds("ናይ ስራሕ ሓገዝ")[1] > plausible_seconds("abc def ghi")[1]


def test_too_large_a_file_is_not_even_looked_at() -> None:
    started = time.monotonic()
    assert refusal(bytes(10 * 1024 * 1024 + 1)) == TOO_LARGE
    assert time.monotonic() - started < 0.5


def test_a_file_that_keeps_the_process_busy_or_ends_it_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recordings, "PATIENCE_SECONDS", 0.01)
    assert refusal(packed("WAV")) == TOO_HARD


def test_the_process_knows_no_secret_writes_no_file_and_takes_little_memory(tmp_path: Path) -> None:
    script = (
        "from app.speech.recording_process import confine\nimport os, sys\nconfine()\n"
        "assert not [name for name in os.environ if name.startswith('PEILWIJS')]\n"
        f"file = os.open({str(tmp_path / 'out')!r}, os.O_WRONLY | os.O_CREAT)\n"
        "try:\n    os.write(file, b'x')\nexcept OSError: print('no file')\n"
        "try:\n    bytes(2_000_000_000)\nexcept MemoryError: print('no memory')\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env={}, check=False)
    assert done.stdout.split("\n")[:2] == ["no file", "no memory"], done.stderr


def test_when_too_many_are_being_converted_the_next_is_asked_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recordings, "PATIENCE_SECONDS", 0.05)
    with recordings._a_place(), recordings._a_place(), pytest.raises(Unavailable):
        to_recording(packed("WAV"), WORDS)
