"""Letters that wait in the outbox."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from app import clock
from app.database import reading, writing
from app.encryption import encrypt
from app.fieldwork.tables import Case, Contact, Message, Wave
from app.fieldwork.waves import find_wave
from tests.factories.fieldwork import make_cases

ADDRESS = {
    "salutation": "Mevrouw", "initials": "A.B.", "infix": "van der", "surname": "Berg", "street": "Kerkstraat",
    "house_number": "12", "addition": "a", "postcode": "3511 AB", "place": "Utrecht",
}  # fmt: skip


def waiting_letters(n_letters: int = 1, *, contact: dict[str, str] | None = None, **facts: Any) -> list[int]:
    """Cases of the wave 2024 with an address and a letter in the queue; the wave is started."""
    case_ids = make_cases(n_letters, **facts)
    fields = {name: encrypt(text) for name, text in (ADDRESS | (contact or {})).items()}
    with writing() as connection:
        participation = connection.scalar(
            sa.select(Case.__table__.c.participation_id).where(Case.__table__.c.id == case_ids[0])
        )
        connection.execute(sa.update(Wave.__table__).values(invited_at=clock.now() - timedelta(days=1)))
        rows = [{"case_id": one, "participation_id": participation, **fields} for one in case_ids]
        connection.execute(sa.insert(Contact.__table__), rows)
        queue_letters(connection, case_ids)
    return case_ids


def queue_letters(connection: Any, case_ids: list[int], step: str = "0-letter-invitation") -> None:
    """A letter of this step for every case."""
    row = {"step": step, "channel": "letter", "kind": "invitation", "due_at": clock.now(), "state": "queued"}
    rows = [{"case_id": one, "n_attempts": 0, **row} for one in case_ids]
    connection.execute(sa.insert(Message.__table__), rows)


def wave_id(label: str = "2024") -> int:
    with reading() as connection:
        return find_wave(connection, label).id


def states() -> dict[int, str]:
    """The state of the newest message per case."""
    table = Message.__table__
    with reading() as connection:
        rows = connection.execute(sa.select(table.c.case_id, table.c.state).order_by(table.c.id))
        return {row.case_id: row.state for row in rows}
