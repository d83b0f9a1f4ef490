"""How agents interview, without their answers: length, and how often a question stays without one."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app import clock
from app.callcentre.outcomes import OUTCOMES
from app.callcentre.tables import agent_table, attempt_table
from app.collection.sittings import answer_table
from app.language import SOURCE_LANGUAGE

OVER = timedelta(days=28)
REFUSALS = tuple(code for code in OUTCOMES if "refusal" in code)


@dataclass(frozen=True)
class Quality:
    """One agent over the last weeks; None where there is nothing to count."""

    user_id: int
    name: str
    languages: tuple[str, ...]
    n_attempts: int
    n_interviews: int
    n_refusals: int
    minutes: int | None  # the middle length of an interview
    unanswered_pct: int | None  # of the questions asked by telephone


def quality(connection: Connection, names: dict[int, str]) -> tuple[Quality, ...]:
    """Everybody who calls, by name."""
    since = clock.now() - OVER
    rows = connection.execute(
        sa.select(
            attempt_table.c.user_id,
            attempt_table.c.started_at,
            attempt_table.c.ended_at,
            attempt_table.c.outcome,
        ).where(attempt_table.c.started_at >= since, attempt_table.c.ended_at.is_not(None))
    ).all()
    unanswered = _unanswered(connection, since)
    languages = {row.user_id: tuple(row.languages) for row in connection.execute(sa.select(agent_table))}
    found = []
    for user_id, name in names.items():
        calls = [row for row in rows if row.user_id == user_id]
        lengths = sorted(row.ended_at - row.started_at for row in calls if row.outcome == "complete")
        found.append(
            Quality(
                user_id,
                name,
                languages.get(user_id, (SOURCE_LANGUAGE,)),
                len(calls),
                len(lengths),
                sum(row.outcome in REFUSALS for row in calls),
                round(lengths[len(lengths) // 2].total_seconds() / 60) if lengths else None,
                unanswered.get(user_id),
            )
        )
    return tuple(found)


def _unanswered(connection: Connection, since: datetime) -> dict[int, int]:
    """Of the questions in an agent's finished interviews, the percentage without an answer."""
    rows = connection.execute(
        sa.select(
            attempt_table.c.user_id,
            sa.func.count(),
            sa.func.sum(sa.case((answer_table.c.value.is_(None), 1), else_=0)),
        )
        .join(answer_table, answer_table.c.case_id == attempt_table.c.case_id)
        .where(attempt_table.c.outcome == "complete", attempt_table.c.started_at >= since)
        .where(answer_table.c.mode == "phone")
        .group_by(attempt_table.c.user_id)
    )
    return {user_id: round(100 * n_open / n_asked) for user_id, n_asked, n_open in rows}
