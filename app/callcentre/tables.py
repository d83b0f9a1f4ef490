"""The tables of the call centre: who calls, what is waiting to be called, and every dial."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.database import UtcDateTime


class Agent(SQLModel, table=True):
    """What an agent speaks, as the supervisor set it. Somebody without a row speaks Dutch."""

    user_id: int = Field(primary_key=True, foreign_key="office_user.id", sa_column_kwargs={"autoincrement": False})
    languages: list[str] = Field(sa_type=sa.JSON, sa_column_kwargs={"nullable": False})


class Shift(SQLModel, table=True):
    """A stretch of an agent's working day: work or break."""

    __table_args__ = (sa.Index("ix_shift_user_id_started_at", "user_id", "started_at"),)

    id: int | None = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="office_user.id")
    kind: str = Field(max_length=5)  # work, break
    started_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class CallState(SQLModel, table=True):
    """Where a case stands in the call centre: one row per case that is or was to be called.

    The lock is in it too: whoever holds the row until `locked_until` may call.
    """

    __tablename__ = "call_state"
    __table_args__ = (
        sa.Index("ix_call_state_queue", "participation_id", "norm_group", "state", "stage", "due_at", "case_id"),
        sa.Index("ix_call_state_state_stage_due_at", "state", "stage", "due_at"),
    )

    case_id: int = Field(
        primary_key=True,
        foreign_key="survey_case.id",
        sa_type=sa.BigInteger,
        sa_column_kwargs={"autoincrement": False},
    )
    participation_id: int = Field(foreign_key="participation.id")
    norm_group: str = Field(max_length=13)  # see fieldwork.progress: whose norm or quota the case counts for
    state: str = Field(max_length=8)  # waiting, referred (to the supervisor), done
    stage: str = Field(max_length=11)  # fresh, retry, appointment
    due_at: datetime = Field(sa_type=UtcDateTime)  # not called before
    entered_at: datetime = Field(sa_type=UtcDateTime)
    language: str = Field(max_length=8)  # that the agent should speak
    is_requested: bool = False  # somebody asked to be called (bel mij)
    barred_parts: int = 0  # day-parts in which the next attempt may not fall, as bits: see callcentre.day_parts
    tried_parts: int = 0  # day-parts in which there was an attempt, as bits
    n_attempts: int = 0
    n_busy: int = 0  # in a row
    n_soft_refusals: int = 0
    has_message: bool = False  # a message was left on the answering machine: at most one
    phone_index: int = 0  # which of the numbers of the case
    last_outcome: str | None = Field(default=None, max_length=24)
    ended_because: str | None = Field(default=None, max_length=12)  # of state done: see callcentre.follow_up
    for_user_id: int | None = Field(default=None, foreign_key="office_user.id")  # whose appointment it is
    not_user_id: int | None = Field(default=None, foreign_key="office_user.id")  # who was refused: another one calls
    locked_by: int | None = Field(default=None, foreign_key="office_user.id", index=True)
    locked_until: datetime | None = Field(default=None, sa_type=UtcDateTime)


class CallAttempt(SQLModel, table=True):
    """One dial by one agent with its outcome (belpoging)."""

    __tablename__ = "call_attempt"
    __table_args__ = (
        sa.Index("ix_call_attempt_case_id_started_at", "case_id", "started_at"),
        sa.Index("ix_call_attempt_user_id_started_at", "user_id", "started_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="survey_case.id", sa_type=sa.BigInteger)
    user_id: int = Field(foreign_key="office_user.id")
    started_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    outcome: str | None = Field(default=None, max_length=24)  # see callcentre.outcomes; None = under way
    phone_index: int
    day_part: str | None = Field(default=None, max_length=9)  # None = outside every day-part
    note: bytes | None = None  # encrypted


class Appointment(SQLModel, table=True):
    """A moment agreed with the respondent (terugbelafspraak)."""

    __table_args__ = (sa.Index("ix_appointment_at", "at"), sa.Index("ix_appointment_case_id", "case_id"))

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="survey_case.id", sa_type=sa.BigInteger)
    at: datetime = Field(sa_type=UtcDateTime)
    user_id: int | None = Field(default=None, foreign_key="office_user.id")  # who calls; None = anyone
    is_definite: bool
    made_by: int = Field(foreign_key="office_user.id")
    made_at: datetime = Field(sa_type=UtcDateTime)
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # called, replaced or no longer needed


def table_of(model: type[SQLModel]) -> Any:
    """The table of a model, for statements."""
    return model.__table__  # type: ignore[attr-defined]


agent_table = table_of(Agent)
shift_table = table_of(Shift)
state_table = table_of(CallState)
attempt_table = table_of(CallAttempt)
appointment_table = table_of(Appointment)
