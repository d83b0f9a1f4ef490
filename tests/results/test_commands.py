"""The commands `keurmerk` and `responses`: what they print, where, and how they end."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from app.database import reading
from app.results import wave_results
from tests.factories.cases import make_case, make_participation
from tests.factories.fieldwork import make_provider, make_wave
from tests.factories.interviews import make_interview
from tests.factories.responses import cells, write_csv

Cli = Callable[..., Any]


@pytest.fixture
def wave(database: str) -> tuple[str, str]:
    """The options that name the wave 2022; the provider werkpad is known."""
    make_wave("2022", date(2022, 1, 1), date(2022, 12, 31))
    make_provider("Werkpad")
    return "--wave", "2022"


@pytest.fixture
def werkpad(wave: tuple[str, str], cli: Cli, tmp_path: Path) -> tuple[str, ...]:
    """The same with one interview stored."""
    to = ("--provider", "werkpad", *wave)
    assert cli("responses", "import", write_csv(tmp_path / "r.csv", cells(grade="8")), *to).exit_code == 0
    return to


def test_an_import_says_what_it_did_and_an_export_where_it_went(
    wave: tuple[str, str], cli: Cli, tmp_path: Path
) -> None:
    done = cli("responses", "import", write_csv(tmp_path / "r.csv", cells()), "--provider", "werkpad", *wave)
    assert (done.exit_code, done.stdout) == (0, "interviews stored: 1, replaced: 0, unchanged: 0; new cases: 1\n")
    out = cli("responses", "export", *wave, "--format", "json", "-o", tmp_path / "out.json")
    assert (out.exit_code, out.stdout) == (0, "")
    assert out.stderr == f"Interviews written to {tmp_path / 'out.json'}: 1.\n"
    assert json.loads((tmp_path / "out.json").read_text())[0]["case_ref"] == "C0001"


def test_a_refused_file_ends_with_1_and_every_reason_on_standard_error(
    wave: tuple[str, str], cli: Cli, tmp_path: Path
) -> None:
    path = write_csv(tmp_path / "r.csv", cells(grade="11"), cells(case_ref="C2", mode="post"))
    done = cli("responses", "import", path, "--provider", "werkpad", *wave)
    assert (done.exit_code, done.stdout) == (1, "")
    first, last = done.stderr.splitlines()
    assert first == f"{path}, row 3, column «mode»: «post» is not known; write web or phone or paper"
    assert last.startswith(f"{path}, row 2, column «grade»: «11» is not an answer")
    assert last.endswith("(and 1 more); nothing was stored")


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("keurmerk", "--provider", "werkpad", "--wave", "1999"), "there is no wave «1999»; there is: 2022"),
        (("keurmerk", "--provider", "elders", "--wave", "2022"), "there is no provider «elders»; there is: werkpad"),
        (("keurmerk", "--provider", "werkpad", "--wave", "2022"), "«werkpad» takes no part in wave «2022» yet"),
        (("keurmerk", "--all", "--wave", "1999"), "there is no wave «1999»"),
        (("responses", "import", "none.csv", "--provider", "werkpad", "--wave", "2022"), "none.csv cannot be read"),
        (("responses", "export", "--wave", "1999", "-o", "x.csv"), "there is no wave «1999»"),
        (("responses", "export", "--wave", "2022", "-o", "/none/x.csv"), "/none/x.csv cannot be written"),
    ],
)
def test_what_is_not_there_ends_with_1_and_one_sentence(
    wave: tuple[str, str], cli: Cli, arguments: tuple[str, ...], reason: str
) -> None:
    done = cli(*arguments)
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith(reason)
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("keurmerk", "--wave", "2022"),
        ("keurmerk", "--wave", "2022", "--all", "--provider", "werkpad"),
        ("keurmerk", "--wave", "2022", "--all", "--format", "pdf"),
        ("keurmerk", "--wave", "2022", "--all", "--format", "xlsx"),
        ("keurmerk", "--all"),
        ("responses", "export", "--wave", "2022"),
        ("responses", "import", "x.csv", "--wave", "2022"),
    ],
)
def test_wrong_usage_ends_with_2(cli: Cli, arguments: tuple[str, ...]) -> None:
    assert cli(*arguments).exit_code == 2


def test_a_table_is_printed_in_four_forms(werkpad: tuple[str, ...], cli: Cli, tmp_path: Path) -> None:
    assert "Netto steekproef  Ingevuld  Respons (%)  Rapportcijfer  Publicatie" in cli("keurmerk", *werkpad).stdout
    data = json.loads(cli("keurmerk", *werkpad, "--format", "json").stdout)
    assert (data["provider"], data["rows"][-1]["grade"], data["verdict"]["mean"]) == ("werkpad", "8,0", "8")
    assert cli("keurmerk", *werkpad, "--format", "csv").stdout.splitlines()[1].endswith(";1;1;100,0;8,0;ja")
    book = tmp_path / "t.xlsx"
    assert cli("keurmerk", *werkpad, "--format", "xlsx", "-o", book).exit_code == 0
    assert CalamineWorkbook.from_path(book).get_sheet_by_index(0).to_python()[1][-5:] == [1.0, 1.0, 100.0, 8.0, "ja"]


def test_a_table_goes_to_a_file_when_asked(werkpad: tuple[str, ...], cli: Cli, tmp_path: Path) -> None:
    done = cli("keurmerk", *werkpad, "--format", "json", "-o", tmp_path / "t.json")
    assert (done.exit_code, done.stdout) == (0, "")
    assert json.loads((tmp_path / "t.json").read_text())["wave"] == "2022"
    for form in ("json", "xlsx"):
        gone = cli("keurmerk", *werkpad, "--format", form, "-o", tmp_path / "none" / "t")
        assert (gone.exit_code, "cannot be written" in gone.stderr) == (1, True)


def test_all_prints_every_provider_of_the_wave(werkpad: tuple[str, ...], cli: Cli, tmp_path: Path) -> None:
    make_provider("Ander")
    cli("responses", "import", tmp_path / "r.csv", "--provider", "ander", "--wave", "2022")
    tables = json.loads(cli("keurmerk", "--all", "--wave", "2022", "--format", "json").stdout)
    assert [table["provider"] for table in tables] == ["ander", "werkpad"]
    assert cli("keurmerk", "--all", "--wave", "2022").stdout.count("Resultaten voor het keurmerk") == 2


def test_an_empty_database_is_made_by_the_command_itself(empty_database: str, cli: Cli) -> None:
    done = cli("keurmerk", "--all", "--wave", "2022")
    assert (done.exit_code, done.stderr) == (1, "there is no wave «2022»; make one with: peilwijs wave create\n")


def test_all_tables_come_some_providers_at_a_time_and_tell_how_far_they_are(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wave_results, "AT_A_TIME", 2)
    for name in ("Werkpad", "Anders", "Brug"):
        make_interview(make_case(make_participation("2022", name), service=9).case_id, grade=8)
    told: list[tuple[int, int]] = []
    with reading() as connection:
        tables = wave_results.tables_step_by_step(connection, "2022", lambda done, total: told.append((done, total)))
        assert tables == wave_results.tables_of(connection, "2022")
    assert [table.provider for table in tables] == ["anders", "brug", "werkpad"]
    assert [table.total.completed for table in tables] == [1, 1, 1]
    assert told == [(2, 3), (3, 3)]
