"""The command line: every command is there, and none loads more than it needs."""

import subprocess
import sys
from collections.abc import Callable

import pytest

from app.cli import STAGES


@pytest.mark.parametrize("name", STAGES)
def test_every_command_of_every_stage_can_be_called(cli: Callable[..., object], name: str) -> None:
    outcome = cli(name, "--help")
    assert outcome.exit_code == 0
    assert name in outcome.stdout


@pytest.mark.parametrize("words", ["wave create", "provider add", "delivery check", "responses export"])
def test_a_group_is_called_with_its_command_also_when_it_has_only_one(cli: Callable[..., object], words: str) -> None:
    outcome = cli(*words.split(), "--help")
    assert outcome.exit_code == 0
    assert words in outcome.stdout


def test_help_lists_all_commands(cli: Callable[..., object]) -> None:
    listed = cli("--help").stdout
    assert all(name in listed for name in (*STAGES, "serve", "worker", "migrate"))


def test_an_unknown_command_is_wrong_usage(cli: Callable[..., object]) -> None:
    outcome = cli("chekc")
    assert outcome.exit_code == 2
    assert "chekc" in outcome.stderr


def test_checking_questionnaires_loads_neither_web_nor_database() -> None:
    program = (
        "import sys; from app.cli import app; app(['check', '--help'], standalone_mode=False);"
        "sys.exit(any(name in sys.modules for name in ('sqlalchemy', 'fastapi', 'uvicorn', 'huey')))"
    )
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, check=False).returncode == 0
