"""Dialling and what came of it."""

from app.callcentre.appointments import Asked


def dial(user_id: int, case_id: int) -> int:
    """Notes that the agent dials now; the id of the attempt.

    Raises:
        Conflict: when the case is not (or no longer) this agent's.
    """
    raise NotImplementedError


def close(
    user_id: int,
    attempt_id: int,
    outcome: str,
    *,
    note: str = "",
    appointment: Asked | None = None,
    language: str = "",
) -> None:
    """Books the outcome of an attempt with all that follows, and releases the case.

    Args:
        language: with a language problem, what the respondent speaks, when one of ours.

    Raises:
        Invalid: what is missing or makes no sense.
        Conflict: when the attempt is not this agent's, or somebody else has the case by now.
    """
    raise NotImplementedError
