"""What decides which outcomes make sense for a call."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.callcentre.outcomes import CallFacts
from app.callcentre.tables import state_table
from app.collection.tables import Answer, Interview
from app.fieldwork.tables import NormProgress

_interview = Interview.__table__  # type: ignore[attr-defined]
_answer = Answer.__table__  # type: ignore[attr-defined]
_progress = NormProgress.__table__  # type: ignore[attr-defined]


def call_facts(connection: Connection, case_id: int) -> CallFacts:
    """What is known of the interview, the messages left and the quota of a case."""
    interview = connection.execute(
        sa.select(_interview.c.is_usable, _interview.c.finished_at).where(_interview.c.case_id == case_id)
    ).first()
    answered = sa.select(_answer.c.code).where(_answer.c.case_id == case_id, _answer.c.value.is_not(None))
    state = connection.execute(
        sa.select(state_table.c.has_message, _progress.c.n_finished, _progress.c.n_needed)
        .outerjoin(
            _progress,
            sa.and_(
                _progress.c.participation_id == state_table.c.participation_id,
                _progress.c.norm_group == "phone_quota",
                state_table.c.norm_group == "phone_quota",
            ),
        )
        .where(state_table.c.case_id == case_id)
    ).first()
    return CallFacts(
        is_started=connection.execute(answered.limit(1)).first() is not None,
        is_usable=bool(interview and interview.is_usable),
        is_finished=bool(interview and interview.finished_at),
        has_message=bool(state and state.has_message),
        is_quota_full=bool(state and state.n_needed is not None and state.n_finished >= state.n_needed),
    )
