"""The table of exports: who took what out of the office. The row stays when the file has gone."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from app.database import UtcDateTime


class ExportFile(SQLModel, table=True):
    """One file that somebody had made."""

    __tablename__ = "export_file"

    id: str = Field(primary_key=True, max_length=32)
    owner: str = Field(max_length=60, index=True)  # as in the audit log: only they may fetch it
    wave: str = Field(max_length=40)  # label
    provider: str | None = Field(default=None, max_length=80)  # slug; None = all
    content: str = Field(max_length=12)  # responses, keurmerk, figures, codebook
    format: str = Field(max_length=10)
    identity: str = Field(max_length=10)  # pseudonym, reference
    open_answers: str = Field(max_length=10)  # released, none
    reason: str | None = Field(default=None, max_length=500)  # why with references
    task_id: str = Field(max_length=32)
    made_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    n_fetched: int = 0
