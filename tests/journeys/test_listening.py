"""Somebody who would rather listen: clips, the browser's own voice, both, or neither."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect

from app.speech.clips import LOOK_EVERY_SECONDS
from app.speech.manifest import load
from tests.factories.cases import make_participation
from tests.factories.clips import keep_clip
from tests.journeys.conftest import Site
from tests.surroundings.environment import SECRET, Environment
from tests.surroundings.server import Served

pytestmark = pytest.mark.browser
Arrive = Callable[..., Page]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}

# Writes down what is played and what is lit up; the sound itself is real.
EARS = """
    window.played = []; window.lit = [];
    const play = HTMLMediaElement.prototype.play;
    HTMLMediaElement.prototype.play = function () {
        window.sound = this;
        window.played.push(this.getAttribute("src"));
        return play.call(this);
    };
    new MutationObserver((changes) => {
        const begun = changes.filter((change) => !(change.oldValue || "").includes("being-read"));
        for (const one of new Set(begun.map((change) => change.target)))
            if (one.classList.contains("being-read")) window.lit.push(one.innerText.trim());
    }).observe(document, {attributes: true, attributeFilter: ["class"], attributeOldValue: true, subtree: true});
"""
# A browser with a voice of its own. It takes `window.pace` milliseconds for a text.
VOICE = """
    window.spoken = []; window.rates = []; window.pace = 30; window.cancelled = 0;
    class Voices extends EventTarget {
        getVoices() { return LIST; }
        get speaking() { return Boolean(this.now); }
        cancel() { if (this.now) window.cancelled += 1; clearTimeout(this.timer); this.now = null; }
        speak(one) {
            if (this.now) throw new Error("two voices at once");
            this.now = one;
            window.spoken.push(one.text);
            window.rates.push(one.rate);
            setTimeout(() => one.onstart && one.onstart(), 0);
            this.timer = setTimeout(() => { this.now = null; one.onend && one.onend(); }, window.pace);
        }
    }
    Object.defineProperty(window, "speechSynthesis", {value: new Voices()});
    window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
"""
DUTCH = VOICE.replace("LIST", '[{lang: "nl_NL", name: "Dutch", localService: true}]')
ENGLISH = VOICE.replace("LIST", '[{lang: "en-GB", name: "English", localService: true}]')
LATE = VOICE.replace("LIST", 'window.has ? [{lang: "nl", name: "Dutch", localService: true}] : []')
ELSEWHERE = VOICE.replace("LIST", '[{lang: "nl-NL", name: "A service elsewhere", localService: false}]')


class Listening:
    """A site whose clips a test chooses, and somebody before its first question."""

    def __init__(self, site: Site, participation_id: int, audio_folder: Path, arrive: Arrive) -> None:
        self.site, self.participation_id, self.folder, self.arrive = site, participation_id, audio_folder / "nl", arrive

    def link(self, wording: str = "low_threshold") -> str:
        return self.site.invite(participation_id=self.participation_id, service=6, wording=wording)

    def open(self, *scripts: str, wording: str = "low_threshold", **options: Any) -> Page:
        page = self.arrive(**options)
        for script in (EARS, *scripts):
            page.add_init_script(script)
        page.goto(self.link(wording))
        page.get_by_role("button", name="Begin", exact=True).click()
        page.wait_for_url(re.compile("had_contact"))
        return page

    def record(self, page: Page, *, kind: str = "human", seconds: float = 0.3) -> list[str]:
        """Gives everything on this page a clip, then loads the page again; returns its texts."""
        texts = texts_on(page)
        for number, text in enumerate(texts):
            keep_clip(self.folder, text, kind=kind, seed=number, seconds=seconds)
        page.reload()
        expect(page.locator("audio").first).to_be_attached()
        return texts

    def lose(self, text: str) -> None:
        """A clip's file is gone, its entry is not."""
        (self.folder / self.file_of(text)).unlink()

    def file_of(self, text: str) -> str:
        entry = load(self.folder).find(text)
        assert entry
        return entry.file


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


def texts_on(page: Page) -> list[str]:
    return [text.strip() for text in page.locator("main [data-speak]").all_inner_texts() if text.strip()]


def listen(page: Page) -> None:
    page.get_by_role("button", name="Luister", exact=True).click()


def wait_until_silent(page: Page) -> None:
    page.wait_for_function("() => window.lit.length && !document.querySelector('.being-read')", timeout=20_000)


