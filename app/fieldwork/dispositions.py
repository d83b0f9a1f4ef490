"""Where a case stands in fieldwork, and what that means for the net sample. The one writer of dispositions."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.fieldwork.tables import Case

OPEN = "open"  # may be invited
NOT_SAMPLED = "not_sampled"  # kept as reserve
UNDELIVERABLE = "undeliverable"  # on every channel it had
QUOTA_FILLED = "quota_filled"  # never attempted because a phone quota was full
SELF_REPORTER = "self_reporter"  # a commissioner who is a client too: fills in the client questionnaire only
OPTED_OUT = "opted_out"  # stays in the net sample
REFUSED = "refused"  # stays in the net sample
FINISHED = "finished"  # reported by collection: nothing more is sent

LEAVES_NET_SAMPLE = (NOT_SAMPLED, UNDELIVERABLE, QUOTA_FILLED, SELF_REPORTER)
_table = Case.__table__  # type: ignore[attr-defined]


def report(connection: Connection, case_ids: Sequence[int], disposition: str) -> None:
    """Sets the disposition of cases."""
    statement = sa.update(_table).where(_table.c.id == sa.bindparam("case")).values(disposition=sa.bindparam("new"))
    if case_ids:
        connection.execute(statement, [{"case": case_id, "new": disposition} for case_id in case_ids])


def report_finished(connection: Connection, case_ids: Sequence[int]) -> None:
    """These cases have finished their interview, in the same unit of work as its end.

    Who was given up as undeliverable has been reached after all. Every other disposition stays: nothing is sent to
    those anyway, and it says more.
    """
    was = sa.or_(_table.c.disposition == OPEN, _table.c.disposition == UNDELIVERABLE)  # IN cannot be run many at once
    statement = sa.update(_table).where(_table.c.id == sa.bindparam("case"), was).values(disposition=FINISHED)
    if case_ids:
        connection.execute(statement, [{"case": case_id} for case_id in case_ids])


def in_net_sample() -> sa.ColumnElement[bool]:
    """The condition on survey_case rows that count in the net sample."""
    condition: sa.ColumnElement[bool] = _table.c.disposition.notin_(LEAVES_NET_SAMPLE)
    return condition
