"""The clips of one language: `manifest.json` beside the MP3 files.

A clip belongs to one exact text: change a comma and the text has no clip any more. The files are named after their own
content, so an address never changes meaning, browsers may keep what they fetched for ever, and a file whose name is
not its hash is damaged.
"""

import fcntl
import hashlib
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from app.definition.piping import piece_words
from app.errors import Invalid

Kind = Literal["human", "voice", "draft"]
# which kind takes the place of which: a recording stays whatever voice comes later
RANK: Mapping[Kind, int] = {"draft": 0, "voice": 1, "human": 2}
NAME = "manifest.json"
HASH_DIGITS = 16


def text_hash(text: str, piece: int | None = None) -> str:
    """What a text, or one piece of a text around piped names, is looked up by."""
    mark = "" if piece is None else f"\x1f{piece}"
    return hashlib.sha256((str(text).strip() + mark).encode()).hexdigest()[:HASH_DIGITS]


def content_hash(mp3: bytes) -> str:
    """The name of a clip's file, without `.mp3`."""
    return hashlib.sha256(mp3).hexdigest()[:HASH_DIGITS]


class Entry(BaseModel):
    """One clip. `piece`: of a text with `{names}`, which piece between the names this is.

    `place` is where the text stands, so that a clip whose text changed is recognised as stale.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str
    piece: int | None = None
    place: str = ""
    file: str
    voice: str
    kind: Kind
    seconds: float
    lufs: float
    approved: bool = False

    @property
    def hash(self) -> str:
        return text_hash(self.text, self.piece)

    @property
    def words(self) -> str:
        """What is heard."""
        return piece_words(self.text, self.piece)


class _Written(BaseModel):
    """The file as written."""

    model_config = ConfigDict(extra="forbid")

    clips: dict[str, Entry]


@dataclass(frozen=True)
class Manifest:
    """The clips of one language by the hash of their text. `version` changes with every change of the file."""

    entries: Mapping[str, Entry]
    version: tuple[int, int] = (0, 0)

    def find(self, text: str, piece: int | None = None) -> Entry | None:
        return self.entries.get(text_hash(text, piece))


EMPTY = Manifest({})
_read: dict[Path, Manifest] = {}
_n_writes = 0


def load(folder: Path) -> Manifest:
    """The manifest in a language's folder; empty when there is none.

    Raises:
        Invalid: when the file is damaged.
    """
    path = folder / NAME
    try:
        state = path.stat()
        written = _Written.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return EMPTY
    except ValidationError as error:
        first = error.errors()[0]
        raise Invalid(
            f"{path} is damaged ({first['msg']}); put back the last good version, or remove it and build the clips anew"
        ) from None
    misplaced = [key for key, entry in written.clips.items() if entry.hash != key]
    if misplaced:
        raise Invalid(f"{path}: the clip «{misplaced[0]}» is not that of its text; build this clip anew")
    return Manifest(written.clips, (state.st_mtime_ns, state.st_size))


def current(folder: Path) -> Manifest:
    """The manifest as it is now, read again only when the file changed. Pages must not fail for want of sound,
    so a damaged file counts as the last good one, or as none."""
    known = _read.get(folder, EMPTY)
    try:
        state = os.stat(f"{folder}/{NAME}")  # noqa: PTH116 - asked for every text of every page: three times as fast
    except OSError:
        return EMPTY
    version = (state.st_mtime_ns, state.st_size)
    if known.version != version:
        try:
            known = load(folder)
        except (Invalid, OSError):
            known = Manifest(known.entries, version)
        _read[folder] = known
    return known


@contextmanager
def editing(folder: Path) -> Iterator[dict[str, Entry]]:
    """The entries to change; written when the block ends well. Editors of one language wait for one another."""
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        entries = dict(load(folder).entries)
        before = dict(entries)
        yield entries
        if entries != before or not (folder / NAME).exists():
            _write(folder, entries)
    finally:
        os.close(handle)  # gives the lock back


def put(folder: Path, entry: Entry, mp3: bytes) -> Entry:
    """Keeps one clip: its file first, then its entry, so that no entry ever lacks its file. The file it replaces
    stays until `audio build --prune`, for pages that are open now point at it.

    Returns:
        The entry with the name of its file.
    """
    entry = entry.model_copy(update={"file": put_file(folder, mp3)})
    with editing(folder) as entries:
        entries[entry.hash] = entry
    return entry


def put_file(folder: Path, mp3: bytes) -> str:
    """Writes a clip's file under the name of its content; returns that name."""
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{content_hash(mp3)}.mp3"
    write_whole(folder / name, mp3)
    return name


def write_whole(path: Path, content: bytes) -> None:
    """Writes a file so that whoever reads it, whenever, finds the old or the new content and never half of it."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def n_writes() -> int:
    """How often this process has written a manifest: whoever keeps one knows by it when to look again."""
    return _n_writes


def _write(folder: Path, entries: Mapping[str, Entry]) -> None:
    global _n_writes
    clips = {
        key: entry.model_dump(exclude_defaults=True)
        for key, entry in sorted(entries.items(), key=lambda item: (item[1].place, item[1].text, item[1].piece or 0))
    }
    text = json.dumps({"clips": clips}, ensure_ascii=False, indent=1)
    write_whole(folder / NAME, f"{text}\n".encode())
    _n_writes += 1
