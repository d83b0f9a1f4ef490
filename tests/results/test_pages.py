"""Office pages over HTTP: open in the demo only, and every figure where it belongs."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from app.clock import today
from app.main import create
from app.settings import settings
from tests.factories.cases import make_case, make_participation
from tests.factories.interviews import make_interview


def client() -> TestClient:
    return TestClient(create(), base_url="http://localhost:8000", follow_redirects=False)


@pytest.fixture
def demo(database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The office as the demo opens it."""
    monkeypatch.setenv("PEILWIJS_IS_DEMO", "1")
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def wave(database: str) -> None:
    """Two providers: one with 2 of 4 interviews (norm met), one with 1 of 5 (1 more needed)."""
    for name, n_cases, n_done in (("Werkpad", 4, 2), ("Anders B.V.", 5, 1)):
        participation = make_participation("2026", name, fieldwork_ends_on=today() + timedelta(days=3))
        for number in range(n_cases):
            case = make_case(participation, service=9)
            if number < n_done:
                make_interview(case.case_id, grade=8)


OFFICE = ("/", "/demo", "/kantoor", "/kantoor/golven", "/kantoor/golven/2026", "/kantoor/resultaten/2026/werkpad")


def test_outside_the_demo_the_office_asks_who_is_there(wave: None) -> None:
    answers = {address: client().get(address) for address in OFFICE}
    assert answers["/"].headers["location"] == "/code"
    assert answers["/demo"].status_code == 404
    behind_the_door = [answers[address] for address in OFFICE if address.startswith("/kantoor")]
    assert {answer.headers["location"] for answer in behind_the_door} == {"/kantoor/inloggen"}
    assert "Werkpad" not in "".join(answer.text for answer in answers.values())


def test_the_wave_shows_per_provider_what_is_still_needed(wave: None, demo: None) -> None:
    text = client().get("/kantoor/golven/2026").text
    assert "<h1>2026: 33,3 % respons, 1 van 2 dienstverleners halen de norm</h1>" in text
    assert "Invullen kan nog 3 dagen" in text
    first, second = text.index("Anders B.V."), text.index("Werkpad")
    assert first < second
    assert "nog 1 nodig voor 40 %" in text[first:second]
    assert "20,0" in text[first:second]
    assert "40 % gehaald" in text[second:]
    assert 'href="/kantoor/resultaten/2026/anders-b.v."' in text


def test_the_table_of_a_provider_is_one_click_away(wave: None, demo: None) -> None:
    moved = client().get("/kantoor/keurmerk/2026/werkpad")
    assert moved.headers["location"] == "/kantoor/resultaten/2026/werkpad"
    text = client().get(moved.headers["location"]).text
    assert "Werkpad, 2026: 50,0 % respons, responsnorm gehaald" in text
    assert 'href="/kantoor/resultaten/2026"' in text
    assert "9 Toeleiden naar werk vanuit situatie geen werk" in text


def test_waves_are_listed_and_an_empty_office_says_what_to_do(demo: None) -> None:
    assert "/kantoor/nieuwe-meetperiode" in client().get("/kantoor/golven").text
    make_participation("2025")
    listed = client().get("/kantoor/golven").text
    assert 'href="/kantoor/golven/2025"' in listed
    assert "wave create" not in listed
    assert client().get("/kantoor").headers["location"] == "/kantoor/golven"


@pytest.mark.parametrize(
    "address",
    ["/kantoor/golven/1999", "/kantoor/resultaten/2026/nobody", "/kantoor/resultaten/1999/werkpad", "/kantoor/x"],
)
def test_what_is_not_there_gets_a_friendly_page(wave: None, demo: None, address: str) -> None:
    answer = client().get(address)
    assert answer.status_code == 404
    assert "Dit is er niet" in answer.text
    assert 'href="/kantoor/golven"' in answer.text


def test_respondents_keep_their_own_pages_in_the_demo(wave: None, demo: None) -> None:
    assert client().get("/code").status_code == 200
    assert client().get("/gezond").text == "ok"
    assert "Typ de code" in client().get("/vragenlijst").text
    assert client().get("/").headers["location"] == "/demo"


def test_the_start_page_says_how_to_load_a_demo_that_is_not_there(demo: None) -> None:
    assert client().get("/demo").status_code == 404
