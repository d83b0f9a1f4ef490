"""A delivered file, opened: whatever its kind, its columns and its records as text. Or one clear refusal."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from app.fieldwork.delivery import csv_records as delivery_csv
from app.fieldwork.delivery import xlsx_records as delivery_xlsx
from app.fieldwork.delivery.columns import Columns, read_header
from app.fieldwork.delivery.reasons import Reason, Unreadable
from app.questions.question import N_

MAX_MB = 100
MAX_RECORDS = 1_000_000
CHUNK = 1 << 20
ZIP_MAGIC = b"PK\x03\x04"
OLD_EXCEL_MAGIC = b"\xd0\xcf\x11\xe0"
OTHER_MAGICS = (b"%PDF", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf")


@dataclass(frozen=True)
class DeliveryFile:
    """An opened delivery. `notes` are for the reader of the verdicts; they refuse nothing."""

    path: Path
    columns: Columns
    content_hash: str
    n_expected: int  # records, about; for a progress bar
    notes: tuple[Reason, ...]
    _rows: Callable[[], Iterator[list[str]]]

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """Every record under the header with its number; the header is 1. Empty records are passed over.

        Raises:
            Unreadable: when the file breaks off, or holds no records or too many.
        """
        is_empty = True
        for number, cells in enumerate(islice(self._rows(), 1, None), 2):
            if number > MAX_RECORDS + 1:
                raise Unreadable(N_("Het bestand heeft meer dan 1.000.000 regels; verdeel het over twee bestanden."))
            if any(cells) and not "".join(cells).isspace():
                is_empty = False
                yield number, cells
        if is_empty:
            raise Unreadable(N_("Het bestand heeft geen regels onder de kolomnamen; zet daar één regel per persoon."))


def open_delivery(path: Path) -> DeliveryFile:
    """Opens a CSV or XLSX file by what is in it, whatever its name says.

    Raises:
        Unreadable: when it is no such file, damaged, empty, too large or without column names.
    """
    start, content_hash = _look(path)
    if start.startswith(ZIP_MAGIC):
        workbook = delivery_xlsx.open_workbook(path)
        rows, n_expected, notes = workbook.rows, workbook.n_rows, workbook.notes
    else:
        text = delivery_csv.open_text(path)
        rows, n_expected, notes = text.rows, text.n_lines, ()
    columns = read_header(next(rows(), []))
    if columns.unknown:
        message = N_("Deze kolommen kennen wij niet; wij gebruiken ze niet: %(names)s.")
        notes = (*notes, Reason((), message, {"names": ", ".join(columns.unknown)}))
    return DeliveryFile(path, columns, content_hash, n_expected, notes, rows)


def _look(path: Path) -> tuple[bytes, str]:
    """The first bytes and the hash of a file of an allowed size and kind."""
    try:
        if not path.is_file():
            raise Unreadable(N_("Het bestand %(path)s is er niet; geef een CSV- of Excel-bestand."), path=path)
        if path.stat().st_size > MAX_MB * 1_000_000:
            raise Unreadable(N_("Het bestand is groter dan %(n)s MB; verdeel het over twee bestanden."), n=MAX_MB)
        digest = hashlib.sha256()
        with path.open("rb") as file:
            start = chunk = file.read(CHUNK)
            while chunk:
                digest.update(chunk)
                chunk = file.read(CHUNK)
    except (OSError, ValueError):
        raise Unreadable(N_("Het bestand %(path)s kan niet worden gelezen."), path=path) from None
    if not start.strip(b"\xef\xbb\xbf \t\r\n"):
        raise Unreadable(N_("Het bestand is leeg; geef een CSV- of Excel-bestand met uw cliënten."))
    if start.startswith(OLD_EXCEL_MAGIC):
        raise Unreadable(
            N_("Dit is een oud of beveiligd Excel-bestand; sla het zonder wachtwoord op als Excel-werkmap (.xlsx).")
        )
    if start.startswith(OTHER_MAGICS):
        raise Unreadable(N_("Dit is geen CSV- of Excel-bestand; sla uw lijst op als CSV of als Excel-werkmap (.xlsx)."))
    return start, digest.hexdigest()
