"""Where a case stands in fieldwork, and what that means for the net sample. The one writer of dispositions."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.fieldwork import aapor, progress
from app.fieldwork import disposition_codes as codes
from app.fieldwork.tables import Case

OPEN = codes.OPEN
NOT_SAMPLED = codes.NOT_SAMPLED
UNDELIVERABLE = codes.UNDELIVERABLE
QUOTA_FILLED = codes.QUOTA_FILLED
QUOTA_FILLED_TRIED = codes.QUOTA_FILLED_TRIED
SELF_REPORTER = codes.SELF_REPORTER
OPTED_OUT = codes.OPTED_OUT
REFUSED = codes.REFUSED
CANNOT = codes.CANNOT
FINISHED = codes.FINISHED
LEAVES_NET_SAMPLE = codes.LEAVES_NET_SAMPLE
BATCH = 500
_table = Case.__table__  # type: ignore[attr-defined]


def report(connection: Connection, case_ids: Sequence[int], disposition: str) -> None:
    """Sets the disposition of cases."""
    statement = sa.update(_table).where(_table.c.id == sa.bindparam("case")).values(disposition=sa.bindparam("new"))
    if case_ids:
        connection.execute(statement, [{"case": case_id, "new": disposition} for case_id in case_ids])
        here = {participation_id for batch in _batches(case_ids) for participation_id in _places(connection, batch)}
        progress.recount(connection, here)
        settle_quotas(connection, here)


def report_finished(connection: Connection, case_ids: Sequence[int]) -> None:
    """These cases have finished their interview, in the same unit of work as its end.

    Who was given up by us has been reached after all. Every other disposition stays: nothing is sent to those anyway,
    and it says more. A phone quota that is full by this gives up the rest at once.
    """
    for batch in _batches(case_ids):
        _report_finished(connection, batch)


def _report_finished(connection: Connection, case_ids: Sequence[int]) -> None:
    may_finish = sa.and_(_table.c.id.in_(case_ids), _table.c.disposition.in_(codes.MAY_STILL_FINISH))
    rows = connection.execute(_STANDINGS.where(may_finish).order_by(_table.c.id).with_for_update()).all()
    connection.execute(sa.update(_table).where(may_finish).values(disposition=FINISHED))
    returning = {row.participation_id for row in rows if row.disposition in LEAVES_NET_SAMPLE}
    staying = [row for row in rows if row.participation_id not in returning]
    groups = {row.id: progress.group_of(row.kind, row.service, row.learning_profile) for row in rows}
    progress.add_finished(connection, Counter((row.participation_id, groups[row.id]) for row in staying))
    progress.recount(connection, returning)
    if here := {row.participation_id for row in rows if groups[row.id] == "phone_quota"}:
        settle_quotas(connection, here)


_STANDINGS = sa.select(
    _table.c.id,
    _table.c.participation_id,
    _table.c.kind,
    _table.c.service,
    _table.c.learning_profile,
    _table.c.disposition,
)


def report_called(connection: Connection, case_id: int, at: datetime) -> None:
    """Somebody dials this case; from its first attempt on it stays in the net sample."""
    first = sa.and_(_table.c.id == case_id, _table.c.called_at.is_(None))
    connection.execute(sa.update(_table).where(first).values(called_at=at))


def report_call(connection: Connection, case_id: int, code: str, *, is_final: bool) -> None:
    """What a call came to, as AAPOR counts it; a code that says less than what is known changes nothing."""
    before = connection.scalar(sa.select(_table.c.aapor).where(_table.c.id == case_id).with_for_update())
    kept = aapor.kept(before, code, is_final=is_final)
    connection.execute(sa.update(_table).where(_table.c.id == case_id).values(aapor=kept))


def settle_quotas(connection: Connection, participation_ids: Collection[int]) -> None:
    """Gives up who is no longer needed where the phone quota is full, and takes them back where it is not.

    Never attempted: they leave the net sample. Attempted: they stay in it. Whoever is answering at this moment is
    left alone; the call centre settles again every minute.
    """
    here = sorted(participation_ids)
    full = progress.full_quotas(connection, here)
    not_full = [participation_id for participation_id in here if participation_id not in full]
    is_tried = _table.c.called_at.is_not(None)
    given_up = sa.case((is_tried, QUOTA_FILLED_TRIED), else_=QUOTA_FILLED)
    changed = _change_quota(connection, full, (OPEN,), given_up) | _change_quota(
        connection, not_full, codes.QUOTA, OPEN
    )
    progress.recount(connection, changed)


def n_settled_with(connection: Connection, participation_id: int, quota: int) -> tuple[int, int]:
    """What another phone quota would do now: how many it gives up, and how many it takes back."""
    is_filled = quota <= progress.n_towards_quota(connection, participation_id)
    which = _of_quota([participation_id], (OPEN,) if is_filled else codes.QUOTA)
    n_cases = connection.scalar(sa.select(sa.func.count()).select_from(_table).where(which)) or 0
    return (n_cases, 0) if is_filled else (0, n_cases)


def _change_quota(
    connection: Connection, participation_ids: Sequence[int], old: Sequence[str], new: str | sa.ColumnElement[str]
) -> set[int]:
    """The participations in which anything changed."""
    if not participation_ids:
        return set()
    # Somebody who is just answering holds their row and may want the counts that we hold: wait for nobody.
    free = sa.select(_table.c.id).where(_of_quota(participation_ids, old)).with_for_update(skip_locked=True)
    statement = sa.update(_table).where(_table.c.id.in_(free)).values(disposition=new)
    return set(connection.scalars(statement.returning(_table.c.participation_id)))


def _of_quota(participation_ids: Sequence[int], old: Sequence[str]) -> sa.ColumnElement[bool]:
    here = _table.c.participation_id.in_(participation_ids)
    return sa.and_(here, progress.counts_for_quota(), _table.c.disposition.in_(old))


def _places(connection: Connection, case_ids: Sequence[int]) -> Sequence[int]:
    return connection.scalars(sa.select(_table.c.participation_id).where(_table.c.id.in_(case_ids)).distinct()).all()


def _batches(case_ids: Sequence[int]) -> list[Sequence[int]]:
    return [case_ids[start : start + BATCH] for start in range(0, len(case_ids), BATCH)]


def in_net_sample() -> sa.ColumnElement[bool]:
    """The condition on survey_case rows that count in the net sample."""
    condition: sa.ColumnElement[bool] = _table.c.disposition.notin_(LEAVES_NET_SAMPLE)
    return condition
