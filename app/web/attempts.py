"""How often something may be tried. Counted in the database, so that all processes and machines count together.

Two periods side by side make a window that slides: what the last one had still counts for the part of it that lies
within reach. An attempt that is refused is not counted, so trying on does not keep anybody out for longer.
"""

import math
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlmodel import Field, SQLModel

from app import clock
from app.database import UtcDateTime, insert, reading, writing
from app.encryption import lookup

KEPT_PERIODS = 2


class Attempt(SQLModel, table=True):
    """How often one address, account or browser tried one thing in one period. Who it is cannot be read back."""

    __tablename__ = "attempt"

    who: bytes = Field(primary_key=True, max_length=16)
    period: int = Field(primary_key=True, sa_type=sa.BigInteger)  # so many times the length of it since 1970
    n: int
    ends_at: datetime = Field(sa_type=UtcDateTime, index=True)


_table = Attempt.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Limit:
    """At most so many attempts within any stretch of so many seconds."""

    n_most: int
    seconds: int


def per_minute(n_most: int) -> Limit:
    return Limit(n_most, 60)


def per_hour(n_most: int) -> Limit:
    return Limit(n_most, 3600)


@dataclass(frozen=True)
class _Counter:
    limit: Limit
    who: bytes
    period: int
    share: float  # of the present period that has passed

    def n_left(self, connection: Connection) -> int:
        """How many attempts the present period may have in all, after those of the one before."""
        known = sa.and_(_table.c.who == self.who, _table.c.period == self.period - 1)
        before = connection.scalar(sa.select(_table.c.n).where(known)) or 0
        return self.limit.n_most - math.ceil(before * (1 - self.share))

    def is_full(self, connection: Connection) -> bool:
        known = sa.and_(_table.c.who == self.who, _table.c.period == self.period)
        return (connection.scalar(sa.select(_table.c.n).where(known)) or 0) >= self.n_left(connection)

    def count(self, connection: Connection) -> bool:
        """Adds one, unless there is no room for it: one statement, so that two at once cannot both be the last."""
        n_left = self.n_left(connection)
        if n_left < 1:
            return False
        ends_at = datetime.fromtimestamp((self.period + KEPT_PERIODS) * self.limit.seconds, UTC)
        row = insert(connection, _table).values(who=self.who, period=self.period, n=1, ends_at=ends_at)
        counted = row.on_conflict_do_update(
            index_elements=["who", "period"], set_={"n": _table.c.n + 1}, where=_table.c.n < n_left
        )
        return connection.execute(counted.returning(_table.c.n)).first() is not None


def allowed(*asked: tuple[Limit, tuple[str, ...]]) -> bool:
    """Counts one attempt against each limit, for who is named beside it; False when one of them is used up."""
    present = clock.now().timestamp()
    counters = [_counter(limit, who, present) for limit, who in asked]
    with reading() as connection:  # whoever is over the limit costs no writing
        if any(counter.is_full(connection) for counter in counters):
            return False
    with writing() as connection:
        return all([counter.count(connection) for counter in counters])


def _counter(limit: Limit, who: tuple[str, ...], present: float) -> _Counter:
    period, passed = divmod(present, limit.seconds)
    name = lookup("attempt", "\n".join((str(limit.seconds), *who))) or b""
    return _Counter(limit, name, int(period), passed / limit.seconds)


def delete_old(connection: Connection) -> int:
    """Deletes what no longer counts; returns how many rows."""
    return connection.execute(sa.delete(_table).where(_table.c.ends_at < clock.now())).rowcount


def forget_all() -> None:
    """Everybody may begin again."""
    with writing() as connection:
        connection.execute(sa.delete(_table))