def test_listen_plays_every_clip_in_turn_and_lights_up_what_is_read(listening: Listening) -> None:
    page = listening.open()
    texts = listening.record(page)
    *read, button = texts
    assert button == "Volgende" and read[-2:] == ["Ja", "Nee"] and len(read) >= 3
    listen(page)
    wait_until_silent(page)
    assert page.evaluate("() => window.lit") == read
    assert [address.rsplit("/")[-1] for address in page.evaluate("() => window.played")] == [
        listening.file_of(text) for text in read
    ]
    assert page.evaluate("() => window.sound.error") is None
    expect(page.get_by_role("button", name="Luister", exact=True)).to_be_visible()


def test_nothing_sounds_before_a_tap(listening: Listening) -> None:
    page = listening.open(DUTCH)
    listening.record(page)
    page.wait_for_timeout(300)
    assert page.evaluate("() => [window.played, window.spoken]") == [[], []]


def test_the_browsers_voice_is_better_than_a_draft(listening: Listening) -> None:
    page = listening.open(DUTCH)
    *read, _ = listening.record(page, kind="draft")
    listen(page)
    wait_until_silent(page)
    assert page.evaluate("() => window.spoken") == read
    assert page.evaluate("() => window.played") == []


def test_a_recording_is_better_than_the_browsers_voice(listening: Listening) -> None:
    page = listening.open(DUTCH)
    *read, _ = listening.record(page, kind="human")
    listen(page)
    wait_until_silent(page)
    assert len(page.evaluate("() => window.played")) == len(read)
    assert page.evaluate("() => window.spoken") == []


def test_a_voice_of_another_language_does_not_read_dutch(listening: Listening) -> None:
    page = listening.open(ENGLISH)
    *read, _ = listening.record(page, kind="draft")
    listen(page)
    wait_until_silent(page)
    assert len(page.evaluate("() => window.played")) == len(read)
    assert page.evaluate("() => window.spoken") == []


@pytest.mark.parametrize("voice", ["", ENGLISH, ELSEWHERE], ids=["no voice", "English only", "a service elsewhere"])
def test_without_clip_and_voice_there_is_no_button(listening: Listening, voice: str) -> None:
    page = listening.open(voice)
    expect(page.get_by_role("button", name="Volgende")).to_be_visible()
    expect(page.locator("[data-listen]")).to_be_hidden()
    expect(page.locator(".say")).to_have_count(0)


def test_the_browsers_voice_reads_what_has_no_clip(listening: Listening) -> None:
    page = listening.open(DUTCH)
    *read, _ = texts_on(page)
    keep_clip(listening.folder, "Ja", kind="human", seconds=0.3)
    page.wait_for_timeout(LOOK_EVERY_SECONDS * 1000)
    page.reload()
    listen(page)
    wait_until_silent(page)
    assert page.evaluate("() => window.lit") == read
    assert page.evaluate("() => window.spoken") == [text for text in read if text != "Ja"]
    assert len(page.evaluate("() => window.played")) == 1


def test_a_clip_whose_file_is_gone_is_read_by_the_browsers_voice(listening: Listening) -> None:
    page = listening.open(DUTCH)
    *read, _ = listening.record(page)
    listening.lose("Ja")
    listen(page)
    wait_until_silent(page)
    assert page.evaluate("() => window.lit") == read
    assert "Ja" in page.evaluate("() => window.spoken")


def test_a_clip_whose_file_is_gone_is_passed_over_without_a_voice(listening: Listening) -> None:
    page = listening.open()
    listening.record(page)
    listening.lose("Ja")
    listen(page)
    wait_until_silent(page)
    assert page.evaluate("() => window.lit")[-1] == "Nee"
    expect(page.get_by_role("button", name="Luister: Ja")).to_be_hidden()
    expect(page.get_by_role("button", name="Luister: Nee")).to_be_visible()


def test_when_no_file_is_left_the_buttons_go(listening: Listening) -> None:
    page = listening.open()
    for text in listening.record(page):
        listening.lose(text)
    listen(page)
    expect(page.locator("[data-listen]")).to_be_hidden()
    expect(page.locator(".say:visible")).to_have_count(0)
    expect(page.locator("#melding")).to_be_empty()


def test_a_line_that_hangs_is_left_for_the_browsers_voice_after_four_seconds(listening: Listening) -> None:
    page = listening.open(DUTCH)
    *read, _ = listening.record(page)
    hanging: list[Route] = []
    page.route("**/geluid/**", lambda route: hanging.append(route))
    listen(page)
    page.wait_for_timeout(2500)
    assert page.evaluate("() => window.spoken") == []
    page.wait_for_function("n => window.spoken.length === n", arg=len(read), timeout=6000)
    assert len(page.evaluate("() => window.played")) == 1  # the rest does not wait another four seconds each


