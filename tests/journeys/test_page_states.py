"""Every state of every respondent page is accessible: in three languages, light, dark and forced colours."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from tests.journeys import measuring
from tests.journeys.page_states import Walker

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
Walks = Callable[..., Walker]
NARROW, WIDE = {"width": 360, "height": 740}, {"width": 1280, "height": 800}
# 1280 x 1024 at 400 %, which is also the narrowest screen: 320 pixels
ENLARGED = {"width": 320, "height": 256}


def faults(page: Page, language: str) -> Iterator[tuple[str, str]]:
    """What is wrong with the page that shows, under each of the ways in which people look at it."""

    def look(how: str, *measures: Callable[[Page], list[str]]) -> Iterator[tuple[str, str]]:
        for measure in measures:
            yield from ((f"{how}: {measure.__name__}", fault) for fault in measure(page))

    page.set_viewport_size(NARROW)
    page.emulate_media(color_scheme="light", reduced_motion="reduce", forced_colors="none")
    yield from (("language", fault) for fault in measuring.wrong_language(page, language))
    yield from look("narrow", measuring.axe, measuring.small_targets, measuring.lost_text, measuring.unheaded)
    yield from look("light", measuring.faint_text, measuring.motion)
    yield from look("wider text", measuring.with_text_spacing)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce", forced_colors="none")
    yield from look("dark", measuring.colours, measuring.faint_text)
    page.emulate_media(color_scheme="light", reduced_motion="reduce", forced_colors="active")
    yield from look("forced colours", measuring.colours, measuring.unmarked_in_forced_colours)
    page.set_viewport_size(WIDE)
    yield from look("wide, forced colours", measuring.colours)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce", forced_colors="none")
    yield from look("wide, dark", measuring.colours)
    page.emulate_media(color_scheme="light", reduced_motion="reduce", forced_colors="none")
    yield from look("wide", measuring.axe, measuring.sideways, measuring.lost_text, measuring.small_targets)
    page.set_viewport_size(ENLARGED)
    yield from look("400 %", measuring.sideways, measuring.lost_text)
    page.set_viewport_size(NARROW)


def every_fault(walker: Walker, part: str) -> str:
    """The faults of every state of a part, a line each."""
    return "\n".join(
        f"{state} | {measure} | {fault}"
        for state in getattr(walker, part)()
        for measure, fault in faults(walker.page, walker.language)
    )


@pytest.mark.parametrize("language", ["nl", "en", "ar"])
@pytest.mark.parametrize("part", ["at_the_door", "easy"])
def test_every_state_of_the_easy_pages_is_accessible(walks: Walks, part: str, language: str) -> None:
    assert every_fault(walks(language), part) == ""


def test_every_state_of_the_regular_pages_is_accessible(walks: Walks) -> None:
    assert every_fault(walks("nl"), "regular") == ""
