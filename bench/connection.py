"""A small keep-alive HTTP client over bare sockets, so that the generator costs little beside what it measures."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit


@dataclass(frozen=True)
class Response:
    """What came back. `n_bytes` counts the whole response as it went over the wire."""

    status: int
    headers: dict[str, str]
    body: bytes
    n_bytes: int

    @property
    def text(self) -> str:
        return self.body.decode()


class Connection:
    """One browser: keeps its connection and its cookies."""

    def __init__(self, url: str, cookies: Mapping[str, str] | None = None) -> None:
        address = urlsplit(url)
        self.host, self.port = address.hostname or "localhost", address.port or 80
        self.cookies = dict(cookies or {})
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str, headers: str = "") -> Response:
        return await self._send(f"GET {path} HTTP/1.1\r\n{headers}", b"")

    async def post(self, path: str, form: dict[str, list[str]], headers: str = "") -> Response:
        body = urlencode(form, doseq=True).encode()
        head = f"POST {path} HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        return await self._send(f"{head}Content-Length: {len(body)}\r\n{headers}", body)

    async def close(self) -> None:
        if self._streams:
            self._streams[1].close()
            self._streams = None

    async def _send(self, head: str, body: bytes) -> Response:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self._streams
        pairs = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        cookie = f"Cookie: {pairs}\r\n" if pairs else ""
        writer.write(f"{head}Host: {self.host}:{self.port}\r\nAccept-Encoding: gzip\r\n{cookie}\r\n".encode() + body)
        return await self._receive(reader)

    def _keep(self, cookie: str) -> None:
        name, _, rest = cookie.partition("=")
        value, _, attributes = rest.partition(";")
        self.cookies[name] = value
        if "max-age=0" in attributes.lower():
            del self.cookies[name]

    async def _receive(self, reader: asyncio.StreamReader) -> Response:
        raw_head = await reader.readuntil(b"\r\n\r\n")
        status_line, *lines = raw_head.decode("latin-1").split("\r\n")
        headers = {}
        for line in lines:
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
            if name.lower() == "set-cookie":
                self._keep(value.strip())
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        if headers.get("connection") == "close":
            await self.close()
        return Response(int(status_line.split()[1]), headers, body, len(raw_head) + len(body))
