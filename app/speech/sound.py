"""From any sound file to a clip: one channel, one sample rate, silence cut off, one loudness, MP3.

Clips carry no headers and no frame borrows bits from another, so files set one after the other play as one sound.
Equal input gives equal bytes.
"""

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import av
import av.filter
from av.error import FFmpegError

from app.errors import Invalid

SAMPLE_RATE = 24_000
BITS_PER_SECOND = 48_000
TARGET_LUFS = -19.0  # about what EBU R 128 advises for one channel on small loudspeakers
TOLERANCE_LU = 1.5
LONGEST_SECONDS = 180
SHORTEST_SECONDS = 0.12
MEASURED_SECONDS = 3.0  # loudness is defined over time; a shorter clip is measured as if repeated until here
SILENT_LUFS = -60.0
# Files that only point at other files or addresses are not among these.
FORMATS = "wav,w64,aiff,mp3,mov,mp4,m4a,matroska,webm,ogg,flac,aac"
_BYTES_PER_SAMPLE = 2  # whole numbers: the encoder stops the process on a float that is not a number
_TUNING = 3  # rounds of setting the loudness: limiter and encoder take a little away every time
_CLOSE_LU = 0.2

Filters = tuple[tuple[str, str], ...]
# 50 ms before the first and 120 ms after the last word stay, so that joined clips do not stumble over one another
_CUT = "start_periods=1:start_duration=0.02:start_threshold=-48dB:detection=rms:window=0.02:start_silence="
_TRIM: Filters = (("silenceremove", f"{_CUT}0.05"), ("areverse", ""), ("silenceremove", f"{_CUT}0.12"),
                  ("areverse", ""))  # fmt: skip
_LIMIT = ("alimiter", "limit=0.8:attack=2:release=40:level=0:latency=1")
_OURS = ("aformat", f"sample_fmts=s16:channel_layouts=mono:sample_rates={SAMPLE_RATE}")
_TO_MONO: Filters = (("highpass", "f=60"), _OURS)


@dataclass(frozen=True)
class Sound:
    """A finished clip with what was measured on it."""

    mp3: bytes
    seconds: float
    lufs: float


def to_clip(file: bytes) -> Sound:
    """A clip from a recording or from what a voice gave.

    Raises:
        Invalid: when it cannot be read, holds nothing to hear, or is too long.
    """
    samples = _decoded(file)
    loudness = _loudness(samples)
    if loudness < SILENT_LUFS:
        raise Invalid("the sound file holds silence; check the microphone and record again")
    samples = _filtered(samples, (_volume(TARGET_LUFS - loudness), *_TRIM))
    if _seconds(samples) < SHORTEST_SECONDS:
        raise Invalid("the sound file holds nothing but a click; record again")
    return _levelled(samples)


def measure(mp3: bytes) -> tuple[float, float]:
    """Length in seconds and loudness in LUFS of a clip, as a player would have it.

    Raises:
        Invalid: when the file cannot be read.
    """
    samples = _decoded(mp3)
    return round(_seconds(samples), 2), round(_loudness(samples), 1)


def _levelled(samples: bytes) -> Sound:
    """Encoded at the target loudness, peaks held below what an MP3 decoder might clip."""
    gain = 0.0
    for _ in range(_TUNING):
        mp3 = _encoded(_filtered(samples, (_volume(gain), _LIMIT)))
        seconds, lufs = measure(mp3)
        if abs(TARGET_LUFS - lufs) <= _CLOSE_LU:
            break
        gain += TARGET_LUFS - lufs
    return Sound(mp3, seconds, lufs)


def _volume(decibels: float) -> tuple[str, str]:
    return ("volume", f"volume={decibels:.3f}dB:precision=float")


def _loudness(samples: bytes) -> float:
    """Integrated loudness after ITU-R BS.1770, in LUFS."""
    if not samples:
        return -70.0
    n_times = int(MEASURED_SECONDS / _seconds(samples)) + 1
    found = -70.0
    for frame in _through(_frames(samples * n_times), (("ebur128", "metadata=1:framelog=quiet"),)):
        found = float(frame.metadata.get("lavfi.r128.I", found))
    return max(found, -70.0)


