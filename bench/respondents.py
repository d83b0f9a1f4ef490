"""Respondents over HTTP: they read the form on a page, fill it in, post it, and remember what was acknowledged."""

import asyncio
import html
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random

from bench.connection import Connection, Response

HTMX = "HX-Request: true\r\n"
_FORM = re.compile(r'<form id="antwoord" method="post" action="([^"]+)"')
_INPUT = re.compile(r'<input type="(hidden|radio|checkbox|text)"([^>]*)>|<textarea ([^>]*)>')
_NAME = re.compile(r'name="([^"]+)"')
_VALUE = re.compile(r'value="([^"]*)"')
_NEXT = re.compile(r'<a class="button primary" href="([^"]+)"')
_QUESTION = re.compile(r'<form id="antwoord" method="post" action="/vragenlijst/')


@dataclass
class Log:
    """What the respondents saw together."""

    n_pages: int = 0  # question pages answered
    n_requests: int = 0
    statuses: dict[int, int] = field(default_factory=dict)
    latencies_ms: list[float] = field(default_factory=list)
    journal: dict[str, dict[str, str]] = field(default_factory=dict)  # token → answer code → acknowledged value
    faults: list[str] = field(default_factory=list)
    seen: dict[str, str] = field(default_factory=dict)  # address of a question page → its HTML, of anybody

    def percentile_ms(self, share: float) -> float:
        ordered = sorted(self.latencies_ms)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


class Respondent:
    """One person with one token, from link to thanks.

    Args:
        log: shared by all respondents of a measurement.
        take_turn: waited for before each request; gives the moment at which the request was due.
        is_htmx: page changes by htmx (every answer is one POST), or by redirects (a POST and a GET).
        passes_overviews: goes on from a block's overview to a page that somebody saw before, without asking for it,
            so that answers are all that is measured.
    """

    def __init__(
        self,
        url: str,
        token: str,
        log: Log,
        take_turn: Callable[[], Awaitable[float]],
        *,
        is_htmx: bool,
        passes_overviews: bool = False,
    ) -> None:
        self.connection = Connection(url)
        self.token, self.log, self.take_turn = token, log, take_turn
        self.headers = HTMX if is_htmx else ""
        self.random = Random(token)
        self.page: Response | None = None
        self.passes_overviews = passes_overviews
        self.form_token = ""

    async def begin(self) -> None:
        """From the link to the first question."""
        introduction = await self._get(f"/v/{self.token}")
        self.page = await self._submit(introduction.text)

    async def fill_in(self, is_over: Callable[[], bool] = lambda: False) -> None:
        """From where it stands until the last overview, or until the measurement is over."""
        try:
            if self.page is None:
                await self.begin()
            while self.page and not is_over():
                text = self.page.text
                if link := _NEXT.search(text):  # the overview of a block
                    if self.passes_overviews and link[1] in self.log.seen:
                        self.page = await self._submit(self.log.seen[link[1]])
                    else:
                        self.page = await self._get(link[1])
                elif _QUESTION.search(text):
                    self.page = await self._submit(text)
                else:
                    break
        except (OSError, asyncio.IncompleteReadError) as error:
            self.log.faults.append(f"connection: {error}")
        finally:
            await self.connection.close()

    async def finish(self) -> None:
        """Sends the questionnaire off from its last overview."""
        if self.page:
            self.page = await self._submit(self.page.text)

    async def _submit(self, text: str) -> Response:
        found = _FORM.search(text)
        if found is None:
            raise OSError("a page without a form")
        self.log.seen.setdefault(found[1], text)
        return await self._post(found[1], text)

    async def _post(self, action: str, text: str) -> Response:
        form = self._filled_in(text)
        self.form_token = self.form_token or form["token"][0]
        form["token"] = [self.form_token]  # the same on all pages of one person, unlike a page that others saw
        is_question = action.startswith("/vragenlijst/")
        response = await self._timed(lambda: self.connection.post(action, form, self.headers))
        if is_question and response.status < 400:
            self.log.n_pages += 1
            journal = self.log.journal.setdefault(self.token, {})
            journal.update({name: " ".join(values) for name, values in form.items() if name not in ("token", "actie")})
        return await self._follow(response)

    async def _get(self, path: str) -> Response:
        return await self._follow(await self._timed(lambda: self.connection.get(path, self.headers)))

    async def _follow(self, response: Response) -> Response:
        while response.status == 303:
            path = response.headers["location"]
            response = await self._timed(lambda path=path: self.connection.get(path, self.headers))  # type: ignore[misc]
        if response.status >= 400:
            self.log.faults.append(f"{response.status} for {self.token}")
            raise OSError(f"answered {response.status}")
        return response

    async def _timed(self, send: Callable[[], Awaitable[Response]]) -> Response:
        due = await self.take_turn()
        response = await send()
        self.log.latencies_ms.append((time.perf_counter() - due) * 1000)
        self.log.n_requests += 1
        self.log.statuses[response.status] = self.log.statuses.get(response.status, 0) + 1
        return response

    def _filled_in(self, text: str) -> dict[str, list[str]]:
        """Every question answered: one option per group of buttons, words where words are asked."""
        form: dict[str, list[str]] = {"actie": ["next"]}
        offered: dict[str, list[str]] = {}
        for kind, attributes, area in _INPUT.findall(text):
            name = _NAME.search(attributes or area)
            if name is None:
                continue
            value = _VALUE.search(attributes)
            if kind == "hidden":
                form[name[1]] = [html.unescape(value[1]) if value else ""]
            elif area:
                form[name[1]] = ["Ik ben goed geholpen, dank u wel."]
            elif kind != "text":
                offered.setdefault(name[1], []).append(value[1] if value else "on")
        for code, values in offered.items():
            # contact keeps the long route: an average page is a page of somebody who was helped
            form[code] = ["yes"] if code == "had_contact" else [self.random.choice(values)]
        return form


async def as_fast_as_possible() -> float:
    return time.perf_counter()


class Metronome:
    """Gives turns at a steady rate; who comes late is measured from when the turn was due."""

    def __init__(self, turns_per_second: float) -> None:
        self.interval_seconds = 1 / turns_per_second
        self.next_at = time.perf_counter()

    async def turn(self) -> float:
        due = self.next_at
        self.next_at += self.interval_seconds
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        return due
