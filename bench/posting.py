"""Letters with QR code in one PDF, as the background task makes them, and what pages feel of it."""

import threading
import time
import urllib.request
from collections.abc import Iterator

import sqlalchemy as sa

from app import clock, tasks
from app.database import writing
from app.encryption import encrypt
from app.fieldwork.letters import batches as letter_batches
from app.fieldwork.letters import making as letters
from app.fieldwork.sending.planning import sending_wave
from app.fieldwork.tables import Contact, Message, Wave
from app.fieldwork.waves import find_wave
from bench.figures import Figure
from bench.stage import WAVE, make_cases, make_participation, make_wave, serving, stage

BAR_SECONDS = 20
N_BAR = 1_000
N_SHORT = 200
PAUSE_SECONDS = 0.05
CONTACT = {
    "surname": "Voorbeeld", "initials": "A.B.", "street": "Kerkstraat", "house_number": "12", "postcode": "3511 AB",
    "place": "Utrecht",
}  # fmt: skip


def run(full: bool) -> Iterator[Figure]:
    """Time of the whole task; p95 of a page without and with the task at work."""
    n_letters = N_BAR if full else N_SHORT
    with stage("posting") as folder:
        batch_id = _batch(n_letters)
        with serving(folder) as server:
            quiet = _pages(server.url, threading.Timer(3, lambda: None))
            began = time.perf_counter()
            work = threading.Thread(target=tasks.run_one)
            busy = _pages(server.url, work)
            duration_seconds = time.perf_counter() - began
        if not letters.is_made(batch_id):
            raise SystemExit("the letters were not made")
        megabytes = round(len(letters.made_file(batch_id, letters.PDF)) / 1e6, 1)
    detail = {"megabytes": megabytes, "n_pages_busy": len(busy), "n_pages_quiet": len(quiet)}
    bar_seconds = BAR_SECONDS * n_letters / N_BAR
    yield Figure(
        f"{n_letters:,} letters with QR code in one PDF", duration_seconds, "s", "at most", bar_seconds, detail
    )
    yield Figure("a page meanwhile, p95", 1000 * _p95(busy), "ms", "at most", 1000 * _p95(quiet) + 50, detail)


def _batch(n_letters: int) -> int:
    make_wave()
    participation = make_participation("Werkpad")
    case_ids = list(make_cases(participation, n_letters).values())
    fields = {name: encrypt(text) for name, text in CONTACT.items()}
    message = {"step": "0-letter-invitation", "channel": "letter", "kind": "invitation", "state": "queued"}
    at = clock.now()
    with writing() as connection:
        connection.execute(sa.update(Wave.__table__).values(invited_at=at))  # type: ignore[attr-defined]
        everybody = [{"case_id": one, "participation_id": participation, **fields} for one in case_ids]
        connection.execute(sa.insert(Contact.__table__), everybody)  # type: ignore[attr-defined]
        queued = [{"case_id": one, "due_at": at, "n_attempts": 0, **message} for one in case_ids]
        connection.execute(sa.insert(Message.__table__), queued)  # type: ignore[attr-defined]
        wave = sending_wave(connection, find_wave(connection, WAVE).id)
        batch_id = letter_batches.take(connection, wave, "command")
        assert batch_id is not None
        tasks.start(connection, letters.MAKE, "command", batch=batch_id, actor="command")
    return batch_id


def _pages(url: str, meanwhile: threading.Thread) -> list[float]:
    """Seconds per page, asked one after the other for as long as the thread lives."""
    seconds: list[float] = []
    meanwhile.start()
    while meanwhile.is_alive():
        began = time.perf_counter()
        urllib.request.urlopen(f"{url}/code", timeout=10).read()
        seconds.append(time.perf_counter() - began)
        time.sleep(PAUSE_SECONDS)
    return seconds


def _p95(seconds: list[float]) -> float:
    return sorted(seconds)[int(len(seconds) * 0.95)]
