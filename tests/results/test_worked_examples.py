"""`peilwijs history`: published against computed, in a database of its own."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.results.worked_examples import comparison
from app.settings import ROOT, settings


def test_every_published_cell_is_computed_and_the_page_in_the_docs_is_current(
    var_folder: Path, cli: Callable[..., Any]
) -> None:
    done = cli("history", "--format", "markdown")
    assert done.exit_code == 0
    assert done.stdout == (ROOT / "docs" / "history.md").read_text(encoding="utf-8")
    assert "≠" not in done.stdout.split("\n## ", 1)[1]
    assert "All 53 cells are as they were published." in done.stderr


def test_nothing_of_the_installation_is_touched(var_folder: Path, cli: Callable[..., Any]) -> None:
    before = settings().database_url
    assert cli("history").exit_code == 0
    assert settings().database_url == before
    assert list(var_folder.iterdir()) == []


def test_a_difference_is_shown_and_ends_with_status_1(
    var_folder: Path, cli: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for source in comparison.FOLDER.glob("*/*.*"):
        (tmp_path / "data" / source.parent.name).mkdir(parents=True, exist_ok=True)
        (tmp_path / "data" / source.parent.name / source.name).write_bytes(source.read_bytes())
    path = tmp_path / "data" / "ivio-opleidingen" / "published.json"
    published = json.loads(path.read_text())
    published["rows"][0]["grade"] = "8,2"
    del published["rows"][2]
    path.write_text(json.dumps(published))
    monkeypatch.setattr(comparison, "FOLDER", tmp_path / "data")
    done = cli("history")
    assert done.exit_code == 1
    assert "8,2     8,3  DIFFERENT" in done.stdout
    assert done.stdout.count("DIFFERENT") == 6  # that grade, and the five cells of a row that was not published
    assert "differ from what was published" in done.stderr
    assert "**8,2 ≠ 8,3**" in cli("history", "--format", "markdown").stdout
