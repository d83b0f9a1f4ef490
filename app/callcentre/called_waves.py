"""The waves that are called now: started, not paused, and their fieldwork not over."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.callcentre.day_parts import BITS, part_at
from app.clock import local
from app.fieldwork.rules import CallRules, WaveRules
from app.fieldwork.tables import Wave

_wave = Wave.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class CalledWave:
    """A wave as the call centre sees it."""

    id: int
    label: str
    started_at: datetime
    ends_on: date | None
    rules: CallRules

    def part_bit(self, at: datetime) -> int:
        """The part of the day as a bit; 0 when nobody calls at that moment."""
        part = part_at(self.rules, at)
        return BITS[part] if part else 0


_WAVES = (
    sa.select(
        _wave.c.id,
        _wave.c.label,
        _wave.c.invited_at,
        _wave.c.fieldwork_ends_on,
        sa.cast(_wave.c.rules, sa.Text).label("rules"),
    )
    .where(_wave.c.invited_at.is_not(None), _wave.c.paused_at.is_(None))
    .order_by(_wave.c.id)
)


def called_waves(connection: Connection, at: datetime) -> list[CalledWave]:
    """Every wave that is called at a moment, the oldest first."""
    return list(_called(connection, at))


def _called(connection: Connection, at: datetime) -> Iterator[CalledWave]:
    for row in connection.execute(_WAVES):
        has_ended = row.fieldwork_ends_on is not None and row.fieldwork_ends_on < local(at).date()
        if row.invited_at <= at and not has_ended:
            yield CalledWave(row.id, row.label, row.invited_at, row.fieldwork_ends_on, call_rules(row.rules))


@lru_cache(maxsize=64)
def call_rules(text: str) -> CallRules:
    """The calling rules in the stored rules of a wave."""
    return WaveRules.model_validate_json(text).calls