def test_a_browser_that_refuses_to_play_shows_the_button_again(listening: Listening) -> None:
    page = listening.open()
    listening.record(page)
    page.evaluate(
        "() => { HTMLMediaElement.prototype.play = async () => { throw new DOMException('', 'NotAllowedError'); }; }"
    )
    listen(page)
    expect(page.get_by_role("button", name="Luister", exact=True)).to_be_visible()
    expect(page.locator(".being-read")).to_have_count(0)


def test_slower_slows_the_clip_that_plays_and_those_of_the_next_screen(listening: Listening) -> None:
    page = listening.open()
    listening.record(page, seconds=2.0)
    listen(page)
    page.wait_for_function("() => window.sound && window.sound.currentTime > 0.1")
    assert page.evaluate("() => window.sound.playbackRate") == 1
    page.get_by_role("button", name="Langzamer").click()
    assert page.evaluate("() => [window.sound.playbackRate, window.sound.preservesPitch]") == [0.75, True]
    pace = page.evaluate("""() => new Promise((done) => {
        const [clock, heard] = [performance.now(), window.sound.currentTime];
        setTimeout(() => done(1000 * (window.sound.currentTime - heard) / (performance.now() - clock)), 800);
    })""")
    assert 0.5 < pace < 0.9
    expect(page.get_by_role("button", name="Langzamer")).to_have_attribute("aria-pressed", "true")
    page.reload()
    listen(page)
    page.wait_for_function("() => window.sound")
    assert page.evaluate("() => window.sound.playbackRate") == 0.75


def test_slower_makes_the_browsers_voice_say_the_text_again_slower(listening: Listening) -> None:
    page = listening.open(DUTCH)
    page.evaluate("window.pace = 5000")
    listen(page)
    page.get_by_role("button", name="Langzamer").click()
    first, second = page.evaluate("() => window.rates")
    assert second < first
    first, second = page.evaluate("() => window.spoken")
    assert first == second


def test_pause_keeps_the_place_and_goes_on_from_there(listening: Listening) -> None:
    page = listening.open()
    *read, _ = listening.record(page, seconds=1.2)
    listen(page)
    page.wait_for_function("() => window.sound && window.sound.currentTime > 0.3")
    page.get_by_role("button", name="Pauze").click()
    stood = page.evaluate("() => window.sound.currentTime")
    page.wait_for_timeout(400)
    assert page.evaluate("() => [window.sound.paused, window.sound.currentTime]") == [True, stood]
    expect(page.locator(".being-read")).to_have_text(read[0])
    page.get_by_role("button", name="Lees verder").click()
    page.wait_for_function("stood => window.sound.currentTime > stood", arg=stood)
    assert page.evaluate("() => window.lit") == read[:1]
    wait_until_silent(page)
    assert page.evaluate("() => window.lit") == read


def test_again_begins_from_the_start(listening: Listening) -> None:
    page = listening.open(DUTCH)
    page.evaluate("window.pace = 400")
    *read, _ = texts_on(page)
    listen(page)
    page.wait_for_function("() => window.lit.length === 2")
    page.get_by_role("button", name="Opnieuw").click()
    wait_until_silent(page)
    assert page.evaluate("() => window.lit") == [*read[:2], *read]


@pytest.mark.parametrize("way", ["Escape", "button", "next page"])
def test_reading_stops_at_once(listening: Listening, way: str) -> None:
    page = listening.open()
    listening.record(page, seconds=3.0)
    listen(page)
    page.wait_for_function("() => window.sound && !window.sound.paused")
    if way == "Escape":
        page.keyboard.press("Escape")
    elif way == "button":
        page.get_by_role("button", name="Stop geluid").click()
        expect(page.get_by_role("button", name="Luister", exact=True)).to_be_focused()
    else:
        page.get_by_role("button", name="Volgende").click()
        page.locator("#fouten").wait_for()
    assert page.evaluate("() => window.sound.paused")
    page.wait_for_timeout(300)
    assert page.evaluate("() => window.sound.paused && window.played.length") == 1
    expect(page.locator(".being-read")).to_have_count(0)


