"""Somebody who is new to this practises first, and asks for help half way."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.factories.stored import answers_of
from tests.journeys.site import Site

pytestmark = pytest.mark.browser
Arrive = Callable[..., Page]


@pytest.mark.parametrize("has_script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_somebody_practises_begins_asks_for_help_and_goes_on(site: Site, person: Arrive, has_script: bool) -> None:
    page = person(java_script_enabled=has_script)
    page.goto(site.invite(service=11))
    page.get_by_role("link", name="Eerst oefenen").click()
    page.get_by_role("button", name="Volgende", exact=True).click()
    expect(page.locator("#fouten")).to_contain_text("U gaf nog geen antwoord")
    page.get_by_role("radio", name="Het regent").check()
    page.get_by_role("button", name="Volgende", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Goed zo!")
    expect(page.locator(".chosen")).to_have_text("Het regent")
    page.get_by_role("button", name="Begin", exact=True).click()
    expect(page).to_have_url(re.compile("following_now"))

    page.get_by_role("radio", name="Ja", exact=True).check()
    page.get_by_role("button", name=re.compile("^Hulp")).click()
    expect(page).to_have_url(re.compile("/hulp"))
    page.get_by_role("button", name="Bel mij", exact=True).click()
    page.get_by_role("radio", name="In de avond").check()
    page.get_by_role("radio", name="Türkçe").check()
    page.get_by_role("textbox", name="Welk nummer").fill("06 1234 5678")
    page.get_by_role("button", name="Bel mij", exact=True).click()
    expect(page.locator(".chosen")).to_contain_text("Türkçe")
    page.get_by_role("link", name="Terug naar de vragen").click()
    expect(page).to_have_url(re.compile("following_now"))
    expect(page.get_by_role("radio", name="Ja", exact=True)).to_be_checked()
    assert site.stored(answers_of) == {"following_now": "yes"}


def test_pictures_stand_beside_words_and_in_the_colour_of_the_text(site: Site, person: Arrive) -> None:
    page = person(color_scheme="dark")
    page.goto(site.invite(service=11))
    page.get_by_role("link", name="Eerst oefenen").click()
    card = page.locator(".card", has_text="De zon schijnt")
    looks = (
        "card => { const s = getComputedStyle(card, '::before'); return [s.maskImage, s.backgroundColor, s.width]; }"
    )
    drawing, colour, width = card.evaluate(looks)
    assert "pictures.svg" in drawing and width == "32px"
    assert colour == card.evaluate("card => getComputedStyle(card).color")
    page.emulate_media(forced_colors="active")
    assert card.evaluate(looks)[1] not in ("rgba(0, 0, 0, 0)", "transparent")
    assert card.inner_text().strip() == "De zon schijnt"
