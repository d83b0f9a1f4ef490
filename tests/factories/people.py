"""Cases with contact data, and the wave they are invited in."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from app.database import reading, writing
from app.encryption import encrypt
from app.fieldwork.contact_keys import email_key
from app.fieldwork.sending import starting
from app.fieldwork.sending.planning import Plan
from app.fieldwork.tables import Contact, Message
from tests.factories.fieldwork import make_cases

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
MONDAY = datetime(2026, 11, 2, 10, 0, tzinfo=AMSTERDAM)
ADDRESS = {"surname": "Bakker", "street": "Dorpsweg", "house_number": "1", "postcode": "1234 AB", "place": "Veen"}
_contact = Contact.__table__  # type: ignore[attr-defined]
_message = Message.__table__  # type: ignore[attr-defined]


def make_people(
    n_people: int, *, email: bool = True, address: bool = False, phone: str = "", **facts: Any
) -> list[int]:
    """Stored cases of one participation that can be reached by e-mail, unless told otherwise."""
    ids = make_cases(n_people, **facts)
    with writing() as connection:
        participation_id = connection.scalar(
            sa.text("SELECT participation_id FROM survey_case WHERE id = :id"), {"id": ids[0]}
        )
        rows = []
        for case_id in ids:
            given = {"email": f"p{case_id}@example.nl"} if email else {"email": ""}
            given |= ADDRESS if address else {}
            sealed = {name: encrypt(text) for name, text in (given | {"phone": phone}).items()}
            keys = {"email_key": email_key(given["email"])}
            rows.append({"case_id": case_id, "participation_id": participation_id} | sealed | keys)
        connection.execute(sa.insert(_contact), rows)
    return ids


def invite(at: datetime = MONDAY, label: str = "2024") -> Plan:
    """Starts the wave's scheme."""
    with writing() as connection:
        wave_id = connection.scalar(sa.text("SELECT id FROM wave WHERE label = :label"), {"label": label})
        return starting.start(connection, wave_id, at, "test")


def messages(case_id: int | None = None) -> list[Any]:
    """Everything in the outbox, or what is there for one case, in order of step."""
    statement = sa.select(_message).order_by(_message.c.id)
    with reading() as connection:
        return list(
            connection.execute(statement if case_id is None else statement.where(_message.c.case_id == case_id))
        )


def states(case_id: int | None = None) -> list[tuple[str, str]]:
    """Step and state of every message, or of those of one case."""
    return [(row.step, row.state) for row in messages(case_id)]
