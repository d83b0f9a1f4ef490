"""Tokens: the secrets that open one case's questionnaire. Only their hash is kept."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app import clock
from app.encryption import token_hash
from app.fieldwork.tables import Token
from app.fieldwork.typed_codes import TypedCode, grouped, new_code, normalise_code, read_code

__all__ = ["FoundToken", "TypedCode", "find", "grouped", "issue", "normalise_code", "read_code", "revoke"]

LINK = "link"
CODE = "code"
LINK_BYTES = 16  # 128 bits
Kind = Literal["link", "code"]
_table = Token.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class FoundToken:
    """Which case a token opens, and since when it no longer does."""

    case_id: int
    kind: str
    revoked_at: datetime | None


def issue(connection: Connection, case_ids: Sequence[int], kind: Kind) -> dict[int, str]:
    """New tokens, one per case. This is the only moment they can be read; earlier ones stay valid."""
    made = {case_id: secrets.token_urlsafe(LINK_BYTES) if kind == LINK else new_code() for case_id in case_ids}
    made_at = clock.now()
    rows = [
        {"case_id": case_id, "kind": kind, "hash": token_hash(token), "made_at": made_at}
        for case_id, token in made.items()
    ]
    if rows:
        connection.execute(sa.insert(_table), rows)
    return made


def find(connection: Connection, token: str) -> FoundToken | None:
    """The case a link token or a normalised code opens; None when it is unknown."""
    row = connection.execute(
        sa.select(_table.c.case_id, _table.c.kind, _table.c.revoked_at).where(_table.c.hash == token_hash(token))
    ).first()
    return FoundToken(row.case_id, row.kind, row.revoked_at) if row else None


def revoke(connection: Connection, case_ids: Sequence[int]) -> None:
    """Closes every token of these cases; what was filled in stays."""
    statement = (
        sa.update(_table)
        .where(_table.c.case_id == sa.bindparam("case"), _table.c.revoked_at.is_(None))
        .values(revoked_at=clock.now())
    )
    if case_ids:
        connection.execute(statement, [{"case": case_id} for case_id in case_ids])
