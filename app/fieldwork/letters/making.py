"""Making the letters of a batch: fresh links and codes, one PDF, and a list for a print shop.

What is made waits encrypted in the var folder until the batch is booked as printed; this is the only place where the
codes can be read.
"""

import csv
import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from app import clock, tasks
from app.audit.log import record
from app.database import reading, writing
from app.encryption import decrypt, sealed, unsealed
from app.errors import N_, Conflict, NotFound
from app.fieldwork import tokens
from app.fieldwork.delivery.formula_cells import guarded
from app.fieldwork.letters import batches as letter_batches
from app.fieldwork.letters.pdf import letters_pdf
from app.fieldwork.letters.text import MAX_ADDRESS_LINES, Letter, address_lines, web_address
from app.fieldwork.links import DUTCH
from app.fieldwork.output_files import written
from app.fieldwork.sending.message_texts import Addressee, words
from app.fieldwork.sending.planning import SendingWave, sending_wave
from app.fieldwork.tables import Wave
from app.settings import settings
from app.tasks import Advance, background

MAKE = "letters.make"
PDF, CSV = "brieven.pdf", "brieven.csv"
NOBODY_LEFT = N_("Geen van deze mensen hoeft nog een brief: zij zijn klaar, afgemeld of hebben geen adres meer.")
COLUMNS = (
    *(f"adresregel{number}" for number in range(1, MAX_ADDRESS_LINES + 1)),
    "code", "link", "codepagina", "vragenlijst", "taal", "dienstverlener",
)  # fmt: skip
_wave = Wave.__table__  # type: ignore[attr-defined]


def compose(batch_id: int) -> tuple[SendingWave, list[Letter]]:
    """The letters of a batch in words, each with a new link and code; what was issued before stays valid.

    Raises:
        Conflict: when the batch was printed or given up, or nobody of it needs a letter any more.
    """
    with writing() as connection:
        rows = letter_batches.still_to_make(connection, batch_id)
        case_ids = [row.case_id for row in rows]
        links, codes = tokens.issue(connection, case_ids, "link"), tokens.issue(connection, case_ids, "code")
        wave = sending_wave(connection, _wave_id(connection, batch_id))
    if not rows:
        raise Conflict(NOBODY_LEFT)
    return wave, [_letter(row, wave, links, codes) for row in rows]


def _wave_id(connection: Connection, batch_id: int) -> int:
    table = letter_batches.batch_table
    return int(connection.scalar(sa.select(table.c.wave_id).where(table.c.id == batch_id)) or 0)


def _letter(row: Row[Any], wave: SendingWave, links: Mapping[int, str], codes: Mapping[int, str]) -> Letter:
    code = codes[row.case_id]
    addressee = Addressee(wave.rules.questionnaire_for(row.kind, row.service), row.wording, row.language)
    said = words(
        addressee, "letter", wave, provider=row.provider, link=web_address(), code=tokens.grouped(code)
    )  # fmt: skip
    address = address_lines(
        [decrypt(part) for part in (row.salutation, row.initials, row.infix, row.surname)],
        [decrypt(part) for part in (row.street, row.house_number, row.addition)],
        decrypt(row.postcode),
        decrypt(row.place),
    )
    link = f"{settings().public_url.rstrip('/')}/v/{links[row.case_id]}"
    return Letter(row.case_id, row.wording, address, row.provider, said, link, code)


def as_pdf(wave: SendingWave, batch_id: int, letters: Sequence[Letter], advance: Callable[[int], None]) -> bytes:
    """The letters for the printer."""
    return letters_pdf(letters, f"Brieven {wave.label}, partij {batch_id}", clock.today(), advance)


def as_csv(letters: Sequence[Letter]) -> bytes:
    """The letters for a print shop that makes its own; no cell is taken for a formula."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=";")
    writer.writerow(COLUMNS)
    for one in letters:
        lines = [*one.address, *[""] * (MAX_ADDRESS_LINES - len(one.address))]
        facts = (
            tokens.grouped(one.code),
            one.link,
            web_address(),
            DUTCH[one.wording],
            one.words.language,
            one.provider,
        )
        writer.writerow([guarded(cell) for cell in (*lines, *facts)])
    return file.getvalue().encode("utf-8-sig")


@background(MAKE)
def make(parameters: Mapping[str, Any], advance: Advance) -> dict[str, Any]:
    """Makes both files of a batch. Done twice, the later ones replace the earlier."""
    batch_id = int(parameters["batch"])
    wave, letters = compose(batch_id)
    n_done = 0

    def step(n_more: int) -> None:
        nonlocal n_done
        n_done += n_more
        advance(n_done, len(letters) + len(letters) // 5)  # the last part has no steps of its own

    pdf, table = as_pdf(wave, batch_id, letters, step), as_csv(letters)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as both:
        both.writestr(PDF, pdf)
        both.writestr(CSV, table)
    with written(_path(batch_id, make_folder=True)) as path:
        path.write_bytes(sealed(file.getvalue()))
    with writing() as connection:
        record(connection, str(parameters["actor"]), "letters.made", f"batch:{batch_id}", n_letters=len(letters))
    return {"n_letters": len(letters)}


def is_made(batch_id: int) -> bool:
    """Whether the files of a batch are there."""
    return _path(batch_id).exists()


def made_file(batch_id: int, name: str) -> bytes:
    """One of the two files of a batch.

    Raises:
        NotFound: when they are not made yet, or deleted because the batch was printed.
    """
    try:
        stored = _path(batch_id).read_bytes()
    except FileNotFoundError:
        raise NotFound("there is no file of this batch: it is being made, or was printed and deleted") from None
    with zipfile.ZipFile(io.BytesIO(unsealed(stored))) as both:
        return both.read(name)


def delete_files(batch_id: int) -> None:
    """Takes both files away."""
    _path(batch_id).unlink(missing_ok=True)


def last_task(batch_id: int) -> tasks.Progress | None:
    """How far the making of a batch is, whoever started it."""
    table = tasks.Task.__table__  # type: ignore[attr-defined]
    with reading() as connection:
        rows = connection.execute(
            sa.select(table.c.id, table.c.owner, table.c.parameters)
            .where(table.c.kind == MAKE)
            .order_by(table.c.made_at.desc())
            .limit(100)
        )
        found = next((row for row in rows if row.parameters["batch"] == batch_id), None)
        return tasks.progress(connection, found.id, found.owner) if found else None


def _path(batch_id: int, make_folder: bool = False) -> Path:
    folder = settings().var_folder / "letters"
    if make_folder:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / f"{batch_id}.sealed"
