"""Every respondent page state through axe, and without sideways scrolling."""

import re
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.journeys.conftest import VOICE, Site

pytestmark = pytest.mark.browser
Arrive = Callable[..., Page]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def states(site: Site, page: Page, wording: str) -> Iterator[str]:
    """Walks through every kind of page; yields the name of each state while it shows."""
    page.goto(f"{site.server.url}/code")
    yield "code"
    page.get_by_label("Typ de code").fill("abcd")
    page.get_by_role("button").click()
    yield "wrong code"
    page.goto(f"{site.server.url}/v/unknown")
    yield "unknown link"
    page.goto(site.invite(service=6, wording=wording))
    yield "introduction"
    page.get_by_role("button", name="Begin").click()
    page.wait_for_url(re.compile("had_contact"))
    yield "question"
    page.get_by_role("button", name="Volgende").click()
    page.locator("#fouten").wait_for()
    yield "error"
    page.locator("input[value=no]").check()
    page.get_by_role("button", name="Volgende").click()
    page.wait_for_url(re.compile("overzicht|expectation"))
    yield "overview or next"
    page.goto(f"{site.server.url}/gestopt")
    yield "stopped"


def test_axe_would_find_a_fault(site: Site, person: Arrive) -> None:
    page = person()
    page.goto(f"{site.server.url}/code")
    page.evaluate("() => document.querySelector('label').remove()")
    assert "label" in [violation["id"] for violation in Axe().run(page, options=RULES).response["violations"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("wording", ["regular", "low_threshold"])
def test_axe_finds_nothing_on_any_page(site: Site, person: Arrive, wording: str, width: int, scheme: str) -> None:
    page = person(width=width, color_scheme=scheme)
    page.add_init_script(VOICE)
    found = []
    for state in states(site, page, wording):
        for violation in Axe().run(page, options=RULES).response["violations"]:
            found.append((state, violation["id"], [node["html"] for node in violation["nodes"]][:2]))
    assert not found


@pytest.mark.parametrize("wording", ["regular", "low_threshold"])
def test_nothing_scrolls_sideways_at_320_pixels(site: Site, person: Arrive, wording: str) -> None:
    page = person(width=320)
    wide = [
        state
        for state in states(site, page, wording)
        if page.evaluate("() => document.documentElement.scrollWidth") > 320
    ]
    assert not wide


def test_a_whole_regular_questionnaire_is_clean_on_every_screen(site: Site, person: Arrive) -> None:
    page = person(width=360)
    page.goto(site.invite(service=1))
    page.get_by_role("button", name="Begin").click()
    found = []
    while not page.url.endswith("/overzicht"):
        page.wait_for_function("() => !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling')")
        violations = Axe().run(page, options=RULES).response["violations"]
        found += [(page.url, violation["id"]) for violation in violations]
        before = page.url
        for group in page.locator("fieldset:not(:has(fieldset))").all():
            group.locator("input").first.check()
        page.get_by_role("button", name="Volgende").click()
        page.wait_for_function("before => location.href !== before", arg=before)
    assert not found


def test_every_control_is_at_least_48_pixels_high(site: Site, person: Arrive) -> None:
    page = person(width=360)
    small = []
    for state in states(site, page, "low_threshold"):
        for control in page.locator("main button:visible, main .card:visible, main a.button:visible").all():
            box = control.bounding_box()
            if box and box["height"] < 47.9:
                small.append((state, control.inner_text(), box["height"]))
    assert not small
