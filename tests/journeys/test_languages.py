"""Somebody chooses a language in a real browser, and gets the letters for it and no more."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.page_states import FIRST, Walker

pytestmark = pytest.mark.browser
Walks = Callable[..., Walker]
MAX_FIRST_VISIT_BYTES, MAX_REQUESTS = 80_000, 8
LETTERS = {
    "nl": {"atkinson-latin"},
    "pl": {"atkinson-latin", "atkinson-latin-ext"},
    "uk": {"noto-cyrillic", "atkinson-ascii"},
    "ar": {"noto-arabic", "atkinson-ascii"},
    "ti": {"noto-ethiopic", "atkinson-ascii"},
}


def choose(page: Page, language: str) -> None:
    """Opens the menu and takes a language."""
    page.locator(".language-menu summary").click()
    page.locator(f".language-menu [value={language}]").click()
    expect(page.locator("html")).to_have_attribute("lang", language)


def first_visit(page: Page) -> dict[str, int]:
    """What the browser fetches for this page when it knows nothing yet: address → bytes over the line."""
    fetched: dict[str, list[float]] = {}
    developer = page.context.new_cdp_session(page)
    developer.send("Network.enable")
    developer.send("Network.setCacheDisabled", {"cacheDisabled": True})
    developer.on(
        "Network.responseReceived", lambda event: fetched.setdefault(event["requestId"], [event["response"]["url"], 0])
    )
    developer.on(
        "Network.loadingFinished",
        lambda event: fetched.get(event["requestId"], [0, 0]).__setitem__(1, event["encodedDataLength"]),
    )
    page.reload()
    page.wait_for_load_state("networkidle")
    return {str(url): int(n_bytes) for url, n_bytes in fetched.values()}


@pytest.mark.parametrize("language", LETTERS)
def test_a_first_visit_fetches_the_letters_of_its_language_and_no_others(walks: Walks, language: str) -> None:
    somebody = walks(language)
    somebody.go(somebody.invited(service=6))
    somebody.press("main form .primary")
    fetched = first_visit(somebody.page)
    assert {font for url in fetched for font in re.findall(r"([a-z-]+)\.woff2", url)} == LETTERS[language]
    assert sum(fetched.values()) <= MAX_FIRST_VISIT_BYTES
    assert len(fetched) <= MAX_REQUESTS


def test_the_first_screen_needs_one_small_font_for_all_names_of_languages(walks: Walks) -> None:
    somebody = walks("ar")
    somebody.go(somebody.invited(service=6))
    fonts = {font for url in first_visit(somebody.page) for font in re.findall(r"([a-z-]+)\.woff2", url)}
    assert fonts == LETTERS["ar"] | {"noto-autonyms"}


@pytest.mark.parametrize("has_script", [True, False], ids=["with JavaScript", "without JavaScript"])
@pytest.mark.parametrize("wording", ["regular", "low_threshold"])
def test_another_language_keeps_the_choice_and_the_place(walks: Walks, wording: str, has_script: bool) -> None:
    somebody = walks(java_script_enabled=has_script)
    page = somebody.page
    somebody.go(somebody.invited(service=6, wording=wording))
    page.locator("main form .primary").click()
    page.wait_for_url(re.compile("had_contact"))
    page.locator("main input[value=no]").check()
    choose(page, "ar")
    assert page.url.endswith("/vragenlijst/had_contact")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator("main input[value=no]")).to_be_checked()
    choose(page, "nl")
    expect(page.locator("main input[value=no]")).to_be_checked()


def test_a_page_left_open_in_another_tab_follows_to_the_language_chosen_last(walks: Walks) -> None:
    somebody = walks()
    page = somebody.page
    somebody.go(somebody.invited(service=6, wording="low_threshold"))
    page.locator("main form .primary").click()
    page.wait_for_url(re.compile("had_contact"))
    other = page.context.new_page()
    other.goto(page.url)
    choose(other, "fa")
    page.locator("main input[value=no]").check()
    page.locator("main .primary").first.click()
    expect(page.locator("html")).to_have_attribute("lang", "fa")
    expect(page.locator(".language-menu summary")).to_contain_text("فارسی")
    assert page.url.endswith("/overzicht/contact")


def test_enter_in_a_text_field_goes_on_without_javascript(walks: Walks) -> None:
    somebody = walks(java_script_enabled=False)
    page = somebody.page
    somebody.go(somebody.invited(kind="commissioner", service=None, wording="regular"))
    for _ in range(40):
        if page.locator("main input[type=text]:visible").count():
            break
        for group in page.locator("main fieldset:not(:has(fieldset))").all():
            group.locator("input").first.check()
        page.locator("main .primary").first.click()
    before = page.url
    for field in page.locator("main input[type=text]:visible").all():
        field.fill("3")
    with page.expect_navigation():
        page.locator("main input[type=text]:visible").last.press("Enter")
    expect(page.locator("html")).to_have_attribute("lang", "nl")
    assert "/hulp" not in page.url
    assert page.url != before or page.locator("#fouten").count()  # went on, or asks about what is left open


def test_progress_and_the_mark_of_a_mistake_are_mirrored_in_arabic(walks: Walks) -> None:
    somebody = walks("ar")
    page = somebody.page
    somebody.go(somebody.invited(FIRST, service=2))
    somebody.press("main form .primary")
    somebody.until("contact_count")
    page.locator("#v-contact_count").fill("x")
    somebody.press()
    edges = page.locator(".has-error").first.evaluate(
        "field => [getComputedStyle(field).borderRightWidth, getComputedStyle(field).borderLeftWidth]"
    )
    assert edges[0] != "0px" and edges[1] == "0px"
    number = page.locator("bdi.number").first
    assert number.evaluate("element => getComputedStyle(element).direction") == "ltr"
