"""The tables of fieldwork. Contact data stand apart from cases, encrypted per field."""

import secrets
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.database import UtcDateTime


def random_id() -> int:
    """A random 62-bit id: says nothing about order, person or provider."""
    return secrets.randbits(62)


class Wave(SQLModel, table=True):
    """One measurement period (meetperiode) with its rules."""

    id: int | None = Field(default=None, primary_key=True)
    label: str = Field(unique=True, max_length=40)
    starts_on: date
    ends_on: date
    fieldwork_ends_on: date | None = None  # after this day links answer "closed"; None = open
    invited_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # day 0 of the scheme; None = not started
    paused_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # nothing is sent meanwhile
    rules: dict[str, Any] = Field(sa_type=sa.JSON, sa_column_kwargs={"nullable": False})
    seed: int


class Provider(SQLModel, table=True):
    """A company that wants the quality mark (dienstverlener)."""

    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(unique=True, max_length=80)
    name: str = Field(max_length=200)


class Participation(SQLModel, table=True):
    """One provider in one wave (deelname)."""

    __table_args__ = (sa.UniqueConstraint("wave_id", "provider_id"),)

    id: int | None = Field(default=None, primary_key=True)
    wave_id: int = Field(foreign_key="wave.id")
    provider_id: int = Field(foreign_key="provider.id", index=True)
    phone_option: str = Field(default="none", max_length=4)  # none, part, all
    phone_quota: int | None = None  # in place of the wave's, where the supervisor set another


class NormProgress(SQLModel, table=True):
    """How far a participation is from its response norm or phone quota: kept for the call queue, see `progress`."""

    __tablename__ = "norm_progress"

    participation_id: int = Field(
        primary_key=True, foreign_key="participation.id", sa_column_kwargs={"autoincrement": False}
    )
    norm_group: str = Field(primary_key=True, max_length=13)
    wave_id: int = Field(foreign_key="wave.id", index=True)
    n_net: int
    n_finished: int
    n_needed: int


class Delivery(SQLModel, table=True):
    """One confirmed upload (aanlevering) with its counts per verdict."""

    id: int | None = Field(default=None, primary_key=True)
    participation_id: int = Field(foreign_key="participation.id", index=True)
    content_hash: str = Field(max_length=64)
    delivered_at: datetime = Field(sa_type=UtcDateTime)
    n_rows: int
    n_accepted: int
    n_rejected: int
    n_duplicate: int
    n_self_reporter: int
    n_new: int  # accepted rows that became a new case
    n_updated: int  # accepted rows of a known reference: contact data renewed


class Case(SQLModel, table=True):
    """One client or commissioner of one provider in one wave: the unit sampled, invited and counted."""

    __tablename__ = "survey_case"
    __table_args__ = (sa.Index("ix_survey_case_participation_id_kind_service", "participation_id", "kind", "service"),)

    id: int = Field(
        default_factory=random_id,
        primary_key=True,
        sa_type=sa.BigInteger,
        sa_column_kwargs={"autoincrement": False},
    )
    participation_id: int = Field(foreign_key="participation.id")
    delivery_id: int | None = Field(default=None, foreign_key="delivery.id", index=True)
    kind: str = Field(max_length=12)  # client, commissioner
    service: int | None = None
    learning_profile: int | None = None
    wording: str = Field(default="regular", max_length=20)
    language: str = Field(default="nl", max_length=8)
    wants_phone: bool = False
    is_self_reporter: bool = False
    ended_on: date | None = None
    province: str | None = Field(default=None, max_length=20)
    disposition: str = Field(default="open", max_length=20)  # see fieldwork.dispositions
    opened_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # the first time a link or code was used
    called_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # the first attempt by telephone
    aapor: str | None = Field(default=None, max_length=6)  # what telephoning came to so far, see fieldwork.aapor


