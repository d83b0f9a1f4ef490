"""The questions at the desk: figures of one provider or of all, and the filters of the address."""

import re
from datetime import date
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app.web.access import Role
from tests.factories.fieldwork import make_provider, make_wave
from tests.factories.office import signed_in_as
from tests.factories.responses import bring_in, cells, write_csv

ADDRESS = "/kantoor/resultaten/2022"


@pytest.fixture
def office(database: str, tmp_path: Path) -> TestClient:
    """Two providers; Werkpad has clients of two services, one of whom answered by telephone."""
    make_wave("2022", date(2022, 1, 1), date(2022, 12, 31), {"min_n": 1})
    make_provider("Werkpad")
    make_provider("Loopbaan")
    rows = [{"grade": "8"}, {"grade": "9", "service": "5"}, {"grade": "6", "mode": "phone"}]
    answered = [cells(**row) | {"case_ref": f"w-{n}"} for n, row in enumerate(rows)]
    bring_in(write_csv(tmp_path / "w.csv", *answered), "werkpad")
    bring_in(write_csv(tmp_path / "l.csv", cells(grade="7") | {"case_ref": "l-1"}), "loopbaan")
    return signed_in_as(Role.RESEARCHER).client


def words(text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", text).replace("\N{NO-BREAK SPACE}", " ").split())


def test_the_figures_of_a_provider_have_n_benchmark_and_a_table(office: TestClient) -> None:
    text = office.get(f"{ADDRESS}/werkpad?toon=vragen").text
    assert re.search(r"<h1>Werkpad, 2022: \d+ figuren</h1>", text)
    assert "Welk rapportcijfer geeft u Werkpad voor de hele begeleiding?" in text
    assert "Gemiddelde; n = 3; alle dienstverleners n = 4" in words(text)
    assert "Totaal 3 7,7 7,5" in words(text)
    assert "style=" not in text
    identities = re.findall(r' id="([^"]+)"', text)
    assert len(identities) == len(set(identities))


def test_all_providers_together_have_nothing_to_be_compared_with(office: TestClient) -> None:
    text = words(office.get(f"{ADDRESS}?toon=vragen").text)
    assert "Totaal 4 7,5" in text
    assert "Deze dienstverlener" not in text


@pytest.mark.parametrize(
    ("asked", "n"),
    [("dienst=5", 1), ("wijze=phone", 1), ("wijze=web&dienst=9", 1), ("teksten=regular", 3), ("dienst=onzin", 3)],
)
def test_the_address_says_who_counts(office: TestClient, asked: str, n: int) -> None:
    text = words(office.get(f"{ADDRESS}/werkpad?toon=vragen&{asked}").text)
    assert f"Gemiddelde; n = {n}; alle" in text


def test_a_selection_of_nobody_says_what_to_do(office: TestClient) -> None:
    text = office.get(f"{ADDRESS}/werkpad?toon=vragen&taal=ti").text
    assert "Kies iets anders of toon alles." in text
    assert '<option value="ti" selected>' in text


def test_a_wave_in_which_nobody_answered_says_when_figures_come(database: str) -> None:
    make_wave("2023", date(2023, 1, 1), date(2023, 12, 31), {})
    office = signed_in_as(Role.RESEARCHER).client
    assert "Zodra iemand de vragenlijst invult" in office.get("/kantoor/resultaten/2023?toon=vragen").text
    assert office.get("/kantoor/resultaten/2023/nobody?toon=vragen").status_code == 404
