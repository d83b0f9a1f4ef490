"""Making the reports of a wave: in processes of their own, one per core, so that no page waits for them.

Each process takes the name of a provider on a line and answers with a line: what went wrong, or nothing. One that dies
takes only the report it was at with it, and another goes on.
"""

import json
import logging
import os
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from queue import Empty, SimpleQueue
from typing import Any

from app.database import reading, writing
from app.errors import Conflict, PeilwijsError
from app.reports import editions
from app.reports.composition import compose
from app.reports.document import Edition
from app.reports.gathering import gather
from app.reports.pdf import report_pdf
from app.settings import ROOT

log = logging.getLogger("peilwijs.reports")
PATIENCE_SECONDS = 120  # for one report
LESS_URGENT = 10  # than answering pages
DIED = "the process that made it stopped"
Failed = Callable[[str, str], None]  # provider, problem


def make_one(wave: str, provider: str, actor: str) -> None:
    """A draft of one report from the data of now, and proof that its PDF can be made.

    Raises:
        Conflict: when the report is final.
    """
    with reading() as connection:
        line = editions.one_line(connection, wave, provider)
        if line.report is not None and line.report.state == "final":
            raise Conflict(editions.IS_FINAL)
        document = compose(gather(connection, wave, provider))
    report_pdf(document, Edition())
    with writing() as connection:
        editions.store_draft(connection, actor, line.participation_id, document)


def make_all(
    wave: str, providers: Sequence[str], actor: str, advance: Callable[[], None], *, n_processes: int = 0
) -> dict[str, str]:
    """Drafts of the reports of these providers; returns what went wrong, by provider.

    Args:
        advance: called after each report, whether it was made or not.
        n_processes: how many work at once; 0 = one per core.
    """
    waiting: SimpleQueue[str] = SimpleQueue()
    for provider in providers:
        waiting.put(provider)
    problems: dict[str, str] = {}
    lock = threading.Lock()

    def ended(provider: str, problem: str) -> None:
        with lock:
            if problem:
                problems[provider] = problem
            advance()

    n_wanted = min(n_processes or os.cpu_count() or 1, len(providers))
    crew = [threading.Thread(target=_lead, args=(wave, actor, waiting, ended), daemon=True) for _ in range(n_wanted)]
    for one in crew:
        one.start()
    for one in crew:
        one.join()
    return problems


def _lead(wave: str, actor: str, waiting: "SimpleQueue[str]", ended: Failed) -> None:
    """Gives one process its work until there is none; starts another when it dies."""
    while not waiting.empty():
        with _process(wave, actor) as process:
            while _gave_one(process, waiting, ended):
                pass


def _gave_one(process: "subprocess.Popen[str]", waiting: "SimpleQueue[str]", ended: Failed) -> bool:
    """False when there is no more work, or nobody to do it."""
    try:
        provider = waiting.get_nowait()
    except Empty:
        return False
    assert process.stdin and process.stdout
    patience = threading.Timer(PATIENCE_SECONDS, process.kill)
    patience.start()
    try:
        process.stdin.write(f"{provider}\n")
        process.stdin.flush()
        answer = process.stdout.readline()
    except OSError:
        answer = ""
    finally:
        patience.cancel()
    ended(provider, json.loads(answer) if answer else DIED)
    return bool(answer)


@contextmanager
def _process(wave: str, actor: str) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-m", "app.reports.workshop", wave, actor]
    surroundings = os.environ | {"RAYON_NUM_THREADS": "1"}  # typst: every process has a core of its own, no more
    process = subprocess.Popen(  # noqa: S603 (our own module)
        command, stdin=-1, stdout=-1, cwd=ROOT, env=surroundings, text=True
    )
    try:
        yield process
    finally:
        assert process.stdin and process.stdout
        with suppress(OSError):
            process.stdin.close()
        try:
            process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()


def _work(wave: str, actor: str, lines: Any) -> None:
    """What a process does: a provider per line in, a problem or "" per line out."""
    os.nice(LESS_URGENT)
    for line in lines:
        provider, problem = line.strip(), ""
        try:
            make_one(wave, provider, actor)
        except PeilwijsError as refused:
            problem = str(refused)
        except Exception as error:
            where = traceback.extract_tb(error.__traceback__)[-1]  # not the message: it may hold what somebody typed
            log.error("no report of %s: %s at %s:%s", provider, type(error).__name__, where.filename, where.lineno)
            problem = f"{type(error).__name__} at {where.filename.rsplit('/', 1)[-1]}:{where.lineno}"
        print(json.dumps(problem), flush=True)


if __name__ == "__main__":
    _work(sys.argv[1], sys.argv[2], sys.stdin)