def test_a_voice_that_comes_late_brings_the_button(listening: Listening) -> None:
    page = listening.open(LATE)
    expect(page.locator("[data-listen]")).to_be_hidden()
    page.evaluate("() => { window.has = true; speechSynthesis.dispatchEvent(new Event('voiceschanged')); }")
    expect(page.get_by_role("button", name="Luister", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Luister: Nee")).to_be_visible()


def test_what_is_read_is_in_view_and_stands_out_in_forced_colours(listening: Listening) -> None:
    page = listening.open(DUTCH, height=330, forced_colors="active", reduced_motion="reduce")
    page.evaluate("window.pace = 250")
    listen(page)
    page.wait_for_function("() => (document.querySelector('.being-read') || {}).innerText === 'Nee'")
    box, outline = page.evaluate("""() => {
        const read = document.querySelector(".being-read");
        return [read.getBoundingClientRect(), getComputedStyle(read).outlineStyle];
    }""")
    assert page.evaluate("() => scrollY") > 0
    assert box["top"] >= 0 and box["bottom"] <= 330
    assert outline == "solid"


def test_each_answer_has_its_own_button_and_never_two_sound_at_once(listening: Listening) -> None:
    page = listening.open(DUTCH)
    page.evaluate("window.pace = 3000")
    listen(page)
    page.wait_for_function("() => window.spoken.length === 1")
    page.get_by_role("button", name="Luister: Nee").click()  # the stand-in refuses to speak two texts at once
    assert page.evaluate("() => [window.spoken.at(-1), window.cancelled]") == ["Nee", 1]
    expect(page.get_by_role("button", name="Luister: Nee")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_label("Nee", exact=True)).not_to_be_checked()
    page.get_by_role("button", name="Luister: Nee").click()
    expect(page.locator(".being-read")).to_have_count(0)


def test_a_choice_stops_the_reading_and_is_said(listening: Listening) -> None:
    page = listening.open(DUTCH)
    page.evaluate("window.pace = 1000")
    listen(page)
    page.wait_for_function("() => window.spoken.length === 1")
    page.get_by_label("Nee", exact=True).check()
    wait_until_silent(page)
    assert page.evaluate("() => window.spoken.slice(1)") == ["Nee"]


def test_a_choice_is_silent_for_who_does_not_listen(listening: Listening) -> None:
    page = listening.open(DUTCH)
    page.get_by_label("Nee", exact=True).check()
    page.wait_for_timeout(200)
    assert page.evaluate("() => window.spoken") == []


def test_always_reads_each_next_screen_by_itself_with_the_button_last(listening: Listening) -> None:
    page = listening.open(DUTCH)
    listen(page)
    page.get_by_role("button", name="Altijd voorlezen").click()
    wait_until_silent(page)
    page.get_by_label("Ja", exact=True).check()
    wait_until_silent(page)
    page.evaluate("window.lit = []")
    page.get_by_role("button", name="Volgende").click()
    page.wait_for_url(re.compile("contact_"))
    wait_until_silent(page)
    assert page.evaluate("() => window.lit") == texts_on(page)
    assert page.evaluate("() => window.lit.at(-1)") == "Volgende"
    expect(page.get_by_role("button", name="Altijd voorlezen")).to_have_attribute("aria-pressed", "true")
    kept = page.evaluate("() => [{...sessionStorage}, {...localStorage}]")
    kept[0].pop("htmx-current-path-for-history")  # what the page library keeps: the address
    assert kept == [{"always": "1"}, {}]
    page.get_by_role("button", name="Altijd voorlezen").click()
    page.evaluate("window.lit = []")
    page.reload()
    page.wait_for_timeout(300)
    assert page.evaluate("() => window.lit") == []


def test_always_reads_what_went_wrong_first(listening: Listening) -> None:
    page = listening.open(DUTCH)
    listen(page)
    page.get_by_role("button", name="Altijd voorlezen").click()
    wait_until_silent(page)
    page.evaluate("window.lit = []")
    page.get_by_role("button", name="Volgende").click()
    page.locator("#fouten").wait_for()
    wait_until_silent(page)
    said = page.evaluate("() => window.lit")
    wrong = [text.strip() for text in page.locator("#fouten [data-speak]").all_inner_texts()]
    assert wrong and said[: len(wrong)] == wrong
    assert len(said) == len(set(said))  # nothing twice
    page.get_by_role("button", name=f"Luister: {wrong[0]}").click()
    wait_until_silent(page)


def test_always_says_that_the_line_is_down(listening: Listening) -> None:
    page = listening.open(DUTCH)
    listen(page)
    page.get_by_role("button", name="Altijd voorlezen").click()
    wait_until_silent(page)
    page.route("**/vragenlijst/**", lambda route: route.abort())
    page.get_by_role("button", name="Volgende").click()
    page.wait_for_function("() => window.spoken.at(-1).startsWith('Er is geen verbinding')")


def test_a_grade_is_read_number_by_number_with_its_ends(listening: Listening) -> None:
    page = listening.open(DUTCH)
    go_to_the_grade(page)
    texts = texts_on(page)
    for number, text in enumerate([text for text in texts if not text.isdigit()]):
        keep_clip(listening.folder, text.partition(" = ")[2] or text, kind="human", seed=number, seconds=0.2)
    for number in range(1, 11):
        keep_clip(listening.folder, str(number), kind="human", seed=100 + number, seconds=0.2)
    page.reload()
    listen(page)
    wait_until_silent(page)
    assert page.evaluate("() => window.lit") == texts[:-1]
    assert [text for text in page.evaluate("() => window.lit") if text.isdigit()] == [str(n) for n in range(1, 11)]
    assert page.evaluate("() => window.spoken") == []
    last = page.evaluate("() => window.played.at(-1)").rsplit("/")[-1]
    assert last.startswith(listening.file_of("10").removesuffix(".mp3") + "+")


def go_to_the_grade(page: Page) -> None:
    for _ in range(60):
        if page.locator(".grade-buttons").count():
            return
        before = page.url
        for group in page.locator("fieldset").all():
            group.locator("input").first.check()
        page.locator(".primary").click()
        page.wait_for_function("before => location.href !== before", arg=before)
    raise AssertionError("no grade is asked")


def test_without_script_each_text_has_a_control_of_the_browser_that_plays(listening: Listening) -> None:
    texts = listening.record(listening.open())
    page = listening.arrive(java_script_enabled=False)
    page.goto(listening.link())
    page.get_by_role("button", name="Begin", exact=True).click()
    assert page.locator("audio:visible").count() >= len(texts) - 1  # lead-in and question share one
    inside = page.locator(":is(label, legend, button, a, h1) audio")
    expect(inside).to_have_count(0)
    names = page.eval_on_selector_all(
        "audio",
        """all => all.map((one) => one.getAttribute("aria-labelledby").split(" ")
            .map((id) => document.getElementById(id).innerText.trim()).join(" "))""",
    )
    assert "Nee" in names and all(names)
    for control in page.locator("audio").all():
        assert control.evaluate("async (one) => { await one.play(); return one.duration > 0.1; }")
    for address in page.eval_on_selector_all("audio", "all => all.map((one) => one.src)"):
        part = page.request.get(address, headers={"Range": "bytes=0-99"})
        assert (part.status, len(part.body())) == (206, 100)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_when_the_player_does_not_come_the_controls_show_all_the_same(listening: Listening, scheme: str) -> None:
    page = listening.open(width=320, color_scheme=scheme)
    page.route("**/player.js", lambda route: route.abort())
    listening.record(page)
    page.locator("audio:visible").first.wait_for(timeout=10_000)
    violations = Axe().run(page, options=RULES).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]][:2]) for one in violations] == []
    assert page.evaluate("() => document.documentElement.scrollWidth") == 320
    for control in page.locator("audio").all():
        box = control.bounding_box()
        assert box and box["height"] >= 47.9