class Contact(SQLModel, table=True):
    """Contact data of a case: every field encrypted, plus keyed look-up values. Purged after the wave."""

    case_id: int = Field(
        primary_key=True,
        foreign_key="survey_case.id",
        sa_type=sa.BigInteger,
        sa_column_kwargs={"autoincrement": False},
    )
    participation_id: int = Field(foreign_key="participation.id")
    reference: bytes | None = None
    salutation: bytes | None = None
    initials: bytes | None = None
    infix: bytes | None = None
    surname: bytes | None = None
    email: bytes | None = None
    phone: bytes | None = None
    phone2: bytes | None = None
    street: bytes | None = None
    house_number: bytes | None = None
    addition: bytes | None = None
    postcode: bytes | None = None
    place: bytes | None = None
    organisation: bytes | None = None
    job_title: bytes | None = None
    reference_key: bytes | None = Field(default=None, max_length=16)
    email_key: bytes | None = Field(default=None, max_length=16)
    household_key: bytes | None = Field(default=None, max_length=16)
    email_failed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # refused for good, or bounced
    post_failed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # a letter came back
    phone_failed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # every number was wrong

    __table_args__ = (
        sa.Index("ix_contact_participation_id_reference_key", "participation_id", "reference_key"),
        sa.Index("ix_contact_participation_id_email_key", "participation_id", "email_key"),
        sa.Index("ix_contact_participation_id_household_key", "participation_id", "household_key"),
    )


class OptOut(SQLModel, table=True):
    """Somebody who wants no more messages, kept as look-up values so that a re-delivery cannot undo it."""

    id: int | None = Field(default=None, primary_key=True)
    participation_id: int = Field(foreign_key="participation.id", index=True)
    key: bytes = Field(max_length=16)
    opted_out_at: datetime = Field(sa_type=UtcDateTime)


class Token(SQLModel, table=True):
    """The secret that opens one case's questionnaire (deelnamecode); stored hashed."""

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="survey_case.id", index=True, sa_type=sa.BigInteger)
    kind: str = Field(max_length=4)  # link, code
    hash: bytes = Field(unique=True, max_length=32)
    made_at: datetime = Field(sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class CallRequest(SQLModel, table=True):
    """Somebody asked to be called (bel mij): one per case, asking again replaces it. Purged with the contact."""

    __tablename__ = "call_request"

    case_id: int = Field(
        primary_key=True,
        foreign_key="survey_case.id",
        sa_type=sa.BigInteger,
        sa_column_kwargs={"autoincrement": False},
    )
    language: str = Field(max_length=8)  # that the caller should speak
    day_part: str = Field(max_length=10)  # see fieldwork.call_requests
    phone: bytes | None = None  # encrypted; None = the number of the contact
    requested_at: datetime = Field(sa_type=UtcDateTime)
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # the call centre has done with it


class Message(SQLModel, table=True):
    """One message to one case: the outbox, and afterwards the record of what was sent.

    The row is the truth: whoever sends takes a lease on it first, so that nothing goes out twice for one case and step.
    """

    __table_args__ = (
        sa.UniqueConstraint("case_id", "step"),
        sa.Index("ix_message_state_due_at", "state", "due_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="survey_case.id", sa_type=sa.BigInteger)
    step: str = Field(max_length=40)  # a step's name of the scheme, or resend-<n>
    channel: str = Field(max_length=10)  # email, letter
    kind: str = Field(max_length=20)  # invitation, reminder, last_reminder
    due_at: datetime = Field(sa_type=UtcDateTime)
    # queued, claimed, sending, sent, uncertain, bounced, failed, withdrawn; letters also printed, returned
    state: str = Field(max_length=10)
    reason: str | None = Field(default=None, max_length=120)  # why withdrawn, failed or bounced: words of our own
    lease: str | None = Field(default=None, max_length=40)  # who is sending it
    leased_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    n_attempts: int = 0
    message_id: str | None = Field(default=None, unique=True, max_length=120)  # the same at every attempt
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    batch_id: int | None = Field(default=None, foreign_key="letter_batch.id", index=True)


class LetterBatch(SQLModel, table=True):
    """Letters that were made together: one PDF, one trip to the post box."""

    __tablename__ = "letter_batch"

    id: int | None = Field(default=None, primary_key=True)
    wave_id: int = Field(foreign_key="wave.id", index=True)
    made_at: datetime = Field(sa_type=UtcDateTime)
    printed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    n_letters: int


class CaseEvent(SQLModel, table=True):
    """One thing that happened to a case and stands nowhere else: a line of its history."""

    __tablename__ = "case_event"

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="survey_case.id", index=True, sa_type=sa.BigInteger)
    at: datetime = Field(sa_type=UtcDateTime)
    actor: str = Field(max_length=60)  # as in the audit log; "respondent" for the case itself
    kind: str = Field(max_length=30)  # note, undeliverable, opted_out, resent, code_issued, post_returned, …
    note: bytes | None = None  # encrypted
