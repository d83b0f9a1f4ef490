"""Who listens keeps the reins: slower, pause, again, stop, always; by keyboard too."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.factories.clips import keep_clip
from tests.journeys.ears import (
    DUTCH,
    Listening,
    listen,
    texts_on,
    wait_until_silent,
)
from tests.journeys.measuring import AXE_OPTIONS

pytestmark = pytest.mark.browser


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


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_while_a_page_is_read(listening: Listening, scheme: str) -> None:
    page = listening.open(DUTCH, color_scheme=scheme, width=320)
    page.evaluate("window.pace = 60000")
    listen(page)
    expect(page.get_by_role("button", name="Pauze")).to_be_visible()
    violations = Axe().run(page, options=AXE_OPTIONS).response["violations"]
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
