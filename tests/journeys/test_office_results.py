"""A researcher at the results desk: from all providers to what is behind one number, and the figures."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.factories.fieldwork import make_provider, make_wave
from tests.factories.responses import bring_in, cells, write_csv
from tests.journeys.test_office_waves import Office
from tests.surroundings.environment import SECRET, Environment
from tests.surroundings.server import Served

pytestmark = pytest.mark.browser
GRADES = ("8", "8", "8", "8", "1", "1", "7.5")


@pytest.fixture
def office(served: Callable[..., Served], person: Callable[..., Page], tmp_path: Path) -> Office:
    """The office of a wave in which the low grades of one provider need the correction."""
    server = served()
    with Environment(PEILWIJS_VAR_FOLDER=str(server.var_folder), PEILWIJS_SECRET_KEY=SECRET):
        make_wave("2022", date(2022, 1, 1), date(2022, 12, 31), {})
        make_provider("Werkpad")
        rows: list[dict[str, Any]] = [cells(grade=grade) | {"case_ref": str(n)} for n, grade in enumerate(GRADES)]
        bring_in(write_csv(tmp_path / "w.csv", *rows), "werkpad")
    return Office(server, person(width=1280, reduced_motion="reduce"))


def test_from_all_providers_to_what_is_behind_a_number(office: Office) -> None:
    page = office.page
    office.open("/kantoor/resultaten/2022")
    page.get_by_role("link", name="Rapportcijfer").click()
    assert "sorteer=cijfer" in page.url
    assert page.locator("th[aria-sort]").inner_text() == "Rapportcijfer"
    office.judge()
    page.get_by_role("link", name="Werkpad").click()
    page.locator("tr.total a[href='#totaal-cijfer']").click()
    page.locator("#totaal-cijfer").get_by_text("41,5, de som van 7 cijfers, gedeeld door 7 is 5,928…;").wait_for()
    office.judge()


def test_the_figures_are_readable_in_every_light(office: Office) -> None:
    page = office.page
    office.open("/kantoor/resultaten/2022/werkpad?toon=vragen")
    page.locator("figure summary").first.click()
    for colours in ({"color_scheme": "dark"}, {"forced_colors": "active"}):
        page.emulate_media(**colours)  # type: ignore[arg-type]
        office.judge()
    page.emulate_media(forced_colors="none")
    page.get_by_label("Wijze").select_option("phone")
    office.press("Toon")
    assert page.get_by_text("Kies iets anders of toon alles.").is_visible()
