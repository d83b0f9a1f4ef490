"""The tables of reports: their versions, frozen once final, and what providers say about them."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.database import UtcDateTime


class Report(SQLModel, table=True):
    """One version of one provider's report in one wave.

    The snapshot is the whole document with its figures: a report is always made from it, never from the data of the
    moment. Once final, nothing of the row changes any more.
    """

    __table_args__ = (sa.UniqueConstraint("participation_id", "version"),)

    id: int | None = Field(default=None, primary_key=True)
    participation_id: int = Field(foreign_key="participation.id")
    version: int  # 1, 2, … ; a correction is the next one
    state: str = Field(max_length=6)  # draft, review, final
    snapshot: dict[str, Any] = Field(sa_type=sa.JSON, sa_column_kwargs={"nullable": False})
    hash: str = Field(max_length=64)  # SHA-256 of the snapshot
    change_note: str | None = Field(default=None, max_length=2000)  # what a correction changes, and why
    made_at: datetime = Field(sa_type=UtcDateTime)
    made_by: str = Field(max_length=60)  # as in the audit log
    reviewed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reviewed_by: str | None = Field(default=None, max_length=60)
    published_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    published_by: str | None = Field(default=None, max_length=60)


class Rebuttal(SQLModel, table=True):
    """One message in the thread about a report (hoor en wederhoor): of the provider, or an answer of staff."""

    id: int | None = Field(default=None, primary_key=True)
    report_id: int = Field(foreign_key="report.id", index=True)
    written_at: datetime = Field(sa_type=UtcDateTime)
    written_by: str = Field(max_length=60)  # as in the audit log
    is_from_provider: bool
    text: str
