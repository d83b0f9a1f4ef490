"""What fieldwork no longer needs is deleted some time after a wave's fieldwork has ended."""

from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.fieldwork.tables import Case, Participation, Token, Wave

TOKENS_KEPT_DAYS = 30  # until then a late visitor is told that the questionnaire is closed


def delete_old_tokens(connection: Connection, today: date) -> int:
    """Deletes the tokens of waves whose fieldwork ended more than 30 days ago; returns how many."""
    token, case, participation, wave = (model.__table__ for model in (Token, Case, Participation, Wave))  # type: ignore[attr-defined]
    ended = (
        sa.select(case.c.id)
        .join(participation, participation.c.id == case.c.participation_id)
        .join(wave, wave.c.id == participation.c.wave_id)
        .where(wave.c.fieldwork_ends_on < today - timedelta(days=TOKENS_KEPT_DAYS))
    )
    return connection.execute(sa.delete(token).where(token.c.case_id.in_(ended))).rowcount
