"""The tables of accounts."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from app.database import UtcDateTime


class User(SQLModel, table=True):
    """Somebody with an account. Without a password they still have to follow their invitation."""

    __tablename__ = "office_user"

    id: int | None = Field(default=None, primary_key=True)
    email: str = Field(unique=True, max_length=254)  # case-folded
    name: str = Field(max_length=120)
    role: str = Field(max_length=12)  # see web.access.Role
    provider_id: int | None = Field(default=None, foreign_key="provider.id", index=True)  # role provider only
    language: str = Field(default="nl", max_length=8)  # of the office pages: nl, en
    password_hash: str | None = Field(default=None, max_length=200)
    totp_secret: bytes | None = Field(default=None)  # encrypted
    totp_step: int = 0  # the last time step whose code was used: no code works twice
    made_at: datetime = Field(sa_type=UtcDateTime)
    disabled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    sso_subject: str | None = Field(default=None, unique=True, max_length=500)  # issuer and subject of single sign-on


class RecoveryCode(SQLModel, table=True):
    """A code for who lost their phone; works once."""

    __tablename__ = "recovery_code"

    hash: bytes = Field(primary_key=True, max_length=32)
    user_id: int = Field(foreign_key="office_user.id", index=True)


class Session(SQLModel, table=True):
    """One signed-in browser; the cookie holds a random key, here stands its hash."""

    __tablename__ = "office_session"

    hash: bytes = Field(primary_key=True, max_length=32)
    user_id: int = Field(foreign_key="office_user.id", index=True)
    device: str = Field(max_length=80)  # browser and system in words, to recognise it in the list
    started_at: datetime = Field(sa_type=UtcDateTime)
    seen_at: datetime = Field(sa_type=UtcDateTime)
    is_complete: bool  # false until the second factor was given


class AccountLink(SQLModel, table=True):
    """An invitation or password reset under way; the link holds a random key, here stands its hash."""

    __tablename__ = "account_link"

    hash: bytes = Field(primary_key=True, max_length=32)
    user_id: int = Field(foreign_key="office_user.id", index=True)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    purpose: str = Field(max_length=10)  # invitation, reset
    mailed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    problem: str | None = Field(default=None, max_length=120)  # why mailing failed, in codes


user_table = User.__table__  # type: ignore[attr-defined]
recovery_table = RecoveryCode.__table__  # type: ignore[attr-defined]
session_table = Session.__table__  # type: ignore[attr-defined]
link_table = AccountLink.__table__  # type: ignore[attr-defined]
