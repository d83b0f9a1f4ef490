"""The command `letters`."""

from pathlib import Path
from typing import Annotated

import typer

from app.audit.log import record
from app.console import progress, refusing, say
from app.database import reading, writing
from app.errors import Invalid, PeilwijsError
from app.fieldwork.letters import batches as letter_batches
from app.fieldwork.letters.making import as_csv, as_pdf, compose
from app.fieldwork.output_files import written
from app.fieldwork.sending.commands import At, moment_of
from app.fieldwork.sending.planning import sending_wave
from app.fieldwork.waves import find_wave
from app.schema import ensure_migrated

ALL = 1_000_000
ACTOR = "command"


def letters(
    wave: Annotated[str, typer.Option(help="Label of the wave.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Write the letters to this PDF.")],
    csv: Annotated[Path | None, typer.Option(help="Also write addresses, codes and links for a print shop.")] = None,
    at: At = None,
    printed: Annotated[
        bool, typer.Option("--printed/--not-printed", help="Book the letters as printed, now or at --at.")
    ] = True,
) -> None:
    """Make one PDF of all letters that wait. The codes in it can be read nowhere else: keep it safe."""
    with refusing():
        ensure_migrated()
        moment = moment_of(at)
        if csv is not None and csv.absolute() == output.absolute():
            raise Invalid(f"{csv} would be both the PDF and the CSV; choose another name for one of them")
        with reading() as connection:
            wave_id = find_wave(connection, wave).id
        with writing() as connection:
            batch_id = letter_batches.take(connection, sending_wave(connection, wave_id), ACTOR, ALL)
        if batch_id is None:
            say("No letters are waiting; nothing was written.")
            return
        try:
            n_letters = _write(batch_id, output, csv)
        except (PeilwijsError, OSError, KeyboardInterrupt):
            with writing() as connection:
                letter_batches.give_up(connection, ACTOR, batch_id)
            raise
        if printed:
            with writing() as connection:
                letter_batches.book_printed(connection, ACTOR, batch_id, moment)
    booked = "booked as printed" if printed else "book them as printed in the office"
    say(f"{n_letters} letters of batch {batch_id} written to {output}; {booked}.")


def _write(batch_id: int, output: Path, csv: Path | None) -> int:
    wave, made = compose(batch_id)
    with written(output) as path, progress() as bar:
        task = bar.add_task("Making letters", total=len(made))
        path.write_bytes(as_pdf(wave, batch_id, made, lambda n: bar.advance(task, n)))
        if csv is not None:
            with written(csv) as table:
                table.write_bytes(as_csv(made))
    with writing() as connection:
        record(connection, ACTOR, "letters.made", f"batch:{batch_id}", n_letters=len(made), has_csv=csv is not None)
    return len(made)
