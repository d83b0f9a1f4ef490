"""A served site with cases in it, and a person at a browser."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.conftest import SECRET, Environment
from tests.factories.cases import Invited, make_case
from tests.journeys.page_states import Walker
from tests.surroundings.server import Served

# A browser without sound has no voices: this one says its words into a list.
VOICE = """
    window.spoken = [];
    class Voice extends EventTarget {
        getVoices() { return [{lang: "nl-NL", name: "Dutch"}]; }
        cancel() {}
        speak(one) { window.spoken.push(one.text); one.onstart?.(); setTimeout(() => one.onend?.(), 30); }
    }
    Object.defineProperty(window, "speechSynthesis", {value: new Voice()});
    window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
"""


class Site:
    """A running Peilwijs and the people it may invite."""

    def __init__(self, server: Served) -> None:
        self.server = server

    def invite(self, **case: Any) -> str:
        """Makes a case; returns its link."""
        with Environment(PEILWIJS_VAR_FOLDER=str(self.server.var_folder), PEILWIJS_SECRET_KEY=SECRET):
            invited: Invited = make_case(**case)
        self.case_id = invited.case_id
        return f"{self.server.url}/v/{invited.token}"

    def stored(self, look: Callable[[int], Any]) -> Any:
        """What stands in the site's database about the last invited case."""
        with Environment(PEILWIJS_VAR_FOLDER=str(self.server.var_folder), PEILWIJS_SECRET_KEY=SECRET):
            return look(self.case_id)


@pytest.fixture
def site(served: Callable[..., Served]) -> Site:
    return Site(served())


@pytest.fixture
def person(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Opens a browser of one's own: `person(width=360, java_script_enabled=False)`. Console errors fail the test."""
    contexts = []
    complaints: list[str] = []

    def arrive(width: int = 360, height: int = 740, **options: Any) -> Page:
        context = chromium.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
        return page

    yield arrive
    for context in contexts:
        context.close()
    assert not complaints


@pytest.fixture
def walks(served: Callable[..., Served], person: Callable[..., Page]) -> Callable[..., Walker]:
    """Somebody who walks through every page: `walks("ar", java_script_enabled=False)`.

    The site is one that shows drafted translations also to people of whom it knows no case.
    """
    server = served(PEILWIJS_IS_DEMO="true")

    def at(language: str = "nl", **options: Any) -> Walker:
        page = person(reduced_motion="reduce", locale=language, **options)
        page.add_init_script(VOICE)
        return Walker(server, page, language)

    return at
