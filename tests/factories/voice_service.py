"""A stand-in for the service that gTTS asks, on loopback: same address, same request, same answer; and its moods."""

import base64
import json
import re
import socket
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PATH = "/_/TranslateWebserverUi/data/batchexecute"


def answer_with(sound: bytes) -> bytes:
    """The service's answer: lines of JSON in JSON, one of which holds the sound."""
    inner = json.dumps([base64.b64encode(sound).decode()], separators=(",", ":"))
    outer = json.dumps([["wrb.fr", "jQ1olc", inner, None, None, None, "generic"]], separators=(",", ":"))
    return f')]}}\'\n\n{len(outer)}\n{outer}\n25\n[["e",4,null,null,{len(outer)}]]\n'.encode()


class VoiceService:
    """`moods`: how the next requests are answered, one after the other; when they are used up, well."""

    def __init__(self, sound: Callable[[str], bytes]) -> None:
        self.sound = sound
        self.moods: list[str] = []
        self.asked: list[tuple[str, str]] = []  # text and language
        self.largest_at_once = 0
        self._at_once = 0
        self._lock = threading.Lock()
        self.patience = threading.Event()  # set at the end, so that slow answers end too
        self.address = ""

    def heard(self, body: str) -> tuple[str, str]:
        """The text of a request, which must be as gTTS words it, and the mood to answer it in."""
        request = json.loads(urllib.parse.unquote(re.fullmatch(r"f\.req=(.*)&", body)[1]))  # type: ignore[index]
        [[[name, inner, none, kind]]] = request
        assert (name, none, kind) == ("jQ1olc", None, "generic")
        text, language, speed, null = json.loads(inner)
        assert (speed, null) == (None, "null")
        with self._lock:
            self.asked.append((text, language))
            self._at_once += 1
            self.largest_at_once = max(self.largest_at_once, self._at_once)
            return text, self.moods.pop(0) if self.moods else "good"

    def answered(self) -> None:
        with self._lock:
            self._at_once -= 1


class _Handler(BaseHTTPRequestHandler):
    service: VoiceService

    def do_POST(self) -> None:
        assert self.path == PATH
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        text, mood = self.service.heard(body)
        try:
            time.sleep(0.01)
            self._answer(text, mood)
        finally:
            self.service.answered()

    def _answer(self, text: str, mood: str) -> None:
        good = answer_with(self.service.sound(text))
        if mood.isdigit():
            self._send(int(mood), b"no", {"Retry-After": "7"} if mood == "429" else {})
        elif mood == "slow":
            self.service.patience.wait(20)
        elif mood == "dripping":
            self._headers(200, len(good))
            for start in range(len(good)):
                if self.service.patience.wait(0.05):
                    return
                self.wfile.write(good[start : start + 1])
        elif mood == "cut":
            self._headers(200, len(good))
            self.wfile.write(good[: len(good) // 2])
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_RDWR)
        elif mood == "hung up":
            self.connection.shutdown(socket.SHUT_RDWR)
        else:
            bodies = {
                "good": good,
                "page": b"<html>Sorry</html>",
                "empty": b"",
                "broken": good.replace(b"/", b"!"),
                "silent": answer_with(b""),
                "noise": answer_with(b"no sound file"),
                "endless": b"x" * 5_000_000,
            }
            self._send(200, bodies[mood], {})

    def _headers(self, status: int, n_bytes: int, more: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(n_bytes), **(more or {})}.items():
            self.send_header(name, value)
        self.end_headers()

    def _send(self, status: int, body: bytes, more: dict[str, str]) -> None:
        self._headers(status, len(body), more)
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Tests need no log of this."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Callers that give up leave broken pipes behind."""


@contextmanager
def voice_service(sound: Callable[[str], bytes]) -> Iterator[VoiceService]:
    """Runs a stand-in that speaks a text as `sound` says."""
    service = VoiceService(sound)
    server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"service": service}))
    service.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        service.patience.set()
        server.shutdown()
        server.server_close()
        thread.join(5)
