"""The ledger of letters: taken from the outbox in batches, made, booked as printed.

A letter is claimed for one batch in one unit of work, so two batches never hold the same one. Unlike e-mails letters
wait in `claimed` without an end: until somebody books the batch as printed, or gives it up.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from app import clock
from app.audit.log import record
from app.errors import N_, Conflict, NotFound
from app.fieldwork.dispositions import OPEN
from app.fieldwork.sending.outbox import CLAIMED, QUEUED, WITHDRAWN
from app.fieldwork.sending.planning import SendingWave, has_address
from app.fieldwork.tables import Case, Contact, LetterBatch, Message, Participation, Provider

LETTER = "letter"
PRINTED = "printed"
RETURNED = "returned"
LARGEST_BATCH = 2_000  # one PDF that a printer and a browser can handle; the rest goes into the next batch
PAUSED = N_("Deze meetperiode staat stil of is gesloten. Er gaan nu geen brieven uit.")
GONE = N_("Deze partij is al geboekt als gedrukt, of ongedaan gemaakt. Er is nu niets veranderd.")
message_table = Message.__table__  # type: ignore[attr-defined]
batch_table = LetterBatch.__table__  # type: ignore[attr-defined]
_case = Case.__table__  # type: ignore[attr-defined]
_contact = Contact.__table__  # type: ignore[attr-defined]
_participation = Participation.__table__  # type: ignore[attr-defined]
_provider = Provider.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Batch:
    """One batch of the ledger."""

    id: int
    wave_id: int
    made_at: datetime
    printed_at: datetime | None
    n_letters: int


def n_waiting(connection: Connection, wave_id: int) -> int:
    """How many letters a new batch would hold."""
    return int(connection.scalar(sa.select(sa.func.count()).select_from(_joined()).where(_may_go(wave_id))) or 0)


def take(connection: Connection, wave: SendingWave, actor: str, n_letters: int = LARGEST_BATCH) -> int | None:
    """Claims the letters that wait, the oldest first, for a new batch; its id, or None when none waits.

    Raises:
        Conflict: when the wave is paused or closed.
    """
    if not wave.may_send(clock.now()):
        raise Conflict(PAUSED)
    _withdraw(connection, sa.and_(_participation.c.wave_id == wave.id, message_table.c.state == QUEUED))
    ids = list(
        connection.scalars(
            sa.select(message_table.c.id)
            .select_from(_joined())
            .where(_may_go(wave.id))
            .order_by(message_table.c.id)
            .limit(n_letters)
            .with_for_update(skip_locked=True, of=message_table)
        )
    )
    if not ids:
        return None
    made = connection.execute(
        sa.insert(batch_table).values(wave_id=wave.id, made_at=clock.now(), n_letters=len(ids))
    ).inserted_primary_key
    batch_id = int(made[0]) if made else 0
    values = {"state": CLAIMED, "batch_id": batch_id, "lease": f"letters-{batch_id}", "leased_until": None}
    for start in range(0, len(ids), 500):
        chunk = message_table.c.id.in_(ids[start : start + 500])
        connection.execute(sa.update(message_table).where(chunk).values(values))
    record(connection, actor, "letters.batch", f"wave:{wave.id}", batch=batch_id, n_letters=len(ids))
    return batch_id


def still_to_make(connection: Connection, batch_id: int) -> list[Row[Any]]:
    """The letters of a batch with case and contact, still encrypted. Whoever fell away meanwhile is withdrawn.

    Raises:
        Conflict: when the batch was printed or given up.
    """
    _unprinted(connection, batch_id)
    _withdraw(connection, sa.and_(message_table.c.batch_id == batch_id, message_table.c.state == CLAIMED))
    contact = [_contact.c[name] for name in (
        "salutation", "initials", "infix", "surname", "street", "house_number", "addition", "postcode", "place",
    )]  # fmt: skip
    case = (_case.c.kind, _case.c.service, _case.c.wording, _case.c.language)
    rows = connection.execute(
        sa.select(message_table.c.case_id, *case, _provider.c.name.label("provider"), *contact)
        .select_from(_joined().join(_provider, _provider.c.id == _participation.c.provider_id))
        .where(message_table.c.batch_id == batch_id, message_table.c.state == CLAIMED)
        .order_by(message_table.c.id)
    ).all()
    connection.execute(sa.update(batch_table).where(batch_table.c.id == batch_id).values(n_letters=len(rows)))
    return list(rows)


def book_printed(connection: Connection, actor: str, batch_id: int, at: datetime | None = None) -> None:
    """The letters of a batch are printed and go out.

    Raises:
        Conflict: when that was booked before, or the batch was given up.
    """
    moment = at or clock.now()
    is_open = sa.and_(batch_table.c.id == batch_id, batch_table.c.printed_at.is_(None))
    if connection.execute(sa.update(batch_table).where(is_open).values(printed_at=moment)).rowcount != 1:
        raise Conflict(GONE)
    mine = sa.and_(message_table.c.batch_id == batch_id, message_table.c.state == CLAIMED)
    values = {"state": PRINTED, "sent_at": moment, "lease": None, "n_attempts": message_table.c.n_attempts + 1}
    n_letters = connection.execute(sa.update(message_table).where(mine).values(values)).rowcount
    record(connection, actor, "letters.printed", f"batch:{batch_id}", n_letters=n_letters)


def give_up(connection: Connection, actor: str, batch_id: int) -> None:
    """Puts the letters of a batch that was not printed back in the queue.

    Raises:
        Conflict: when it was booked as printed, or given up before.
    """
    _unprinted(connection, batch_id)
    mine = message_table.c.batch_id == batch_id
    back = sa.update(message_table).where(mine, message_table.c.state == CLAIMED).values(state=QUEUED, lease=None)
    connection.execute(back)
    connection.execute(sa.update(message_table).where(mine).values(batch_id=None))
    connection.execute(sa.delete(batch_table).where(batch_table.c.id == batch_id))
    record(connection, actor, "letters.given_up", f"batch:{batch_id}")


def batches(connection: Connection, wave_id: int) -> list[Batch]:
    """The batches of a wave, the newest first."""
    rows = connection.execute(
        sa.select(batch_table).where(batch_table.c.wave_id == wave_id).order_by(batch_table.c.id.desc())
    )
    return [Batch(**row._mapping) for row in rows]


def batch(connection: Connection, wave_id: int, batch_id: int) -> Batch:
    """One batch of a wave.

    Raises:
        NotFound: when the wave has none of this number.
    """
    found = next((one for one in batches(connection, wave_id) if one.id == batch_id), None)
    if found is None:
        raise NotFound("there is no such batch of letters")
    return found


def n_returned(connection: Connection, wave_id: int) -> dict[int, int]:
    """How many letters came back, per batch."""
    rows = connection.execute(
        sa.select(message_table.c.batch_id, sa.func.count())
        .join(batch_table, batch_table.c.id == message_table.c.batch_id)
        .where(batch_table.c.wave_id == wave_id, message_table.c.state == RETURNED)
        .group_by(message_table.c.batch_id)
    )
    return {batch_id: n_letters for batch_id, n_letters in rows}


def _unprinted(connection: Connection, batch_id: int) -> None:
    known = sa.select(batch_table.c.printed_at).where(batch_table.c.id == batch_id).with_for_update()
    row = connection.execute(known).first()
    if row is None or row.printed_at is not None:
        raise Conflict(GONE)


def _joined() -> sa.Join:
    joined: sa.Join = (
        message_table.join(_case, _case.c.id == message_table.c.case_id)
        .join(_participation, _participation.c.id == _case.c.participation_id)
        .outerjoin(_contact, _contact.c.case_id == _case.c.id)
    )
    return joined


def _may_go(wave_id: int) -> sa.ColumnElement[bool]:
    return sa.and_(
        _participation.c.wave_id == wave_id,
        message_table.c.channel == LETTER,
        message_table.c.state == QUEUED,
        _case.c.disposition == OPEN,
        has_address(),
    )


def _withdraw(connection: Connection, which: sa.ColumnElement[bool]) -> None:
    """Letters to who finished, opted out or has no address any more; each with the reason."""
    is_gone = sa.or_(_case.c.disposition != OPEN, sa.not_(has_address()), _contact.c.case_id.is_(None))
    rows: Sequence[Row[Any]] = connection.execute(
        sa.select(message_table.c.id, _case.c.disposition)
        .select_from(_joined())
        .where(message_table.c.channel == LETTER, which, is_gone)
    ).all()
    if rows:
        update = sa.update(message_table).where(message_table.c.id == sa.bindparam("message"))
        connection.execute(
            update.values(state=WITHDRAWN, reason=sa.bindparam("why"), lease=None),
            [{"message": row.id, "why": row.disposition if row.disposition != OPEN else "no_address"} for row in rows],
        )
