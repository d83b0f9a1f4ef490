"""The voice of Google Translate, by way of gTTS: understandable, needs the internet, knows no Tigrinya or Farsi.

gTTS cuts the text up and words the requests. We send them ourselves: with a time-out, with the server's certificate
checked (gTTS does not), to an address that the settings may change, and again when the service is busy.
"""

import base64
import binascii
import random
import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from http.client import HTTPException
from typing import ClassVar

from gtts import gTTS

from app.settings import settings
from app.speech.manifest import Kind
from app.speech.voices.voice import Voice, VoiceFailed, spoken_by

PATH = "/_/TranslateWebserverUi/data/batchexecute"
LARGEST_ANSWER_BYTES = 4_000_000
N_TRIES = 4
FIRST_PAUSE_SECONDS = 1.0  # doubled every time
BUSY = (429, 500, 502, 503, 504)  # worth another try; anything else will not change by asking again
_SOUND = re.compile(rb'jQ1olc","\[\\"([A-Za-z0-9+/=]+)\\"\]')


class _Again(Exception):
    """The service may answer when asked again. `pause_seconds`: how long it asked us to wait."""

    def __init__(self, reason: str, pause_seconds: float = 0.0) -> None:
        super().__init__(reason)
        self.pause_seconds = pause_seconds


class Gtts(Voice):
    """Speaks through the service at `settings().gtts_url`."""

    name: ClassVar[str] = "gtts"
    kind: ClassVar[Kind] = "voice"
    languages: ClassVar[Mapping[str, str]] = {code: code for code in ("nl", "en", "ar", "tr", "pl", "uk", "fr", "es")}
    at_once: ClassVar[int] = 3  # more, and the service sends us away

    def __init__(self, pause: Callable[[float], None] = time.sleep) -> None:
        self.pause = pause

    def speak(self, words: str, language: str) -> bytes:
        name = spoken_by(self, language)
        try:
            requests = gTTS(words, lang=name, lang_check=False).get_bodies()
        except AssertionError:
            raise VoiceFailed(f"gTTS finds nothing to say in «{words[:60]}»") from None
        return b"".join(self._patiently(body.encode()) for body in requests)

    def _patiently(self, body: bytes) -> bytes:
        """One request, tried again with longer and longer pauses when the service is busy or out of reach."""
        for n_tried in range(1, N_TRIES + 1):
            try:
                return _ask(body)
            except _Again as problem:
                if n_tried == N_TRIES:
                    raise VoiceFailed(
                        f"the voice service {settings().gtts_url} did not answer in {N_TRIES} tries ({problem}); "
                        "run the same command later, it goes on where it stopped"
                    ) from None
                pause = FIRST_PAUSE_SECONDS * 2 ** (n_tried - 1)
                self.pause(min(max(pause, problem.pause_seconds), 60) * random.uniform(1, 1.3))  # noqa: S311
        raise AssertionError("the last try returns or raises")


def _ask(body: bytes) -> bytes:
    """One part of the text as MP3.

    Raises:
        _Again: when another try makes sense.
        VoiceFailed: when it does not.
    """
    address = settings().gtts_url.rstrip("/") + PATH
    if not address.startswith(("https://", "http://")):
        raise VoiceFailed(f"PEILWIJS_GTTS_URL is «{settings().gtts_url}»; it must begin with https://")
    request = urllib.request.Request(address, body, gTTS.GOOGLE_TTS_HEADERS, method="POST")  # noqa: S310
    ends_at = time.monotonic() + settings().voice_timeout_seconds
    try:
        with urllib.request.urlopen(request, timeout=settings().voice_timeout_seconds) as response:  # noqa: S310
            answer = bytearray()
            while part := response.read1(65_536):
                answer += part
                if time.monotonic() > ends_at:
                    raise _Again(f"no whole answer in {settings().voice_timeout_seconds} s")
                if len(answer) > LARGEST_ANSWER_BYTES:
                    raise VoiceFailed("the voice service answers with more than a clip can be; is the address right?")
    except urllib.error.HTTPError as error:
        if error.code in BUSY:
            raise _Again(f"status {error.code}", _retry_after(error)) from None
        raise VoiceFailed(
            f"the voice service refuses with status {error.code}; update gtts or try another day"
        ) from None
    except (OSError, HTTPException) as error:
        raise _Again(_reason(error)) from None
    return _sound(bytes(answer))


def _sound(answer: bytes) -> bytes:
    """The MP3 in an answer of the service."""
    found = _SOUND.search(answer)
    try:
        sound = base64.b64decode(found[1], validate=True) if found else b""
    except (binascii.Error, ValueError):
        sound = b""
    if not sound:
        raise _Again("its answer holds no sound")
    return sound


def _retry_after(error: urllib.error.HTTPError) -> float:
    asked = error.headers.get("Retry-After", "")
    return float(asked) if re.fullmatch("[0-9]{1,4}", asked) else 0.0


def _reason(error: Exception) -> str:
    reason = getattr(error, "reason", error)
    if isinstance(reason, TimeoutError):
        return f"no answer in {settings().voice_timeout_seconds} s"
    return str(reason) or type(reason).__name__