def test_with_script_the_controls_of_the_browser_are_hidden(listening: Listening) -> None:
    page = listening.open()
    listening.record(page)
    expect(page.locator("audio:visible")).to_have_count(0)


def test_regular_pages_carry_nothing_of_this(listening: Listening) -> None:
    keep_clip(listening.folder, "Ja", kind="human")
    page = listening.open(DUTCH, wording="regular")
    source = page.content()
    for trace in ("audio", "player.js", "data-speak", "data-listen", "speler"):
        assert trace not in source
    expect(page.get_by_label("Ja", exact=True)).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_while_a_page_is_read(listening: Listening, scheme: str) -> None:
    page = listening.open(DUTCH, color_scheme=scheme, width=320)
    page.evaluate("window.pace = 60000")
    listen(page)
    expect(page.get_by_role("button", name="Pauze")).to_be_visible()
    violations = Axe().run(page, options=RULES).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]][:2]) for one in violations] == []
    assert page.evaluate("() => document.documentElement.scrollWidth") == 320
    for button in page.locator(".player button:visible, .say:visible").all():
        box = button.bounding_box()
        assert box and min(box["width"], box["height"]) >= 47.9


def test_everything_is_reached_by_keyboard(listening: Listening) -> None:
    page = listening.open(DUTCH)
    page.evaluate("window.pace = 60000")
    names = []
    for _ in range(14):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.matches('[data-do=listen]')"):
            page.keyboard.press("Enter")
            break
    expect(page.get_by_role("button", name="Pauze")).to_be_focused()
    for _ in range(4):
        page.keyboard.press("Tab")
        names.append(page.evaluate("() => document.activeElement.innerText.trim()"))
    assert names == ["Opnieuw", "Langzamer", "Stop geluid", "Altijd voorlezen"]
