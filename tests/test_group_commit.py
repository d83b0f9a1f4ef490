"""Units of work that share a transaction, and yet stand alone."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.database import reading
from app.errors import Conflict, Unavailable
from app.fieldwork.tables import Provider
from app.group_commit import write_together
from app.settings import settings

provider = Provider.__table__  # type: ignore[attr-defined]


def add(connection: Connection, slug: str) -> str:
    connection.execute(sa.insert(provider).values(slug=slug, name=slug))
    return slug


def slugs() -> set[str]:
    with reading() as connection:
        return set(connection.execute(sa.select(provider.c.slug)).scalars())


@pytest.mark.usefixtures("database")
def test_a_hundred_units_at_once_are_all_stored_and_each_gets_its_own_result() -> None:
    wanted = [f"p{number}" for number in range(100)]
    with ThreadPoolExecutor(16) as threads:
        results = list(threads.map(lambda slug: write_together(lambda c: add(c, slug)), wanted))
    assert results == wanted
    assert slugs() == set(wanted)


@pytest.mark.usefixtures("database")
def test_a_unit_that_fails_is_undone_and_takes_no_other_with_it() -> None:
    start = threading.Barrier(8)

    def attempt(number: int) -> bool:
        def work(connection: Connection) -> None:
            add(connection, f"p{number}")
            if number % 2:
                raise Conflict("no")

        start.wait()
        try:
            write_together(work)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        results = list(threads.map(attempt, range(8)))
    assert results == [number % 2 == 0 for number in range(8)]
    assert slugs() == {"p0", "p2", "p4", "p6"}


@pytest.mark.usefixtures("database")
def test_it_is_on_disk_before_the_caller_goes_on() -> None:
    write_together(lambda connection: add(connection, "p"))
    assert slugs() == {"p"}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # PostgreSQL locks rows, never the whole database
def test_a_locked_database_is_said_to_be_unavailable_and_nothing_is_stored(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pysqlite3

    from app.database import forget_engine

    monkeypatch.setenv("PEILWIJS_SQLITE_BUSY_SECONDS", "0.2")
    settings.cache_clear()
    forget_engine()
    other = pysqlite3.dbapi2.connect(database.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable):
        write_together(lambda connection: add(connection, "p"))
    other.execute("ROLLBACK")
    write_together(lambda connection: add(connection, "q"))
    assert slugs() == {"q"}
