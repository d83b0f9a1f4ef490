"""A researcher in a browser: a wave from nothing, its first delivery, and a change to the running wave."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from app.accounts import sessions
from app.database import writing
from app.web.access import Role
from tests.factories.deliveries import expected, sample
from tests.factories.office import make_user
from tests.journeys.measuring import AXE_OPTIONS
from tests.surroundings.environment import SECRET, Environment
from tests.surroundings.server import Served

pytestmark = pytest.mark.browser


class Office:
    """A server, and the browser of a researcher who signed in; every page is judged on arrival."""

    def __init__(self, server: Served, page: Page) -> None:
        self.server, self.page, self.n_judged = server, page, 0
        with Environment(PEILWIJS_VAR_FOLDER=str(server.var_folder), PEILWIJS_SECRET_KEY=SECRET):
            made = make_user(Role.RESEARCHER)
            with writing() as connection:
                key = sessions.start(connection, made.id, "Chrome, Linux", is_complete=True)
        page.context.add_cookies([{"name": "peilwijs-office", "value": key, "url": server.url}])

    def open(self, path: str) -> None:
        self.page.goto(f"{self.server.url}{path}")
        self.judge()

    def press(self, words: str) -> None:
        self.page.get_by_role("button", name=words, exact=True).click()
        self.page.wait_for_load_state()

    def title(self) -> str:
        return self.page.title()

    def heading(self) -> str:
        return self.page.locator("h1").inner_text()

    def judge(self) -> None:
        """No fault of accessibility, and no scrolling sideways, wide and narrow."""
        for width in (1280, 360):
            self.page.set_viewport_size({"width": width, "height": 900})
            self.n_judged += 1
            faults = [
                (one["id"], [node["target"] for node in one["nodes"]])
                for one in Axe().run(self.page, options=AXE_OPTIONS).response["violations"]
            ]
            assert faults == [], (self.page.url, width)
            wide = self.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, (self.page.url, width, wide)


@pytest.fixture
def office(served: Callable[..., Served], person: Callable[..., Page], request: Any) -> Office:
    return Office(served(), person(width=1280, java_script_enabled=True, reduced_motion="reduce"))


def test_a_wave_from_nothing_to_a_stored_delivery_and_a_change(office: Office) -> None:
    page = office.page
    office.open("/kantoor/golven")
    office.open("/kantoor/nieuwe-meetperiode")
    page.get_by_label("Naam", exact=True).fill("2024")
    page.get_by_label("Trajecten vanaf").fill("2024-01-01")
    page.get_by_label("Trajecten tot en met").fill("2023-12-31")
    office.press("Maak de meetperiode")
    assert office.title().startswith("Fout: ")
    office.judge()
    page.get_by_label("Trajecten tot en met").fill("2024-12-31")
    office.press("Maak de meetperiode")
    assert office.heading() == "2024: 0 dienstverleners"
    office.judge()
    page.get_by_label("Naam", exact=True).fill("Werkpad")
    office.press("Voeg toe")
    assert office.heading() == "2024: 1 dienstverlener"
    office.open("/kantoor/dienstverleners")
    office.open("/kantoor/aanlevering/2024")
    page.get_by_role("link", name="Werkpad").click()
    office.judge()
    page.get_by_label("Bestand met cliënten en opdrachtgevers").set_input_files(sample("werkpad"))
    office.press("Controleer")
    wanted = expected("werkpad")
    n_accepted = sum(verdict == "accepted" for _, verdict, _ in wanted)
    page.get_by_role("heading", name=f"Voorproef: {n_accepted} van {len(wanted)} regels akkoord").wait_for()
    office.judge()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download het beoordeelde bestand (Excel)").click()
    assert download.value.suggested_filename == "aanlevering-werkpad-2024-beoordeeld.xlsx"
    office.press(f"Neem {n_accepted} regels op")
    page.get_by_role("heading", name=f"Opgenomen: {n_accepted} nieuw, 0 bijgewerkt").wait_for()
    office.judge()
    office.open("/kantoor/golven/2024/instellingen")
    page.get_by_label("Dag, Cliënten, stap 3").fill("10")
    office.press("Bewaar")
    assert office.heading() == "Deze meetperiode loopt. Dit gaat er gebeuren"
    office.judge()
    office.press("Voer dit door")
    assert page.url.endswith("/kantoor/golven/2024")
    office.judge()
    assert office.n_judged >= 20
