"""What the call centre adds to the history of a case: every dial with its outcome, every appointment."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.callcentre.outcomes import OUTCOMES
from app.callcentre.tables import appointment_table, attempt_table
from app.errors import N_
from app.fieldwork.case_history import HistoryLine

DIALLED = N_("Gebeld")
UNDER_WAY = N_("het gesprek loopt nog")
AGREED = N_("Afspraak gemaakt: bellen op %(moment)s")
UNSURE = N_("Afgesproken om weer te bellen, rond %(moment)s")


def lines(connection: Connection, case_id: int) -> Iterator[HistoryLine]:
    """The attempts and appointments of one case."""
    attempts = sa.select(attempt_table).where(attempt_table.c.case_id == case_id)
    for row in connection.execute(attempts):
        known = OUTCOMES.get(row.outcome or "")
        reason = known.words if known else UNDER_WAY
        yield HistoryLine(row.started_at, DIALLED, reason=reason, actor=f"user:{row.user_id}", note=row.note)
    appointments = sa.select(appointment_table).where(appointment_table.c.case_id == case_id)
    for row in connection.execute(appointments):
        words = AGREED if row.is_definite else UNSURE
        yield HistoryLine(row.made_at, words, moment=row.at, actor=f"user:{row.made_by}")
