"""Group commit: units of work of several requests share one transaction, and so one flush to disk.

Flushing costs more than the rest of an answer. On SQLite one thread does the writing: it takes what is waiting, runs
one unit after another, commits once and only then lets the requests go on. A unit that fails takes the transaction
with it, and the others are run again without it; so each is all or nothing, and none is acknowledged before it is on
disk. PostgreSQL groups commits by itself.
"""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from sqlalchemy.engine import Connection

from app.database import engine, writing
from app.errors import Unavailable

Result = TypeVar("Result")
Work = Callable[[Connection], Any]
MAX_UNITS = 32  # per transaction: nobody waits for more than a few milliseconds of other people's work


class _Unit:
    """One unit of work on its way to the disk. Its work may be run more than once, so it changes the database only."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.future: Future[Any] = Future()
        self.result: Any = None


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
        while units:
            running: _Unit | None = None
            try:
                with writing() as connection:
                    for running in self._with_waiting(units):
                        running.result = running.work(connection)
                    running = None
            except BaseException as error:
                # the database failed, or one unit did: then it alone has failed, and the others get another turn
                failed = units if running is None or isinstance(error, Unavailable) else [running]
                for unit in failed:
                    unit.future.set_exception(error)
                units = [unit for unit in units if unit not in failed]
            else:
                for unit in units:
                    unit.future.set_result(unit.result)
                units = []

    def _with_waiting(self, units: list[_Unit]) -> Iterator[_Unit]:
        """These units, and after them those that came in meanwhile, which join the list."""
        yield from list(units)
        while len(units) < MAX_UNITS and (unit := self._next()):
            units.append(unit)
            yield unit

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
