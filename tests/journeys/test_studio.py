"""A researcher in the studio with a microphone: record, hear back, keep, approve; with the mouse and with keys."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright

from app.accounts import sessions
from app.database import writing
from app.speech.manifest import Entry, load, text_hash
from app.web.access import Role
from tests.factories.clips import keep_clip
from tests.factories.office import make_user
from tests.factories.recorded import RATE, packed, spoken, waved
from tests.journeys.measuring import every_view
from tests.surroundings import browser
from tests.surroundings.environment import SECRET, Environment
from tests.surroundings.server import Served

pytestmark = pytest.mark.browser
TEXT = "Wat vindt u van de hulp?"
# The sound card of a server does not exist: what is played back is noted instead.
PLAYED = """
    window.played = [];
    const start = AudioBufferSourceNode.prototype.start;
    AudioBufferSourceNode.prototype.start = function (...given) {
        window.played.push(this.buffer.duration);
        return start.apply(this, given);
    };
"""


@pytest.fixture(scope="module")
def microphone(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser whose microphone hears somebody say TEXT over and over."""
    sound = tmp_path_factory.mktemp("microphone") / "said.wav"
    sound.write_bytes(waved(bytes(RATE) + spoken(TEXT) + bytes(RATE)))
    arguments = (
        *browser.ARGUMENTS,
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-audio-capture={sound}",
        "--autoplay-policy=no-user-gesture-required",
    )
    opened = playwright.chromium.launch(executable_path=browser.executable(), args=list(arguments))
    yield opened
    opened.close()


class Studio:
    """A server with a folder of clips, and the browser of a researcher who signed in."""

    def __init__(self, server: Served, folder: Path, chromium: Browser) -> None:
        self.address = f"{server.url}/kantoor/studio"
        with Environment(PEILWIJS_VAR_FOLDER=str(server.var_folder), PEILWIJS_SECRET_KEY=SECRET):
            made = make_user(Role.RESEARCHER)
            with writing() as connection:
                self.key = sessions.start(connection, made.id, "Chrome, Linux", is_complete=True)
        self.folder = folder / "nl"
        self.chromium = chromium
        self.complaints: list[str] = []

    def open(self, path: str, width: int = 1280, **options: Any) -> Page:
        context = self.chromium.new_context(viewport={"width": width, "height": 900}, **options)
        context.add_cookies([{"name": "peilwijs-office", "value": self.key, "url": self.address}])
        page = context.new_page()
        page.add_init_script(PLAYED)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        page.goto(f"{self.address}{path}")
        return page

    def clip(self) -> Entry | None:
        return load(self.folder).find(TEXT)


@pytest.fixture
def studio(served: Callable[..., Served], tmp_path: Path, microphone: Browser) -> Iterator[Studio]:
    folder = tmp_path / "audio"
    keep_clip(folder / "nl", TEXT)
    made = Studio(served(PEILWIJS_AUDIO_FOLDER=str(folder)), folder, microphone)
    yield made
    for context in microphone.contexts:
        context.close()
    assert made.complaints == []


def record(page: Page, n_ms: int = 2_600) -> None:
    page.get_by_role("button", name="Neem op").click()
    page.get_by_text("De microfoon staat aan").wait_for()
    page.wait_for_timeout(n_ms)
    assert page.evaluate("() => document.getElementById('niveau').value") >= 0
    page.get_by_role("button", name="Stop").click()
    page.get_by_text("Opgenomen. Luister terug").wait_for()


def test_a_recording_is_heard_back_kept_approved_and_served(studio: Studio) -> None:
    page = studio.open(f"/nl/{text_hash(TEXT)}")
    before = page.locator("audio").get_attribute("src")
    record(page)
    page.get_by_role("button", name="Luister terug").click()
    page.wait_for_function("() => window.played.length === 1 && window.played[0] > 2")
    page.get_by_role("button", name="Bewaar B").click()
    page.get_by_text("De opname is bewaard").wait_for()
    kept = studio.clip()
    assert kept and kept.kind == "human" and not kept.approved and kept.seconds > 1
    page.get_by_role("button", name="Keur goed").click()
    page.get_by_text("De opname is goedgekeurd").wait_for()
    assert (studio.clip() or kept).approved
    address = page.locator("audio").get_attribute("src")
    assert address == f"/geluid/nl/{kept.file}" != before
    assert (
        page.evaluate("async (address) => (await fetch(address)).headers.get('content-type')", address) == "audio/mpeg"
    )
    length = page.evaluate(
        "async () => { const clip = document.querySelector('audio'); clip.load(); clip.preload = 'metadata';"
        " await new Promise((done) => clip.addEventListener('loadedmetadata', done)); return clip.duration; }"
    )
    assert length == pytest.approx(kept.seconds, abs=0.2)


