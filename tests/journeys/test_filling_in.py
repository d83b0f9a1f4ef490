"""A client fills in a questionnaire in a real browser."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.factories.stored import answers_of, interview_of
from tests.journeys.site import Site

pytestmark = pytest.mark.browser
Arrive = Callable[..., Page]


def choose_by_keyboard(page: Page) -> None:
    """Answers every group of radio buttons on the page with Tab and Space only, then presses the first button."""
    seen: set[str] = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "() => [document.activeElement.type, document.activeElement.name, document.activeElement.className]"
        )
        kind, name, classes = focused
        if kind in ("radio", "checkbox") and name not in seen:
            seen.add(name)
            page.keyboard.press("Space")
        if "primary" in (classes or ""):
            page.keyboard.press("Enter")
            return
    raise AssertionError("the button to go on cannot be reached by keyboard")


def fill_in_by_keyboard(page: Page, most: int = 60) -> None:
    """From the introduction to the thanks without touching the mouse."""
    for _ in range(most):
        before = page.url + page.locator("h1").first.inner_text()
        choose_by_keyboard(page)
        page.wait_for_function(
            "before => location.href + document.querySelector('h1').innerText !== before", arg=before
        )
        if page.url.endswith("/bedankt"):
            return
    raise AssertionError(f"the questionnaire did not end; stopped at {page.url}")


@pytest.mark.parametrize("has_script", [True, False], ids=["with JavaScript", "without JavaScript"])
@pytest.mark.parametrize("wording", ["regular", "low_threshold"])
def test_a_client_fills_in_everything_by_keyboard(site: Site, person: Arrive, wording: str, has_script: bool) -> None:
    page = person(java_script_enabled=has_script)
    page.goto(site.invite(service=6, wording=wording))
    expect(page).to_have_url(re.compile("/vragenlijst$"))
    if has_script:
        fill_in_by_keyboard(page)
    else:
        fill_in_without_script(page)
    interview = site.stored(interview_of)
    assert interview.finished_at is not None and interview.is_usable
    assert interview.grade_tenths == 10


def fill_in_without_script(page: Page, most: int = 60) -> None:
    """Without script the browser itself loads each page, so one can simply wait for that."""
    for _ in range(most):
        for group in page.locator("fieldset:not(:has(fieldset))").all():
            first = group.locator("input[type=radio], input[type=checkbox]").first
            first.focus()
            page.keyboard.press("Space")
        button = page.locator(".primary").first
        button.focus()
        with page.expect_navigation():
            page.keyboard.press("Enter")
        if page.url.endswith("/bedankt"):
            return
    raise AssertionError(f"the questionnaire did not end; stopped at {page.url}")


def test_after_a_killed_server_the_client_goes_on_where_it_stopped(site: Site, person: Arrive) -> None:
    page = person()
    link = site.invite(service=6)
    page.goto(link)
    page.get_by_role("button", name="Begin").click()
    page.get_by_label("Ja", exact=True).check()
    page.get_by_role("button", name="Volgende").click()
    expect(page).to_have_url(re.compile("contact_frequency"))
    page.get_by_label("2 of 3 keer per maand").check()
    site.server.kill()
    page.get_by_role("button", name="Volgende").click()
    expect(page.get_by_role("alert")).to_contain_text("Er is geen verbinding")
    expect(page.get_by_label("2 of 3 keer per maand")).to_be_checked()
    site.server.start()
    assert site.stored(answers_of) == {"had_contact": "yes"}
    page.goto(link)
    expect(page).to_have_url(re.compile("contact_frequency"))


def test_the_back_button_shows_the_stored_answer(site: Site, person: Arrive) -> None:
    page = person()
    page.goto(site.invite(service=6))
    page.get_by_role("button", name="Begin").click()
    page.get_by_label("Ja", exact=True).check()
    page.get_by_role("button", name="Volgende").click()
    expect(page).to_have_url(re.compile("contact_frequency"))
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_contain_text("contact")
    expect(page.get_by_label("Ja", exact=True)).to_be_checked()


def test_a_question_without_answer_is_announced_in_the_title_and_takes_focus(site: Site, person: Arrive) -> None:
    page = person()
    page.goto(site.invite(service=6))
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("button", name="Volgende").click()
    expect(page.locator("#fouten")).to_be_focused()
    expect(page).to_have_title(re.compile("^Let op:"))
    page.locator("#fouten a").click()
    expect(page.get_by_label("Ja", exact=True)).to_be_focused()


def test_an_exclusive_answer_takes_the_others_away(site: Site, person: Arrive) -> None:
    page = person()
    page.goto(site.invite(service=6))
    page.get_by_role("button", name="Begin").click()
    while not page.locator("input[name=benefit]").count():
        before = page.url
        for group in page.locator("fieldset:not(:has(fieldset))").all():
            group.locator("input").nth(1).check()
        page.get_by_role("button", name="Volgende").click()
        page.wait_for_function("before => location.href !== before", arg=before)
    page.locator("input[value=ww]").check()
    page.locator("input[name=benefit][value=none]").check()
    expect(page.locator("input[value=ww]")).not_to_be_checked()
