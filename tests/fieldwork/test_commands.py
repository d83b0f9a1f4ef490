"""The commands as scripts use them: results on standard output, one sentence and status 1 for refused input."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.database import reading, writing
from app.fieldwork import tokens
from app.fieldwork.dispositions import NOT_SAMPLED, report
from app.fieldwork.waves import find_wave
from tests.conftest import Outcome
from tests.factories.deliveries import case_of, client, commissioner, deliver, sample, write_csv
from tests.factories.fieldwork import make_provider, make_wave

Cli = Callable[..., Outcome]
WHERE = ("--provider", "werkpad", "--wave", "2024")


def refused(outcome: Outcome) -> str:
    """The one sentence of a refusal."""
    assert (outcome.exit_code, outcome.stdout) == (1, "")
    assert outcome.stderr.count("\n") == 1
    return outcome.stderr


def test_an_empty_database_is_migrated_by_the_first_command(empty_database: str, cli: Cli) -> None:
    assert cli("wave", "create", "2024", "--from", "2024-01-01", "--to", "2024-12-31").exit_code == 0
    assert cli("provider", "add", "Réintegratie Plus B.V.").stdout == "reintegratie-plus-b-v\n"


def test_a_wave_takes_its_rules_from_a_file(database: str, cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "rules.yaml").write_text("max_sample:\n  9: 25\n")
    outcome = cli(
        "wave", "create", "x", "--from", "2024-01-01", "--to", "2024-12-31", "--rules", tmp_path / "rules.yaml"
    )
    assert outcome.exit_code == 0
    with reading() as connection:
        assert find_wave(connection, "x").rules.max_sample == {9: 25}


def test_wrong_waves_and_providers_are_refused(database: str, cli: Cli, tmp_path: Path) -> None:
    make_wave(), make_provider()
    dates = ("--from", "2024-01-01", "--to", "2024-12-31")
    assert "2024" in refused(cli("wave", "create", "2024", *dates))
    assert "swap" in refused(cli("wave", "create", "x", "--from", "2025-01-01", "--to", "2024-12-31"))
    assert "rules.yaml" in refused(cli("wave", "create", "x", *dates, "--rules", tmp_path / "rules.yaml"))
    assert "werkpad" in refused(cli("provider", "add", "Werkpad"))
    assert cli("wave", "create", "x", "--from", "2024-02-30", "--to", "2024-12-31").exit_code == 2


@pytest.mark.parametrize("action", ["check", "import"])
def test_a_delivery_that_cannot_be_read_or_placed_is_refused(
    action: str, database: str, cli: Cli, tmp_path: Path
) -> None:
    make_wave(), make_provider()
    path = sample("tweede-spoor")
    assert "werkpad" in refused(cli("delivery", action, path, "--provider", "nobody", "--wave", "2024"))
    assert "2024" in refused(cli("delivery", action, path, "--provider", "werkpad", "--wave", "1999"))
    (tmp_path / "wrong.csv").write_text("no header here\n")
    for name in ("wrong.csv", "missing.csv", "."):
        refused(cli("delivery", action, tmp_path / name, *WHERE))
    assert cli("delivery", action, path).exit_code == 2


def test_check_writes_to_a_file_and_never_over_the_delivered_one(database: str, cli: Cli, tmp_path: Path) -> None:
    make_wave(), make_provider()
    path = write_csv(tmp_path, [client(), client(dienst="99")])
    before = path.read_bytes()
    done = cli("delivery", "check", path, *WHERE, "--format", "json", "-o", tmp_path / "out.json")
    assert (done.exit_code, done.stdout) == (0, "")
    assert json.loads((tmp_path / "out.json").read_text())["counts"]["rejected"] == 1
    assert cli("delivery", "check", path, *WHERE, "--format", "xlsx").exit_code == 2
    assert cli("delivery", "check", path, *WHERE, "--format", "xlsx", "-o", tmp_path / "out.xlsx").exit_code == 0
    assert "another name" in refused(cli("delivery", "check", path, *WHERE, "-o", path))
    refused(cli("delivery", "check", path, *WHERE, "-o", tmp_path))
    refused(cli("delivery", "check", path, *WHERE, "-o", tmp_path / "no" / "such" / "folder"))
    assert path.read_bytes() == before
    assert sorted(one.name for one in tmp_path.iterdir() if "sqlite" not in one.name) == [
        "delivery.csv", "out.json", "out.xlsx"
    ]  # fmt: skip


def test_import_says_what_was_stored(database: str, cli: Cli, tmp_path: Path) -> None:
    make_wave(rules={"max_sample": {"9": "1"}}), make_provider()
    path = write_csv(tmp_path, [client(), client(), client(dienst="99")])
    assert cli("delivery", "import", path, *WHERE).stdout == (
        "2 accepted, 1 rejected, 0 duplicate, 0 self_reporter; 2 new cases, 0 known cases with renewed contact data\n"
        "1 of the new cases were not drawn and stay as a reserve\n"
    )
    assert "nothing changed" in cli("delivery", "import", path, *WHERE).stdout


def test_links_open_the_cases_they_stand_beside(
    database: str, cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_wave(), make_provider(), make_provider("Taalhuis")
    deliver(tmp_path, client(klantnummer="A1", achternaam="=1+1", taal="tr"), client(klantnummer="A2"), commissioner())
    deliver(tmp_path, client(klantnummer="B1"), provider="taalhuis")
    with writing() as connection:
        report(connection, [case_of("A2")["id"]], NOT_SAMPLED)
    assert cli("links", "--wave", "2024", "--provider", "werkpad", "-o", tmp_path / "links.csv").exit_code == 0
    assert cli("links", "--wave", "2024", "-o", tmp_path / "all.csv").exit_code == 0
    assert (tmp_path / "links.csv").stat().st_mode & 0o077 == 0
    rows = list(csv.DictReader((tmp_path / "links.csv").read_text(encoding="utf-8-sig").splitlines(), delimiter=";"))
    assert len(list((tmp_path / "all.csv").read_text().splitlines())) == 4
    assert sorted(row["soort"] for row in rows) == ["client", "opdrachtgever"]
    (row,) = (row for row in rows if row["soort"] == "client")
    assert (row["klantnummer"], row["achternaam"], row["taal"]) == ("A1", "'=1+1", "tr")
    assert row["codepagina"] == "http://localhost:8000/code"
    address, token = row["link"].rsplit("/", 1)
    assert address == "http://localhost:8000/v"
    with reading() as connection:
        for secret in (token, tokens.normalise_code(row["code"])):
            found = tokens.find(connection, secret)
            assert found and found.case_id == case_of("A1")["id"]


def test_links_for_nobody_and_for_an_unknown_wave(database: str, cli: Cli, tmp_path: Path) -> None:
    make_wave()
    assert cli("links", "--wave", "2024", "-o", tmp_path / "links.csv").exit_code == 0
    refused(cli("links", "--wave", "1999", "-o", tmp_path / "links.csv"))
    refused(cli("links", "--wave", "2024", "--provider", "nobody", "-o", tmp_path / "links.csv"))
    with reading() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM token")) == 0
    refused(cli("links", "--wave", "2024", "-o", tmp_path))
