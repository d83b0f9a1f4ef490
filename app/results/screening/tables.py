"""The table of screened open answers."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.database import UtcDateTime


class ScreenedAnswer(SQLModel, table=True):
    """What a researcher decided about one open answer. It holds for the words that were read: when the answer changes
    afterwards, nobody has screened it yet.
    """

    __tablename__ = "screened_answer"

    case_id: int = Field(
        primary_key=True,
        foreign_key="survey_case.id",
        sa_type=sa.BigInteger,
        sa_column_kwargs={"autoincrement": False},
    )
    code: str = Field(primary_key=True, max_length=90)
    answer_hash: str = Field(max_length=64)  # SHA-256 of the words that were read
    text: str | None = None  # as released, with what names people blacked out; None = withheld
    screened_at: datetime = Field(sa_type=UtcDateTime)
    screened_by: str = Field(max_length=60)  # as in the audit log
