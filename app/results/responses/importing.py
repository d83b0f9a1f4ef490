"""`responses import`: answers from a file into the same tables as answers from the web, all of them or none.

A case that has no interview yet gets one. One that has the same interview is left alone, so the same file twice
changes nothing. A changed row replaces an interview of the same mode; it never replaces one of another mode, nor
a finished one by an unfinished one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from app.clock import now
from app.database import reading, writing
from app.errors import Conflict, Invalid
from app.fieldwork.tables import Participation
from app.fieldwork.waves import KnownProvider, KnownWave, find_provider, find_wave, participate
from app.results.responses import file as responses_file
from app.results.responses.columns import CASE_REF, FIXED
from app.results.responses.rows import Response, RowRefused, read_row
from app.results.responses.store import NEW, REPLACED, UNCHANGED, take

CHUNK = 500
MAX_SHOWN = 20
_participation = Participation.__table__  # type: ignore[attr-defined]
Say = Callable[[str], object]
Advance = Callable[[int], object]


@dataclass(frozen=True)
class Imported:
    """What an import did, in interviews; `n_cases` of their cases did not exist before."""

    n_new: int = 0
    n_replaced: int = 0
    n_unchanged: int = 0
    n_cases: int = 0


def import_file(path: Path, provider: str, wave: str, *, say: Say, advance: Advance) -> Imported:
    """Stores every interview in the file for a provider in a wave.

    Args:
        say: hears every reason when several rows are refused.
        advance: hears how many rows were checked and stored, for a progress bar.
    Raises:
        NotFound: when there is no such provider or wave.
        Invalid: when the file or any row of it cannot be accepted; then nothing was stored.
        Conflict: when a case has answers that the file may not replace; then nothing was stored.
    """
    with reading() as connection:
        known_wave, known_provider = find_wave(connection, wave), find_provider(connection, provider)
    responses = _read(path, known_wave, known_provider, say, advance)
    n, n_cases, conflicts, moment = {NEW: 0, REPLACED: 0, UNCHANGED: 0}, 0, list[str](), now()
    with writing() as connection:
        participation_id = participate(connection, known_wave.id, known_provider.id)
        connection.execute(
            sa.select(_participation.c.id).where(_participation.c.id == participation_id).with_for_update()
        )  # two imports at once would make the same case twice
        for start in range(0, len(responses), CHUNK):
            part = responses[start : start + CHUNK]
            chunk = take(connection, participation_id, part, moment)
            conflicts += chunk.conflicts
            n_cases += len(chunk.cases)
            n = {fate: n[fate] + chunk.n[fate] for fate in n}
            advance(len(part))
        if conflicts:
            raise Conflict(_sentence(path, conflicts, say))
    return Imported(n[NEW], n[REPLACED], n[UNCHANGED], n_cases)


def _read(path: Path, wave: KnownWave, provider: KnownProvider, say: Say, advance: Advance) -> list[Response]:
    """Every row of the file, typed.

    Raises:
        Invalid: when the file or one of its rows is wrong.
    """
    responses: list[Response] = []
    first_rows: dict[str, int] = {}
    faults: list[str] = []
    with responses_file.opened(path) as records:
        if missing := [column for column in FIXED if column not in records.columns]:
            raise Invalid(f"{path} has no column «{missing[0]}»; a responses file has {', '.join(FIXED)}")
        for row, cells in records.rows:
            try:
                response = read_row(row, cells, wave.rules, provider.slug)
                if (first := first_rows.setdefault(response.case_ref, row)) != row:
                    raise RowRefused(CASE_REF, f"«{response.case_ref}» stands in row {first} too; a case has one row")
                responses.append(response)
            except RowRefused as reason:
                faults.append(f"row {row}, {reason}")
            advance(1)
    if faults:
        raise Invalid(_sentence(path, faults, say))
    return responses


def _sentence(path: Path, faults: Sequence[str], say: Say) -> str:
    """The first fault as the one sentence; the next ones are said beforehand."""
    for fault in faults[1:MAX_SHOWN]:
        say(f"{path}, {fault}")
    more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    return f"{path}, {faults[0]}{more}; nothing was stored"
