"""What fieldwork no longer needs is deleted some time after a wave's fieldwork has ended."""

from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.fieldwork.tables import Case, Participation, Token, Wave

TOKENS_KEPT_DAYS = 30  # until then a late visitor is told that the questionnaire is closed
_token = Token.__table__  # type: ignore[attr-defined]
_case = Case.__table__  # type: ignore[attr-defined]
_participation = Participation.__table__  # type: ignore[attr-defined]
_wave = Wave.__table__  # type: ignore[attr-defined]


def delete_old_tokens(connection: Connection, today: date) -> int:
    """Deletes the tokens of waves whose fieldwork ended more than 30 days ago; returns how many."""
    ended = (
        sa.select(_case.c.id)
        .join(_participation, _participation.c.id == _case.c.participation_id)
        .join(_wave, _wave.c.id == _participation.c.wave_id)
        .where(_wave.c.fieldwork_ends_on < today - timedelta(days=TOKENS_KEPT_DAYS))
    )
    return connection.execute(sa.delete(_token).where(_token.c.case_id.in_(ended))).rowcount
