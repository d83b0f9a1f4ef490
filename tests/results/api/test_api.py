"""The programming interface: who gets in, what a token may read, and what the answers hold."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from starlette.testclient import TestClient

from app import clock
from app.database import writing
from app.fieldwork.tables import Wave
from app.main import create
from app.reports import editions
from app.reports.composition import compose
from app.reports.gathering import gather
from app.reports.workshop import make_one
from app.results.api import tokens
from app.results.api.admission import CALLS, FAILURES, limiter
from app.results.api.application import api_app
from app.results.keurmerk_formats import as_data
from app.results.wave_results import table_of
from app.web.access import Access, declared
from tests.conventions.test_access import endpoints
from tests.factories.fieldwork import make_provider, make_wave
from tests.factories.responses import bring_in, cells, write_csv

WAVE = "/api/v1/waves/2022"
_wave = Wave.__table__  # type: ignore[attr-defined]


class Program:
    """A program with a token, or without one."""

    def __init__(self, token: str = "") -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self.client = TestClient(create(), base_url="http://localhost:8000", headers=headers)

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(path, headers=headers)


@pytest.fixture(autouse=True)
def fresh_limits() -> Iterator[None]:
    limiter.cache_clear()
    yield
    limiter.cache_clear()


@pytest.fixture
def wave(database: str, tmp_path: Path) -> None:
    """Two providers with six interviews each."""
    make_wave("2022", date(2022, 1, 1), date(2022, 12, 31))
    for name in ("Werkpad", "Ander"):
        make_provider(name)
        rows = [cells(case_ref=f"K{n}", grade=str(5 + n % 3), remarks="Met naam") for n in range(6)]
        bring_in(write_csv(tmp_path / "r.csv", *rows), name.lower())
    close(date(2023, 2, 1))


def close(ends_on: date | None) -> None:
    """The last day of fieldwork."""
    with writing() as connection:
        connection.execute(sa.update(_wave).values(fieldwork_ends_on=ends_on))


def token(*kinds: str, wave: str = "", provider: str = "", days: str = "30") -> str:
    with writing() as connection:
        return tokens.make(connection, "user:1", "Website", kinds, wave, provider, days)


def change_rules(**changed: object) -> None:
    with writing() as connection:
        rules: Any = connection.scalar(sa.select(_wave.c.rules))
        connection.execute(sa.update(_wave).values(rules=rules | changed))


def publish(provider: str, change_note: str = "") -> None:
    """Makes a report, or a correction of the final one; looks at it and makes it final."""
    if change_note:
        with writing() as connection:
            participation_id = editions.one_line(connection, "2022", provider).participation_id
            document = compose(gather(connection, "2022", provider))
            editions.correct(connection, "user:1", participation_id, document, change_note)
    else:
        make_one("2022", provider, "user:1")
    for step in (editions.review, editions.publish):
        with writing() as connection:
            report = editions.one_line(connection, "2022", provider).report
            assert report is not None
            step(connection, "user:1", report, report.hash)


def test_without_a_valid_token_nothing_is_told(wave: None) -> None:
    for headers in ({}, {"Authorization": "Bearer pwl_no"}, {"Authorization": "Basic YTpi"}):
        answer = Program().get(f"{WAVE}/keurmerk", **headers)
        assert answer.status_code == 401
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["www-authenticate"].startswith("Bearer")
        assert set(answer.json()) == {"type", "title", "status", "detail"}


def test_a_revoked_or_expired_token_opens_nothing(wave: None) -> None:
    given, short = token("keurmerk"), token("keurmerk", days="1")
    assert Program(given).get(f"{WAVE}/keurmerk").status_code == 200
    with writing() as connection:
        newest = {one.expires_at: one.id for one in tokens.listed(connection)}
        tokens.revoke(connection, "user:1", newest[max(newest)])
    assert Program(given).get(f"{WAVE}/keurmerk").status_code == 401
    assert Program(short).get(f"{WAVE}/keurmerk").status_code == 200
    with time_machine.travel(clock.now() + timedelta(hours=25)):
        assert Program(short).get(f"{WAVE}/keurmerk").status_code == 401


@pytest.mark.parametrize("kind", list(tokens.KINDS))
def test_a_token_reads_its_own_kind_of_data_only(wave: None, kind: str) -> None:
    program = Program(token(kind))
    addresses = {"grades": "grades", "keurmerk": "keurmerk/werkpad", "counts": "response", "figures": "figures/werkpad"}
    statuses = {one: program.get(f"{WAVE}/{address}").status_code for one, address in addresses.items()}
    assert statuses == {one: 200 if one == kind else 403 for one in addresses}
    assert program.get("/api/v1/waves").json() == [
        {"label": "2022", "starts_on": "2022-01-01", "ends_on": "2022-12-31"}
    ]


def test_a_token_of_one_wave_or_provider_knows_no_other(wave: None) -> None:
    make_wave("2023", date(2023, 1, 1), date(2023, 12, 31))
    program = Program(token("keurmerk", "figures", "counts", wave="2022", provider="werkpad"))
    assert program.get("/api/v1/waves/2023/keurmerk").status_code == 404
    assert [one["label"] for one in program.get("/api/v1/waves").json()] == ["2022"]
    for part in ("keurmerk", "response"):
        assert [one["provider"] for one in program.get(f"{WAVE}/{part}").json()] == ["werkpad"]
    assert program.get(f"{WAVE}/keurmerk/ander").status_code == 404
    assert program.get(f"{WAVE}/figures/ander").status_code == 404
    assert program.get(f"{WAVE}/figures").status_code == 403


def test_a_table_is_the_one_that_the_command_prints(wave: None) -> None:
    answered = Program(token("keurmerk")).get(f"{WAVE}/keurmerk/werkpad").json()
    with writing() as connection:
        assert answered == as_data(table_of(connection, "werkpad", "2022"))


def test_only_grades_of_a_final_report_that_meet_the_norm_are_published(wave: None) -> None:
    program = Program(token("grades"))
    make_one("2022", "ander", "user:1")
    assert program.get(f"{WAVE}/grades").json() == []
    publish("werkpad")
    (one,) = program.get(f"{WAVE}/grades").json()
    assert (one["provider"], one["name"]) == ("werkpad", "Werkpad")
    with writing() as connection:
        published = [row for row in as_data(table_of(connection, "werkpad", "2022"))["rows"] if row["published"]]
    assert one["rows"] == published != []
    assert Program(token("grades", provider="ander")).get(f"{WAVE}/grades").json() == []


def test_published_grades_are_those_of_the_report_until_a_correction_is_final(wave: None) -> None:
    program = Program(token("grades"))
    publish("werkpad")
    before = program.get(f"{WAVE}/grades").json()
    change_rules(response_norm={"clients": [{"net_max": None, "min_pct": 40, "min_completed": 7}]})
    assert program.get(f"{WAVE}/grades").json() == before
    publish("werkpad", "De norm van deze meetperiode stond verkeerd.")
    (one,) = program.get(f"{WAVE}/grades").json()
    assert one["rows"] == [] != before[0]["rows"]


def test_small_groups_are_hidden_and_words_are_never_told(wave: None) -> None:
    change_rules(min_n=10)
    answer = Program(token("figures")).get(f"{WAVE}/figures/werkpad")
    figures = [figure for section in answer.json()["sections"] for figure in section["figures"]]
    assert figures
    assert {(figure["is_hidden"], figure["n"], len(figure["bars"])) for figure in figures} == {(True, None, 0)}
    assert "Met naam" not in answer.text


def test_figures_wait_until_nobody_answers_any_more(wave: None) -> None:
    program = Program(token("figures"))
    for ends_on in (None, clock.today()):
        close(ends_on)
        refused = program.get(f"{WAVE}/figures/werkpad")
        assert (refused.status_code, refused.headers["content-type"]) == (409, "application/problem+json")
        assert program.get(f"{WAVE}/figures").status_code == 409


def test_figures_are_those_of_the_pages(wave: None) -> None:
    sections = Program(token("figures")).get(f"{WAVE}/figures/werkpad").json()["sections"]
    figures = {figure["code"]: figure for section in sections for figure in section["figures"]}
    intake = figures["intake"]
    assert (intake["n"], intake["benchmark_n"], intake["is_hidden"]) == (6, 12, False)
    assert {bar["code"]: bar["pct"] for bar in intake["bars"]}["satisfied"] == 100


def test_who_has_the_answer_already_gets_304(wave: None) -> None:
    program = Program(token("counts"))
    first = program.get(f"{WAVE}/response")
    assert first.headers["cache-control"] == "private, max-age=60"
    again = program.get(f"{WAVE}/response", **{"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    assert program.get(f"{WAVE}/response", **{"If-None-Match": '"other"'}).status_code == 200


def test_calls_and_wrong_tokens_are_counted(wave: None) -> None:
    program, stranger = Program(token("counts")), Program("pwl_wrong")
    statuses = [program.get("/api/v1/waves").status_code for _ in range(CALLS.amount + 1)]
    assert statuses == [200] * CALLS.amount + [429]
    assert program.get("/api/v1/waves").headers["retry-after"] == "60"
    refused = [stranger.get("/api/v1/waves").status_code for _ in range(FAILURES.amount + 1)]
    assert refused == [401] * FAILURES.amount + [429]


def test_the_last_use_is_noted_and_the_token_itself_is_nowhere(wave: None) -> None:
    given = token("counts")
    with writing() as connection:
        assert tokens.listed(connection)[0].last_used_at is None
    Program(given).get("/api/v1/waves")
    with writing() as connection:
        (listed,) = tokens.listed(connection)
        assert listed.last_used_at is not None
        stored = connection.execute(sa.text("SELECT * FROM api_token")).mappings().one()
        logged = connection.execute(sa.text("SELECT details FROM audit_entry")).scalars().all()
    assert given not in str([dict(stored), logged])


def test_nothing_can_be_written_and_unknown_addresses_are_problems(wave: None) -> None:
    program = Program(token("counts"))
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        answer = program.client.request(method, f"{WAVE}/response")
        assert (answer.status_code, answer.headers["content-type"]) == (405, "application/problem+json")
    for path in ("/api/v1/nothing", "/api/", f"{WAVE}/response/x", "/api/v1/waves/2099/response"):
        assert program.get(path).status_code == 404
        assert program.get(path).headers["content-type"] == "application/problem+json"


def test_the_description_is_open_and_every_other_route_needs_a_token(var_folder: Path) -> None:
    described = Program().get("/api/v1/openapi.json").json()
    levels = {path: declared(endpoint) for path, endpoint in endpoints(api_app().routes)}
    assert {path for path, level in levels.items() if level is Access.PUBLIC} == {"/api/v1/openapi.json"}
    assert set(described["paths"]) == {path for path, level in levels.items() if level is Access.API}
    assert all(set(methods) == {"get"} for methods in described["paths"].values())
    assert described["components"]["securitySchemes"]["HTTPBearer"]["scheme"] == "bearer"
