"""The worker runs the nightly job, and stops when asked."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from app import clock, jobs, tasks
from app.accounts import sessions
from app.accounts.tables import session_table, user_table
from app.database import reading, writing
from app.settings import ROOT, settings
from tests.factories.fieldwork import make_cases
from tests.factories.people import MONDAY, invite, make_people, states
from tests.fieldwork.test_tidying import make_token
from tests.surroundings.environment import SECRET, Environment
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


def test_a_worker_knows_every_background_task() -> None:
    sources = {path: path.read_text() for path in (ROOT / "app").rglob("*.py")}
    names = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts) for path in sources if "\n@background(" in sources[path]
    ]
    assert names
    loaded = f"import sys, app.jobs; print([name for name in {names} if name not in sys.modules])"
    missing = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True, cwd=ROOT)
    assert missing.stdout.strip() == "[]", "add these to TASKS of app/jobs.py"


def test_a_tick_queues_and_sends_and_survives_a_database_that_is_away(database: str) -> None:
    make_people(1)
    with time_machine.travel(MONDAY, tick=True):
        invite()
        with Environment(**settings_of(database), PEILWIJS_IS_DEMO="1"):
            jobs.tick()
        assert states() == [("0-email-invitation", "sent")]
    with Environment(PEILWIJS_DATABASE_URL="postgresql://nobody@127.0.0.1:1/nothing", PEILWIJS_SECRET_KEY=SECRET):
        jobs.tick()


def test_the_company_of_a_served_app_ends_when_asked(database: str) -> None:
    company = jobs.Company()
    company.begin()
    asked_at = time.monotonic()
    company.end()
    assert time.monotonic() - asked_at < 4
    assert not company._ticking.is_alive()


def test_tidying_deletes_old_tasks_and_sessions(database: str) -> None:
    with writing() as connection:
        tasks.start(connection, "delivery.check", "user:1")
        long_ago = clock.now() - timedelta(days=60)
        connection.execute(sa.update(tasks.Task.__table__).values(state="done", ended_at=long_ago))
        user = {"id": 7, "name": "A", "email": "a@example.nl", "role": "agent", "language": "nl", "made_at": long_ago}
        connection.execute(sa.insert(user_table).values({k: v for k, v in user.items() if k in user_table.c}))
        key = sessions.start(connection, 7, "?", is_complete=True)
        connection.execute(sa.update(session_table).values(started_at=long_ago))
    jobs.tidy()
    with reading() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(tasks.Task.__table__)) == 0
        assert connection.scalar(sa.select(sa.func.count()).select_from(session_table)) == 0
    assert key


def settings_of(database: str) -> dict[str, str]:
    return {
        "PEILWIJS_DATABASE_URL": database,
        "PEILWIJS_VAR_FOLDER": str(settings().var_folder),
        "PEILWIJS_SECRET_KEY": SECRET,
    }


def test_a_worker_refuses_a_database_that_is_not_at_the_newest_schema(database: str, cli: object) -> None:
    with writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    outcome = cli("worker")
    assert outcome.exit_code == 1
    assert "run: peilwijs migrate" in outcome.stderr
