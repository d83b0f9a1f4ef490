"""One provider's report from data to file, and the reports of a wave in parallel processes."""

import contextlib
import csv
import io
import os
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

from app.collection import versions
from app.database import not_waiting_for_disk, reading, writing
from app.fieldwork.waves import find_wave
from app.reports.composition import compose
from app.reports.document import Document, Edition
from app.reports.gathering import gather
from app.reports.pdf import report_pdf
from app.reports.workshop import make_all
from app.results.figures.refresh import refresh
from app.results.responses.importing import import_file
from app.results.screening.answers import decide, open_answers
from bench.figures import Figure
from bench.stage import WAVE, make_participation, make_wave, stage

N_REPORTS = 24
N_REPORTS_FULL = 100
N_INTERVIEWS = 100
SERVICES = (1, 3, 8, 9)
REMARK = "Ik kreeg goede hulp, al duurde het soms lang voordat er iemand terugbelde. " * 4


def run(full: bool) -> Iterator[Figure]:
    """Time of one report, and of all of them with one process and with one per core."""
    n_reports = N_REPORTS_FULL if full else N_REPORTS
    with stage("reporting") as folder:
        make_wave()
        slugs = [_provider(folder, number) for number in range(n_reports)]
        with reading() as connection:
            wave_id = find_wave(connection, WAVE).id
        refresh(wave_id)
        seconds, pdf, document = min((_one(slugs[0]) for _ in range(5)), key=lambda one: one[0])
        alone_seconds, alone_cpu_seconds = _all(slugs, 1)
        together_seconds, cpu_seconds = _all(slugs, os.cpu_count() or 1)
    detail = {"n_figures": sum(1 for _ in document.charts()), "n_pages": _n_pages(pdf), "n_bytes": len(pdf)}
    yield Figure("one report, data to PDF", seconds, "s", "at most", 1, detail)
    n_cores = os.cpu_count() or 1
    gain = alone_seconds / together_seconds
    times = {
        "alone_seconds": alone_seconds,
        "together_seconds": together_seconds,
        "alone_cpu_seconds": alone_cpu_seconds,
        "cpu_seconds": cpu_seconds,
        "n_cores": n_cores,
    }
    name = f"{n_reports} reports with {n_cores} processes against one"
    yield Figure(name, gain / n_cores, "of linear", "at least", 0.7, times)


def _one(slug: str) -> tuple[float, bytes, Document]:
    began = time.perf_counter()
    with reading() as connection:
        document = compose(gather(connection, WAVE, slug))
    pdf = report_pdf(document, Edition())
    return time.perf_counter() - began, pdf, document


def _all(slugs: list[str], n_processes: int) -> tuple[float, float]:
    """Seconds on the clock, and of work of the processes."""
    began, worked = time.perf_counter(), os.times().children_user
    problems = make_all(WAVE, slugs, "command", lambda: None, n_processes=n_processes)
    if problems:
        raise SystemExit(f"reports went wrong: {problems}")
    return time.perf_counter() - began, os.times().children_user - worked


def _n_pages(pdf: bytes) -> int:
    import pikepdf

    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return len(opened.pages)


def _provider(folder: Path, number: int) -> str:
    """A provider with interviews in which everything was answered."""
    make_participation(f"Provider {number}")
    path = folder / "responses.csv"
    random = Random(number)
    rows = [_row(random, client) for client in range(N_INTERVIEWS)]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    with not_waiting_for_disk(), contextlib.redirect_stderr(io.StringIO()):
        import_file(path, f"provider-{number}", WAVE, say=lambda text: None, advance=lambda n: None)
    slug = f"provider-{number}"
    with not_waiting_for_disk(), writing() as connection:
        for answer in open_answers(connection, WAVE, slug):
            decide(connection, "command", answer, answer.hash, (), is_released=True)
    return slug


def _row(random: Random, number: int) -> dict[str, str]:
    """One interview with an answer to every question that can be answered by a code."""
    service = random.choice(SERVICES)
    cells = {
        "case_ref": f"C{number}", "kind": "client", "service": str(service), "questionnaire": "arbeid-2022",
        "wording": "regular", "mode": "web", "completed_at": "2026-06-01T10:00:00+02:00",
    }  # fmt: skip
    for block in versions.current("arbeid-2022").texts.blocks:
        for question in block.questions:
            for variable in question.variables():
                cells[variable.code] = _answer(random, question.type, variable.code, list(variable.values))
    cells["remarks"] = REMARK
    return cells | {"had_contact": "yes", "complaint": "yes"}


def _answer(random: Random, kind: str, code: str, options: list[str]) -> str:
    if kind == "grade":
        return f"{random.randint(40, 100) / 10}"
    if kind == "multiple":
        return "0"
    return random.choice(options) if options else ""
