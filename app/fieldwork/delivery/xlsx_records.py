"""Reading a delivery from XLSX. Nothing is opened before its true size is known."""

import copy
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, TypeVar

from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from app.fieldwork.delivery.reasons import Reason, Unreadable, shown
from app.questions.question import N_

Value = TypeVar("Value")
CHUNK = 1 << 20
MAX_ENTRIES = 1_000
MAX_INFLATED_BYTES = 1 << 30
MAX_RATIO = 200  # real lists stay far under 50
RATIO_FREE_BYTES = 32 << 20  # small files may be as repetitive as they like
MAX_ROW = 1_000_001
MAX_GRID_CELLS = 40_000_000  # the reader lays out every cell between the first and the last
OVERLAP = 64
MANY_DIGITS = 1e15  # from here floats no longer hold every whole number
# A cell or row that says where it stands; a tiny file can claim a huge grid.
_PLACE = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{0,9})([0-9]{1,12})""")


@dataclass(frozen=True)
class DeliveredSheet:
    """The first visible sheet of a workbook."""

    sheet: CalamineSheet
    notes: tuple[Reason, ...]

    @property
    def n_rows(self) -> int:
        return int(self.sheet.total_height)

    def rows(self) -> Iterator[list[str]]:
        """Every row from the first of the sheet, as text."""
        rows = _guarded(self.sheet.iter_rows)
        while (row := _guarded(lambda: next(rows, None))) is not None:
            yield [cell if isinstance(cell, str) else _text(cell) for cell in row]


def open_workbook(path: Path) -> DeliveredSheet:
    """Opens the first visible sheet.

    Raises:
        Unreadable: when this is no workbook, damaged, or a bomb.
    """
    _look_inside(path)
    workbook = _guarded(lambda: CalamineWorkbook.from_path(path))
    names = [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
    ]
    if not names:
        raise Unreadable(N_("Dit Excel-bestand heeft geen zichtbaar werkblad; zet uw lijst op het eerste werkblad."))
    notes: tuple[Reason, ...] = ()
    if len(names) > 1:
        message = N_("Wij lezen alleen het eerste werkblad: %(name)s.")
        notes = (Reason((), message, {"name": shown(names[0])}),)
    return DeliveredSheet(_guarded(lambda: workbook.get_sheet_by_name(names[0])), notes)


def _guarded(step: Callable[[], Value]) -> Value:
    """One step of the reader. Its panics on damaged files are no ordinary exceptions."""
    try:
        return step()
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException:
        raise _damaged() from None


def _damaged() -> Unreadable:
    return Unreadable(
        N_("Dit Excel-bestand is beschadigd of geen Excel-werkmap; open het in Excel en sla het opnieuw op als .xlsx.")
    )


def _look_inside(path: Path) -> None:
    """Inflates every part once, piece by piece, and stops at the first thing that no list needs."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_ENTRIES:
                raise _bomb()
            n_bytes, places = 0, _Places()
            for entry in entries:
                for piece in _pieces(archive, entry):
                    n_bytes += len(piece)
                    if n_bytes > MAX_INFLATED_BYTES or n_bytes > RATIO_FREE_BYTES + MAX_RATIO * path.stat().st_size:
                        raise _bomb()
                    places.take(piece)
                places.end()
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError, ValueError):
        raise _damaged() from None


def _pieces(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """One part, inflated to its true end: the size that the directory claims may be a lie."""
    if entry.flag_bits & 1:
        raise Unreadable(N_("Dit Excel-bestand is beveiligd; sla het zonder wachtwoord op."))
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise _damaged()
    whole = copy.copy(entry)
    whole.file_size = MAX_INFLATED_BYTES + CHUNK
    with archive.open(whole) as part:
        while piece := part.read(CHUNK):
            yield piece


class _Places:
    """The furthest row and column that the cells of a part claim."""

    def __init__(self) -> None:
        self.end()

    def end(self) -> None:
        """The next piece belongs to another part."""
        self.tail, self.last_row, self.last_column = b"", 1, 1

    def take(self, piece: bytes) -> None:
        found = _PLACE.findall(self.tail + piece)
        self.tail = piece[-OVERLAP:]
        self.last_row = max(self.last_row, *(int(row) for row in {row for _, row in found}), 1)
        self.last_column = max(
            self.last_column, *(_column(letters) for letters in {letters for letters, _ in found}), 1
        )
        if self.last_row > MAX_ROW:
            raise Unreadable(
                N_("Het werkblad heeft meer dan 1.000.000 regels; verwijder lege regels of verdeel de lijst.")
            )
        if self.last_row * self.last_column > MAX_GRID_CELLS:
            raise _bomb()


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _bomb() -> Unreadable:
    return Unreadable(
        N_("Dit Excel-bestand is uitgepakt veel te groot; kopieer alleen uw lijst naar een nieuw bestand.")
    )


def _text(cell: Any) -> str:
    """A cell as a person would have typed it in a CSV file."""
    if isinstance(cell, bool):
        return "ja" if cell else "nee"
    if isinstance(cell, int | float):
        return str(int(cell)) if cell == cell // 1 and abs(cell) < MANY_DIGITS else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "seconds")
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)
