"""Group commit: units of work of several requests share one transaction, and so one flush to disk.

Flushing costs more than the rest of an answer. On SQLite one thread does the writing: it takes what is waiting,
runs each unit inside its own savepoint, commits once and only then lets the requests go on. Each is all or nothing
by itself; none is acknowledged before it is on disk. PostgreSQL does this by itself.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.database import engine, writing

Result = TypeVar("Result")
Work = Callable[[Connection], Any]
MAX_UNITS = 32  # per transaction: nobody waits for more than a few milliseconds of other people's work


class _Unit:
    """One unit of work on its way to the disk."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.future: Future[Any] = Future()
        self.result: Any = None
        self.error: Exception | None = None

    def run(self, connection: Connection) -> None:
        try:
            with connection.begin_nested():
                self.result = self.work(connection)
        except sa.exc.OperationalError:
            raise  # the database itself failed: the whole transaction is undone
        except Exception as error:  # its own savepoint is undone; it reaches the one who asked
            self.error = error

    def settle(self, failure: BaseException | None) -> None:
        if error := self.error or failure:
            self.future.set_exception(error)
        else:
            self.future.set_result(self.result)


class _Writer(threading.Thread):
    """The one thread that writes what requests bring."""

    def __init__(self) -> None:
        super().__init__(name="writer", daemon=True)
        self.waiting: SimpleQueue[_Unit] = SimpleQueue()
        self.start()

    def run(self) -> None:
        while True:
            self._store_together(self.waiting.get())

    def _store_together(self, first: _Unit) -> None:
        units = [first]
        failure: BaseException | None = None
        try:
            with writing() as connection:
                first.run(connection)
                while len(units) < MAX_UNITS and (unit := self._next()):
                    units.append(unit)
                    unit.run(connection)
        except BaseException as error:  # the commit failed: nothing of this transaction is stored
            failure = error
        for unit in units:
            unit.settle(failure)

    def _next(self) -> _Unit | None:
        try:
            return self.waiting.get_nowait()
        except Empty:
            return None


_starting = threading.Lock()
_writer: _Writer | None = None


def write_together(work: Callable[[Connection], Result]) -> Result:
    """Runs a unit of work and returns its result once it is committed.

    Raises:
        Unavailable: when the database is locked, full, read-only or gone; nothing of it was stored.
    """
    global _writer
    if engine().dialect.name != "sqlite":
        with writing() as connection:
            return work(connection)
    with _starting:
        if _writer is None or not _writer.is_alive():
            _writer = _Writer()
    unit = _Unit(work)
    _writer.waiting.put(unit)
    result: Result = unit.future.result()
    return result
