"""Stored interviews with the outcome that a test is about, without answers."""

from decimal import Decimal

import sqlalchemy as sa

from app.clock import now
from app.collection.tables import Interview, QuestionnaireVersion
from app.database import insert, writing

HASH = "0" * 64


def make_interview(
    case_id: int, grade: str | int | None = None, role: str | None = None, *, is_usable: bool = True
) -> None:
    """A finished interview of a case."""
    moment = now()
    version = {"hash": HASH, "name": "arbeid-2022", "source": "{}", "stored_at": moment}
    values = {
        "case_id": case_id,
        "version_hash": HASH,
        "wording": "regular",
        "mode": "web",
        "language": "nl",
        "started_at": moment,
        "changed_at": moment,
        "finished_at": moment,
        "is_usable": is_usable,
        "grade_tenths": None if grade is None else int(Decimal(str(grade)) * 10),
        "role": role,
    }
    with writing() as connection:
        connection.execute(insert(connection, QuestionnaireVersion.__table__).values(version).on_conflict_do_nothing())
        connection.execute(sa.insert(Interview.__table__).values(values))
