"""With a keyboard, without JavaScript, enlarged four times, with a mistake: respondents' pages keep working.

What each page looks like to a browser that measures it is in `test_page_states`.
"""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from app.language import catalogue, direction
from tests.factories.stored import interview_of
from tests.journeys import measuring
from tests.journeys.page_states import FIRST, Walker

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
Walks = Callable[..., Walker]
# Breaks the page in the browser, so that each measure has something to find.
BREAKS: dict[str, tuple[Callable[[Page], list[str]], str]] = {
    "a field without a name": (measuring.axe, "document.querySelector('main legend').remove()"),
    "a button with faint words": (measuring.colours, "document.querySelector('main .primary').style.color = '#377'"),
    "a wide picture": (measuring.sideways, "document.querySelector('h1').style.width = '2000px'"),
    "a text cut off": (
        measuring.lost_text,
        "Object.assign(document.querySelector('h1').style, {height: '5px', overflow: 'hidden'})",
    ),
    "a text on another": (measuring.lost_text, "document.querySelector('h1').style.marginBlockEnd = '-60px'"),
    "a box of a fixed height": (
        measuring.with_text_spacing,
        "(e => Object.assign(e.style, {height: e.offsetHeight + 'px', overflow: 'hidden'}))"
        "(document.querySelector('h1'))",
    ),
    "a small button": (
        measuring.small_targets,
        "Object.assign(document.querySelector('main .primary').style, {minHeight: 0, height: '30px', padding: 0})",
    ),
    "a grey answer": (measuring.faint_text, "document.querySelector('.card span').style.color = '#777'"),
    "a see-through answer": (measuring.faint_text, "document.querySelector('.card span').style.color = '#0005'"),
    "a card that slides": (measuring.motion, "document.querySelector('.card').style.transition = 'margin 1s'"),
    "a page in no language": (
        lambda page: measuring.wrong_language(page, "nl"),
        "document.documentElement.removeAttribute('lang')",
    ),
    "a page that runs the other way": (
        lambda page: measuring.wrong_language(page, "nl"),
        "document.documentElement.dir = 'rtl'",
    ),
    "a text that was not translated": (
        lambda page: measuring.wrong_language(page, "nl"),
        "document.querySelector('h1').textContent = 'ما رأيك'",
    ),
    "two main headings": (
        measuring.unheaded,
        "document.querySelector('h1').after(document.querySelector('h1').cloneNode(true))",
    ),
    "a title that says nothing": (measuring.unheaded, "document.title = 'Peilwijs'"),
    "a chosen answer without a mark": (
        measuring.unmarked_in_forced_colours,
        "const sheet = new CSSStyleSheet();"
        "sheet.replaceSync('.card { outline: none !important } .card input::before { content: none !important }');"
        "document.adoptedStyleSheets = [sheet]; document.querySelector('.card input').checked = true",
    ),
}


def test_every_measure_finds_what_is_broken(walks: Walks) -> None:
    someone = walks(forced_colors="none")
    someone.go(someone.invited(service=6))
    someone.press()
    page, unseen = someone.page, []
    for what, (measure, script) in BREAKS.items():
        page.reload()
        assert measure(page) == [], what
        page.evaluate(f"() => {{ {script} }}")
        if not measure(page):
            unseen.append(what)
    assert unseen == []


@pytest.mark.parametrize("language", ["nl", "ar"])
def test_everything_is_reached_and_seen_by_keyboard_at_400_percent(walks: Walks, language: str) -> None:
    someone = walks(language, width=320, height=256)
    found = []
    for state in someone.easy():
        found += [f"{state}: {fault}" for fault in stops(someone.page)]
        if state == "help":
            break
    assert found == []


