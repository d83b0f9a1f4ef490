"""What is done with a delivered file in the background: checked, and after somebody has looked, stored."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from app.database import reading
from app.errors import Conflict, Invalid
from app.fieldwork.delivery import uploads
from app.fieldwork.delivery.cells import is_bsn, masked
from app.fieldwork.delivery.check import ACCEPTED, VERDICTS, Verdict
from app.fieldwork.delivery.comparison import Comparison, Draw, draws
from app.fieldwork.delivery.file import open_delivery
from app.fieldwork.delivery.marked_workbook import write_marked
from app.fieldwork.delivery.preview import Preview, preview
from app.fieldwork.delivery.reasons import Reason, Unreadable, shown
from app.fieldwork.delivery.storing import Imported, import_delivery
from app.language import catalogue
from app.questions.question import N_
from app.tasks import Advance, background

CHECK = "delivery.check"
IMPORT = "delivery.import"
OVERTAKEN = N_(
    "Er is op hetzelfde moment een andere aanlevering van deze dienstverlener opgenomen. "
    "Er is nu niets veranderd. Probeer het nog eens."
)


@dataclass(frozen=True)
class JudgedRow:
    """One record of the preview: why it is not taken, and what stood in the cells that this is about."""

    row: int
    reasons: tuple[Reason, ...]
    cells: Mapping[str, str]

    @property
    def columns(self) -> list[str]:
        return list(dict.fromkeys(column for reason in self.reasons for column in reason.columns))


@background(CHECK)
def check_upload(parameters: Mapping[str, Any], advance: Advance) -> dict[str, Any]:
    """Judges a file and keeps what the preview shows beside it. Stores nothing."""
    upload = uploads.find(str(parameters["upload"]))
    try:
        file = open_delivery(upload.path)
        steps = _Steps(advance, 2 * file.n_expected)
        compared = Comparison()
        found = preview(file, upload.provider, upload.wave, steps, compared.notice)
        compared.finish()
        _write_rows(upload, found)
    except Unreadable as unreadable:
        uploads.empty(upload)
        raise Invalid(unreadable.reason.text(str(parameters["language"]))) from None
    write_marked(found, upload.marked, str(parameters["language"]), steps)
    upload.marked.chmod(0o600)
    rules = found.ground.wave.rules
    with reading() as connection:
        sample = draws(connection, found.ground.participation_id, dict(rules.max_sample), compared.new_clients)
    uploads.tell(upload, last_delivery_id=found.ground.known.last_delivery_id)
    return {
        "counts": found.counts,
        "n_rows": len(found.verdicts),
        "n_new": compared.n_new,
        "n_changed": compared.n_changed,
        "n_unchanged": compared.n_unchanged,
        "sample": [asdict(draw) for draw in sample if draw.max_sample is not None],
        "notes": [_as_data(note) for note in file.notes],
        "same_file_at": found.ground.same_file_at.isoformat() if found.ground.same_file_at else None,
    }


@background(IMPORT)
def store_upload(parameters: Mapping[str, Any], advance: Advance) -> dict[str, Any]:
    """Stores the accepted rows, then takes the file away."""
    upload = uploads.find(str(parameters["upload"]))
    try:
        file = open_delivery(upload.path)
        done = import_delivery(
            file, upload.provider, upload.wave, _Steps(advance, file.n_expected), actor=upload.owner
        )  # while it stores, the database has one writer, so its progress cannot be told
    except Conflict:
        raise Conflict(catalogue(str(parameters["language"])).gettext(OVERTAKEN)) from None
    uploads.empty(upload)
    return _as_result(done)


def sample_of(result: Mapping[str, Any]) -> list[Draw]:
    """Per service who would be drawn, from the result of a check."""
    return [Draw(**draw) for draw in result["sample"]]


def notes_of(result: Mapping[str, Any]) -> list[Reason]:
    """What is to be said about the file itself, from the result of a check."""
    return [_as_reason(note) for note in result["notes"]]


def judged_rows(upload: uploads.Upload, verdict: str, first: int, n_rows: int) -> list[JudgedRow]:
    """A page of the records with one verdict, in the order of the file."""
    with _rows_path(upload, verdict).open(encoding="utf-8") as lines:
        return [_as_row(json.loads(line)) for line in islice(lines, first, first + n_rows)]


class _Steps:
    """Adds up the steps of work for the task's own progress."""

    def __init__(self, advance: Advance, n_total: int) -> None:
        self.advance, self.n_total, self.n_done = advance, n_total, 0

    def __call__(self, n_more: int) -> None:
        self.n_done += n_more
        self.advance(self.n_done, self.n_total)


def _write_rows(upload: uploads.Upload, found: Preview) -> None:
    with ExitStack() as stack:
        files = {name: stack.enter_context(uploads.private(_rows_path(upload, name))) for name in VERDICTS}
        for verdict, cells in _with_cells(found):
            row = {"row": verdict.row, "reasons": [_as_data(reason) for reason in verdict.reasons], "cells": cells}
            files[verdict.verdict].write(json.dumps(row, ensure_ascii=False, default=str).encode() + b"\n")


def _with_cells(found: Preview) -> Iterator[tuple[Verdict, dict[str, str]]]:
    """Every verdict with what stood in the cells it is about; a burgerservicenummer is not repeated."""
    positions = found.file.columns.positions
    for verdict, (_, cells) in zip(found.verdicts, found.file.records(), strict=True):
        yield verdict, {} if verdict.verdict == ACCEPTED else _given(verdict.columns, positions, cells)


def _given(columns: Sequence[str], positions: Mapping[str, int], cells: Sequence[str]) -> dict[str, str]:
    given = {}
    for name in columns:
        place = positions.get(name)
        text = cells[place].strip() if place is not None and place < len(cells) else ""
        given[name] = masked(text) if not name.startswith("telefoon") and is_bsn(text) else shown(text)
    return given


def _rows_path(upload: uploads.Upload, verdict: str) -> Path:
    return upload.folder / f"rows-{verdict}"


def _as_data(reason: Reason) -> dict[str, Any]:
    return {"columns": list(reason.columns), "message": reason.message, "values": dict(reason.values)}


def _as_reason(data: Mapping[str, Any]) -> Reason:
    return Reason(tuple(data["columns"]), data["message"], data["values"])


def _as_row(data: Mapping[str, Any]) -> JudgedRow:
    return JudgedRow(data["row"], tuple(map(_as_reason, data["reasons"])), data["cells"])


def _as_result(done: Imported) -> dict[str, Any]:
    result = asdict(done)
    result["same_file_at"] = done.same_file_at.isoformat() if done.same_file_at else None
    return result
