"""What stands in the database, for tests that look behind the pages."""

from typing import Any

import sqlalchemy as sa

from app.collection.tables import Answer, Interview
from app.database import reading


def answers_of(case_id: int) -> dict[str, str | None]:
    table = Answer.__table__
    with reading() as connection:
        rows = connection.execute(sa.select(table.c.code, table.c.value).where(table.c.case_id == case_id))
        return {row.code: row.value for row in rows}


def interview_of(case_id: int) -> Any:
    table = Interview.__table__
    with reading() as connection:
        return connection.execute(sa.select(table).where(table.c.case_id == case_id)).first()
