"""The worker runs the nightly job, and stops when asked."""

import os
import subprocess
import time
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from app import jobs
from app.database import reading, writing
from tests.factories.fieldwork import make_cases
from tests.fieldwork.test_tidying import make_token
from tests.surroundings.server import PEILWIJS


@pytest.fixture
def queue(database: str) -> Iterator[jobs.Huey]:
    jobs.queue.cache_clear()
    yield jobs.queue()
    jobs.queue().storage.close()
    jobs.queue.cache_clear()


def n_tokens() -> int:
    with reading() as connection:
        return int(connection.scalar(sa.text("SELECT count(*) FROM token")) or 0)


def analysed_tables() -> set[str]:
    with reading() as connection:
        if connection.dialect.name == "sqlite":
            if not sa.inspect(connection).has_table("sqlite_stat1"):
                return set()
            return set(connection.scalars(sa.text("SELECT DISTINCT tbl FROM sqlite_stat1")))
        return set(connection.scalars(sa.text("SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples > 0")))


def test_tidying_refreshes_the_statistics_of_the_database(database: str) -> None:
    make_cases(300)
    assert "survey_case" not in analysed_tables()
    jobs.tidy()
    assert "survey_case" in analysed_tables()


def due(queue: jobs.Huey, at: datetime, name: str) -> list[Any]:
    return [task for task in queue.read_periodic(at) if task.name == name]


def test_tidying_is_due_once_a_night_and_the_tick_every_minute(queue: jobs.Huey) -> None:
    moments = [datetime(2026, 3, 1, hour, minute) for hour in range(24) for minute in range(60)]
    assert [moment for moment in moments if due(queue, moment, "tidy")] == [datetime(2026, 3, 1, 1, 17)]
    assert all(len(due(queue, moment, "tick")) == 1 for moment in moments)


def test_a_real_worker_does_the_work_and_stops_on_sigterm(queue: jobs.Huey, tmp_path: Path) -> None:
    make_token("2024", date(2025, 1, 1))
    log_path = tmp_path / "worker.log"
    with log_path.open("wb") as log:
        worker = subprocess.Popen([PEILWIJS, "worker"], env=os.environ, stdout=log, stderr=log)
    try:
        (task,) = due(queue, datetime(2026, 3, 1, 1, 17), "tidy")
        queue.enqueue(task)
        deadline = time.monotonic() + 60
        while n_tokens() and time.monotonic() < deadline:
            assert worker.poll() is None, log_path.read_text()
            time.sleep(0.1)
        assert n_tokens() == 0
        time.sleep(0.5)  # the statistics
        asked_at = time.monotonic()
        worker.terminate()
        assert worker.wait(15) == 0
        assert time.monotonic() - asked_at < 10
    finally:
        if worker.poll() is None:
            worker.kill()
            worker.wait()
    assert "tidied: 1 old tokens deleted" in log_path.read_text()
    assert "Traceback" not in log_path.read_text()


def test_a_worker_refuses_a_database_that_is_not_at_the_newest_schema(database: str, cli: object) -> None:
    with writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    outcome = cli("worker")
    assert outcome.exit_code == 1
    assert "run: peilwijs migrate" in outcome.stderr
