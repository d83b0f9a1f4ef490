"""The reserve: clients who were not drawn, and may be added to the sample later in a fixed order.

The order is a draw of its own: every client has a place that follows from the wave's seed and the client's reference,
so who comes next does not depend on when or how often somebody adds.
"""

import hashlib
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.audit.log import record
from app.encryption import decrypt
from app.errors import Invalid
from app.fieldwork import dispositions
from app.fieldwork.contact_keys import phone_key
from app.fieldwork.opt_outs import opted_out_keys
from app.fieldwork.tables import Case, Contact
from app.fieldwork.waves import KnownWave
from app.questions.question import N_

TOO_MANY = N_("Zoveel cliënten staan er niet in de reserve. Kies een lager aantal.")
_case = Case.__table__  # type: ignore[attr-defined]
_contact = Contact.__table__  # type: ignore[attr-defined]


def add_from_reserve(
    connection: Connection, actor: str, wave: KnownWave, participation_id: int, service: int, n_cases: int
) -> int:
    """Draws the next clients of the reserve; returns how many of them may be invited.

    Who opted out in the meantime is drawn, and gets no message.

    Raises:
        Invalid: when there are not that many.
    """
    waiting = _in_order(connection, wave.seed, participation_id, service)
    if not 1 <= n_cases <= len(waiting):
        raise Invalid(TOO_MANY)
    opted_out = opted_out_keys(connection, participation_id)
    drawn = waiting[:n_cases]
    silent = [row.id for row in drawn if not opted_out.isdisjoint(_keys(row))]
    invited = [row.id for row in drawn if row.id not in set(silent)]
    dispositions.report(connection, invited, dispositions.OPEN)
    dispositions.report(connection, silent, dispositions.OPTED_OUT)
    about = f"participation:{participation_id}"
    record(connection, actor, "reserve.drawn", about, service=service, n_drawn=n_cases, n_opted_out=len(silent))
    return len(invited)


def _in_order(connection: Connection, seed: int, participation_id: int, service: int) -> list[Any]:
    rows = connection.execute(
        sa.select(_case.c.id, _contact.c.reference_key, _contact.c.email_key, _contact.c.phone, _contact.c.phone2)
        .select_from(_case.outerjoin(_contact, _contact.c.case_id == _case.c.id))
        .where(_case.c.participation_id == participation_id, _case.c.service == service, _case.c.kind == "client")
        .where(_case.c.disposition == dispositions.NOT_SAMPLED)
    )
    return sorted(rows.all(), key=lambda row: _place(seed, service, row))


def _place(seed: int, service: int, row: Any) -> bytes:
    who = bytes(row.reference_key) if row.reference_key else str(row.id).encode()
    return hashlib.sha256(f"reserve:{seed}:{service}:".encode() + who).digest()


def _keys(row: Any) -> set[bytes | None]:
    numbers = [phone_key(decrypt(number)) for number in (row.phone, row.phone2) if number]
    return {bytes(key) for key in (row.reference_key, row.email_key, *numbers) if key}
