"""The commands `keurmerk` and `responses`."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.engine import Connection

from app.console import progress, refusing, result, say
from app.database import reading
from app.errors import Invalid
from app.results.exports.interviews import Choice
from app.results.keurmerk import KeurmerkTable
from app.results.keurmerk_formats import as_csv, as_data, as_json, as_text, write_xlsx
from app.results.responses.export import export_file
from app.results.responses.importing import import_file
from app.results.wave_results import table_of, tables_step_by_step
from app.schema import ensure_migrated

responses = typer.Typer(
    name="responses", no_args_is_help=True, help="Answers in (CSV, JSON) and out (also XLSX, SPSS)."
)
WaveLabel = Annotated[str, typer.Option(help="Label of the wave.")]
Slug = Annotated[str, typer.Option(help="The provider's slug.")]
OptionalSlug = Annotated[str | None, typer.Option(help="Only this provider (its slug).")]


class TableFormat(StrEnum):
    table = "table"
    json = "json"
    csv = "csv"
    xlsx = "xlsx"


class ResponsesFormat(StrEnum):
    csv = "csv"
    csv_excel = "csv-excel"
    xlsx = "xlsx"
    sav = "sav"
    json = "json"


def keurmerk(
    wave: WaveLabel,
    provider: OptionalSlug = None,
    every: Annotated[bool, typer.Option("--all", help="Every provider of the wave.")] = False,
    file_format: Annotated[TableFormat, typer.Option("--format", help="For people, scripts or spreadsheets.")] = (
        TableFormat.table
    ),
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file.")] = None,
) -> None:
    """Print the table "Resultaten voor het keurmerk" with the promoter score and the verdict."""
    if (provider is None) != every:
        raise typer.BadParameter("give either --provider SLUG or --all", param_hint="--provider / --all")
    if file_format is TableFormat.xlsx and output is None:
        raise typer.BadParameter("a workbook needs a file: add -o FILE.xlsx", param_hint="--output")
    with refusing():
        ensure_migrated()
        with reading() as connection:
            tables = [table_of(connection, provider, wave)] if provider else _every_table(connection, wave)
        _print(tables, file_format, output, is_list=every)


def _every_table(connection: Connection, wave: str) -> list[KeurmerkTable]:
    with progress() as bar:
        task = bar.add_task("Counting", total=None)
        return tables_step_by_step(connection, wave, lambda done, total: bar.update(task, completed=done, total=total))


def _print(tables: list[KeurmerkTable], file_format: TableFormat, output: Path | None, *, is_list: bool) -> None:
    try:
        if file_format is TableFormat.xlsx and output is not None:
            write_xlsx(tables, output)
            return
        text = _text(tables, file_format, is_list=is_list)
        if output is None:
            result(text)
        else:
            output.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise Invalid(f"{output} cannot be written ({error.strerror}); choose another place") from None


def _text(tables: list[KeurmerkTable], file_format: TableFormat, *, is_list: bool) -> str:
    if file_format is TableFormat.json:
        data = [as_data(table) for table in tables]
        return as_json(data if is_list else data[0])
    return as_csv(tables) if file_format is TableFormat.csv else as_text(tables)


@responses.command("import")
def import_command(
    file: Annotated[Path, typer.Argument(help="CSV or JSON, one row per interview.")], provider: Slug, wave: WaveLabel
) -> None:
    """Store the interviews in a file; the same file twice changes nothing, a wrong row stores nothing."""
    with refusing():
        ensure_migrated()
        with progress() as bar:
            task = bar.add_task("Checking and storing", total=None)
            done = import_file(file, provider, wave, say=say, advance=lambda n: bar.advance(task, n))
    counts = f"interviews stored: {done.n_new}, replaced: {done.n_replaced}, unchanged: {done.n_unchanged}"
    result(f"{counts}; new cases: {done.n_cases}\n")


@responses.command("export")
def export_command(
    wave: WaveLabel,
    output: Annotated[Path, typer.Option("--output", "-o", help="Write to this file.")],
    provider: OptionalSlug = None,
    file_format: Annotated[
        ResponsesFormat, typer.Option("--format", help="csv, xlsx and sav (SPSS) for people, csv and json for scripts.")
    ] = ResponsesFormat.csv,
    pseudonymous: Annotated[
        bool, typer.Option("--pseudonymous", help="No references, and of what people typed only what was released.")
    ] = False,
) -> None:
    """Write the interviews of a wave, with the answers that count, in the shape that the import reads."""
    choice = Choice(wave, provider) if pseudonymous else Choice(wave, provider, "reference", "all")
    with refusing():
        ensure_migrated()
        with progress() as bar:
            task = bar.add_task("Writing", total=None)

            def advance(n_done: int, n_total: int) -> None:
                bar.update(task, completed=n_done, total=n_total)

            n = export_file(output, choice, file_format.value, actor="command", advance=advance)
    say(f"Interviews written to {output}: {n}.")
