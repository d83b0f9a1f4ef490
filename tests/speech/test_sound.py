"""From any sound to a clip: equal in rate and loudness, without silence, and joinable."""

import io
import struct
import wave

import av
import pytest

from app.errors import Invalid
from app.speech.sound import (
    BITS_PER_SECOND,
    SAMPLE_RATE,
    TARGET_LUFS,
    TOLERANCE_LU,
    measure,
    to_clip,
)
from tests.factories.clips import murmur

FRAME_BYTES = 144  # 576 samples at 48 kbit/s and 24 kHz: whole, so no frame is padded


def frames(mp3: bytes) -> list[bytes]:
    """The frames of a clip; fails when anything else is in it."""
    assert len(mp3) % FRAME_BYTES == 0
    found = [mp3[start : start + FRAME_BYTES] for start in range(0, len(mp3), FRAME_BYTES)]
    assert all(frame[:2] == b"\xff\xf3" for frame in found)
    return found


@pytest.mark.parametrize("seconds", [0.2, 0.5, 1, 4])
@pytest.mark.parametrize("peak", [0.01, 0.2, 1.0])
def test_short_and_long_soft_and_loud_become_equally_loud(seconds: float, peak: float) -> None:
    clip = to_clip(murmur(seconds, peak=peak))
    assert abs(clip.lufs - TARGET_LUFS) <= TOLERANCE_LU
    assert clip.seconds == pytest.approx(seconds, abs=0.25)
    assert (clip.seconds, clip.lufs) == measure(clip.mp3)


def test_silence_around_the_words_is_cut_off() -> None:
    clip = to_clip(murmur(1, before=2, after=3))
    assert clip.seconds == pytest.approx(1, abs=0.35)


def test_a_pause_between_words_stays() -> None:
    with_pause = _joined(murmur(1, after=1.5), murmur(1))
    assert to_clip(with_pause).seconds == pytest.approx(3.5, abs=0.35)


def _joined(*files: bytes) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        for number, file in enumerate(files):
            with wave.open(io.BytesIO(file)) as part:
                if number == 0:
                    sound.setparams(part.getparams())
                sound.writeframes(part.readframes(part.getnframes()))
    return out.getvalue()


def test_a_clip_is_nothing_but_frames_of_one_rate_that_need_no_other_frame() -> None:
    clip = to_clip(murmur(1.3))
    for frame in frames(clip.mp3):
        # MPEG-2 layer 3: 8 bits main_data_begin follow the header of 4 bytes; 0 = begins in this very frame
        assert frame[4] == 0
    with av.open(io.BytesIO(clip.mp3)) as container:
        stream = container.streams.audio[0]
        assert (stream.codec_context.sample_rate, stream.codec_context.layout.name) == (SAMPLE_RATE, "mono")
        assert stream.codec_context.bit_rate == BITS_PER_SECOND


def test_joined_clips_play_one_after_the_other() -> None:
    one, other = to_clip(murmur(0.8)), to_clip(murmur(1.7, seed=2))
    seconds, lufs = measure(one.mp3 + other.mp3)
    assert seconds == pytest.approx(one.seconds + other.seconds, abs=0.05)
    assert abs(lufs - TARGET_LUFS) <= TOLERANCE_LU


def test_equal_sounds_give_equal_bytes() -> None:
    assert to_clip(murmur()).mp3 == to_clip(murmur()).mp3
    assert to_clip(murmur()).mp3 != to_clip(murmur(seed=2)).mp3


@pytest.mark.parametrize("rate", [8_000, 16_000, 44_100, 48_000])
def test_any_sample_rate_will_do(rate: int) -> None:
    assert to_clip(murmur(1, rate=rate)).seconds == pytest.approx(1, abs=0.2)


def test_a_clip_can_be_made_of_a_clip() -> None:
    clip = to_clip(murmur())
    again = to_clip(clip.mp3)
    assert again.seconds == pytest.approx(clip.seconds, abs=0.15)


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        (b"", "cannot be read"),
        (b"not a sound at all", "cannot be read"),
        (murmur(1)[:40], "cannot be read|silence"),
        (murmur(0, before=1), "silence"),
        (murmur(0), "silence|cannot be read"),
        (murmur(181, rate=8_000), "longer than 180 seconds"),
    ],
)
def test_what_holds_no_words_is_refused(file: bytes, reason: str) -> None:
    with pytest.raises(Invalid, match=reason):
        to_clip(file)


@pytest.mark.parametrize(
    "file",
    [
        "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile://{path}\n#EXT-X-ENDLIST\n",
        "ffconcat version 1.0\nfile {path}\n",
        "v=0\nc=IN IP4 127.0.0.1\nm=audio 9 RTP/AVP 0\n",
    ],
)
def test_a_file_that_points_at_other_files_is_refused(tmp_path: object, file: str) -> None:
    path = f"{tmp_path}/secret.wav"
    with open(path, "wb") as secret:  # noqa: PTH123
        secret.write(murmur(1))
    with pytest.raises(Invalid, match="cannot be read"):
        to_clip(file.format(path=path).encode())


def test_samples_that_are_no_numbers_do_no_harm() -> None:
    samples = struct.pack("<24000f", *[float("nan"), float("inf")] * 12_000)
    header = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(samples), b"WAVE", b"fmt ", 16, 3, 1, 24_000, 96_000,
                         4, 32, b"data", len(samples))  # fmt: skip
    try:
        to_clip(header + samples)
    except Invalid:
        return  # refused is fine too; what matters is that the process lives
