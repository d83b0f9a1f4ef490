"""The tables of the audit log."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.database import UtcDateTime


class AuditEntry(SQLModel, table=True):
    """One thing that somebody saw or changed. Holds ids and numbers, never names or answers."""

    __tablename__ = "audit_entry"

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime = Field(sa_type=UtcDateTime)
    actor: str = Field(max_length=60)  # user:12, command, worker
    action: str = Field(max_length=60)  # a verb with its object: user.invited
    subject: str = Field(max_length=120)  # what it was about: user:12, delivery:7
    details: dict[str, Any] = Field(sa_type=sa.JSON, sa_column_kwargs={"nullable": False})
    seal: bytes = Field(max_length=32)  # keyed, over this entry and the seal before it


class AuditHead(SQLModel, table=True):
    """The one row that knows how long the chain is, so that its end cannot be cut off unnoticed."""

    __tablename__ = "audit_head"

    id: int = Field(default=1, primary_key=True)
    number: int
    seal: bytes = Field(max_length=32)
