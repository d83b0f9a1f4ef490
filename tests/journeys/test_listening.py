"""What is heard: clips, the browser's own voice, both, or neither."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Route, expect

from app.speech.clips import LOOK_EVERY_SECONDS
from tests.factories.clips import keep_clip
from tests.journeys.ears import DUTCH, ELSEWHERE, ENGLISH, LATE, Listening, listen, texts_on, wait_until_silent
from tests.journeys.measuring import AXE_OPTIONS

pytestmark = pytest.mark.browser


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


def test_a_voice_that_comes_late_brings_the_button(listening: Listening) -> None:
    page = listening.open(LATE)
    expect(page.locator("[data-listen]")).to_be_hidden()
    page.evaluate("() => { window.has = true; speechSynthesis.dispatchEvent(new Event('voiceschanged')); }")
    expect(page.get_by_role("button", name="Luister", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Luister: Nee")).to_be_visible()


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
    violations = Axe().run(page, options=AXE_OPTIONS).response["violations"]
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
