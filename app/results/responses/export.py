"""`responses export`: one row per interview with the answers that count, as text, a workbook or an SPSS file."""

from dataclasses import replace
from pathlib import Path
from typing import Literal

from app.audit.log import record
from app.database import writing
from app.results.exports import text_files, workbook
from app.results.exports.interviews import Advance, Choice, Interviews, opened

FileFormat = Literal["csv", "csv-excel", "json", "xlsx", "sav"]


def export_file(path: Path, choice: Choice, file_format: FileFormat, *, actor: str, advance: Advance) -> int:
    """Writes the interviews that were chosen and returns how many; memory stays bounded.

    It is in the audit log before the first row is read.

    Args:
        advance: hears how many interviews of how many were written.
    Raises:
        NotFound: when there is no such wave or provider.
        Invalid: when the file cannot be written.
    """
    with opened(replace(choice, marks_unanswered=file_format == "sav"), advance) as interviews:
        _record(actor, choice, file_format, interviews.n)
        return _write(path, file_format, interviews)


def _write(path: Path, file_format: FileFormat, interviews: Interviews) -> int:
    if file_format == "xlsx":
        return workbook.write(path, interviews)
    if file_format == "sav":
        from app.results.exports import spss  # loads half a second of libraries that nothing else needs

        return spss.write(path, interviews)
    return text_files.write(path, file_format, [column.code for column in interviews.columns], interviews.rows)


def _record(actor: str, choice: Choice, file_format: FileFormat, n: int) -> None:
    with writing() as connection:
        record(
            connection,
            actor,
            "responses.exported",
            f"wave:{choice.wave}",
            provider=choice.provider,
            format=file_format,
            identity=choice.identity,
            open_answers=choice.open_answers,
            n_interviews=n,
        )