def test_a_session_with_the_keyboard_goes_from_text_to_text(studio: Studio) -> None:
    page = studio.open("/nl/begin")
    first = page.locator(".spoken").inner_text()
    assert first == TEXT
    page.keyboard.press("r")
    page.get_by_text("De microfoon staat aan").wait_for()
    page.wait_for_timeout(2_600)
    page.keyboard.press("r")
    page.get_by_text("Opgenomen. Luister terug").wait_for()
    page.keyboard.press("t")
    page.wait_for_function("() => window.played.length === 1")
    page.keyboard.press("v")
    page.wait_for_function("(text) => document.querySelector('.spoken').innerText !== text", arg=first)
    assert (studio.clip() or pytest.fail("nothing was kept")).kind == "human"
    second = page.locator(".spoken").inner_text()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("(text) => document.querySelector('.spoken').innerText !== text", arg=second)
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("(text) => document.querySelector('.spoken').innerText === text", arg=second)
    page.get_by_label("Sneltoetsen gebruiken").uncheck()
    page.keyboard.press("r")
    page.wait_for_timeout(300)
    assert page.locator("#studio-melding").inner_text() == ""


def test_a_recording_that_is_refused_stays_and_the_page_says_why(studio: Studio) -> None:
    page = studio.open(f"/nl/{text_hash(TEXT)}")
    record(page, n_ms=150)
    page.get_by_role("button", name="Bewaar B").click()
    page.locator("#studio-melding", has_text="neem opnieuw op").wait_for()
    assert page.get_by_role("button", name="Luister terug").is_enabled()
    assert (studio.clip() or pytest.fail("the draft is gone")).kind == "draft"
    studio.complaints.clear()  # the browser notes the refusal as an error, too
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{studio.address}/nl")


def test_recording_stops_by_itself_when_the_text_cannot_take_longer(studio: Studio) -> None:
    page = studio.open(f"/nl/{text_hash(TEXT)}")
    page.evaluate("() => { document.querySelector('[data-studio]').dataset.most = '0.5'; }")
    page.get_by_role("button", name="Neem op").click()
    page.get_by_text("Gestopt: dit duurt langer dan de tekst").wait_for()
    assert page.get_by_role("button", name="Bewaar B").is_enabled()


def test_without_javascript_a_file_can_be_sent_approved_and_removed(studio: Studio, tmp_path: Path) -> None:
    page = studio.open(f"/nl/{text_hash(TEXT)}", java_script_enabled=False)
    assert not page.get_by_role("button", name="Neem op").is_visible()
    sound = tmp_path / "said.m4a"
    sound.write_bytes(packed("M4A", spoken(TEXT) + spoken("Ja.")))
    page.get_by_text("Of stuur een geluidsbestand").click()
    page.locator("input[type=file]").set_input_files(sound)
    page.get_by_role("button", name="Bewaar dit bestand").click()
    page.get_by_text("De opname is bewaard").wait_for()
    assert (studio.clip() or pytest.fail("nothing was kept")).kind == "human"
    page.get_by_role("button", name="Keur goed").click()
    page.get_by_role("button", name="Trek de goedkeuring in").wait_for()
    page.get_by_text("Verwijder de opname", exact=True).click()
    assert page.get_by_text("Deze opname verdwijnt voor goed.").is_visible()
    page.get_by_role("button", name="Verwijder de opname voor goed").click()
    page.get_by_text("De opname is verwijderd.").wait_for()
    assert (studio.clip() or pytest.fail("no draft came back")).kind == "draft"


def test_a_browser_without_microphone_says_so_and_shows_the_form_for_a_file(studio: Studio) -> None:
    page = studio.open("/nl")
    page.add_init_script(
        "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'));"
    )
    page.goto(f"{studio.address}/nl/{text_hash(TEXT)}")
    page.get_by_role("button", name="Neem op").click()
    page.get_by_text("De browser mag de microfoon niet gebruiken").wait_for()


def test_a_clip_in_the_list_plays_in_the_page(studio: Studio) -> None:
    page = studio.open("/nl")
    page.get_by_role("row").filter(has_text=TEXT).locator("[data-play]").first.click()
    page.wait_for_function("() => document.querySelector('[data-playing]')")
    page.wait_for_function("() => !document.querySelector('[data-playing]')")
    assert page.url.endswith("/nl")


def test_axe_finds_nothing_and_nothing_scrolls_sideways(studio: Studio) -> None:
    found = []
    for path in ("", "/nl", "/nl/begin", "/nl?zoek=kwijlebal"):
        page = studio.open(path, reduced_motion="reduce")
        page.evaluate("() => document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        found += [(path, fault) for fault in every_view(page, 320, 1280)]
        page.context.close()
    assert found == []
