"""The case that an agent has in hand: held by a lock, or by a call that is still under way."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

import sqlalchemy as sa
from fastapi import Depends, Request
from sqlalchemy.engine import Connection

from app import clock
from app.accounts.tables import user_table
from app.audit.log import record
from app.callcentre import queue
from app.callcentre.attempts import MAX_NOTE
from app.callcentre.tables import attempt_table, state_table
from app.collection.visitors import Caller
from app.database import reading, remembered, writing
from app.encryption import decrypt, encrypt
from app.errors import N_, Conflict
from app.web.forms import MAX_FIELDS, Form

SEEN_ONCE_PER = timedelta(hours=1)


@dataclass(frozen=True, repr=False)
class InHand:
    """An agent with a case. A call that is under way stays theirs to end, also when they lost the lock."""

    case_id: int
    user_id: int
    is_held: bool  # False: the supervisor released it, or somebody else has it
    attempt_id: int | None  # of the call under way
    dialled_at: datetime | None
    phone_index: int
    note: str
    holder: str  # who else has the case now; "" = nobody

    @property
    def caller(self) -> Caller:
        return Caller(self.case_id, self.user_id)


async def posted_form(request: Request) -> Form:
    """Dependency: the fields of a posted form."""
    fields = await request.form(max_fields=MAX_FIELDS)
    return {name: [str(value) for value in fields.getlist(name)] for name in fields}


Posted = Annotated[Form, Depends(posted_form)]


def in_hand(user_id: int, case_id: int) -> InHand | None:
    """Holds the case longer; None when this agent has nothing to do with it (any more)."""
    is_held = queue.hold(user_id, case_id)
    with reading() as connection:
        attempt = connection.execute(_OPEN_ATTEMPT, {"case": case_id, "user": user_id}).first()
        if attempt is None and not is_held:
            return None
        return InHand(
            case_id=case_id,
            user_id=user_id,
            is_held=is_held,
            attempt_id=attempt.id if attempt else None,
            dialled_at=attempt.started_at if attempt else None,
            phone_index=attempt.phone_index if attempt else _phone_index(connection, case_id),
            note=decrypt(attempt.note) if attempt else "",
            holder="" if is_held else _holder(connection, case_id),
        )


def case_held_by(connection: Connection, user_id: int) -> int | None:
    """The case that an agent has in hand now, if any: held, or with a call under way."""
    held = sa.select(state_table.c.case_id).where(
        state_table.c.locked_by == user_id, state_table.c.locked_until > clock.now()
    )
    calling = sa.select(attempt_table.c.case_id).where(
        attempt_table.c.user_id == user_id, attempt_table.c.ended_at.is_(None)
    )
    found = connection.execute(held).scalar() or connection.execute(calling).scalar()
    return None if found is None else int(found)


def _phone_index(connection: Connection, case_id: int) -> int:
    """Which number is next."""
    return connection.scalar(sa.select(state_table.c.phone_index).where(state_table.c.case_id == case_id)) or 0


def _holder(connection: Connection, case_id: int) -> str:
    statement = (
        sa.select(user_table.c.name)
        .join_from(state_table, user_table, user_table.c.id == state_table.c.locked_by)
        .where(state_table.c.case_id == case_id, state_table.c.locked_until > clock.now())
    )
    return connection.execute(statement).scalar() or ""


def keep_note(hand: InHand, note: str) -> None:
    """Keeps what the agent is writing down; it goes with the outcome later.

    Raises:
        Conflict: when no call is under way.
    """
    mine = sa.and_(attempt_table.c.id == hand.attempt_id, attempt_table.c.ended_at.is_(None))
    with writing() as connection:
        kept = connection.execute(sa.update(attempt_table).where(mine).values(note=encrypt(note[:MAX_NOTE].strip())))
    if kept.rowcount != 1:
        raise Conflict(N_("Er loopt geen gesprek. Bel eerst, schrijf dan uw notitie."))


def note_sight(actor: str, case_id: int) -> None:
    """Writes in the audit log that somebody sees contact data: once an hour for one case, however many pages."""
    moment, key = clock.now(), (actor, case_id)
    seen: dict[tuple[str, int], datetime] = remembered("sights")  # at worst one is noted once per process
    if key in seen and moment - seen[key] < SEEN_ONCE_PER:
        return
    with writing() as connection:
        record(connection, actor, "contact_seen", f"case:{case_id}", place="call")
    if len(seen) > 10_000:
        seen.clear()
    seen[key] = moment


_OPEN_ATTEMPT = (
    sa.select(attempt_table.c.id, attempt_table.c.started_at, attempt_table.c.phone_index, attempt_table.c.note)
    .where(attempt_table.c.case_id == sa.bindparam("case"), attempt_table.c.user_id == sa.bindparam("user"))
    .where(attempt_table.c.ended_at.is_(None))
    .order_by(attempt_table.c.id.desc())
    .limit(1)
)
