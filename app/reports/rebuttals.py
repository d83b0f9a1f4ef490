"""Hoor en wederhoor: what a provider says about its final report, and what staff answer."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.audit.log import record
from app.clock import local, now, today
from app.errors import N_, Conflict, Invalid
from app.reports.chapters.contact import REBUTTAL_DAYS
from app.reports.editions import Stored
from app.reports.tables import Rebuttal

MAX_TEXT = 5000
EMPTY = N_("Schrijf eerst een reactie, van hoogstens 5000 tekens.")
TOO_LATE = N_("De 21 dagen om te reageren zijn voorbij.")
NOT_OPEN = N_("Reageren kan zodra het rapport definitief is.")
_table = Rebuttal.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Said:
    """One message of the thread."""

    written_at: datetime
    is_from_provider: bool
    text: str


def last_day(report: Stored) -> date | None:
    """Until when the provider may react; None while the report is not final."""
    if report.published_at is None:
        return None
    return local(report.published_at).date() + timedelta(days=REBUTTAL_DAYS)


def may_react(report: Stored) -> bool:
    """Whether the provider may say something today."""
    day = last_day(report)
    return day is not None and today() <= day


def react(connection: Connection, actor: str, report: Stored, text: str) -> None:
    """A provider says something about its report.

    Raises:
        Conflict: before the report is final, and after its last day.
        Invalid: without a text.
    """
    if not may_react(report):
        raise Conflict(NOT_OPEN if report.published_at is None else TOO_LATE)
    _add(connection, actor, report, text, is_from_provider=True)


def answer(connection: Connection, actor: str, report: Stored, text: str) -> None:
    """Staff answer; that may be later than the provider's last day.

    Raises:
        Conflict: while the report is not final.
        Invalid: without a text.
    """
    if report.published_at is None:
        raise Conflict(NOT_OPEN)
    _add(connection, actor, report, text, is_from_provider=False)


def thread(connection: Connection, report_id: int) -> list[Said]:
    """Everything said about a report, the first first."""
    rows = connection.execute(sa.select(_table).where(_table.c.report_id == report_id).order_by(_table.c.id))
    return [Said(row.written_at, row.is_from_provider, row.text) for row in rows]


def unanswered(connection: Connection, report_ids: list[int]) -> set[int]:
    """The reports of which the last word is the provider's."""
    last = sa.select(sa.func.max(_table.c.id)).where(_table.c.report_id.in_(report_ids)).group_by(_table.c.report_id)
    return set(
        connection.scalars(sa.select(_table.c.report_id).where(_table.c.id.in_(last), _table.c.is_from_provider))
    )


def _add(connection: Connection, actor: str, report: Stored, text: str, *, is_from_provider: bool) -> None:
    text = text.strip()
    if not 0 < len(text) <= MAX_TEXT:
        raise Invalid(EMPTY)
    values = {"report_id": report.id, "written_at": now(), "written_by": actor, "text": text}
    connection.execute(sa.insert(_table).values(is_from_provider=is_from_provider, **values))
    action = "report.reaction" if is_from_provider else "report.answer"
    record(connection, actor, action, f"report:{report.id}")
