"""A mail server that misbehaves exactly as it is told, connection after connection."""

import socket
import threading
from collections.abc import Mapping

GREETING, HELLO, SENDER, RECIPIENT, DATA, CONTENT = "greeting", "ehlo", "mail", "rcpt", "data", "content"
HANG_UP, HANG = "hang up", "hang"  # instead of a reply
USUAL = {
    GREETING: "220 ready",
    HELLO: "250 hello",
    SENDER: "250 ok",
    RECIPIENT: "250 ok",
    DATA: "354 go on",
    CONTENT: "250 taken",
}


class ScriptedSmtp:
    """Answers at each stage as told: the first connection by `first`, all later ones by `later`.

    `taken` holds what came before a final dot, whatever was answered to it; `kept` what of it the sender must take for
    delivered: it was accepted, or nothing was said about it.
    """

    def __init__(self, first: Mapping[str, str] | None = None, later: Mapping[str, str] | None = None) -> None:
        self.scripts = [USUAL | dict(first or {}), USUAL | dict(later if later is not None else first or {})]
        self.taken: list[bytes] = []
        self.kept: list[bytes] = []
        self.commands: list[str] = []
        self.n_connections = 0
        self._open: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"smtp://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._listen, daemon=True).start()

    def __enter__(self) -> "ScriptedSmtp":
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()
        for one in self._open:
            one.close()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._open.append(connection)
            script = self.scripts[min(self.n_connections, 1)]
            self.n_connections += 1
            threading.Thread(target=self._serve, args=(connection, script), daemon=True).start()

    def _serve(self, connection: socket.socket, script: Mapping[str, str]) -> None:
        try:
            with connection, connection.makefile("rwb") as wire:
                _talk(self, wire, script)
        except (OSError, ValueError, _HungUp):
            pass


class _HungUp(Exception):
    pass


def _talk(server: ScriptedSmtp, wire: object, script: Mapping[str, str]) -> None:
    def say(text: str) -> None:
        if text == HANG_UP:
            raise _HungUp
        if text == HANG:
            wire.readline()  # type: ignore[attr-defined]  # never answers: waits until the other side is gone
            raise _HungUp
        wire.write(text.encode() + b"\r\n")  # type: ignore[attr-defined]
        wire.flush()  # type: ignore[attr-defined]

    say(script[GREETING])
    while line := wire.readline():  # type: ignore[attr-defined]
        word = line.decode().split(" ")[0].split("\r")[0].lower()
        server.commands.append(word)
        if word == DATA:
            say(script[DATA])
            if script[DATA].startswith("354"):
                content = b""
                while not content.endswith(b"\r\n.\r\n"):
                    if not (one := wire.readline()):  # type: ignore[attr-defined]
                        return
                    content += one
                server.taken.append(content)
                if script[CONTENT] in (HANG, HANG_UP) or script[CONTENT].startswith("2"):
                    server.kept.append(content)
                say(script[CONTENT])
        else:
            say(script.get("ehlo" if word == "helo" else word, "250 ok"))
