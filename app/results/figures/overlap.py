"""People who were asked in two waves of one provider, so that one wave minus the other would be about few of them.

Waves are counted apart and normally hold other people. When their periods overlap, the same case reference may stand in
both. It is found by its keyed look-up value, as long as the contact data are there; reports are final before that.
"""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.fieldwork.tables import Contact, Wave
from app.results.figures.changes import case_table, counted_table, participation_table
from app.results.tallies import CLIENT

_contact = Contact.__table__  # type: ignore[attr-defined]
_wave = Wave.__table__  # type: ignore[attr-defined]


def overlapping_kinds(connection: Connection, participation_id: int, min_n: int) -> frozenset[str]:
    """The kinds of case (client, commissioner) of which an earlier wave told nearly the same people.

    Nearly: at least one person is in both, and those who are in one only are fewer than `min_n`, but not nobody.
    """
    mine = connection.execute(
        sa.select(participation_table.c.provider_id, _wave.c.starts_on, _wave.c.id)
        .join(_wave, _wave.c.id == participation_table.c.wave_id)
        .where(participation_table.c.id == participation_id)
    ).one()
    earlier = (
        sa.select(participation_table.c.id)
        .join(_wave, _wave.c.id == participation_table.c.wave_id)
        .where(
            participation_table.c.provider_id == mine.provider_id,
            participation_table.c.id != participation_id,
            sa.or_(
                _wave.c.starts_on < mine.starts_on,
                sa.and_(_wave.c.starts_on == mine.starts_on, _wave.c.id < mine.id),
            ),
        )
    )
    found = set()
    for other in connection.scalars(earlier).all():
        shared = _n_shared(connection, participation_id, other)
        for kind, n in shared.items():
            only_here = _n_counted(connection, participation_id, kind) - n
            only_there = _n_counted(connection, other, kind) - n
            if 0 < only_here < min_n or 0 < only_there < min_n:
                found.add(kind)
    return frozenset(found)


def _n_shared(connection: Connection, here: int, there: int) -> dict[str, int]:
    """People with the same reference whose interviews count in both, by kind."""
    one, other = _contact.alias("here"), _contact.alias("there")
    counted_too = counted_table.alias("counted_there")
    statement = (
        sa.select(case_table.c.kind, sa.func.count())
        .select_from(
            counted_table.join(case_table, case_table.c.id == counted_table.c.case_id)
            .join(one, one.c.case_id == counted_table.c.case_id)
            .join(other, sa.and_(other.c.participation_id == there, other.c.reference_key == one.c.reference_key))
            .join(counted_too, counted_too.c.case_id == other.c.case_id)
        )
        .where(counted_table.c.participation_id == here, one.c.reference_key.is_not(None))
        .group_by(case_table.c.kind)
    )
    return {kind: int(n) for kind, n in connection.execute(statement)}


def _n_counted(connection: Connection, participation_id: int, kind: str) -> int:
    statement = (
        sa.select(sa.func.count())
        .select_from(counted_table.join(case_table, case_table.c.id == counted_table.c.case_id))
        .where(counted_table.c.participation_id == participation_id, case_table.c.kind == kind)
    )
    return int(connection.scalar(statement) or 0)


def kind_of(group: str) -> str:
    """The kind of case that a section of figures is about."""
    return "commissioner" if group == "commissioners" else CLIENT
