"""When an agent works and rests: a log of stretches, one open at most."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app import clock
from app.callcentre.tables import shift_table
from app.database import writing

WORK, BREAK = "work", "break"


def begin(user_id: int) -> None:
    """The agent starts; starting twice changes nothing."""
    with writing() as connection:
        if _open(connection, user_id) is None:
            _start(connection, user_id, WORK)


def pause(user_id: int) -> None:
    """A break; without a shift under way nothing changes."""
    _switch(user_id, WORK, BREAK)


def resume(user_id: int) -> None:
    """Back from a break."""
    _switch(user_id, BREAK, WORK)


def end(user_id: int) -> None:
    """The agent goes home."""
    with writing() as connection:
        _finish(connection, user_id)


def _switch(user_id: int, before: str, after: str) -> None:
    with writing() as connection:
        if _open(connection, user_id) == before:
            _finish(connection, user_id)
            _start(connection, user_id, after)


def _open(connection: Connection, user_id: int) -> str | None:
    """The kind of stretch that is under way."""
    here = sa.and_(shift_table.c.user_id == user_id, shift_table.c.ended_at.is_(None))
    kind: str | None = connection.scalar(sa.select(shift_table.c.kind).where(here).with_for_update().limit(1))
    return kind


def _start(connection: Connection, user_id: int, kind: str) -> None:
    connection.execute(sa.insert(shift_table).values(user_id=user_id, kind=kind, started_at=clock.now()))


def _finish(connection: Connection, user_id: int) -> None:
    here = sa.and_(shift_table.c.user_id == user_id, shift_table.c.ended_at.is_(None))
    connection.execute(sa.update(shift_table).where(here).values(ended_at=clock.now()))
