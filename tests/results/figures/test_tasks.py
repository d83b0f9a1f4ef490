"""Counting in the background: with progress for one wave, now and then for all."""

from datetime import date
from pathlib import Path

import pytest

from app import tasks
from app.database import reading, writing
from app.errors import NotFound
from app.results.figures.refresh import n_behind
from app.results.figures.tasks import COUNT, count, count_all
from tests.factories.fieldwork import make_provider, make_wave
from tests.factories.responses import bring_in, cells, write_csv


@pytest.fixture
def wave_id(database: str, tmp_path: Path) -> int:
    """A wave with two interviews that nobody counted."""
    wave = make_wave("2022", date(2022, 1, 1), date(2022, 12, 31))
    make_provider("Werkpad")
    bring_in(write_csv(tmp_path / "r.csv", cells(grade="8"), cells(case_ref="C2", grade="6")))
    return wave.id


def test_a_task_counts_one_wave_and_tells_how_many_interviews(wave_id: int) -> None:
    with writing() as connection:
        task_id = tasks.start(connection, COUNT, "user:1", wave="2022")
    assert tasks.run_one()
    with reading() as connection:
        done = tasks.progress(connection, task_id, "user:1")
        assert n_behind(connection, wave_id) == 0
    assert (done.state, done.result) == ("done", {"n_counted": 2})


def test_all_waves_are_counted_now_and_then(wave_id: int) -> None:
    assert count_all() == 2
    assert count_all() == 0


def test_a_wave_that_is_gone_is_refused(wave_id: int) -> None:
    with pytest.raises(NotFound):
        count({"wave": "1999"}, lambda n_done, n_total: None)
