"""Sounds in every format that people send or browsers record, made of real (synthetic) speech."""

import io
import wave
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from typing import Any

import av

from app.speech.voices.espeak import Espeak

WORDS = "Bent u tevreden over het bedrijf dat u hielp?"
RATE = 22_050

# name → container, codec, sample rate, layout, options of the container
FORMATS: dict[str, tuple[str, str, int, str, dict[str, str]]] = {
    "WAV": ("wav", "pcm_s16le", 44_100, "mono", {}),
    "WAV, 24 bits, stereo": ("wav", "pcm_s24le", 48_000, "stereo", {}),
    "MP3": ("mp3", "libmp3lame", 44_100, "stereo", {}),
    "M4A": ("ipod", "aac", 44_100, "mono", {}),
    "M4A, lossless": ("ipod", "alac", 48_000, "mono", {}),
    "Chromium": ("webm", "libopus", 48_000, "mono", {"live": "1"}),
    "Firefox": ("ogg", "libopus", 48_000, "mono", {}),
    "Safari": ("mp4", "aac", 48_000, "mono", {"movflags": "frag_keyframe+empty_moov+default_base_moof"}),
}


@cache
def spoken(words: str = WORDS) -> bytes:
    """Speech as 16-bit mono samples."""
    with wave.open(io.BytesIO(Espeak().speak(words, "nl"))) as file:
        return file.readframes(file.getnframes())


def waved(samples: bytes, rate: int = RATE) -> bytes:
    """Samples as a WAV file."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        sound.writeframes(samples)
    return file.getvalue()


def packed(kind: str, samples: bytes | None = None) -> bytes:
    """Speech as a file of one of FORMATS."""
    container, codec, rate, layout, options = FORMATS[kind]
    file = io.BytesIO()
    with av.open(file, "w", format=container, options=options) as output:
        stream = output.add_stream(codec, rate=rate)
        assert isinstance(stream, av.AudioStream)
        stream.layout = layout
        resampler = av.AudioResampler(format=stream.format.name, layout=layout, rate=rate,
                                      frame_size=stream.codec_context.frame_size or 1024)  # fmt: skip
        n_done = 0
        for frame in [*_frames(spoken() if samples is None else samples), None]:
            for part in resampler.resample(frame):
                part.pts, part.time_base, n_done = n_done, Fraction(1, rate), n_done + part.samples
                output.mux(stream.encode(part))
        output.mux(stream.encode(None))
    return file.getvalue()


def film(samples: bytes | None = None) -> bytes:
    """A small video with speech."""
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as output:
        picture: Any = output.add_stream("mpeg4", rate=10)
        picture.width = picture.height = 64
        picture.pix_fmt = "yuv420p"
        sound: Any = output.add_stream("aac", rate=RATE)
        sound.layout = "mono"
        for _ in range(20):
            output.mux(picture.encode(av.VideoFrame(64, 64, "yuv420p")))
        output.mux(picture.encode(None))
        resampler = av.AudioResampler(format="fltp", layout="mono", rate=RATE, frame_size=1024)
        for frame in [*_frames(samples or spoken()), None]:
            for part in resampler.resample(frame):
                output.mux(sound.encode(part))
        output.mux(sound.encode(None))
    return file.getvalue()


def _frames(samples: bytes) -> Iterator[av.AudioFrame]:
    for start in range(0, len(samples), 2048):
        part = samples[start : start + 2048]
        frame = av.AudioFrame(format="s16", layout="mono", samples=len(part) // 2)
        frame.planes[0].update(part)
        frame.sample_rate = RATE
        yield frame
