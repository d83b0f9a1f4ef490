"""Reading a delivery from CSV: comma, semicolon or tab; UTF-8 with or without BOM, or Windows-1252."""

import codecs
import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.fieldwork.delivery.columns import n_known
from app.fieldwork.delivery.reasons import Unreadable
from app.questions.question import N_

DELIMITERS = ";,\t"
CHUNK = 1 << 20
MAX_CELL = 100_000
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_NOT_WINDOWS = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")  # bytes that Windows-1252 does not have
_UTF8_LETTER = re.compile(rb"\xc3[\x80-\xbf]")  # é, ë, ü … in UTF-8; never seen in real Windows-1252


@dataclass(frozen=True)
class DeliveredText:
    """A CSV file of which encoding and delimiter are known."""

    path: Path
    encoding: str
    delimiter: str
    n_lines: int

    def rows(self) -> Iterator[list[str]]:
        """Every record, the header first.

        Raises:
            Unreadable: where the quotation marks do not fit.
        """
        yield from _read(self.path, self.encoding, self.delimiter)


def open_text(path: Path) -> DeliveredText:
    """Finds encoding and delimiter of a CSV file.

    Raises:
        Unreadable: when it is not text in a known encoding.
    """
    encoding, n_lines = _encoding(path)
    known = {delimiter: n_known(_first_row(path, encoding, delimiter)) for delimiter in DELIMITERS}
    delimiter = max(DELIMITERS, key=lambda one: known[one])
    return DeliveredText(path, encoding, delimiter, n_lines)


def _first_row(path: Path, encoding: str, delimiter: str) -> list[str]:
    try:
        return next(_read(path, encoding, delimiter), [])
    except Unreadable:
        return []


def _read(path: Path, encoding: str, delimiter: str) -> Iterator[list[str]]:
    csv.field_size_limit(MAX_CELL)
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        try:
            yield from reader
        except csv.Error:
            raise Unreadable(
                N_("Regel %(line)s is niet te lezen: een aanhalingsteken is niet gesloten of een cel is te lang."),
                line=reader.line_num,
            ) from None
        except UnicodeDecodeError:
            raise _broken() from None


def _encoding(path: Path) -> tuple[str, int]:
    """The encoding of a whole file, and its number of line ends."""
    utf8 = codecs.getincrementaldecoder("utf-8")()
    is_utf8, is_windows, has_utf8_letters, n_lines, last = True, True, False, 0, b""
    with path.open("rb") as file:
        start = file.read(2)
        file.seek(0)
        while chunk := file.read(CHUNK):
            if b"\0" in chunk:
                raise _no_text(start)
            n_lines += chunk.count(b"\n")
            is_utf8 = is_utf8 and _decodes(utf8, chunk)
            is_windows = is_windows and not _NOT_WINDOWS.search(chunk)
            has_utf8_letters = has_utf8_letters or bool(_UTF8_LETTER.search(last + chunk))
            last = chunk[-1:]
    if is_utf8 and _decodes(utf8, b"", is_last=True):
        return "utf-8-sig", n_lines
    if is_windows and not has_utf8_letters:
        return "cp1252", n_lines
    raise _broken()


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, is_last: bool = False) -> bool:
    try:
        decoder.decode(chunk, is_last)
    except UnicodeDecodeError:
        return False
    return True


def _broken() -> Unreadable:
    return Unreadable(N_("De letters in dit bestand zijn niet goed te lezen; sla het opnieuw op als CSV UTF-8."))


def _no_text(start: bytes) -> Unreadable:
    if start in _UTF16_MARKS:
        return Unreadable(N_("Dit bestand is opgeslagen als UTF-16; sla het op als CSV UTF-8."))
    return Unreadable(N_("Dit is geen CSV- of Excel-bestand; sla uw lijst op als CSV of als Excel-werkmap (.xlsx)."))
