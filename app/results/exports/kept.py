"""Exports that were made: kept in a folder of their own for a day, for their maker only.

They may hold answers of people, so only the server's own user can read them. With several machines they all need the
same var folder.
"""

import shutil
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from app import clock, tasks
from app.audit.log import record
from app.errors import NotFound
from app.results.exports.columns import Identity
from app.results.exports.interviews import OpenAnswers
from app.results.exports.tables import ExportFile
from app.settings import settings

MAKE = "export.make"
KEPT_FOR = timedelta(days=1)
MOST_LISTED = 50
Content = Literal["responses", "keurmerk", "figures", "codebook"]
# what can be had of each content, and the name and kind of the file
FORMATS: Mapping[Content, tuple[str, ...]] = {
    "responses": ("csv-excel", "csv", "xlsx", "sav", "json"),
    "keurmerk": ("csv-excel", "xlsx"),
    "figures": ("csv-excel", "xlsx"),
    "codebook": ("zip",),
}
FILE_NAMES: Mapping[Content, str] = {
    "responses": "antwoorden",
    "keurmerk": "keurmerk",
    "figures": "figuren",
    "codebook": "codeboek",
}
ENDINGS = {"csv-excel": "csv"}
_table = ExportFile.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Asked:
    """What somebody asked for."""

    wave: str
    provider: str | None
    content: Content
    format: str
    identity: Identity = "pseudonym"
    open_answers: OpenAnswers = "released"
    reason: str | None = None


@dataclass(frozen=True)
class Kept:
    """One export, and where its file is while it is there."""

    id: str
    owner: str
    asked: Asked
    task_id: str
    made_at: datetime
    expires_at: datetime
    n_fetched: int

    @property
    def path(self) -> Path:
        return exports_folder() / self.id / "export"

    @property
    def is_there(self) -> bool:
        return clock.now() < self.expires_at and self.path.is_file()

    @property
    def is_expired(self) -> bool:
        return clock.now() >= self.expires_at

    @property
    def file_name(self) -> str:
        ending = ENDINGS.get(self.asked.format, self.asked.format)
        return (
            "-".join(filter(None, (FILE_NAMES[self.asked.content], self.asked.wave, self.asked.provider)))
            + f".{ending}"
        )


def exports_folder() -> Path:
    """Where the files are."""
    return settings().var_folder / "exports"


def start(connection: Connection, actor: str, asked: Asked) -> str:
    """Writes down what is asked for and puts the work in the queue; returns the id of the export."""
    export_id, now = uuid.uuid4().hex, clock.now()
    task_id = tasks.start(connection, MAKE, actor, export=export_id)
    values = {
        "id": export_id,
        "owner": actor,
        "wave": asked.wave,
        "provider": asked.provider,
        "content": asked.content,
        "format": asked.format,
        "identity": asked.identity,
        "open_answers": asked.open_answers,
        "reason": asked.reason,
        "task_id": task_id,
        "made_at": now,
        "expires_at": now + KEPT_FOR,
        "n_fetched": 0,
    }
    connection.execute(sa.insert(_table).values(values))
    about = {name: values[name] for name in ("wave", "provider", "content", "format", "identity", "open_answers")}
    record(connection, actor, "export.asked", f"export:{export_id}", **about)  # type: ignore[arg-type]
    return export_id


def find(connection: Connection, export_id: str, owner: str | None = None) -> Kept:
    """An export; for pages, only to who asked for it.

    Raises:
        NotFound: when there is none, or it is somebody else's.
    """
    row = connection.execute(sa.select(_table).where(_table.c.id == export_id)).first()
    if row is None or owner not in (None, row.owner):
        raise NotFound("there is no such export")
    return _kept(row)


def of_owner(connection: Connection, owner: str, wave: str) -> list[Kept]:
    """What somebody exported of a wave, the newest first."""
    known = (_table.c.owner == owner, _table.c.wave == wave)
    rows = connection.execute(sa.select(_table).where(*known).order_by(_table.c.made_at.desc()).limit(MOST_LISTED))
    return [_kept(row) for row in rows]


def fetched(connection: Connection, actor: str, kept: Kept) -> None:
    """Writes down that somebody took the file with them."""
    known = _table.c.id == kept.id
    connection.execute(sa.update(_table).where(known).values(n_fetched=_table.c.n_fetched + 1))
    record(connection, actor, "export.fetched", f"export:{kept.id}", wave=kept.asked.wave, content=kept.asked.content)


def discard(connection: Connection, actor: str, kept: Kept) -> None:
    """Takes the file away before its time."""
    connection.execute(sa.update(_table).where(_table.c.id == kept.id).values(expires_at=clock.now()))
    record(connection, actor, "export.discarded", f"export:{kept.id}", wave=kept.asked.wave)
    shutil.rmtree(kept.path.parent, ignore_errors=True)


def delete_old() -> int:
    """Takes away the files that are older than a day, unfinished ones too; returns how many."""
    n_deleted = 0
    limit = (clock.now() - KEPT_FOR).timestamp()
    for folder in exports_folder().iterdir() if exports_folder().is_dir() else ():
        if folder.is_dir() and folder.stat().st_mtime < limit:
            shutil.rmtree(folder, ignore_errors=True)
            n_deleted += 1
    return n_deleted


def _kept(row: Row[tuple[object, ...]]) -> Kept:
    asked = Asked(row.wave, row.provider, row.content, row.format, row.identity, row.open_answers, row.reason)
    return Kept(row.id, row.owner, asked, row.task_id, row.made_at, row.expires_at, row.n_fetched)
