"""Answering an average question page: our pages per CPU-second against those of a bare application in the same run."""

import asyncio
import time
from collections.abc import Callable, Iterator

from bench.connection import Connection
from bench.figures import Figure
from bench.respondents import Log, Respondent, as_fast_as_possible
from bench.stage import Server, make_cases, make_participation, make_wave, serving, serving_baseline, stage

N_CONNECTIONS = 6
BAR = 0.5


def run(full: bool) -> Iterator[Figure]:
    """Ours and the baseline by turns, so that a slower moment of the machine hits both."""
    n_rounds, seconds = (6, 10.0) if full else (3, 5.0)
    with stage("answering") as folder:
        make_wave()
        tokens = iter(make_cases(make_participation("Werkpad"), 6000))
        with serving(folder) as ours, serving_baseline(folder) as bare:
            asyncio.run(_respond(ours, tokens, 1.5))  # warm: templates compiled, questionnaire loaded
            asyncio.run(_upsert(bare, 1.5))
            ours_rates, bare_rates = [], []
            for _ in range(n_rounds):
                ours_rates.append(_rate(ours, lambda: asyncio.run(_respond(ours, tokens, seconds))))
                bare_rates.append(_rate(bare, lambda: asyncio.run(_upsert(bare, seconds))))
    our_rate, bare_rate = sorted(ours_rates)[n_rounds // 2], sorted(bare_rates)[n_rounds // 2]
    detail = {"pages_per_cpu_second": our_rate, "baseline": bare_rate, "ours": ours_rates, "bare": bare_rates}
    yield Figure(
        "answer a question page, of the baseline's pages per CPU-second",
        our_rate / bare_rate,
        "",
        "at least",
        BAR,
        detail,
    )


def _rate(server: Server, work: Callable[[], int]) -> float:
    before = server.cpu_seconds()
    n_pages = work()
    return n_pages / (server.cpu_seconds() - before)


async def _respond(server: Server, tokens: Iterator[str], seconds: float) -> int:
    """Whole interviews, one after another on each connection; returns the number of question pages answered."""
    log = Log()
    ends_at = time.perf_counter() + seconds

    async def one_after_another() -> None:
        while time.perf_counter() < ends_at:
            respondent = Respondent(server.url, next(tokens), log, as_fast_as_possible, is_htmx=True)
            await respondent.fill_in(lambda: time.perf_counter() >= ends_at)

    await asyncio.gather(*(one_after_another() for _ in range(N_CONNECTIONS)))
    if log.faults:
        raise SystemExit(f"respondents met faults: {log.faults[:3]}\n{server.log_path.read_text()[-2000:]}")
    return log.n_pages


async def _upsert(server: Server, seconds: float) -> int:
    ends_at = time.perf_counter() + seconds
    n_pages = 0

    async def post(name: str) -> None:
        nonlocal n_pages
        connection = Connection(server.url)
        number = 0
        while time.perf_counter() < ends_at:
            form = {f"question_{n}": ["option_3"] for n in range(3)} | {"respondent": [f"{name}-{number // 20}"]}
            response = await connection.post(f"/page/{number % 20}", form)
            if response.status != 200:
                raise SystemExit(f"the baseline answered {response.status}")
            n_pages, number = n_pages + 1, number + 1
        await connection.close()

    await asyncio.gather(*(post(f"respondent-{n}-{ends_at}") for n in range(N_CONNECTIONS)))
    return n_pages
