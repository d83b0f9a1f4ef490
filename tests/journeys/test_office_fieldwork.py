"""A researcher in a browser: the monitor that refreshes itself, and a person who calls for a new code."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.factories.interviews import make_interview
from tests.factories.monitored import let_it_run, open_cases, wave_in_fieldwork
from tests.journeys.test_office_waves import Office
from tests.surroundings.environment import SECRET, Environment
from tests.surroundings.server import Served

pytestmark = pytest.mark.browser


def at_home(office: Office) -> Environment:
    return Environment(PEILWIJS_VAR_FOLDER=str(office.server.var_folder), PEILWIJS_SECRET_KEY=SECRET)


@pytest.fixture
def office(served: Callable[..., Served], person: Callable[..., Page], tmp_path: Path) -> Office:
    found = Office(served(), person(width=1280, java_script_enabled=True, reduced_motion="reduce"))
    with at_home(found):
        wave_in_fieldwork(tmp_path)
        let_it_run()
    return found


def test_the_numbers_refresh_themselves_and_leave_the_reader_where_they_are(office: Office) -> None:
    page = office.page
    page.clock.install()
    office.open("/kantoor/veldwerk/2024")
    page.get_by_role("link", name="Werkpad").click()
    office.judge()
    row = page.locator(".funnel-table tr", has_text="Bruikbaar").locator("td").nth(2)
    expect(row).to_have_text("2")
    page.locator("summary", has_text="Cijfers per dag").click()
    page.locator("#zoek").focus()
    n_steps = page.evaluate("history.length")
    with at_home(office):
        make_interview(open_cases()[-1], grade=9)
    page.clock.fast_forward(16_000)
    expect(row).to_have_text("3")
    assert page.evaluate("document.activeElement.id") == "zoek"
    assert page.locator("details.per-day").get_attribute("open") is not None
    assert page.locator("#per-dag tbody td").nth(4).inner_text() == "3"
    assert page.evaluate("history.length") == n_steps
    office.judge()


def test_somebody_who_calls_is_found_and_gets_a_new_code(office: Office) -> None:
    page = office.page
    office.open("/kantoor/veldwerk/2024")
    page.locator("#zoek").click()
    page.get_by_label("E-mailadres").check()
    page.get_by_label("Wat u zoekt").fill("niemand@voorbeeld.example")
    office.press("Zoek")
    assert office.title().startswith("Fout: ")
    office.judge()
    page.get_by_label("Wat u zoekt").fill("ZELF@voorbeeld.example")
    office.press("Zoek")
    assert "/kantoor/case/" in page.url and "zelf" not in page.url.lower()
    office.judge()
    assert page.get_by_text("zelf@voorbeeld.example").count() == 0
    office.press("Toon contactgegevens")
    page.get_by_text("zelf@voorbeeld.example").wait_for()
    office.judge()
    page.get_by_role("link", name="Maak een nieuwe code").click()
    office.judge()
    office.press("Maak een nieuwe code")
    code = page.locator(".shown-once").inner_text()
    office.judge()
    page.get_by_role("link", name="Klaar, terug naar de persoon").click()
    page.get_by_text("Nieuwe code en link gemaakt").wait_for()
    page.goto(f"{office.server.url}/code")
    page.locator("#code").fill(code.lower())
    page.locator("main .primary").click()
    page.wait_for_url("**/vragenlijst*")
