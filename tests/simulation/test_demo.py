"""The demo: loaded once, the real way, never between real data, and its start page leads everywhere."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from app.database import reading
from app.errors import Conflict
from app.fieldwork.waves import find_wave
from app.main import create
from app.settings import settings
from app.simulation import demo
from app.simulation.demo_links import AUDIENCES, read_links, states
from tests.factories.fieldwork import make_wave
from tests.factories.respondent import Respondent

TABLES = ("wave", "provider", "participation", "delivery", "survey_case", "token", "interview", "answer")


def counts() -> dict[str, int]:
    with reading() as connection:
        return {table: connection.scalar(sa.text(f"SELECT count(*) FROM {table}")) or 0 for table in TABLES}


def load() -> list[str]:
    said: list[str] = []
    demo.load(said.append)
    return said


@pytest.fixture
def opened(database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The demo as `serve --demo` opens it."""
    monkeypatch.setenv("PEILWIJS_IS_DEMO", "1")
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


def test_the_demo_loads_once_and_its_pages_lead_everywhere(opened: None) -> None:
    load()
    before, links = counts(), read_links()
    assert load() == []
    assert (counts(), read_links()) == (before, links)
    assert before["delivery"] == len(demo.PROVIDERS)
    assert before["survey_case"] / 3 < before["interview"] < before["survey_case"] * 2 / 3
    assert {link.audience for link in links} == set(AUDIENCES)
    assert set(states(links).values()) == {"new", "half_way"}
    with reading() as connection:
        assert find_wave(connection, demo.wave_label() or "").rules.allow_drafted_translations
    _look_around()


def _look_around() -> None:
    visitor = Respondent(create()).get("/")
    assert visitor.path == "/demo"
    addresses = re.findall(r'href="(/(?!static)[^"]*)"', visitor.text)
    assert len([address for address in addresses if address.startswith("/v/")]) >= 6
    assert len([address for address in addresses if address.startswith("/kantoor/resultaten/")]) == len(demo.PROVIDERS)
    for address in addresses:
        assert Respondent(create()).get(address).response.status_code == 200, address
    code = re.search(r'class="typed-code">([^<]+)<', visitor.text)
    assert code
    assert visitor.get("/code").send({"code": code[1]}).path == "/vragenlijst"


def test_a_demo_never_comes_between_real_data(database: str, cli: Callable[..., Any]) -> None:
    make_wave("2024")
    before = counts()
    with pytest.raises(Conflict, match="holds waves already"):
        load()
    assert cli("demo").exit_code == 1
    assert counts() == before


def test_an_interrupted_load_is_completed(database: str) -> None:
    def stop(n_done: int, n_all: int) -> None:
        if n_done == 8:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        demo.load(lambda sentence: None, stop)
    assert read_links() == []
    load()
    assert counts()["delivery"] == len(demo.PROVIDERS)
    assert set(states(read_links()).values()) >= {"new"}
    (settings().var_folder / "demo-links.json").write_text("[{]")
    load()
    assert set(states(read_links()).values()) >= {"new"}
