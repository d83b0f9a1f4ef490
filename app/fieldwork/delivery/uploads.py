"""Delivered files on their way: kept in a folder of their own until they are stored or discarded, a day at most.

They hold contact data in plain text, so only the server's own user may read them, and nobody but who sent a file is
shown anything of it. With several machines they all need the same var folder.
"""

import json
import os
import re
import secrets
import shutil
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from app import clock
from app.errors import NotFound
from app.settings import settings

KEPT_FOR = timedelta(days=1)
MAX_FILE_NAME = 120
_ID = re.compile(r"[0-9a-f]{32}")
_ABOUT = "about.json"


@dataclass(frozen=True)
class Upload:
    """One file that somebody sent. `file_name` is what they called it; the task is the last one started for it."""

    id: str
    owner: str
    wave: str
    provider: str
    file_name: str
    sent_at: str
    check_id: str = ""
    import_id: str = ""
    last_delivery_id: int | None = None  # the newest delivery of this provider when it was checked

    @property
    def folder(self) -> Path:
        return uploads_folder() / self.id

    @property
    def path(self) -> Path:
        """The file as it was sent."""
        return self.folder / "delivered"

    @property
    def marked(self) -> Path:
        """The same with its faulty cells marked."""
        return self.folder / "marked.xlsx"

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.sent_at)


def uploads_folder() -> Path:
    """Where the files are."""
    return settings().var_folder / "uploads"


def keep(file: BinaryIO, file_name: str, owner: str, wave: str, provider: str) -> Upload:
    """Keeps a file under a random name."""
    delete_old()
    name = "".join(sign for sign in file_name if sign.isprintable()).strip()[-MAX_FILE_NAME:]
    upload = Upload(secrets.token_hex(16), owner, wave, provider, name, clock.now().isoformat())
    upload.folder.mkdir(mode=0o700, parents=True)
    with private(upload.path) as kept:
        shutil.copyfileobj(file, kept, 1 << 20)
    tell(upload)
    return upload


def private(path: Path) -> BinaryIO:
    """A new file that nobody else on the machine can read."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


def tell(upload: Upload, **changes: str | int | None) -> Upload:
    """Writes down what changed about an upload."""
    told = replace(upload, **changes)  # type: ignore[arg-type]
    new = told.folder / f"{_ABOUT}.new"
    with private(new) as file:
        file.write(json.dumps(asdict(told)).encode())
    new.replace(told.folder / _ABOUT)
    return told


def find(upload_id: str, owner: str | None = None) -> Upload:
    """An upload; for pages, only to who sent it.

    Raises:
        NotFound: when it is not there (any more), or somebody else's.
    """
    upload = _read(uploads_folder() / upload_id) if _ID.fullmatch(upload_id) else None
    if upload is None or owner not in (None, upload.owner):
        raise NotFound("there is no such upload; it may have been stored, discarded, or older than a day")
    return upload


def of_owner(owner: str, wave: str, provider: str) -> list[Upload]:
    """What somebody sent for one provider and has not stored yet, the newest first."""
    found = [upload for folder in _folders() if (upload := _read(folder)) and upload.path.exists()]
    mine = [upload for upload in found if (upload.owner, upload.wave, upload.provider) == (owner, wave, provider)]
    return sorted(mine, key=lambda upload: upload.sent_at, reverse=True)


def empty(upload: Upload) -> None:
    """Takes away everything that holds data of people; what became of the upload can still be asked."""
    for path in upload.folder.iterdir():
        if path.name != _ABOUT:
            path.unlink(missing_ok=True)


def discard(upload: Upload) -> None:
    """Takes an upload away."""
    shutil.rmtree(upload.folder, ignore_errors=True)


def delete_old() -> int:
    """Takes away what was sent more than a day ago; returns how many."""
    n_deleted = 0
    for folder in _folders():
        sent_at = datetime.fromtimestamp(folder.stat().st_mtime, clock.AMSTERDAM)
        upload = _read(folder)
        if (upload.moment if upload else sent_at) < clock.now() - KEPT_FOR:
            shutil.rmtree(folder, ignore_errors=True)
            n_deleted += 1
    return n_deleted


def _folders() -> list[Path]:
    return [path for path in uploads_folder().iterdir() if path.is_dir()] if uploads_folder().is_dir() else []


def _read(folder: Path) -> Upload | None:
    try:
        return Upload(**json.loads((folder / _ABOUT).read_bytes()))
    except (OSError, ValueError, TypeError):
        return None
