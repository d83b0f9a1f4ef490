"""Exports of many interviews by a process beside the server, and what people who answer meanwhile feel of it."""

import asyncio
import os
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from random import Random
from typing import Any

import sqlalchemy as sa

from app.collection.tables import Answer, Interview
from app.database import not_waiting_for_disk, reading, writing
from app.encryption import encrypt
from app.fieldwork.contact_keys import reference_key
from app.fieldwork.tables import Case, Contact, random_id
from app.simulation.simulate import plan, simulate
from bench.figures import Figure
from bench.respondents import Log, Metronome, Respondent
from bench.stage import BIN, WAVE, Server, make_cases, make_participation, make_wave, serving, stage

N_PROVIDERS = 20
N_PATTERNS = 200  # interviews that made-up people really walk through; the others repeat their answers
CHUNK = 2_000
N_BAR, N_SHORT = 100_000, 10_000
BARS_SECONDS = {"csv": 60, "xlsx": 180, "sav": 120}
START_SECONDS = 2.0  # of a process, which weighs in the short form only
BAR_MIB = 512
BAR_PAGE_MS = 500
REQUESTS_PER_SECOND = 20
N_RESPONDENTS = 400
_case = Case.__table__  # type: ignore[attr-defined]
_contact = Contact.__table__  # type: ignore[attr-defined]
_interview = Interview.__table__  # type: ignore[attr-defined]
_answer = Answer.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class _Run:
    """What one export took, and what the respondents saw."""

    seconds: float
    cpu_seconds: float
    mebibytes: float
    megabytes: float
    log: Log


def run(full: bool) -> Iterator[Figure]:
    """Time and memory per format, with p95 of a page meanwhile; the short form takes a tenth of the interviews."""
    n_interviews = N_BAR if full else N_SHORT
    with stage("exporting") as folder:
        fill(n_interviews)
        people = iter(make_cases(make_participation("Werkpad"), N_RESPONDENTS * len(BARS_SECONDS)))
        with serving(folder) as server:
            for file_format, bar_seconds in BARS_SECONDS.items():
                tokens = list(islice(people, N_RESPONDENTS))
                one = asyncio.run(_export(folder / f"export.{file_format}", file_format, server, tokens, n_interviews))
                detail = {
                    "cpu_seconds": one.cpu_seconds,
                    "megabytes": one.megabytes,
                    "n_pages": one.log.n_requests,
                    "faults": one.log.faults[:5],
                }
                name = f"export of {n_interviews:,} interviews, {file_format}"
                bar = bar_seconds if full else START_SECONDS + bar_seconds * n_interviews / N_BAR
                yield Figure(name, one.seconds, "s", "at most", bar, detail)
                yield Figure(f"{name}: memory at its highest", one.mebibytes, "MiB", "at most", BAR_MIB, detail)
                p95_ms = one.log.percentile_ms(0.95)
                yield Figure(f"{name}: a page meanwhile, p95", p95_ms, "ms", "at most", BAR_PAGE_MS, detail)


async def _export(path: Path, file_format: str, server: Server, tokens: list[str], n_interviews: int) -> _Run:
    """Runs the command while people answer, and counts what it took."""
    command = [str(BIN / "peilwijs"), "responses", "export", "--wave", WAVE, "--format", file_format]
    began = time.perf_counter()
    process = subprocess.Popen(
        [*command, "--pseudonymous", "-o", str(path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    ended = asyncio.get_running_loop().run_in_executor(None, lambda: (os.wait4(process.pid, 0), time.perf_counter()))
    log = Log()
    await asyncio.gather(*(_answer_until(ended, server.url, part, log) for part in (tokens[0::4], tokens[1::4])))
    (_, status, usage), ended_at = await ended
    said = process.stderr.read() if process.stderr else ""
    if status or int(said.strip().rstrip(".").rsplit(" ", 1)[1]) < n_interviews:
        raise SystemExit(f"the export went wrong: {said}")
    cpu_seconds = usage.ru_utime + usage.ru_stime
    return _Run(ended_at - began, cpu_seconds, usage.ru_maxrss / 1024, path.stat().st_size / 1e6, log)


async def _answer_until(ended: "asyncio.Future[Any]", url: str, tokens: list[str], log: Log) -> None:
    metronome = Metronome(REQUESTS_PER_SECOND / 2)
    for token in tokens:
        if ended.done():
            return
        await Respondent(url, token, log, metronome.turn, is_htmx=False).fill_in(ended.done)


def fill(n_interviews: int) -> None:
    """A wave of several providers with as many interviews as asked."""
    make_wave()
    participations = [make_participation(f"Provider {number}") for number in range(N_PROVIDERS)]
    make_cases(participations[0], N_PATTERNS)
    simulate(plan(WAVE, 1).invitees, 1.0)
    with reading() as connection:
        patterns = _patterns(connection)
    random = Random(1)
    wanted = islice(cycle(patterns), n_interviews - len(patterns))
    with not_waiting_for_disk():
        while copies := list(islice(wanted, CHUNK)):
            _copy(copies, participations, random)


Row = dict[str, Any]


def _patterns(connection: sa.Connection) -> list[tuple[Row, Row, list[Row]]]:
    """Case, interview and answers of everybody who began."""
    answers: dict[int, list[Row]] = {}
    for row in connection.execute(sa.select(_answer)).mappings():
        answers.setdefault(row["case_id"], []).append(dict(row))
    cases = {row["id"]: dict(row) for row in connection.execute(sa.select(_case)).mappings()}
    interviews = connection.execute(sa.select(_interview)).mappings()
    return [(cases[row["case_id"]], dict(row), answers.get(row["case_id"], [])) for row in interviews]


def _copy(patterns: list[tuple[Row, Row, list[Row]]], participations: list[int], random: Random) -> None:
    cases, contacts, interviews, answers = [], [], [], []
    for case, interview, given in patterns:
        case_id, participation_id = random_id(), random.choice(participations)
        reference = f"K{random.randrange(10**9):09}"
        cases.append(case | {"id": case_id, "participation_id": participation_id})
        contacts.append(
            {
                "case_id": case_id,
                "participation_id": participation_id,
                "reference": encrypt(reference),
                "reference_key": reference_key(reference),
            }
        )
        interviews.append(interview | {"case_id": case_id})
        answers += [answer | {"case_id": case_id} for answer in given]
    with writing() as connection:
        for table, rows in ((_case, cases), (_contact, contacts), (_interview, interviews), (_answer, answers)):
            connection.execute(sa.insert(table), rows)
