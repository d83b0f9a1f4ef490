"""The published tables of three providers, from the client file to the last cell, through the command line."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.settings import ROOT

DATA = ROOT / "app" / "results" / "worked_examples"
NAMES = {"iskander": "ISKANDER", "nt2-digitaal": "NT2 Digitaal", "ivio-opleidingen": "IVIO Opleidingen"}


@pytest.mark.parametrize("provider", sorted(NAMES))
def test_the_files_of_a_provider_give_its_published_table(
    database: str, cli: Callable[..., Any], tmp_path: Path, provider: str
) -> None:
    folder = DATA / provider
    expected = json.loads((folder / "published.json").read_text())
    wave = expected["wave"]
    assert cli("wave", "create", wave, "--from", expected["start"], "--to", expected["end"]).exit_code == 0
    assert cli("provider", "add", NAMES[provider]).exit_code == 0
    to = ("--provider", provider, "--wave", wave)
    assert cli("delivery", "import", folder / "delivery.csv", *to).exit_code == 0
    stored = cli("responses", "import", folder / "responses.csv", *to)
    assert (stored.exit_code, stored.stdout.endswith("; new cases: 0\n")) == (0, True), stored.stderr

    table = json.loads(cli("keurmerk", *to, "--format", "json").stdout)
    assert table["rows"] == expected["rows"]
    assert table["promoter_score"] == expected["promoter_score"]
    assert (table["provider"], table["wave"], table["verdict"]["outcome"]) == (provider, wave, "met")
    assert json.loads(cli("keurmerk", "--all", "--wave", wave, "--format", "json").stdout) == [table]
