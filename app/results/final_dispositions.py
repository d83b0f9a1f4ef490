"""The final AAPOR code of every case of a wave, over web and telephone."""

from collections import Counter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from app.collection.tables import Answer, Interview
from app.errors import NotFound
from app.fieldwork import aapor
from app.fieldwork import disposition_codes as codes
from app.fieldwork.tables import Case, Participation
from app.fieldwork.waves import find_participation, find_provider, find_wave

OUTSIDE = (codes.NOT_SAMPLED, codes.SELF_REPORTER)  # no part of the sample: a reserve, and a second listing
_case = Case.__table__  # type: ignore[attr-defined]
_interview = Interview.__table__  # type: ignore[attr-defined]
_answer = Answer.__table__  # type: ignore[attr-defined]
_participation = Participation.__table__  # type: ignore[attr-defined]


def final_codes(connection: Connection, wave: str, provider: str | None = None) -> Counter[str]:
    """How many cases of a wave, or of one provider in it, have each final code.

    Raises:
        NotFound: when there is no such wave or provider, or the provider takes no part in the wave.
    """
    known = find_wave(connection, wave)
    which = _participation.c.wave_id == known.id
    if provider is not None:
        who = find_provider(connection, provider)
        participation_id = find_participation(connection, known.id, who.id)
        if participation_id is None:
            raise NotFound(f"«{who.slug}» takes no part in wave «{known.label}» yet; import a delivery for it first")
        which = _participation.c.id == participation_id
    counts: Counter[str] = Counter()
    for row in connection.execute(_alike(which)):
        counts[final_code(row)] += row.n_cases
    return counts


_NAMES = ("disposition", "aapor", "is_opened", "is_usable", "is_finished", "has_answers")


def _alike(which: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """The facts that decide a code, counted where they are the same."""
    has_answers = sa.exists().where(_answer.c.case_id == _interview.c.case_id, _answer.c.value.is_not(None))
    columns = (
        _case.c.disposition,
        _case.c.aapor,
        _case.c.opened_at.is_not(None).label("is_opened"),
        sa.func.coalesce(_interview.c.is_usable, sa.false()).label("is_usable"),
        _interview.c.finished_at.is_not(None).label("is_finished"),
        has_answers.label("has_answers"),
    )
    joined = _case.join(_participation, _participation.c.id == _case.c.participation_id)
    facts = (
        sa.select(*columns)
        .select_from(joined.outerjoin(_interview, _interview.c.case_id == _case.c.id))
        .where(which, _case.c.disposition.not_in(OUTSIDE))
        .subquery()
    )
    same = [facts.c[name] for name in _NAMES]
    counted: sa.Select[Any] = sa.select(*same, sa.func.count().label("n_cases")).group_by(*same)
    return counted


def final_code(row: Row[Any]) -> str:
    """The code of a case: what it answered says most, then what it said, then how far anybody came.

    An interview on the web that stopped with too little to count is a break-off, like one by telephone. Cases are
    named persons; of who never reacted it is not known whether they belong to the target group (3.19).
    """
    if row.is_usable:
        return aapor.COMPLETE if row.is_finished else aapor.PARTIAL
    if row.disposition in (codes.OPTED_OUT, codes.REFUSED, codes.CANNOT):
        return row.aapor or aapor.REFUSAL
    if row.disposition == codes.QUOTA_FILLED:
        return aapor.QUOTA_FILLED
    if row.is_finished or row.has_answers:
        return aapor.BREAK_OFF
    if row.disposition == codes.UNDELIVERABLE:
        return row.aapor or aapor.UNDELIVERED
    if row.aapor is not None:
        return str(row.aapor)
    return aapor.OPENED_ONLY if row.is_opened else aapor.NOTHING_RETURNED