def stops(page: Page) -> list[str]:
    """Walks over the page with Tab; what has the focus and cannot be seen to have it, or is left out."""
    page.locator(".skip").focus()
    reached, faults = {page.evaluate("() => document.activeElement.outerHTML")}, []
    for _ in range(80):
        page.keyboard.press("Tab")
        stop = page.evaluate(
            """() => {
                const e = document.activeElement;
                if (e === document.body) return null;
                const shown = e.matches("[type=radio], [type=checkbox]") ? e.closest("label") ?? e : e;
                const box = shown.getBoundingClientRect(), style = getComputedStyle(shown);
                const x = Math.min(Math.max(box.left + box.width / 2, 1), innerWidth - 1);
                const y = Math.min(Math.max(box.top + Math.min(box.height / 2, 20), 1), innerHeight - 1);
                const on = document.elementFromPoint(x, y);
                return {
                    what: e.outerHTML.slice(0, 90),
                    group: e.name && e.type === "radio" ? e.name : e.outerHTML,
                    isMarked: style.outlineStyle !== "none" || style.boxShadow !== "none",
                    isInView: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
                    isOnTop: !!on && (shown.contains(on) || on.contains(shown)),
                };
            }"""
        )
        if stop is None or stop["group"] in reached:
            break
        reached.add(stop["group"])
        faults += [f"{name}: {stop['what']}" for name in ("isMarked", "isInView", "isOnTop") if not stop[name]]
    left_out = page.evaluate(
        """(reached) => [...document.querySelectorAll("a[href], button, input:not([type=hidden]), textarea, summary")]
            .filter((e) => e.checkVisibility({visibilityProperty: true}) && e.tabIndex >= 0 && !e.disabled)
            .filter((e) => !reached.includes(e.name && e.type === "radio" ? e.name : e.outerHTML))
            .map((e) => e.outerHTML.slice(0, 90))""",
        list(reached),
    )
    return faults + [f"never reached: {what}" for what in left_out]


@pytest.mark.parametrize("language", ["nl", "en", "ar"])
@pytest.mark.parametrize("has_script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_mistake_is_told_in_the_title_and_in_a_summary_that_leads_to_it(
    walks: Walks, language: str, has_script: bool
) -> None:
    someone = walks(language, java_script_enabled=has_script)
    page = someone.page
    someone.go(someone.invited(FIRST, service=2))
    page.locator("form .primary").first.click()
    expect(page).to_have_url(re.compile("/reason"))
    page.locator("main input[type=radio]").first.check(force=True)
    page.locator("form .primary").first.click()
    pass_overviews(page)
    expect(page).to_have_url(re.compile("contact_count"))
    page.locator("#v-contact_count").fill("vijf")
    page.locator("form .primary").first.click()
    expect(page.locator("#fouten")).to_be_visible()
    assert page.title().startswith(catalogue(language).gettext("Fout:"))
    expect(page.locator("#v-contact_count")).to_have_value("vijf")
    expect(page.locator("#v-contact_count")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("html")).to_have_attribute("dir", direction(language))
    if has_script:
        expect(page.locator("#fouten")).to_be_focused()
        page.locator("#fouten a").first.focus()
        page.keyboard.press("Enter")
        expect(page.locator("#v-contact_count")).to_be_focused()
    else:
        assert page.locator("#fouten a").first.get_attribute("href") == "#v-contact_count"


def pass_overviews(page: Page) -> None:
    """On from the overview of a block, where one shows."""
    page.wait_for_url(re.compile("/overzicht/|/vragenlijst/(?!reason)"))
    if "/overzicht/" in page.url:
        page.locator("main .primary").first.click()


def test_an_easy_questionnaire_is_filled_in_without_javascript_in_arabic(walks: Walks) -> None:
    someone = walks("nl", java_script_enabled=False)
    page = someone.page
    someone.go(someone.invited(service=11, wording="regular"))
    page.locator("button[name=taal][value=ar]:visible").first.click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    for _ in range(40):
        if page.url.endswith("/bedankt"):
            break
        for group in page.locator("main fieldset:not(:has(fieldset))").all():
            group.locator("input[type=radio]").first.check(force=True)
        with page.expect_navigation():
            page.locator("main .primary").first.click()
        expect(page.locator("html")).to_have_attribute("lang", "ar")
    interview = someone.stored(interview_of)
    assert interview.finished_at is not None and interview.is_usable
    assert interview.grade_tenths == 10


def test_a_whole_regular_questionnaire_is_clean_on_every_screen(walks: Walks) -> None:
    someone = walks()
    someone.go(someone.invited(service=1, wording="regular"))
    someone.press()
    found = []
    while not someone.page.url.endswith("/overzicht"):
        found += [(someone.page.url, fault) for fault in measuring.axe(someone.page)]
        someone.choose()
        someone.press()
    assert found == []
