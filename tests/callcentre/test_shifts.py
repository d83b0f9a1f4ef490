"""The log of an agent's day."""

import sqlalchemy as sa

from app.callcentre import shifts
from app.callcentre.tables import shift_table
from app.database import reading
from tests.factories.calls import make_agent


def log(user_id: int) -> list[tuple[str, bool]]:
    with reading() as connection:
        rows = connection.execute(
            sa.select(shift_table).where(shift_table.c.user_id == user_id).order_by(shift_table.c.id)
        )
        return [(row.kind, row.ended_at is None) for row in rows]


def test_a_day_is_a_row_of_stretches_of_which_one_is_open_at_most(database: str) -> None:
    agent = make_agent()
    shifts.pause(agent)
    assert log(agent) == []
    shifts.begin(agent)
    shifts.begin(agent)
    shifts.pause(agent)
    shifts.pause(agent)
    assert log(agent) == [("work", False), ("break", True)]
    shifts.resume(agent)
    shifts.end(agent)
    shifts.resume(agent)
    assert log(agent) == [("work", False), ("break", False), ("work", False)]
