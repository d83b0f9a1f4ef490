"""Exports in the office: choose, wait, fetch; only for who asked, for a day, and never with names by accident."""

import re
import stat
import zipfile
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine
from python_calamine import CalamineWorkbook

from app import clock, tasks
from app.audit.tables import AuditEntry
from app.database import reading
from app.jobs import TASKS
from app.results.exports import kept, making
from app.web.access import Role
from tests.factories.fieldwork import make_provider, make_wave
from tests.factories.office import Employee, signed_in_as
from tests.factories.responses import bring_in, cells, write_csv

PAGE = "/kantoor/exports/2022"


@pytest.fixture
def researcher(database: str, tmp_path: Path) -> Employee:
    """A researcher; two clients of one provider answered."""
    make_wave("2022", date(2022, 1, 1), date(2022, 12, 31))
    make_provider("Werkpad")
    rows = [cells(case_ref=f"K{n}", grade="7,5", remarks="Met naam en toenaam") for n in range(2)]
    bring_in(write_csv(tmp_path / "r.csv", *rows))
    return signed_in_as(Role.RESEARCHER)


def make(who: Employee, **fields: str) -> str:
    """Asks for an export and has it made; returns the address of its page."""
    who.get(PAGE).post(PAGE, **fields)
    assert who.status == 303, who.text[-500:]
    address = str(who.response.headers["location"])
    assert tasks.run_one()
    return address


def logged(action: str) -> list[dict[str, object]]:
    entry = AuditEntry.__table__  # type: ignore[attr-defined]
    with reading() as connection:
        return list(connection.scalars(sa.select(entry.c.details).where(entry.c.action == action)))


@pytest.mark.parametrize(
    ("what", "name"),
    [
        ("responses:csv-excel", "antwoorden-2022.csv"),
        ("responses:csv", "antwoorden-2022.csv"),
        ("responses:xlsx", "antwoorden-2022.xlsx"),
        ("responses:sav", "antwoorden-2022.sav"),
        ("responses:json", "antwoorden-2022.json"),
        ("keurmerk:csv-excel", "keurmerk-2022.csv"),
        ("keurmerk:xlsx", "keurmerk-2022.xlsx"),
        ("figures:csv-excel", "figuren-2022.csv"),
        ("figures:xlsx", "figuren-2022.xlsx"),
        ("codebook:zip", "codeboek-2022.zip"),
    ],
)
def test_everything_on_offer_can_be_made_and_fetched(researcher: Employee, what: str, name: str) -> None:
    address = make(researcher, bestand=what)
    assert "Het bestand is klaar" in researcher.get(address).text
    fetched = researcher.client.get(f"{address}/bestand")
    assert fetched.status_code == 200
    assert f'filename="{name}"' in fetched.headers["content-disposition"]
    assert len(fetched.content) > 50
    assert b"toenaam" not in fetched.content
    assert b"K1" not in fetched.content or what.endswith(("xlsx", "sav", "zip"))
    assert logged("export.asked")[0]["format"] == what.split(":")[1]
    assert len(logged("export.fetched")) == 1
    assert what in re.findall(r'value="([a-z]+:[a-z-]+)"', researcher.get(PAGE).text)


def test_references_need_a_reason_which_is_kept(researcher: Employee) -> None:
    researcher.get(PAGE).post(PAGE, bestand="responses:csv", klantnummers="ja", reden="  ")
    assert researcher.status == 422
    assert "Schrijf op waarvoor" in researcher.text
    address = make(researcher, bestand="responses:csv", klantnummers="ja", reden="Dubbele rijen nagaan")
    assert ";client;" in researcher.client.get(f"{address}/bestand").text.splitlines()[1]
    assert researcher.client.get(f"{address}/bestand").text.splitlines()[1].startswith("K0;")
    with reading() as connection:
        assert kept.find(connection, address.rsplit("/", 1)[1]).asked.reason == "Dubbele rijen nagaan"
    assert logged("responses.exported")[-1]["identity"] == "reference"


def test_a_colleague_finds_no_page_and_no_file(researcher: Employee) -> None:
    address = make(researcher, bestand="responses:csv")
    admin = signed_in_as(Role.ADMIN)
    assert admin.get(address).status == 404
    assert admin.get(f"{address}/bestand").status == 404
    assert admin.get("/kantoor/exports/2021").status == 404
    assert researcher.get(f"{address}/bestand").status == 200


def test_the_link_expires_after_a_day_and_the_file_goes(researcher: Employee) -> None:
    address = make(researcher, bestand="responses:csv")
    with reading() as connection:
        path = kept.find(connection, address.rsplit("/", 1)[1]).path
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert kept.delete_old() == 0
    with time_machine.travel(clock.now() + timedelta(hours=25)):
        assert kept.delete_old() == 1
        with reading() as connection:
            assert not kept.find(connection, address.rsplit("/", 1)[1]).is_there
    assert not path.exists()
    assert researcher.get(f"{address}/bestand").status == 404


def test_a_file_can_be_thrown_away(researcher: Employee) -> None:
    address = make(researcher, bestand="keurmerk:xlsx")
    researcher.get(address).post(f"{address}/weg").follow()
    assert "verlopen" in researcher.text
    assert "Dit bestand is er niet meer" in researcher.get(address).text
    assert researcher.get(f"{address}/bestand").status == 404


def test_while_it_is_made_the_page_says_so_and_nothing_can_be_fetched(researcher: Employee) -> None:
    researcher.get(PAGE).post(PAGE, bestand="responses:xlsx").follow()
    assert "Wij maken het bestand" in researcher.text
    address = str(researcher.response.url.path)
    assert researcher.get(f"{address}/bestand").status == 404
    tasks.run_one()
    assert "Het bestand is klaar" in researcher.get(address).text


@pytest.mark.parametrize(
    "fields", [{"bestand": "responses:exe"}, {}, {"bestand": "responses:csv", "dienstverlener": "x"}]
)
def test_what_is_not_on_the_list_is_refused(researcher: Employee, fields: dict[str, str]) -> None:
    assert researcher.get(PAGE).post(PAGE, **fields).status == 422
    assert not tasks.run_one()


def test_one_provider_only(researcher: Employee) -> None:
    make_provider("Ander")
    address = make(researcher, bestand="keurmerk:xlsx", dienstverlener="werkpad")
    with reading() as connection:
        path = kept.find(connection, address.rsplit("/", 1)[1]).path
    rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    assert {row[0] for row in rows[1:]} == {"werkpad"}


def test_codebooks_come_as_page_and_as_ddi(researcher: Employee) -> None:
    address = make(researcher, bestand="codebook:zip")
    with reading() as connection:
        path = kept.find(connection, address.rsplit("/", 1)[1]).path
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == ["arbeid-2022.html", "arbeid-2022.ddi.xml"]


def test_a_worker_knows_the_task() -> None:
    assert making in TASKS
