"""Respondents without JavaScript who keep a journal, and begin again at their link when the server goes away."""

import http.client
import threading
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from random import Random
from urllib.parse import urlencode, urlsplit

from tests.drills.journal import Journal

NOT_ANSWERS = ("token", "actie", "terug")


THE_END = "/bedankt"  # its form chooses a language and leads nowhere


class Page(HTMLParser):
    """The form of a page: where it goes, what it holds, what it offers; and the way on when there is no form."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.action = ""
        self.hidden: dict[str, str] = {}
        self.offered: dict[str, list[str]] = {}
        self.open: list[str] = []
        self.next = ""
        self.feed(text)

    def handle_starttag(self, tag: str, given: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in given}
        kind, name = attributes.get("type", ""), attributes.get("name", "")
        if tag == "form" and not self.action and attributes.get("action") != THE_END:
            self.action = attributes.get("action", "")
        elif tag == "a" and "primary" in attributes.get("class", ""):
            self.next = attributes["href"]
        elif kind == "hidden" and name:
            self.hidden[name] = attributes.get("value", "")
        elif kind in ("radio", "checkbox"):
            self.offered.setdefault(name, []).append(attributes.get("value", "on"))
        elif tag == "textarea":
            self.open.append(name)

    def filled_in(self, random: Random) -> dict[str, str]:
        """One option per question, words where words are asked."""
        chosen = {name: random.choice(values) for name, values in self.offered.items()}
        return chosen | {name: f"Het ging goed, {random.randrange(1000)} keer." for name in self.open}


class Respondent(threading.Thread):
    """Fills in one case after another until told to stop.

    Args:
        may_go_on: cleared while the server is being killed, started again and checked.
    """

    def __init__(self, url: str, cases: Iterator[tuple[int, str]], journal: Journal, may_go_on: threading.Event,
                 seed: int) -> None:  # fmt: skip
        super().__init__(daemon=True)
        self.address = urlsplit(url)
        self.cases, self.journal, self.may_go_on = cases, journal, may_go_on
        self.random = Random(seed)
        self.is_stopping = False
        self.is_waiting = threading.Event()
        self.n_finished = 0
        self.faults: list[str] = []
        self._cookies: dict[str, str] = {}

    def run(self) -> None:
        for case_id, token in self.cases:
            while not self.is_stopping:
                try:
                    self._fill_in(case_id, token)
                    self.n_finished += 1
                    break
                except (OSError, http.client.HTTPException):
                    self.is_waiting.set()
                    self.may_go_on.wait(60)
                    self.is_waiting.clear()
            if self.is_stopping:
                break
        self.is_waiting.set()

    def _fill_in(self, case_id: int, token: str) -> None:
        connection = http.client.HTTPConnection(self.address.hostname or "", self.address.port or 80, timeout=20)
        page = self._get(connection, f"/v/{token}")
        while not self.is_stopping and (page.action or page.next):
            page = self._post(connection, case_id, page) if page.action else self._get(connection, page.next)
        connection.close()

    def _post(self, connection: http.client.HTTPConnection, case_id: int, page: Page) -> Page:
        fields = page.filled_in(self.random)
        body = urlencode(page.hidden | fields | {"actie": "next"})
        self.journal.sent(case_id, fields)
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._follow(
            connection, "POST", page.action, body, headers, lambda: self.journal.answered(case_id, fields)
        )

    def _get(self, connection: http.client.HTTPConnection, path: str) -> Page:
        return self._follow(connection, "GET", path, None, {}, lambda: None)

    def _follow(self, connection: http.client.HTTPConnection, method: str, path: str, body: str | None,
                headers: dict[str, str], on_success: Callable[[], None]) -> Page:  # fmt: skip
        while True:
            cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
            connection.request(method, path, body, {"Cookie": cookies} | headers)
            response = connection.getresponse()
            text = response.read().decode()
            for cookie in response.headers.get_all("Set-Cookie") or ():
                name, _, value = cookie.split(";")[0].partition("=")
                self._cookies[name] = value
            if response.status < 400:
                on_success()
            elif response.status != 422 and not (response.status == 503 and response.getheader("Retry-After")):
                self.faults.append(f"{response.status} for {method} {path.split('/')[1]}")
            if response.status != 303:
                return Page(text)
            method, path, body, headers = "GET", response.getheader("Location") or "/", None, {}
            on_success = lambda: None  # noqa: E731
