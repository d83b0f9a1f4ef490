"""Which interviews have to be counted (again): a comparison of what is stored with what was counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.collection.tables import Interview
from app.fieldwork.dispositions import in_net_sample
from app.fieldwork.tables import Case, Participation
from app.results.figures.tables import CountedInterview, FigureScope
from app.results.tallies import CLIENT

case_table = Case.__table__  # type: ignore[attr-defined]
interview_table = Interview.__table__  # type: ignore[attr-defined]
counted_table = CountedInterview.__table__  # type: ignore[attr-defined]
participation_table = Participation.__table__  # type: ignore[attr-defined]
scope_table = FigureScope.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Changes:
    """What has to be done for one participation; nothing to do but `is_dirty` means: only add up again."""

    participation_id: int
    changed: tuple[int, ...] = ()  # cases whose interview is new or another than was counted
    gone: tuple[int, ...] = ()  # cases that were counted and do not count any more
    is_dirty: bool = False

    @property
    def n(self) -> int:
        return len(self.changed) + len(self.gone)


# What decides the route beside the answers, and that the answers are the same as when they were counted.
COMPARED = {
    "participation_id": case_table.c.participation_id,
    "service": sa.func.coalesce(case_table.c.service, 0),
    "learning_profile": sa.func.coalesce(case_table.c.learning_profile, 0),
    "version_hash": interview_table.c.version_hash,
    "wording": interview_table.c.wording,
    "mode": interview_table.c.mode,
    "language": interview_table.c.language,
    "changed_at": interview_table.c.changed_at,
}


def counts_now() -> sa.ColumnElement[bool]:
    """The condition on case and interview: usable, in the net sample, and not a commissioner who is a client too."""
    is_asked = sa.or_(case_table.c.kind == CLIENT, sa.not_(case_table.c.is_self_reporter))
    return sa.and_(interview_table.c.is_usable, in_net_sample(), is_asked)


def changes(connection: Connection, wave_id: int, participation_id: int | None = None) -> list[Changes]:
    """What has changed since the last count, per participation of the wave, or of one of them."""
    where = participation_table.c.wave_id == wave_id
    if participation_id is not None:
        where &= participation_table.c.id == participation_id
    found: dict[int, dict[str, Any]] = {}

    def note(kind: str, rows: Sequence[Any]) -> None:
        for participation, case_id in rows:
            found.setdefault(participation, {"changed": [], "gone": []})[kind].append(case_id)

    note("changed", connection.execute(_changed(where)).all())
    note("gone", connection.execute(_gone(where)).all())
    dirty = sa.select(scope_table.c.participation_id).join(participation_table).where(where, scope_table.c.is_dirty)
    is_dirty = set(connection.scalars(dirty))
    return [
        Changes(
            key,
            tuple(found.get(key, {}).get("changed", ())),
            tuple(found.get(key, {}).get("gone", ())),
            key in is_dirty,
        )
        for key in sorted(found.keys() | is_dirty)
    ]


def _changed(where: sa.ColumnElement[bool]) -> sa.Select[Any]:
    differs = [column != counted_table.c[name] for name, column in COMPARED.items()]
    return (
        sa.select(case_table.c.participation_id, case_table.c.id)
        .select_from(
            participation_table.join(case_table, case_table.c.participation_id == participation_table.c.id)
            .join(interview_table, interview_table.c.case_id == case_table.c.id)
            .outerjoin(counted_table, counted_table.c.case_id == case_table.c.id)
        )
        .where(where, counts_now(), sa.or_(counted_table.c.case_id.is_(None), *differs))
    )


def _gone(where: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Counted once under this participation, and not there any more: erased, moved, or out of the net sample."""
    still = (
        sa.select(sa.literal(1))
        .select_from(case_table.join(interview_table, interview_table.c.case_id == case_table.c.id))
        .where(
            case_table.c.id == counted_table.c.case_id,
            case_table.c.participation_id == counted_table.c.participation_id,
            counts_now(),
        )
    )
    return (
        sa.select(counted_table.c.participation_id, counted_table.c.case_id)
        .join(participation_table, participation_table.c.id == counted_table.c.participation_id)
        .where(where, sa.not_(sa.exists(still.correlate(counted_table))))
    )
