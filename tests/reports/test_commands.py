"""`peilwijs report`."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.database import writing
from app.fieldwork.waves import add_provider
from tests.factories.cases import make_participation
from tests.factories.responses import bring_in, cells, write_csv


@pytest.fixture
def wave(database: str, tmp_path: Path) -> None:
    make_participation("2022", "Werkpad")
    rows = [cells(case_ref=f"C{n}", grade="8", recommended="yes") for n in range(12)]
    bring_in(write_csv(tmp_path / "responses.csv", *rows))


def test_a_report_is_written_as_pdf_and_as_a_page(wave: None, cli: Callable[..., Any], tmp_path: Path) -> None:
    for name, beginning in (("r.pdf", b"%PDF-"), ("r.html", b"<!doctype html>")):
        outcome = cli("report", "--provider", "werkpad", "--wave", "2022", "-o", tmp_path / name)
        assert (outcome.exit_code, outcome.stdout) == (0, "")
        assert "a draft from the data of now" in outcome.stderr
        assert (tmp_path / name).read_bytes().startswith(beginning)
    page = (tmp_path / "r.html").read_text()
    assert "Wat cliënten vinden" in page
    assert "<strong>8,0</strong>" in page
    assert "Heel tevreden" in page


def test_the_same_data_give_the_same_bytes(wave: None, cli: Callable[..., Any], tmp_path: Path) -> None:
    for name in ("a.pdf", "b.pdf"):
        cli("report", "--provider", "werkpad", "--wave", "2022", "-o", tmp_path / name)
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()


def test_what_cannot_be_made_is_refused_in_one_sentence(wave: None, cli: Callable[..., Any], tmp_path: Path) -> None:
    def refused(provider: str, label: str, path: Path) -> tuple[int, str]:
        outcome = cli("report", "--provider", provider, "--wave", label, "-o", path)
        return outcome.exit_code, outcome.stderr

    assert refused("nobody", "2022", tmp_path / "r.pdf")[0] == 1
    assert refused("werkpad", "1999", tmp_path / "r.pdf")[0] == 1
    assert refused("werkpad", "2022", tmp_path / "no" / "r.pdf")[0] == 1
    assert refused("werkpad", "2022", tmp_path / "r.docx")[0] == 2
    with writing() as connection:
        add_provider(connection, "Elders")
    code, sentence = refused("elders", "2022", tmp_path / "r.pdf")
    assert code == 1
    assert "takes no part in wave «2022» yet" in sentence
    assert list(tmp_path.glob("*.pdf")) == []
