"""The sample files: exactly the verdicts and columns that were agreed."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from app.fieldwork.delivery.file import open_delivery
from app.results.worked_examples.comparison import FOLDER as EXAMPLES
from tests.conftest import Outcome
from tests.factories.deliveries import SAMPLES, expected, judge, sample
from tests.factories.fieldwork import make_provider, make_wave


def test_there_are_five_samples() -> None:
    assert len(SAMPLES) == 5


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_gets_exactly_the_expected_verdicts(name: str, var_folder: Path) -> None:
    found = [(one.verdict.row, one.verdict.verdict, " ".join(one.verdict.columns)) for one in judge(sample(name))]
    assert found == expected(name)


@pytest.mark.parametrize("name", SAMPLES)
def test_the_command_prints_the_expected_verdicts_as_json_and_csv(
    name: str, database: str, cli: Callable[..., Outcome]
) -> None:
    make_wave(), make_provider()
    where = ("--provider", "werkpad", "--wave", "2024")
    as_json = cli("delivery", "check", sample(name), *where, "--format", "json")
    printed = json.loads(as_json.stdout)
    assert set(printed) == {"rows", "counts"}
    assert all(set(row) == {"row", "verdict", "columns", "reasons"} for row in printed["rows"])
    assert [(row["row"], row["verdict"], " ".join(row["columns"])) for row in printed["rows"]] == expected(name)
    assert all(bool(row["reasons"]) == (row["verdict"] != "accepted") for row in printed["rows"])
    assert sum(printed["counts"].values()) == len(printed["rows"])
    as_csv = list(csv.DictReader(cli("delivery", "check", sample(name), *where, "--format", "csv").stdout.splitlines()))
    assert [(int(row["row"]), row["verdict"], row["columns"]) for row in as_csv] == expected(name)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_gets_the_same_verdicts_after_it_was_stored(
    name: str, database: str, cli: Callable[..., Outcome]
) -> None:
    make_wave(), make_provider()
    where = (sample(name), "--provider", "werkpad", "--wave", "2024")
    assert cli("delivery", "import", *where).exit_code == 0
    printed = json.loads(cli("delivery", "check", *where, "--format", "json").stdout)
    assert [(row["row"], row["verdict"], " ".join(row["columns"])) for row in printed["rows"]] == expected(name)


@pytest.mark.parametrize(
    ("name", "label", "first", "last", "n_rows"),
    [
        ("iskander", "2022", "2022-01-01", "2022-12-31", 32),
        ("ivio-opleidingen", "2019", "2019-01-01", "2019-12-31", 10),
        ("nt2-digitaal", "2017", "2017-01-15", "2018-01-15", 39),
    ],
)
def test_the_keurmerk_examples_are_accepted_whole(
    name: str, label: str, first: str, last: str, n_rows: int, database: str, cli: Callable[..., Outcome]
) -> None:
    assert cli("wave", "create", label, "--from", first, "--to", last).exit_code == 0
    assert cli("provider", "add", name).stdout == f"{name}\n"
    path = EXAMPLES / name / "delivery.csv"
    done = cli("delivery", "import", path, "--provider", name, "--wave", label)
    assert done.stdout.startswith(f"{n_rows} accepted, 0 rejected, 0 duplicate, 0 self_reporter; {n_rows} new cases")


def test_the_samples_cover_every_encoding_and_delimiter() -> None:
    opened = {name: open_delivery(sample(name)) for name in SAMPLES}
    assert {file.columns.n_cells for file in opened.values()} == {23}
    assert {sample(name).suffix for name in SAMPLES} == {".csv", ".xlsx"}
