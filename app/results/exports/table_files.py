"""Tables as files: the keurmerk tables, the figures, and the codebooks of a wave."""

import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import sqlalchemy as sa
import xlsxwriter
from sqlalchemy.engine import Connection

from app.database import reading
from app.definition.codebook import codebook
from app.definition.codebook_ddi import as_ddi
from app.definition.codebook_formats import as_html
from app.fieldwork.tables import Participation, Provider
from app.fieldwork.waves import find_wave
from app.results.exports import text_files
from app.results.exports.figure_rows import HEADERS, NUMBERS, figure_rows
from app.results.exports.interviews import Advance, Choice, opened
from app.results.exports.workbook import MAX_CELL, OPTIONS
from app.results.figures.sections import sections_of
from app.results.keurmerk_formats import as_csv, write_xlsx
from app.results.wave_results import table_of, tables_of

ALL = "alle"  # the rows of all providers together
_participation = Participation.__table__  # type: ignore[attr-defined]
_provider = Provider.__table__  # type: ignore[attr-defined]


def write_keurmerk(path: Path, file_format: str, wave: str, provider: str | None) -> int:
    """The keurmerk table of a provider, or of all; returns how many tables."""
    with reading() as connection:
        tables = [table_of(connection, provider, wave)] if provider else tables_of(connection, wave)
    if file_format == "xlsx":
        write_xlsx(tables, path)
    else:
        path.write_text(text_files.BOM + as_csv(tables), encoding="utf-8", newline="")
    return len(tables)


def write_figures(path: Path, file_format: str, wave: str, provider: str | None, advance: Advance) -> int:
    """The figures of a provider, or of each and of all together; suppressed as on the pages. Returns how many rows."""
    rows = _figures(wave, provider, advance)
    if file_format == "xlsx":
        return _write_sheet(path, rows)
    return text_files.write(path, "csv-excel", HEADERS, rows)


def _figures(wave: str, provider: str | None, advance: Advance) -> Iterator[Sequence[str]]:
    with reading() as connection:
        everybody: list[str | None] = [provider] if provider else [None, *providers_in(connection, wave)]
    for n_done, one in enumerate(everybody, start=1):
        with reading() as connection:
            sections = sections_of(connection, wave, one)
        yield from figure_rows(one or ALL, wave, sections)
        advance(n_done, len(everybody))


def providers_in(connection: Connection, wave: str) -> dict[str, str]:
    """The providers that take part in a wave: slug → name.

    Raises:
        NotFound: when there is no such wave.
    """
    statement = sa.select(_provider.c.slug, _provider.c.name).join(
        _participation, _participation.c.provider_id == _provider.c.id
    )
    of_wave = _participation.c.wave_id == find_wave(connection, wave).id
    return {slug: name for slug, name in connection.execute(statement.where(of_wave).order_by(_provider.c.slug))}


def _write_sheet(path: Path, rows: Iterable[Sequence[str]]) -> int:
    n_rows = 0
    with xlsxwriter.Workbook(str(path), OPTIONS | {"tmpdir": str(path.parent)}) as book:
        sheet = book.add_worksheet("Figuren")
        sheet.freeze_panes(1, 0)
        bold = book.add_format({"bold": True})
        for place, header in enumerate(HEADERS):
            sheet.write_string(0, place, header, bold)
        for n_rows, row in enumerate(rows, start=1):
            for place, cell in enumerate(row):
                if cell and HEADERS[place] in NUMBERS:
                    sheet.write_number(n_rows, place, float(cell.replace(",", ".")))
                elif cell:
                    sheet.write_string(n_rows, place, cell[:MAX_CELL])
    return n_rows


def write_codebooks(path: Path, wave: str) -> int:
    """The codebooks of the questionnaires in use as page and as DDI, in one zip; returns how many questionnaires."""
    with opened(Choice(wave), lambda n_done, n_total: None) as interviews:
        newest = {definition.name: definition for definition in reversed(interviews.definitions)}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, definition in sorted(newest.items()):
            book = codebook(definition)
            archive.writestr(f"{name}.html", as_html(book))
            archive.writestr(f"{name}.ddi.xml", as_ddi(book))
    return len(newest)
