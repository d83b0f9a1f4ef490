"""The tables of answers. They know a case by its random id only."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.database import UtcDateTime


class QuestionnaireVersion(SQLModel, table=True):
    """The source of a questionnaire as it was when somebody started it, by content hash."""

    __tablename__ = "questionnaire_version"

    hash: str = Field(primary_key=True, max_length=64)
    name: str = Field(max_length=60, index=True)
    source: str  # JSON: file name → text
    stored_at: datetime = Field(sa_type=UtcDateTime)


class Interview(SQLModel, table=True):
    """One case's run through one questionnaire version.

    `is_usable`, `grade_tenths` and `role` are the outcome as the route counted it at the last answer; they are
    written in the same unit of work as the answers.
    """

    case_id: int = Field(
        primary_key=True,
        foreign_key="survey_case.id",
        sa_type=sa.BigInteger,
        sa_column_kwargs={"autoincrement": False},
    )
    version_hash: str = Field(foreign_key="questionnaire_version.hash", max_length=64)
    wording: str = Field(max_length=20)
    mode: str = Field(max_length=5)
    language: str = Field(max_length=8)
    started_at: datetime = Field(sa_type=UtcDateTime)
    changed_at: datetime = Field(sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    is_usable: bool = False
    grade_tenths: int | None = None  # overall grade × 10, exact
    role: str | None = Field(default=None, max_length=10)  # promoter, neutral, detractor


class Answer(SQLModel, table=True):
    """The stored value of one answer code in one interview; None = passed without an answer."""

    __table_args__ = ({"sqlite_with_rowid": False},)

    case_id: int = Field(
        primary_key=True,
        foreign_key="interview.case_id",
        sa_type=sa.BigInteger,
        sa_column_kwargs={"autoincrement": False},
    )
    code: str = Field(primary_key=True, max_length=90)
    value: str | None = None
    mode: str = Field(max_length=5)
    language: str = Field(max_length=8)
    wording: str = Field(max_length=20)
    answered_at: datetime = Field(sa_type=UtcDateTime)
