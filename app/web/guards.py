"""What every request passes: limits of load and size, host and origin check, security headers, log line, error page."""

import json
import logging
import re
import secrets
import sys
import time
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

from app.web.forms import is_foreign
from app.web.hosts import is_stranger, own_hosts

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
ErrorPage = Callable[[Scope, int], bytes]

log = logging.getLogger("peilwijs.web")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; media-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: list[tuple[bytes, bytes]] = [
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
]
NO_STORE = (b"cache-control", b"no-store")


@dataclass(frozen=True)
class LargerBody:
    """An address to which more than a form may be posted."""

    path: re.Pattern[str]
    max_bytes: int


class Guards:
    """The outermost ASGI layer.

    Args:
        max_body_bytes: larger bodies get 413.
        larger_bodies: the addresses that are excepted from this, each with a limit of its own.
        max_in_flight: more requests at once get 503 with Retry-After, before any work is done.
    """

    def __init__(
        self,
        app: App,
        error_page: ErrorPage,
        max_body_bytes: int,
        max_in_flight: int,
        is_https: bool,
        larger_bodies: tuple[LargerBody, ...] = (),
    ):
        self.app = app
        self.error_page = error_page
        self.max_body_bytes = max_body_bytes
        self.larger_bodies = larger_bodies
        self.max_in_flight = max_in_flight
        self.n_in_flight = 0
        https = [(b"strict-transport-security", b"max-age=31536000")] if is_https else []
        self.headers = [*HEADERS, NO_STORE, *https]
        self.hosts = own_hosts()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        exchange = _Exchange(scope, receive, send, self)
        self.n_in_flight += 1
        try:
            if refusal := self._refusal(scope):
                await exchange.refuse(refusal)
            else:
                await self.app(scope, exchange.receive, exchange.send_of_app)
            if exchange.is_too_large:  # and the application made something else of it
                await exchange.refuse(413)
        except _TooLarge:
            await exchange.refuse(413)
        except Exception as error:
            log_event("error", id=exchange.id, kind=type(error).__name__, exception=error)
            await exchange.refuse(500)
        finally:
            self.n_in_flight -= 1
            exchange.log()

    def _refusal(self, scope: Scope) -> int | None:
        headers = dict(scope["headers"])
        if self.n_in_flight > self.max_in_flight:
            return 503
        if is_stranger(scope, self.hosts):
            return 421
        length = headers.get(b"content-length", b"0")
        if not length.isdigit() or int(length) > self.body_limit_bytes(scope):
            return 413
        return 403 if is_foreign(scope["method"], headers) else None

    def body_limit_bytes(self, scope: Scope) -> int:
        """How much may be posted to an address."""
        for larger in self.larger_bodies:
            if scope["method"] == "POST" and larger.path.fullmatch(scope["path"]):
                return larger.max_bytes
        return self.max_body_bytes


class _TooLarge(Exception):
    pass


class _Exchange:
    """One request and its response on their way through the guards."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, guards: Guards) -> None:
        self.scope, self._receive, self._send, self.guards = scope, receive, send, guards
        self.id = secrets.token_hex(6)
        self.started = time.perf_counter()
        self.status = 0
        self.n_bytes = 0
        self.is_too_large = False
        scope.setdefault("state", {})["request_id"] = self.id

    async def receive(self) -> Message:
        message = await self._receive()
        self.n_bytes += len(message.get("body", b""))
        if self.n_bytes > self.guards.max_body_bytes and self.n_bytes > self.guards.body_limit_bytes(self.scope):
            self.is_too_large = True
            raise _TooLarge
        return message

    async def send_of_app(self, message: Message) -> None:
        """What the application answers; not what it makes of a body that was cut off."""
        if not self.is_too_large or self.status:
            await self.send(message)

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            own = [(name.lower(), value) for name, value in message.get("headers", [])]
            given = {name for name, _ in own}
            # a page may say otherwise, for itself: the studio asks for the microphone
            message = {**message, "headers": own + [header for header in self.guards.headers if header[0] not in given]}
        await self._send(message)

    async def refuse(self, status: int) -> None:
        """An error page with this status, unless the response is under way already."""
        if self.status:
            return
        body = self.guards.error_page(self.scope, status)
        headers = [(b"content-type", b"text/html; charset=utf-8"), (b"content-length", str(len(body)).encode())]
        if status == 503:
            headers.append((b"retry-after", b"5"))
        await self.send({"type": "http.response.start", "status": status, "headers": headers})
        await self.send({"type": "http.response.body", "body": body})

    def log(self) -> None:
        """One line per request: the route's pattern, never the address, which may hold a token."""
        route = self.scope.get("route")
        duration_ms = round((time.perf_counter() - self.started) * 1000, 1)
        pattern = getattr(route, "path", None) or "unknown"
        log_event("request", id=self.id, method=self.scope["method"], route=pattern, status=self.status, ms=duration_ms)


def log_event(event: str, *, exception: BaseException | None = None, **fields: object) -> None:
    """One JSON line on standard error. Of an exception only the places are told, not its message: messages may
    hold what somebody typed."""
    if exception is not None:
        fields["at"] = _places(exception)
    line = json.dumps({"event": event, **fields}, ensure_ascii=False)
    # handed over as a record: looking up the calling line costs more than the rest, and nobody reads it
    log.handle(logging.LogRecord(log.name, logging.INFO, "", 0, line, None, None))


def _places(exception: BaseException) -> list[str]:
    places = []
    trace = exception.__traceback__
    while trace is not None:
        places.append(f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}")
        trace = trace.tb_next
    return places[-8:]


def configure_logging() -> None:
    """Our own lines as they are, on standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(message)s"))
    log.handlers = [handler]
    log.setLevel(logging.INFO)
    log.propagate = False
