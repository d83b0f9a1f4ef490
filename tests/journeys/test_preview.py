"""Trying a questionnaire in a browser: with and without JavaScript, for everybody's eyes, on every width."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import VOICE
from tests.journeys.measuring import every_view
from tests.surroundings.server import Served

pytestmark = pytest.mark.browser
Arrive = Callable[..., Page]


@pytest.fixture
def office(served: Callable[..., Served]) -> Served:
    return served(PEILWIJS_IS_DEMO="true")


def look(page: Page, office: Served, query: str) -> None:
    page.goto(f"{office.url}/kantoor/proef/bekijk?{query}")


@pytest.mark.parametrize("has_scripts", [True, False])
def test_a_researcher_chooses_walks_jumps_and_sees_why(office: Served, person: Arrive, has_scripts: bool) -> None:
    page = person(width=1280, java_script_enabled=has_scripts)
    page.goto(f"{office.url}/kantoor/proef")
    page.get_by_label("makkelijke woorden").check()
    page.get_by_label("Dienst").select_option("6")
    page.get_by_role("button", name="Bekijk").click()
    expect(page.get_by_text("Voorbeeld: er wordt niets bewaard.")).to_be_visible()
    page.locator("main").get_by_role("button", name="Begin").click()
    page.locator("main").get_by_text("Nee", exact=True).click()
    page.get_by_role("button", name="Volgende").click()
    expect(page.locator("main h1")).to_contain_text("Uw antwoorden")
    page.get_by_role("button", name="Wijzig").click()
    expect(page.get_by_role("radio", name="Nee", exact=True)).to_be_checked()
    page.get_by_label("Ga naar vraag").select_option("complaint_solved")
    page.get_by_role("button", name="Ga", exact=True).click()
    why = page.get_by_role("complementary", name="Waarom deze vraag?")
    expect(why).to_contain_text("complaint == 'yes'")
    expect(why.locator(".outcome.yes")).to_have_text("klopt")
    page.get_by_label("Ga naar vraag").select_option("training_form")
    page.get_by_role("button", name="Ga", exact=True).click()
    expect(page.get_by_text("Bij deze vraag komt u niet:")).to_be_visible()
    page.get_by_role("link", name="Bekijk de vraag met keuzes waarmee het wel kan").click()
    expect(page.locator(".preview-facts")).to_contain_text("dienst 1.")
    expect(page.locator("main input[name=training_form]").first).to_be_attached()
    assert not page.context.cookies()


def test_the_address_opens_the_same_question_again_and_going_back_asks_nothing(office: Served, person: Arrive) -> None:
    page = person(width=1280)
    look(page, office, "vragenlijst=arbeid-2022&dienst=6&vraag=had_contact")
    page.locator("main").get_by_text("Ja", exact=True).click()
    page.get_by_role("button", name="Volgende").click()
    page.wait_for_url(re.compile("vraag=contact_frequency$"))
    page.go_back()
    page.wait_for_url(re.compile("vraag=had_contact$"))
    expect(page.locator("main input[name=had_contact]").first).to_be_attached()
    page.go_forward()
    page.wait_for_url(re.compile("vraag=contact_frequency$"))
    page.reload()
    expect(page.locator("main input[name=contact_frequency]").first).to_be_attached()


def states(page: Page, office: Served) -> Iterator[str]:
    """Every kind of page of the preview; yields the name of each while it shows."""
    page.goto(f"{office.url}/kantoor/proef?vragenlijst=arbeid-2022")
    yield "start"
    page.goto(f"{office.url}/kantoor/proef/routeschema/inburgeren/regular")
    yield "diagram"
    look(page, office, "vragenlijst=inburgeren")
    yield "introduction"
    look(page, office, "vragenlijst=inburgeren&vraag=when_ill")
    yield "question"
    page.get_by_role("button", name="Volgende").click()
    page.locator("#fouten").wait_for()
    yield "asked once more"
    look(page, office, "vragenlijst=arbeid-2022&dienst=3&vraag=reason&wijze=phone")
    yield "telephone"
    look(page, office, "vragenlijst=arbeid-2022&dienst=3&vraag=contact_ways&woorden=low_threshold&taal=ar")
    yield "arabic"
    look(page, office, "vragenlijst=arbeid-2022&dienst=3&vraag=training_form")
    yield "refused"
    look(page, office, "vragenlijst=arbeid-2018&dienst=9&pagina=overzicht&woorden=low_threshold")
    page.locator("details.reason summary").first.click()
    yield "overview"
    look(page, office, "vragenlijst=opdrachtgevers&pagina=bedankt")
    yield "thanks"


def test_axe_finds_nothing_and_nothing_scrolls_sideways(office: Served, person: Arrive) -> None:
    page = person(width=1280, reduced_motion="reduce")
    page.add_init_script(VOICE)
    found = [(state, fault) for state in states(page, office) for fault in every_view(page, 360, 1280)]
    assert not found
