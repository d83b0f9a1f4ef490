"""The database: one engine per process, explicit units of work, one writer at a time on SQLite.

`reading()` and `writing()` are the only ways in. A unit of work is committed when its block ends, so whoever
answers a request after it tells the truth.
"""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pysqlite3
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Dialect, Engine, make_url
from sqlmodel import SQLModel

from app.errors import Invalid, Unavailable
from app.settings import settings

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
# WAL in older versions can lose a commit in a race between a checkpoint and a writer.
SAFE_SQLITE = (3, 51, 3)
_write_lock = threading.Lock()


class UtcDateTime(sa.TypeDecorator[datetime]):
    """Aware UTC in Python on both databases; refuses naive values."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without time zone was about to be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def make_engine(url: str) -> Engine:
    """An engine with the house rules for its kind of database.

    Raises:
        Invalid: when the URL is of no kind that we support.
    """
    try:
        parsed = make_url(url)
    except sa.exc.ArgumentError:
        raise Invalid(
            "PEILWIJS_DATABASE_URL is not a database address; write sqlite:///path or postgresql://…"
        ) from None
    if parsed.get_backend_name() == "sqlite":
        return _sqlite_engine(parsed)
    if parsed.get_backend_name() == "postgresql":
        engine = sa.create_engine(parsed.set(drivername="postgresql+psycopg"), pool_size=10, pool_pre_ping=True)
        return engine
    raise Invalid(f"the database kind «{parsed.get_backend_name()}» is not supported; use sqlite or postgresql")


def _sqlite_engine(url: sa.URL) -> Engine:
    if pysqlite3.sqlite_version_info < SAFE_SQLITE:
        raise Invalid(
            f"SQLite {pysqlite3.sqlite_version} can lose commits in WAL mode; install pysqlite3 with 3.51.3 or newer"
        )
    if url.database:
        _make_folder(Path(url.database).parent)
    engine = sa.create_engine(url, module=pysqlite3.dbapi2, pool_size=10, connect_args={"check_same_thread": False})
    busy_ms = int(settings().sqlite_busy_seconds * 1000)

    @sa.event.listens_for(engine, "connect")
    def _set_up(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        for pragma in (f"busy_timeout={busy_ms}", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}").close()
        _switch_to_wal(connection, settings().sqlite_busy_seconds)

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        is_writing = connection.get_execution_options().get("is_writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")

    return engine


def _switch_to_wal(connection: sqlite3.Connection, patience_seconds: float) -> None:
    """The one statement that does not wait by itself: several processes may open a new file at once."""
    deadline = time.monotonic() + patience_seconds
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL").close()
            return
        except pysqlite3.dbapi2.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Invalid(
            f"the folder {folder} cannot be made ({error.strerror}); set PEILWIJS_VAR_FOLDER to one that can"
        ) from None


_remembered: dict[str, dict[Any, Any]] = {}


@cache
def engine() -> Engine:
    """The engine of this process."""
    return make_engine(settings().database_url)


def remembered(what: str) -> dict[Any, Any]:
    """What this process remembers of the database under this name, to ask it less often; gone with the engine."""
    return _remembered.setdefault(what, {})


def forget_engine() -> None:
    """Closes the engine, so that the next use reads the settings again (forks, tests)."""
    if engine.cache_info().currsize:
        engine().dispose()
    engine.cache_clear()
    _remembered.clear()


@contextmanager
def reading() -> Iterator[Connection]:
    """A consistent view that changes nothing.

    Raises:
        Unavailable: when the database cannot be reached.
    """
    try:
        with engine().connect() as connection:
            yield connection
    except sa.exc.OperationalError as error:
        raise Unavailable(_reason(error)) from error


@contextmanager
def writing() -> Iterator[Connection]:
    """One unit of work: committed when the block ends, undone when it raises.

    Raises:
        Unavailable: when the database is locked, full, read-only or gone; nothing was stored.
    """
    is_sqlite = engine().dialect.name == "sqlite"
    if is_sqlite and not _write_lock.acquire(timeout=settings().sqlite_busy_seconds):
        raise Unavailable("the database is busy; nothing was stored, try again in a moment")
    try:
        with engine().connect().execution_options(is_writing=True) as connection, connection.begin():
            yield connection
    except sa.exc.OperationalError as error:
        raise Unavailable(_reason(error)) from error
    finally:
        if is_sqlite:
            _write_lock.release()


@contextmanager
def not_waiting_for_disk() -> Iterator[None]:
    """For made-up data only: in this process commits do not wait until the disk has them.

    A power cut may take the last of them, never damage the database.
    """
    here = engine()
    sentence = "PRAGMA synchronous=NORMAL" if here.dialect.name == "sqlite" else "SET synchronous_commit TO off"

    def relax(connection: Any, _record: object) -> None:
        connection.execute(sentence).close()
        connection.commit()

    here.dispose()
    sa.event.listen(here, "connect", relax)
    try:
        yield
    finally:
        sa.event.remove(here, "connect", relax)
        here.dispose()


def _reason(error: sa.exc.OperationalError) -> str:
    if "no such table" in str(error.orig):
        return "the database is empty; run: peilwijs migrate"
    return f"the database does not answer ({type(error.orig).__name__}); nothing was stored, try again in a moment"


@contextmanager
def opened() -> Iterator[Connection]:
    """A connection without a unit of work, for who rebuilds the database itself.

    Raises:
        Unavailable: when the database cannot be reached.
        Invalid: when what is there is no database.
    """
    try:
        with engine().connect() as connection:
            yield connection
    except sa.exc.OperationalError as error:
        raise Unavailable(_reason(error)) from error
    except sa.exc.DatabaseError as error:
        raise Invalid(f"{engine().url.render_as_string()} cannot be used as a database: {error.orig}") from error


def refresh_statistics() -> None:
    """Lets the database look at its tables again, so that it keeps choosing the right indexes."""
    with writing() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        # The flags: run ANALYZE where useful, and consider every table, not only those that this connection read.
        connection.exec_driver_sql("PRAGMA optimize=0x10002" if is_sqlite else "ANALYZE")


def insert(connection: Connection, table: sa.Table) -> Any:
    """An INSERT that knows ON CONFLICT, for the database at hand."""
    return (sqlite if connection.dialect.name == "sqlite" else postgresql).insert(table)
