"""Two workers that schedule and send at the same moment, several times: each step of each case becomes one message."""

import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from app.database import reading, writing
from app.fieldwork.tables import Message
from bench.figures import Figure
from tests.drills.sending import Worker, database_of, sink, taken_by, wait
from tests.factories.people import MONDAY, invite, make_people

N_SCHEDULERS = 4  # two processes each of workers and of `peilwijs send-due` by hand
_message = Message.__table__  # type: ignore[attr-defined]
REMINDER_AT = MONDAY + timedelta(days=7)


def figures(is_full: bool) -> Iterator[Figure]:
    """On both databases, and the control without uniqueness of case and step."""
    n_cases = 2_000 if is_full else 300
    for kind in ("sqlite", "postgresql"):
        doubles, n_taken = schedule_at_once(kind, n_cases)
        yield Figure(f"schedulers at once, {kind}: reminders taken", n_taken, "", "at least", n_cases)
        yield Figure(f"schedulers at once, {kind}: doubles (I2)", doubles, "", "at most", 0)
    doubles, _ = schedule_at_once("postgresql", n_cases, guard="no-uniqueness")
    yield Figure("schedulers control: doubles found without uniqueness", doubles, "", "at least", 1)


def schedule_at_once(kind: str, n_cases: int, guard: str = "") -> tuple[int, int]:
    """Doubles, and how many messages the mail server took, when all begin at the moment that reminders are due."""
    with database_of(kind), tempfile.TemporaryDirectory() as folder:
        make_people(n_cases)
        invite(MONDAY)
        with writing() as connection:
            connection.execute(sa.update(_message).values(state="sent", sent_at=MONDAY))
            if guard:
                for name in _unique_names():
                    connection.exec_driver_sql(f"ALTER TABLE message DROP CONSTRAINT {name}")
        begin = Path(folder) / "begin"
        with sink(Path(folder) / "journal") as (journal, url):
            crowd = [Worker(url, guard, REMINDER_AT, DRILL_START=str(begin)) for _ in range(N_SCHEDULERS)]
            time.sleep(6)  # until all of them have loaded
            begin.touch()
            try:
                wait(lambda: len(taken_by(journal)) >= n_cases)
                time.sleep(2)  # for what should not come any more
            finally:
                for one in crowd:
                    one.kill()
            taken = Counter(taken_by(journal))
        with reading() as connection:
            steps = Counter(tuple(row) for row in connection.execute(sa.select(_message.c.case_id, _message.c.step)))
        twice = sum(n_times - 1 for n_times in (*taken.values(), *steps.values()))
        return twice, sum(taken.values())


def _unique_names() -> list[str]:
    with reading() as connection:
        return [str(one["name"]) for one in sa.inspect(connection).get_unique_constraints("message")]
