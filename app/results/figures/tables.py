"""The tables of what figures count: a summary per wave that is kept up with the answers.

Nothing here is a source: all of it can be thrown away and counted again from the answers.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.database import UtcDateTime


class CountedInterview(SQLModel, table=True):
    """An interview as it was when its answers were last counted; one that does not count has no row.

    No foreign key to the case: a case may be erased at any time, and the next count notices.
    """

    __tablename__ = "counted_interview"

    case_id: int = Field(primary_key=True, sa_type=sa.BigInteger, sa_column_kwargs={"autoincrement": False})
    participation_id: int = Field(foreign_key="participation.id", index=True)
    service: int  # 0 = none
    learning_profile: int  # 0 = none
    version_hash: str = Field(max_length=64)
    wording: str = Field(max_length=20)
    mode: str = Field(max_length=5)
    language: str = Field(max_length=8)
    changed_at: datetime = Field(sa_type=UtcDateTime)


class UncountedAnswer(SQLModel, table=True):
    """A stored answer that does not count as it is stored, because it is off the route.

    `value`: what counts instead, where only some choices are no longer on offer; None = nothing.
    """

    __tablename__ = "uncounted_answer"
    __table_args__ = ({"sqlite_with_rowid": False},)

    case_id: int = Field(primary_key=True, sa_type=sa.BigInteger, sa_column_kwargs={"autoincrement": False})
    code: str = Field(primary_key=True, max_length=90)
    value: str | None = None


class FigureCount(SQLModel, table=True):
    """How many counted interviews of a participation gave one value to one answer code."""

    __tablename__ = "figure_count"
    __table_args__ = ({"sqlite_with_rowid": False},)

    participation_id: int = Field(primary_key=True, foreign_key="participation.id")
    questionnaire: str = Field(primary_key=True, max_length=60)
    code: str = Field(primary_key=True, max_length=90)
    service: int = Field(primary_key=True)
    wording: str = Field(primary_key=True, max_length=20)
    mode: str = Field(primary_key=True, max_length=5)
    language: str = Field(primary_key=True, max_length=8)
    value: str = Field(primary_key=True)
    n: int


class BenchmarkCount(SQLModel, table=True):
    """The same over all providers of a wave."""

    __tablename__ = "benchmark_count"
    __table_args__ = ({"sqlite_with_rowid": False},)

    wave_id: int = Field(primary_key=True, foreign_key="wave.id")
    questionnaire: str = Field(primary_key=True, max_length=60)
    code: str = Field(primary_key=True, max_length=90)
    service: int = Field(primary_key=True)
    wording: str = Field(primary_key=True, max_length=20)
    mode: str = Field(primary_key=True, max_length=5)
    language: str = Field(primary_key=True, max_length=8)
    value: str = Field(primary_key=True)
    n: int


class FigureScope(SQLModel, table=True):
    """How far the counts of a participation are: `is_dirty` from the first changed interview until it is recounted."""

    __tablename__ = "figure_scope"

    participation_id: int = Field(primary_key=True, foreign_key="participation.id")
    is_dirty: bool
    n_counts: int = 0  # how often it was counted, so that whoever keeps something notices


class FigureVersion(SQLModel, table=True):
    """A questionnaire version that counted interviews of a wave use: the words of its figures."""

    __tablename__ = "figure_version"

    wave_id: int = Field(primary_key=True, foreign_key="wave.id")
    version_hash: str = Field(primary_key=True, foreign_key="questionnaire_version.hash", max_length=64)
