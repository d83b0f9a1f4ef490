"""Run as a process: `python -m app.speech.recording_process`, a sound file on standard input after one line with the
words; one line of JSON and then the clip on standard output.

What is done here is done to files from outside, so this process may use little memory and time, may write no file,
and knows no setting or secret. What goes wrong in it ends it, and nothing else.
"""

import io
import json
import resource
import sys
import wave
from typing import Any

MAX_MEMORY_BYTES = 1024 * 1024 * 1024  # addresses, not use: the libraries alone take a third
MAX_CPU_SECONDS = 20


def confine() -> None:
    """Gives away what is not needed, for good."""
    for kind, limit in (
        (resource.RLIMIT_AS, MAX_MEMORY_BYTES),
        (resource.RLIMIT_CPU, MAX_CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (limit, limit))


def main() -> None:
    """Reads, checks, converts, answers."""
    from app.speech.recording_checks import Refused

    words = json.loads(sys.stdin.buffer.readline())
    file = sys.stdin.buffer.read()
    try:
        answer, mp3 = converted(file, words)
    except Refused as refused:
        answer, mp3 = {"refused": refused.message, "values": refused.values}, b""
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + mp3)


def converted(file: bytes, words: str) -> tuple[dict[str, Any], bytes]:
    """The clip with its measures.

    Raises:
        Refused: with one sentence.
    """
    from app.errors import Invalid
    from app.speech.recording_checks import SILENT, Refused, check
    from app.speech.recording_decoding import samples_of
    from app.speech.sound import SAMPLE_RATE, to_clip

    samples = samples_of(file)
    check(samples, SAMPLE_RATE, words)
    try:
        clip = to_clip(_as_wave(samples, SAMPLE_RATE))
    except Invalid:
        raise Refused(SILENT) from None  # all else was ruled out
    return {"seconds": clip.seconds, "lufs": clip.lufs}, clip.mp3


def _as_wave(samples: bytes, sample_rate: int) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(sample_rate)
        sound.writeframes(samples)
    return file.getvalue()


if __name__ == "__main__":
    confine()
    main()
