"""The commands `check` and `codebook`, as an author types them."""

import json
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.settings import ROOT
from tests.factories.written import REGULAR, WRITTEN, line_of

Cli = Callable[..., Any]


@pytest.fixture
def questionnaires(tmp_path: Path) -> Path:
    """A folder with one clean questionnaire."""
    folder = tmp_path / "questionnaires"
    (folder / "example").mkdir(parents=True)
    for name, text in WRITTEN.items():
        (folder / "example" / name).write_text(text, "utf-8")
    return folder


def broken(questionnaires: Path) -> Path:
    text = REGULAR.replace("contact_count > 0", "contact_cuont > 0")
    path = questionnaires / "example" / "questionnaire.yaml"
    path.write_text(text, "utf-8")
    return path


def test_clean_questionnaires_give_no_output_and_a_friendly_message(cli: Cli, questionnaires: Path) -> None:
    outcome = cli("check", questionnaires)
    assert (outcome.exit_code, outcome.stdout) == (0, "")
    assert "All good: 1 questionnaire (example)." in outcome.stderr


def test_a_fault_is_printed_as_file_line_and_reason(cli: Cli, questionnaires: Path) -> None:
    path = broken(questionnaires)
    outcome = cli("check", questionnaires)
    line = line_of(path.read_text(), "asked_if: contact_cuont")
    assert outcome.exit_code == 1
    assert outcome.stdout == (
        f"{path}:{line}: «contact_cuont» is no question or case fact; did you mean «contact_count»?\n"
    )
    assert "1 fault in 1 of 1 questionnaire." in outcome.stderr


def test_one_questionnaire_can_be_checked_alone(cli: Cli, questionnaires: Path) -> None:
    assert cli("check", questionnaires / "example").exit_code == 0


def test_paths_are_told_from_where_the_command_is_given(
    cli: Cli, questionnaires: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken(questionnaires)
    monkeypatch.chdir(questionnaires.parent)
    assert cli("check", "questionnaires").stdout.startswith("questionnaires/example/questionnaire.yaml:")
    monkeypatch.chdir(questionnaires / "example")
    assert cli("check", ".").stdout.startswith("./questionnaire.yaml:")


@pytest.mark.parametrize("name", ["nowhere", "empty"])
def test_a_folder_without_questionnaires_is_refused(cli: Cli, tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    outcome = cli("check", tmp_path / name)
    assert (outcome.exit_code, outcome.stdout) == (1, "")
    assert "there are no questionnaires in" in outcome.stderr


def test_without_a_folder_the_shipped_questionnaires_are_checked(cli: Cli) -> None:
    outcome = cli("check")
    assert outcome.exit_code == 0
    assert "arbeid-2022" in outcome.stderr


def test_the_folder_comes_from_the_environment(cli: Cli, questionnaires: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PEILWIJS_QUESTIONNAIRES_FOLDER", str(questionnaires))
    assert "(example)" in cli("check").stderr


def test_a_questionnaire_without_messages_is_mentioned(cli: Cli, questionnaires: Path) -> None:
    (questionnaires / "example" / "messages.yaml").unlink()
    outcome = cli("check", questionnaires)
    assert outcome.exit_code == 0
    assert "example has no messages.yaml" in outcome.stderr


def test_checking_everything_takes_a_second_at_most(cli: Cli) -> None:
    started = time.process_time()
    cli("check", ROOT / "questionnaires")
    assert time.process_time() - started < 1


def test_a_codebook_is_printed_as_json(cli: Cli, questionnaires: Path) -> None:
    outcome = cli("codebook", "example", "--folder", questionnaires)
    assert outcome.exit_code == 0
    assert json.loads(outcome.stdout)["rows"][0]["variable"] == "had_contact"


@pytest.mark.parametrize(("form", "start"), [("json", b"{"), ("html", b"<!DOCTYPE html>"), ("xlsx", b"PK")])
def test_a_codebook_is_written_to_a_file(
    cli: Cli, questionnaires: Path, tmp_path: Path, form: str, start: bytes
) -> None:
    path = tmp_path / f"codebook.{form}"
    outcome = cli("codebook", "example", "--folder", questionnaires, "--format", form, "-o", path)
    assert (outcome.exit_code, outcome.stdout) == (0, "")
    assert path.read_bytes().startswith(start)
    assert "14 variables written to" in outcome.stderr


def test_a_workbook_needs_a_file(cli: Cli, questionnaires: Path) -> None:
    outcome = cli("codebook", "example", "--folder", questionnaires, "--format", "xlsx")
    assert outcome.exit_code == 2


def test_a_file_that_cannot_be_written_is_told(cli: Cli, questionnaires: Path, tmp_path: Path) -> None:
    outcome = cli("codebook", "example", "--folder", questionnaires, "-o", tmp_path / "no" / "book.json")
    assert outcome.exit_code == 1
    assert "cannot be written" in outcome.stderr


@pytest.mark.parametrize("name", ["exmple", "../example", "example/..", "", "/etc"])
def test_an_unknown_questionnaire_is_answered_with_those_that_exist(cli: Cli, questionnaires: Path, name: str) -> None:
    outcome = cli("codebook", name, "--folder", questionnaires)
    assert (outcome.exit_code, outcome.stdout) == (1, "")
    assert outcome.stderr.strip() == f"there is no questionnaire «{name}»; there are example"


def test_a_faulty_questionnaire_has_no_codebook(cli: Cli, questionnaires: Path, tmp_path: Path) -> None:
    path = broken(questionnaires)
    outcome = cli("codebook", "example", "--folder", questionnaires, "-o", tmp_path / "book.json")
    assert outcome.exit_code == 1
    assert outcome.stdout.startswith(f"{path}:")
    assert not (tmp_path / "book.json").exists()


def test_the_installed_command_checks(questionnaires: Path) -> None:
    broken(questionnaires)
    command = [ROOT / ".venv" / "bin" / "peilwijs", "check", questionnaires]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.count("\n"), done.stderr.count("\n")) == (1, 1, 1)
