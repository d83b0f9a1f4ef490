"""The commands `wave`, `provider`, `delivery` and `links`."""

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from app import clock
from app.console import progress, refusing, result, say
from app.database import reading, writing
from app.errors import Invalid
from app.fieldwork import waves
from app.fieldwork.delivery.file import open_delivery
from app.fieldwork.delivery.marked_workbook import write_marked
from app.fieldwork.delivery.preview import Preview, preview
from app.fieldwork.delivery.storing import Imported, import_delivery
from app.fieldwork.delivery.verdict_formats import as_csv, as_json, as_text
from app.fieldwork.links import make_links, open_cases, write_links
from app.fieldwork.output_files import written
from app.fieldwork.rules import shipped_rules
from app.schema import ensure_migrated
from app.settings import settings

GROUP: dict[str, Any] = {"no_args_is_help": True, "add_completion": False, "pretty_exceptions_enable": False}
wave_commands = typer.Typer(name="wave", help="Measurement periods.", **GROUP)
provider_commands = typer.Typer(name="provider", help="Companies that want the quality mark.", **GROUP)
delivery_commands = typer.Typer(name="delivery", help="Client files of providers.", **GROUP)

WaveLabel = Annotated[str, typer.Option(help="Label of the wave.")]
Slug = Annotated[str, typer.Option(help="The provider's slug.")]
DeliveredFile = Annotated[Path, typer.Argument(metavar="FILE", help="CSV or XLSX, one row per client or commissioner.")]


class VerdictFormat(StrEnum):
    text = "text"
    json = "json"
    csv = "csv"
    xlsx = "xlsx"


@wave_commands.callback()
def _waves() -> None:
    """Measurement periods."""


@provider_commands.callback()
def _providers() -> None:
    """Companies that want the quality mark."""


@wave_commands.command("create")
def create_wave(
    label: Annotated[str, typer.Argument(help="How the wave is called from now on, like 2024.")],
    starts_on: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="First day.")],
    ends_on: Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day.")],
    rules: Annotated[
        Path | None, typer.Option(help="YAML with what differs from the shipped rules; see docs/wave-rules.md.")
    ] = None,
) -> None:
    """Make a wave. Without --rules it takes the shipped rules of its first year."""
    first, last = starts_on.date(), ends_on.date()
    with refusing():
        ensure_migrated()
        wave_rules = waves.read_rules_file(rules, first) if rules else shipped_rules(first)
        with writing() as connection:
            waves.create_wave(connection, label, first, last, wave_rules)
    say(f"Wave {label} from {first} to {last} is made, with {len(wave_rules.services)} services.")


@provider_commands.command("add")
def add_provider(name: Annotated[str, typer.Argument(help="The name as clients know it.")]) -> None:
    """Add a provider and print its slug."""
    with refusing():
        ensure_migrated()
        with writing() as connection:
            slug = waves.add_provider(connection, name)
    result(f"{slug}\n")


@delivery_commands.command("check")
def check_delivery(
    file: DeliveredFile,
    provider: Slug,
    wave: WaveLabel,
    file_format: Annotated[VerdictFormat, typer.Option("--format", help="xlsx gives the file back, marked.")] = (
        VerdictFormat.text
    ),
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file.")] = None,
) -> None:
    """Preview a delivery: a verdict for every row. Stores nothing."""
    if file_format is VerdictFormat.xlsx and output is None:
        raise typer.BadParameter("a workbook needs a file: add -o FILE.xlsx", param_hint="--output")
    with refusing():
        ensure_migrated()
        if output and output.exists() and file.exists() and output.samefile(file):
            raise Invalid(f"{output} is the delivered file itself; choose another name")
        delivery = open_delivery(file)
        with progress() as bar:
            task = bar.add_task("Checking", total=delivery.n_expected)
            found = preview(delivery, provider, wave, lambda n: bar.advance(task, n))
        _print(found, file_format, output)


def _print(found: Preview, file_format: VerdictFormat, output: Path | None) -> None:
    if file_format is VerdictFormat.xlsx and output:
        with written(output) as path:
            write_marked(found, path)
        say(f"{output} holds the file with the faulty cells marked.")
        return
    text = {VerdictFormat.json: as_json, VerdictFormat.csv: as_csv}.get(file_format, as_text)(found)
    if output is None:
        result(text)
        return
    with written(output) as path:
        path.write_text(text, encoding="utf-8", newline="")


@delivery_commands.command("import")
def store_delivery(file: DeliveredFile, provider: Slug, wave: WaveLabel) -> None:
    """Store the accepted rows of a delivery, all or nothing. The same file twice changes nothing."""
    with refusing():
        ensure_migrated()
        delivery = open_delivery(file)
        with progress() as bar:
            judging, storing = (bar.add_task(name, total=delivery.n_expected) for name in ("Checking", "Storing"))
            done = import_delivery(
                delivery, provider, wave, lambda n: bar.advance(judging, n), lambda n: bar.advance(storing, n)
            )
    result(_summary(done))


def _summary(done: Imported) -> str:
    if done.same_file_at:
        return f"this file was stored before, on {clock.local(done.same_file_at):%Y-%m-%d %H:%M}; nothing changed\n"
    counts = ", ".join(f"{n_rows} {verdict}" for verdict, n_rows in done.counts.items())
    lines = [f"{counts}; {done.n_new} new cases, {done.n_updated} known cases with renewed contact data"]
    if done.n_not_sampled:
        lines.append(f"{done.n_not_sampled} of the new cases were not drawn and stay as a reserve")
    if done.n_opted_out:
        lines.append(f"{done.n_opted_out} of the new cases opted out before and stay so")
    if done.n_other_service:
        lines.append(f"{done.n_other_service} known cases came with another service; they keep the first one")
    return "\n".join(lines) + "\n"


def links(
    wave: WaveLabel,
    output: Annotated[Path, typer.Option("--output", "-o", help="Write to this CSV file.")],
    provider: Annotated[str | None, typer.Option(help="Only this provider (its slug).")] = None,
) -> None:
    """Write a fresh link and typed code for every open case, for a mail merge. Earlier links stay valid."""
    with refusing():
        ensure_migrated()
        with reading() as connection:
            wave_id = waves.find_wave(connection, wave).id
            provider_id = waves.find_provider(connection, provider).id if provider else None
            cases = open_cases(connection, wave_id, provider_id)
        with written(output) as path, progress() as bar:
            with writing() as connection:
                made = make_links(connection, cases)
            task = bar.add_task("Writing links", total=len(cases))
            write_links(path, cases, made, settings().public_url, lambda n: bar.advance(task, n))
    say(f"{len(cases)} links and codes written to {output}; keep the file as safe as the contact data in it.")
