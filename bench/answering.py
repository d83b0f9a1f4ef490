"""Answering an average question page: our pages per CPU-second against those of a bare application in the same run."""

import asyncio
import time
from collections.abc import Iterator

from bench.connection import Connection
from bench.figures import Figure
from bench.respondents import Log, Respondent, as_fast_as_possible
from bench.stage import Server, make_cases, make_participation, make_wave, serving, serving_baseline, stage

N_CONNECTIONS = 6
BAR = 0.5


def run(full: bool) -> Iterator[Figure]:
    """Ours and the baseline by turns, so that a slower moment of the machine hits both."""
    n_rounds, n_respondents = (9, 80) if full else (5, 24)
    with stage("answering") as folder:
        make_wave()
        tokens = iter(make_cases(make_participation("Werkpad"), (n_rounds + 1) * n_respondents))
        with serving(folder) as ours, serving_baseline(folder) as bare:
            log = Log()
            _our_rate(ours, tokens, n_respondents, log)  # warm: templates compiled, every page seen
            _bare_rate(bare, 200)
            ratios, our_rates, bare_rates = [], [], []
            for _ in range(n_rounds):
                our_rates.append(_our_rate(ours, tokens, n_respondents, log))
                bare_rates.append(_bare_rate(bare, n_respondents * 50))
                ratios.append(our_rates[-1] / bare_rates[-1])
    detail = {"ratios": ratios, "our_pages_per_cpu_second": our_rates, "baseline_pages_per_cpu_second": bare_rates}
    name = "answer a question page, of the baseline's pages per CPU-second"
    yield Figure(name, sorted(ratios)[n_rounds // 2], "", "at least", BAR, detail)


def _our_rate(server: Server, tokens: Iterator[str], n_respondents: int, log: Log) -> float:
    """Question pages per CPU-second, over whole interviews in both wordings from first question to last overview."""
    return asyncio.run(_respond(server, [next(tokens) for _ in range(n_respondents)], log))


async def _respond(server: Server, tokens: list[str], log: Log) -> float:
    waiting = [
        Respondent(server.url, token, log, as_fast_as_possible, is_htmx=True, passes_overviews=True) for token in tokens
    ]
    for respondent in waiting:
        await respondent.begin()
        await respondent.connection.close()  # a server does not wait long for the next request
    before, n_before = server.cpu_seconds(), log.n_pages

    async def one_after_another() -> None:
        while waiting:
            await waiting.pop().fill_in()

    await asyncio.gather(*(one_after_another() for _ in range(N_CONNECTIONS)))
    if log.faults:
        raise SystemExit(f"respondents met faults: {log.faults[:3]}\n{server.log_path.read_text()[-2000:]}")
    return (log.n_pages - n_before) / (server.cpu_seconds() - before)


def _bare_rate(server: Server, n_pages: int) -> float:
    before = server.cpu_seconds()
    asyncio.run(_upsert(server, n_pages // N_CONNECTIONS))
    return n_pages / (server.cpu_seconds() - before)


async def _upsert(server: Server, n_each: int) -> None:
    async def post(name: str) -> None:
        connection = Connection(server.url)
        for number in range(n_each):
            form = {f"question_{n}": ["option_3"] for n in range(3)} | {"respondent": [f"{name}-{number // 20}"]}
            response = await connection.post(f"/page/{number % 20}", form)
            if response.status != 200:
                raise SystemExit(f"the baseline answered {response.status}")
        await connection.close()

    await asyncio.gather(*(post(f"{time.monotonic_ns()}-{n}") for n in range(N_CONNECTIONS)))
