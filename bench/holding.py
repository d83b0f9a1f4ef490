"""Load held on two cores that the generator shares, half POST, half GET; acknowledged answers are looked up after."""

import asyncio
import time
from collections.abc import Iterator

import sqlalchemy as sa

from app.collection.tables import Answer
from app.database import reading
from bench.figures import Figure
from bench.respondents import Log, Metronome, Respondent
from bench.stage import Server, make_cases, make_participation, make_wave, serving, stage

REQUESTS_PER_SECOND = 120
N_AT_ONCE = 40
N_WORKERS = 2
_answer = Answer.__table__  # type: ignore[attr-defined]


def run(full: bool) -> Iterator[Figure]:
    """Respondents without JavaScript, so that each answer is a POST and a GET."""
    seconds = 300.0 if full else 30.0
    with stage("holding") as folder:
        make_wave()
        n_cases = int(REQUESTS_PER_SECOND * seconds / 20) + N_AT_ONCE
        case_ids = make_cases(make_participation("Werkpad"), n_cases)
        with serving(folder, N_WORKERS) as server:
            log, duration_seconds = asyncio.run(_load(server, iter(case_ids), seconds))
            n_logged = sum('"event": "error"' in line for line in server.log_path.read_text().splitlines())
        losses, faults = _lost(log, case_ids), _database_faults()
    n_5xx = sum(n for status, n in log.statuses.items() if status >= 500)
    detail = {"statuses": log.statuses, "n_workers": N_WORKERS, "seconds": duration_seconds, "faults": log.faults[:5]}
    rate = log.n_requests / duration_seconds
    yield Figure(f"load held for {seconds:.0f} s", rate, "requests/s", "at least", 100, detail)
    yield Figure("load held: p95", log.percentile_ms(0.95), "ms", "at most", 300, detail)
    yield Figure("load held: p99", log.percentile_ms(0.99), "ms", "at most", 1000, detail)
    n_errors = len(log.faults) + n_5xx + n_logged
    yield Figure("load held: requests that failed, errors in the log", n_errors, "", "at most", 0, detail)
    n_answers = sum(len(answers) for answers in log.journal.values())
    lost = {"n_acknowledged": n_answers, "examples": losses[:5]}
    yield Figure("load held: acknowledged answers that are not stored", len(losses), "", "at most", 0, lost)
    yield Figure("load held: doubles, broken references, damage", len(faults), "", "at most", 0, {"faults": faults[:5]})


async def _load(server: Server, tokens: Iterator[str], seconds: float) -> tuple[Log, float]:
    log = Log()
    began = time.perf_counter()
    await _respond(server, tokens, log, seconds)
    return log, time.perf_counter() - began


async def _respond(server: Server, tokens: Iterator[str], log: Log, seconds: float) -> None:
    metronome = Metronome(REQUESTS_PER_SECOND)
    ends_at = time.perf_counter() + seconds

    async def one_after_another() -> None:
        for token in tokens:
            respondent = Respondent(server.url, token, log, metronome.turn, is_htmx=False)
            await respondent.fill_in(lambda: time.perf_counter() >= ends_at)
            if time.perf_counter() >= ends_at:
                return
            await respondent.finish()

    await asyncio.gather(*(one_after_another() for _ in range(N_AT_ONCE)))


def _lost(log: Log, case_ids: dict[str, int]) -> list[str]:
    """I1: acknowledged answers that are not in the database with that value."""
    lost = []
    with reading() as connection:
        for token, acknowledged in log.journal.items():
            rows = connection.execute(
                sa.select(_answer.c.code, _answer.c.value).where(_answer.c.case_id == case_ids[token])
            )
            stored = {row.code: row.value or "" for row in rows}
            lost += [
                f"{code}: «{value}» was acknowledged, «{stored.get(code)}» is stored"
                for code, value in acknowledged.items()
                if value and sorted(stored.get(code, "").split()) != sorted(value.split())
            ]
    return lost


def _database_faults() -> list[str]:
    """I2 and I3: one answer per question, references that hold, a file without damage."""
    with reading() as connection:
        doubles = connection.exec_driver_sql(
            "SELECT case_id, code FROM answer GROUP BY case_id, code HAVING count(*) > 1"
        ).all()
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        damage = [row[0] for row in connection.exec_driver_sql("PRAGMA integrity_check") if row[0] != "ok"]
    return [f"double {tuple(row)}" for row in doubles] + [f"broken {tuple(row)}" for row in broken] + damage
