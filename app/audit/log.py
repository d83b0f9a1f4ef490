"""Writing the audit log and proving that it is whole.

Every entry carries a keyed seal over its own contents and the seal before it; the head carries a seal over the number
of the last entry. Who can write to the database but does not have the secret cannot change, remove, insert or swap an
entry without breaking a seal. Putting back an older state of the whole database is not seen from inside: `verify`
gives the last number and seal, to be noted elsewhere.
"""

import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from app import clock
from app.audit.tables import AuditEntry, AuditHead
from app.encryption import key
from app.settings import settings

entry_table = AuditEntry.__table__  # type: ignore[attr-defined]
_head = AuditHead.__table__  # type: ignore[attr-defined]
FIRST_SEAL = bytes(32)
ROWS_AT_ONCE = 1000


def record(connection: Connection, actor: str, action: str, subject: str, **details: str | int | bool | None) -> None:
    """Adds an entry within the caller's unit of work, so that a change and its entry stand or fall together.

    Args:
        actor: `user:<id>`, `command` or `worker`.
        details: ids, codes and counts; never names, contact data or answers.
    """
    head = connection.execute(sa.select(_head).with_for_update()).one()
    row = {
        "number": head.number + 1,
        "at": clock.now().replace(microsecond=0),
        "actor": actor,
        "action": action,
        "subject": subject,
        "details": details,
    }
    seal = _seal(bytes(_seal_before(connection, head.number)), row)
    connection.execute(sa.insert(entry_table).values(**row, seal=seal))
    connection.execute(sa.update(_head).values(number=row["number"], seal=_head_seal(head.number + 1, seal)))


def first_head() -> dict[str, object]:
    """The head of an empty log; the migration stores it, so that a wiped log is not taken for a new one."""
    return {"id": 1, "number": 0, "seal": _head_seal(0, FIRST_SEAL)}


@dataclass(frozen=True)
class Verdict:
    """What `verify` found. `faults`: one sentence each; `number` and `seal`: the last entry, to note elsewhere."""

    n_entries: int
    seal: str
    faults: tuple[str, ...]


def verify(connection: Connection) -> Verdict:
    """Recomputes the whole chain."""
    faults: list[str] = []
    before, number = FIRST_SEAL, 0
    for row in _entries(connection):
        number += 1
        if row.number != number:
            faults.append(f"entry {number} is missing: the next one is {row.number}")
            number = row.number
        values = {name: getattr(row, name) for name in ("number", "at", "actor", "action", "subject", "details")}
        if not hmac.compare_digest(bytes(row.seal), _seal(before, values)):
            faults.append(f"entry {row.number} is not as it was written, or the one before it is not")
        before = bytes(row.seal)
    heads = connection.execute(sa.select(_head)).all()
    if len(heads) != 1:
        faults.append(f"the head of the log has {len(heads)} rows instead of one")
    elif heads[0].number != number or not hmac.compare_digest(bytes(heads[0].seal), _head_seal(number, before)):
        faults.append(
            f"the log ends at entry {number}, but its head says {heads[0].number}, or is not as it was written"
        )
    return Verdict(number, before.hex()[:16], tuple(faults))


def _entries(connection: Connection) -> Iterator[Row[Any]]:
    """All entries in order, read in pieces."""
    last = -1
    while True:
        page = connection.execute(
            sa.select(entry_table).where(entry_table.c.number > last).order_by(entry_table.c.number).limit(ROWS_AT_ONCE)
        ).all()
        yield from page
        if not page:
            return
        last = page[-1].number


def _seal_before(connection: Connection, number: int) -> bytes:
    if number == 0:
        return FIRST_SEAL
    found = connection.execute(sa.select(entry_table.c.seal).where(entry_table.c.number == number)).scalar()
    return found if found is not None else FIRST_SEAL  # the chain is broken already; `verify` says so


def _seal(before: bytes, row: dict[str, Any]) -> bytes:
    text = json.dumps({**row, "at": row["at"].isoformat()}, sort_keys=True, ensure_ascii=False)
    return hmac.digest(key("audit", settings().secret), before + text.encode(), "sha256")


def _head_seal(number: int, seal: bytes) -> bytes:
    return hmac.digest(key("audit-head", settings().secret), f"{number}:".encode() + seal, "sha256")
