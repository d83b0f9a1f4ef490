"""The table of tokens for the programming interface."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.database import UtcDateTime


class ApiToken(SQLModel, table=True):
    """What one program may read. The token itself is shown once; here stands its hash."""

    __tablename__ = "api_token"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=80)  # which program has it
    hash: bytes = Field(unique=True, max_length=32)
    kinds: list[str] = Field(sa_type=sa.JSON, sa_column_kwargs={"nullable": False})  # see api.scopes
    wave_id: int | None = Field(default=None, foreign_key="wave.id")  # None = every wave
    provider_id: int | None = Field(default=None, foreign_key="provider.id")  # None = every provider
    made_by: str = Field(max_length=60)  # as in the audit log
    made_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
