"""The call queue: gives an agent one case, and holds it for them."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app import clock
from app.callcentre import why as reasons
from app.callcentre.agents import languages_of
from app.callcentre.called_waves import called_waves
from app.callcentre.claim import LOCK, Asker, claim
from app.callcentre.sentences import Sentence
from app.callcentre.tables import state_table
from app.database import writing


@dataclass(frozen=True)
class Handed:
    """A case handed to an agent, locked to them, and why this one."""

    case_id: int
    why: Sentence


def next_case(user_id: int, at: datetime | None = None) -> Handed | None:
    """Claims the next case for an agent, or gives back the one they hold; None when there is nothing to call.

    Args:
        at: the moment, for a simulation; None = now.
    """
    at = at or clock.now()
    with writing() as connection:
        case_id = _held(connection, user_id, at)
        if case_id is None:
            who = Asker(user_id, languages_of(connection, user_id))
            case_id = claim(connection, who, called_waves(connection, at), at)
        return None if case_id is None else Handed(case_id, reasons.why(connection, case_id, user_id, at))


def why(connection: Connection, case_id: int) -> Sentence:
    """Why a case is in the hands of who holds it."""
    holder = sa.select(state_table.c.locked_by).where(state_table.c.case_id == case_id)
    return reasons.why(connection, case_id, connection.scalar(holder), clock.now())


def hold(user_id: int, case_id: int) -> bool:
    """The heartbeat: keeps the case five minutes longer. False = the case is no longer this agent's.

    Whoever lost the lock by a silence of five minutes gets it back as long as nobody else took the case.
    """
    mine = sa.and_(state_table.c.case_id == case_id, state_table.c.locked_by == user_id)
    with writing() as connection:
        found = connection.execute(sa.update(state_table).where(mine).values(locked_until=clock.now() + LOCK))
    return found.rowcount == 1


def release(user_id: int, case_id: int) -> None:
    """Gives a case back unchanged; one that is not held changes nothing."""
    mine = sa.and_(state_table.c.case_id == case_id, state_table.c.locked_by == user_id)
    with writing() as connection:
        connection.execute(sa.update(state_table).where(mine).values(locked_by=None, locked_until=None))


def _held(connection: Connection, user_id: int, at: datetime) -> int | None:
    mine = sa.and_(state_table.c.locked_by == user_id, state_table.c.locked_until > at)
    held: int | None = connection.scalar(
        sa.select(state_table.c.case_id).where(mine).order_by(state_table.c.locked_until.desc()).limit(1)
    )
    return held
