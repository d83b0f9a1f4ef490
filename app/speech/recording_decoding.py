"""From what a browser recorded or somebody sent to plain samples. The file may be anything, also made to do harm.

The format is told by its first bytes and then no other is tried, so that no list of files or addresses is ever
followed. Runs in a process of its own: see `recording_process`.
"""

import io
from collections.abc import Iterator

import av
from av.error import FFmpegError

from app.errors import N_
from app.speech.recording_checks import Refused
from app.speech.sound import LONGEST_SECONDS, SAMPLE_RATE

# what a WAV, MP3, M4A or a browser's recording may be packed with; nothing else is opened
CODECS = "pcm_u8,pcm_s16le,pcm_s24le,pcm_s32le,pcm_f32le,mp3,mp3float,aac,alac,opus,libopus,vorbis,flac"
SAMPLE_RATES = range(8_000, 192_001)
MAX_CHANNELS = 8
UNTOLD = 0x7FFF_0000
MAX_BROKEN_SHARE = 0.02
LEAST_WHOLE_SHARE = 0.9  # of the length that the file itself tells

UNKNOWN = N_("Dit is geen geluid dat wij kennen. Kies een WAV-, MP3- of M4A-bestand.")
EMPTY = N_("Dit bestand is leeg. Kies een ander bestand of neem opnieuw op.")
DAMAGED = N_("Dit bestand is beschadigd. Sla de opname opnieuw op en stuur hem nog eens.")
INCOMPLETE = N_("Het einde van dit bestand ontbreekt. Sla de opname opnieuw op en stuur hem nog eens.")
VIDEO = N_("Dit is een filmpje. Kies een bestand met alleen geluid: WAV, MP3 of M4A.")
MANY_SOUNDS = N_("In dit bestand zitten verschillende geluiden. Kies een bestand met één opname.")
TOO_LONG = N_("Deze opname is langer dan 3 minuten. Neem alleen deze tekst op.")
assert LONGEST_SECONDS == 180, "the sentence names the limit"


def samples_of(file: bytes) -> bytes:
    """Mono samples of 16 bits, at the rate of our clips.

    Raises:
        Refused: with one sentence.
    """
    if not file:
        raise Refused(EMPTY)
    kind = _kind(file)
    if kind is None:
        raise Refused(UNKNOWN)
    if kind == "wav" and _lacks_its_end(file):
        raise Refused(INCOMPLETE)
    options = {"codec_whitelist": CODECS, "protocol_whitelist": "none", "format_whitelist": kind}
    try:
        with av.open(io.BytesIO(file), "r", format=kind, options=options) as container:
            return _decoded(container)
    except (FFmpegError, ValueError, StopIteration):
        raise Refused(DAMAGED) from None


def _kind(file: bytes) -> str | None:
    """The format as its first bytes tell."""
    if file[:4] == b"RIFF" and file[8:12] == b"WAVE":
        return "wav"
    if file[4:8] == b"ftyp":
        return "mov"
    if file[:4] == b"\x1aE\xdf\xa3":
        return "matroska"
    if file[:4] == b"OggS":
        return "ogg"
    is_frame = len(file) > 3 and file[0] == 0xFF and file[1] & 0xE0 == 0xE0 and file[1] & 0x06 != 0
    return "mp3" if file[:3] == b"ID3" or is_frame else None


def _lacks_its_end(file: bytes) -> bool:
    """Whether a WAV tells of more than there is; who writes while recording tells the largest number, or nothing."""
    told = int.from_bytes(file[4:8], "little")
    return told < UNTOLD and LEAST_WHOLE_SHARE * told > len(file)


def _decoded(container: av.container.InputContainer) -> bytes:
    stream = _only_sound(container)
    resampler = av.AudioResampler(format="s16", layout="mono", rate=SAMPLE_RATE)
    found = bytearray()
    n_most = LONGEST_SECONDS * SAMPLE_RATE * 2
    for frame in _frames(container, stream):
        frame.pts = None  # gaps and jumps in a recording's clock are of no use here
        for part in resampler.resample(frame):
            found += bytes(part.planes[0])[: part.samples * 2]
        if len(found) > n_most:
            raise Refused(TOO_LONG)
    for part in resampler.resample(None):
        found += bytes(part.planes[0])[: part.samples * 2]
    _check_whole(container, len(found) / 2 / SAMPLE_RATE)
    return bytes(found)


def _only_sound(container: av.container.InputContainer) -> av.audio.stream.AudioStream:
    """The one stream of sound; a picture on the cover is left alone."""
    pictures = [stream for stream in container.streams.video if not _is_cover(stream)]
    if pictures:
        raise Refused(VIDEO)
    sounds = container.streams.audio
    if not sounds:
        raise Refused(UNKNOWN)
    if len(sounds) > 1:
        raise Refused(MANY_SOUNDS)
    context = sounds[0].codec_context
    if context.sample_rate not in SAMPLE_RATES or not 0 < context.channels <= MAX_CHANNELS:
        raise Refused(DAMAGED)
    context.thread_count = 1
    return sounds[0]


def _is_cover(stream: av.video.stream.VideoStream) -> bool:
    return bool(stream.disposition & av.stream.Disposition.attached_pic)


def _frames(
    container: av.container.InputContainer, stream: av.audio.stream.AudioStream
) -> Iterator[av.audio.frame.AudioFrame]:
    """What can be decoded; a broken packet here and there is no reason to record again."""
    n_packets = n_broken = 0
    for packet in container.demux(stream):
        n_packets += 1
        try:
            for frame in packet.decode():
                if frame.sample_rate not in SAMPLE_RATES:
                    raise Refused(DAMAGED)
                yield frame
        except FFmpegError:
            n_broken += 1
    if n_broken > 1 + MAX_BROKEN_SHARE * n_packets:
        raise Refused(DAMAGED)


def _check_whole(container: av.container.InputContainer, n_seconds: float) -> None:
    """Recordings of browsers tell no length; files do, and then it must be there."""
    told_seconds = (container.duration or 0) / av.time_base
    if told_seconds > LONGEST_SECONDS:
        raise Refused(TOO_LONG)
    if n_seconds < LEAST_WHOLE_SHARE * told_seconds - 0.1:
        raise Refused(INCOMPLETE)
