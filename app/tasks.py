"""Work in the background that somebody waits for: a row per task, with its progress, taken by whoever is free.

A stage registers what it can do (`@background("delivery.check")`) and a page starts it (`start`). The row is the truth:
a task whose worker died is taken again when its lease has run out, so a task must be one that may be done twice.
"""

import logging
import threading
import time
import traceback
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlmodel import Field, SQLModel

from app import clock
from app.database import UtcDateTime, reading, writing
from app.errors import NotFound, PeilwijsError, Unavailable

log = logging.getLogger("peilwijs.tasks")
LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 3
TELL_EVERY_SECONDS = 0.5  # how often progress is written down
LOOK_EVERY_SECONDS = 0.5
Advance = Callable[[int, int], None]  # n done, n in total
Work = Callable[[Mapping[str, Any], Advance], dict[str, Any]]
_works: dict[str, Work] = {}


class Task(SQLModel, table=True):
    """One task. States: waiting, running, done, failed (with a problem for people)."""

    __table_args__ = (sa.Index("ix_task_state_made_at", "state", "made_at"),)

    id: str = Field(primary_key=True, max_length=32)
    kind: str = Field(max_length=40)
    parameters: dict[str, Any] = Field(sa_type=sa.JSON, sa_column_kwargs={"nullable": False})
    owner: str = Field(max_length=60)  # who started it, as in the audit log: only they see it
    state: str = Field(max_length=10)
    n_done: int = 0
    n_total: int = 0
    result: dict[str, Any] | None = Field(default=None, sa_type=sa.JSON)
    problem: str | None = Field(default=None, max_length=500)
    made_at: datetime = Field(sa_type=UtcDateTime)
    leased_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    n_attempts: int = 0
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


_table = Task.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Progress:
    """Where a task stands."""

    id: str
    kind: str
    parameters: Mapping[str, Any]
    state: str
    n_done: int
    n_total: int
    result: Mapping[str, Any]
    problem: str

    @property
    def pct(self) -> int:
        return min(100, round(100 * self.n_done / self.n_total)) if self.n_total else 0

    @property
    def is_over(self) -> bool:
        return self.state in ("done", "failed")


def background(kind: str) -> Callable[[Work], Work]:
    """Registers work: `f(parameters, advance) -> result`. Parameters and result are small and hold no personal data."""

    def register(work: Work) -> Work:
        _works[kind] = work
        return work

    return register


def start(connection: Connection, kind: str, owner: str, **parameters: Any) -> str:
    """Puts a task in the queue; returns its id."""
    task_id = uuid.uuid4().hex
    connection.execute(
        sa.insert(_table).values(
            id=task_id,
            kind=kind,
            parameters=parameters,
            owner=owner,
            state="waiting",
            n_done=0,
            n_total=0,
            made_at=clock.now(),
            n_attempts=0,
        )
    )
    return task_id


def progress(connection: Connection, task_id: str, owner: str) -> Progress:
    """Where somebody's task stands.

    Raises:
        NotFound: when there is none, or it is somebody else's.
    """
    row = connection.execute(sa.select(_table).where(_table.c.id == task_id, _table.c.owner == owner)).first()
    if row is None:
        raise NotFound("there is no such task")
    return Progress(
        row.id, row.kind, row.parameters, row.state, row.n_done, row.n_total, row.result or {}, row.problem or ""
    )


def run_one() -> bool:
    """Takes the oldest task that nobody works on, and does it; False when there was none."""
    taken = _take()
    if taken is None:
        return False
    task_id, kind, parameters = taken
    try:
        result = _works[kind](parameters, _Telling(task_id))
        _end(task_id, "done", result=result)
    except PeilwijsError as problem:
        _end(task_id, "failed", problem=str(problem)[:500])
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)[-1]  # not the message: it may hold what somebody typed
        log.error("task %s (%s) failed: %s at %s:%s", task_id, kind, type(error).__name__, where.filename, where.lineno)
        _end(task_id, "failed", problem="")
    return True


def _take() -> tuple[str, str, Mapping[str, Any]] | None:
    present = clock.now()
    is_free = sa.or_(_table.c.state == "waiting", sa.and_(_table.c.state == "running", _table.c.leased_until < present))
    oldest = sa.select(_table).where(is_free).order_by(_table.c.made_at).limit(1)
    with reading() as connection:
        if connection.execute(oldest).first() is None:
            return None
    with writing() as connection:
        row = connection.execute(oldest.with_for_update(skip_locked=True)).first()
        if row is None:
            return None
        known = _table.c.id == row.id
        if row.n_attempts >= MAX_ATTEMPTS or row.kind not in _works:
            connection.execute(sa.update(_table).where(known).values(state="failed", ended_at=present, problem=""))
            return None
        values = {"state": "running", "leased_until": present + LEASE, "n_attempts": row.n_attempts + 1}
        connection.execute(sa.update(_table).where(known).values(values))
        return row.id, row.kind, row.parameters


class _Telling:
    """Writes progress down now and then, and keeps the lease alive."""

    def __init__(self, task_id: str) -> None:
        self.task_id = task_id
        self.told_at = 0.0

    def __call__(self, n_done: int, n_total: int) -> None:
        if time.monotonic() - self.told_at < TELL_EVERY_SECONDS:
            return
        self.told_at = time.monotonic()
        values = {"n_done": n_done, "n_total": n_total, "leased_until": clock.now() + LEASE}
        with writing() as connection:
            connection.execute(sa.update(_table).where(_table.c.id == self.task_id).values(values))


def _end(task_id: str, state: str, result: dict[str, Any] | None = None, problem: str | None = None) -> None:
    values = {"state": state, "result": result, "problem": problem, "ended_at": clock.now(), "leased_until": None}
    with writing() as connection:
        connection.execute(sa.update(_table).where(_table.c.id == task_id).values(values))


def delete_old(connection: Connection, days: int = 30) -> int:
    """Deletes tasks that ended long ago; returns how many."""
    limit = clock.now() - timedelta(days=days)
    return connection.execute(sa.delete(_table).where(_table.c.ended_at < limit)).rowcount


class Crew:
    """A thread that does tasks until it is told to stop."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, name="tasks", daemon=True)

    def begin(self) -> None:
        self._thread.start()

    def end(self, patience_seconds: float = 8) -> None:
        self._stop.set()
        self._thread.join(patience_seconds)

    def _work(self) -> None:
        while not self._stop.is_set():
            try:
                had_work = run_one()
            except Unavailable:
                had_work = False  # the database is away; its state says nothing about the task
            if not had_work:
                self._stop.wait(LOOK_EVERY_SECONDS)
