"""The desk over HTTP, on both databases."""

import re

import pytest
from starlette.testclient import TestClient

from app.web.access import Role
from tests.factories.cases import make_case, make_participation
from tests.factories.interviews import make_interview
from tests.factories.office import signed_in_as

HOSTILE = "<script>alert(1)</script> & zonen"


@pytest.fixture
def wave(database: str) -> None:
    """A provider with very low grades, and one with a hostile name and nothing yet."""
    participation = make_participation("2022", "Werkpad")
    for grade in (8, 8, 8, 8, 1, 1, None):
        make_interview(make_case(participation, service=9).case_id, grade=grade)
    make_interview(make_case(participation, service=9).case_id, is_usable=False)
    make_case(participation, service=9, disposition="not_sampled")
    make_case(make_participation("2022", HOSTILE), service=1)


@pytest.fixture
def office(wave: None) -> TestClient:
    return signed_in_as(Role.RESEARCHER).client


def test_the_way_in_leads_to_the_newest_wave(office: TestClient) -> None:
    assert office.get("/kantoor/resultaten").headers["location"] == "/kantoor/resultaten/2022"
    text = office.get("/kantoor/resultaten/2022").text
    assert "<h1>2022: 1 van 2 dienstverleners halen de norm</h1>" in text
    assert 'href="/kantoor/resultaten/2022/werkpad"' in text
    assert "gehaald na correctie" in text


def test_names_of_providers_stay_words(office: TestClient) -> None:
    text = office.get("/kantoor/resultaten/2022").text
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; zonen" in text


def test_every_number_of_a_provider_leads_to_what_is_behind_it(office: TestClient) -> None:
    text = office.get("/kantoor/resultaten/2022/werkpad").text
    targets = re.findall(r'href="#([a-z0-9]+-[a-z]+)"', text)
    assert len(targets) == 10
    assert all(f'id="{target}"' in text for target in targets)
    assert "8 van de 9 aangeleverde mensen tellen mee." in text
    assert "1 niet getrokken in de steekproef" in text
    assert "1 begonnen wel" in text
    assert "1 vulden de vragenlijst in zonder cijfer" in text


def test_the_correction_is_on_the_page_step_by_step(office: TestClient) -> None:
    text = " ".join(re.sub(r"<[^>]+>", " ", office.get("/kantoor/resultaten/2022/werkpad").text).split())
    assert "34,0 / 6 = 5,67 6,5 niet gehaald 2 × 1,0 → 2 × 5 42,0 / 6 = 7,00 gehaald" in text


def test_a_wave_without_providers_says_what_to_do_next(database: str) -> None:
    office = signed_in_as(Role.RESEARCHER).client
    assert "Maak eerst een meetperiode" in office.get("/kantoor/resultaten").text


def test_a_wave_or_provider_that_does_not_exist_is_told(office: TestClient) -> None:
    assert office.get("/kantoor/resultaten/1999").status_code == 404
    assert office.get("/kantoor/resultaten/2022/nobody").status_code == 404
