"""A served site with cases in it, and a person at a browser."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.conftest import SECRET, Environment
from tests.factories.cases import make_participation
from tests.journeys.ears import Arrive, Listening
from tests.journeys.page_states import Walker
from tests.journeys.site import Site
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


@pytest.fixture(scope="module")
def served_once(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, int]]:
    """One for all: whoever comes next finds its folder of clips empty."""
    folder = tmp_path_factory.mktemp("served")
    shutil.copy(sqlite_template, folder / "peilwijs.sqlite3")
    one = Served(folder, PEILWIJS_SECRET_KEY=SECRET, PEILWIJS_AUDIO_FOLDER=str(folder / "audio"))
    try:
        one.start(patience_seconds=120)
        with Environment(PEILWIJS_VAR_FOLDER=str(folder), PEILWIJS_SECRET_KEY=SECRET):
            participation_id = make_participation()
        yield one, participation_id
    finally:
        one.kill()
    assert one.faults == [], one.log[-8000:]


@pytest.fixture
def listening(served_once: tuple[Served, int], person: Arrive) -> Listening:
    server, participation_id = served_once
    audio_folder = server.var_folder / "audio"
    shutil.rmtree(audio_folder, ignore_errors=True)
    return Listening(Site(server), participation_id, audio_folder, person)