def _seconds(samples: bytes) -> float:
    return len(samples) / _BYTES_PER_SAMPLE / SAMPLE_RATE


def _decoded(file: bytes) -> bytes:
    """Mono samples at our rate.

    Raises:
        Invalid: when this is no sound file of a usual format, or too long.
    """
    # without these two, a file could make the reader open other files and addresses
    options = {"format_whitelist": FORMATS, "protocol_whitelist": "none"}
    try:
        with av.open(io.BytesIO(file), "r", options=options) as container:
            if not container.streams.audio:
                raise Invalid("the file holds no sound; choose a WAV, MP3 or M4A file")
            frames = _not_too_long(container.decode(container.streams.audio[0]))
            return b"".join(_samples(frame) for frame in _through(frames, _TO_MONO))
    except (FFmpegError, ValueError, StopIteration) as error:
        raise Invalid(f"the sound file cannot be read ({_reason(error)}); choose a WAV, MP3 or M4A file") from None


def _not_too_long(frames: Iterable[av.AudioFrame]) -> Iterator[av.AudioFrame]:
    n_seconds = 0.0
    for frame in frames:
        n_seconds += frame.samples / (frame.sample_rate or SAMPLE_RATE)
        if n_seconds > LONGEST_SECONDS:
            raise Invalid(f"the sound is longer than {LONGEST_SECONDS} seconds; record this text only")
        frame.pts = None  # gaps and jumps in a recording's clock are of no use here
        yield frame


def _reason(error: Exception) -> str:
    return str(getattr(error, "strerror", "") or error)[:80]


def _filtered(samples: bytes, filters: Filters) -> bytes:
    return b"".join(_samples(frame) for frame in _through(_frames(samples), (*filters, _OURS)))


def _through(frames: Iterable[av.AudioFrame], filters: Filters) -> Iterator[av.AudioFrame]:
    """Frames through a chain of filters."""
    graph: av.filter.Graph | None = None
    for frame in frames:
        if graph is None:
            graph = _graph(frame, filters)
        graph.push(frame)
        yield from _ready(graph)
    if graph is not None:
        graph.push(None)
        yield from _ready(graph)


def _graph(first: av.AudioFrame, filters: Filters) -> av.filter.Graph:
    graph = av.filter.Graph()
    source = graph.add_abuffer(sample_rate=first.sample_rate, format=first.format, layout=first.layout)
    nodes = [source, *(graph.add(name, arguments) for name, arguments in filters), graph.add("abuffersink")]
    graph.link_nodes(*nodes).configure()
    return graph


def _ready(graph: av.filter.Graph) -> Iterator[av.AudioFrame]:
    while True:
        try:
            yield graph.pull()  # type: ignore[misc]
        except (BlockingIOError, EOFError, av.error.BlockingIOError, av.error.EOFError):
            return


def _frames(samples: bytes, size: int = 4096, kind: str = "s16") -> Iterator[av.AudioFrame]:
    """Samples as frames; the last is filled up with silence only where the encoder wants whole frames."""
    step = size * _BYTES_PER_SAMPLE
    for start in range(0, len(samples), step):
        part = samples[start : start + step]
        if kind == "s16p":
            part = part.ljust(step, b"\0")
        frame = av.AudioFrame(format=kind, layout="mono", samples=len(part) // _BYTES_PER_SAMPLE)
        frame.planes[0].update(part)
        frame.sample_rate = SAMPLE_RATE
        yield frame


def _samples(frame: av.AudioFrame) -> bytes:
    return bytes(frame.planes[0])[: frame.samples * _BYTES_PER_SAMPLE]


def _encoded(samples: bytes) -> bytes:
    encoder = av.CodecContext.create("libmp3lame", "w")
    encoder.sample_rate = SAMPLE_RATE
    encoder.bit_rate = BITS_PER_SECOND
    encoder.layout = "mono"
    encoder.format = "s16p"
    encoder.options = {"reservoir": "0", "compression_level": "2"}
    encoder.open()
    packets = [bytes(packet) for frame in _frames(samples, encoder.frame_size, "s16p") for packet in
               encoder.encode(frame)]  # fmt: skip
    packets += [bytes(packet) for packet in encoder.encode(None)]
    return b"".join(packets)
