"""kill -9 of the server at random moments while respondents answer: nothing that was acknowledged may be lost."""

import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from app.database import writing
from app.fieldwork import tokens
from app.schema import ensure_migrated
from bench.figures import Figure
from tests.drills.journal import Journal, Key, database_faults
from tests.drills.respondents import Respondent
from tests.factories.fieldwork import make_cases
from tests.surroundings.environment import SECRET, Environment
from tests.surroundings.server import Served

N_RESPONDENTS = 4
N_CASES = 4000


@dataclass
class Outcome:
    """What the kills did."""

    n_acknowledged: int = 0
    n_finished: int = 0
    lost: set[Key] = field(default_factory=set)
    faults: list[object] = field(default_factory=list)


def figures(is_full: bool) -> Iterator[Figure]:
    """The drill, and its control: respondents who believe that sent is stored must be proved wrong."""
    n_kills = 200 if is_full else 15
    real = kill_at_random(n_kills, seed=1)
    detail = {"kills": n_kills, "finished": real.n_finished}
    yield Figure("kill -9: acknowledged answers", real.n_acknowledged, "", "at least", 5 * n_kills, detail)
    yield Figure("kill -9: acknowledged answers lost (I1)", len(real.lost), "", "at most", 0, detail)
    detail = {"faults": [str(fault) for fault in real.faults[:20]]}
    yield Figure("kill -9: faults in database or log (I2, I3, I5)", len(real.faults), "", "at most", 0, detail)
    control = kill_at_random(20 if is_full else 6, seed=2, is_early=True)
    yield Figure("kill -9 control: losses found when sent counts as stored", len(control.lost), "", "at least", 1)


def kill_at_random(n_kills: int, seed: int, is_early: bool = False) -> Outcome:
    """Kills and restarts the server; after each restart, before anybody goes on, the journal is compared."""
    with tempfile.TemporaryDirectory(prefix="peilwijs-drill-") as name:
        folder = Path(name)
        with Environment(PEILWIJS_VAR_FOLDER=name, PEILWIJS_SECRET_KEY=SECRET):
            ensure_migrated()
            case_ids = make_cases(N_CASES, label="2024", service=1)
            with writing() as connection:
                cases = list(tokens.issue(connection, case_ids, "link").items())
            server = Served(folder, PEILWIJS_SECRET_KEY=SECRET)
            server.start()
            try:
                return _run(server, cases, n_kills, Random(seed), Journal(is_early))
            finally:
                server.kill()


def _run(server: Served, cases: list[tuple[int, str]], n_kills: int, random: Random, journal: Journal) -> Outcome:
    may_go_on = threading.Event()
    may_go_on.set()
    crowd = [
        Respondent(server.url, iter(cases[number::N_RESPONDENTS]), journal, may_go_on, seed=number)
        for number in range(N_RESPONDENTS)
    ]
    for one in crowd:
        one.start()
    outcome = Outcome()
    for _ in range(n_kills):
        _wait_for(journal, journal.n_acknowledged + random.randint(5, 40))
        time.sleep(random.uniform(0, 0.05))
        may_go_on.clear()
        server.kill()
        for one in crowd:
            one.is_waiting.wait(30)
        server.start()
        outcome.lost |= journal.lost()
        outcome.faults += database_faults()
        may_go_on.set()
    for one in crowd:
        one.is_stopping = True
    for one in crowd:
        one.join(30)
    server.stop()
    outcome.n_acknowledged = journal.n_acknowledged
    outcome.n_finished = sum(one.n_finished for one in crowd)
    outcome.lost |= journal.lost()
    outcome.faults += [*database_faults(), *server.faults, *(fault for one in crowd for fault in one.faults)]
    return outcome


def _wait_for(journal: Journal, n_acknowledged: int, patience_seconds: float = 60) -> None:
    """Returns when so many answers were acknowledged: a kill before the first page has loaded proves nothing."""
    deadline = time.monotonic() + patience_seconds
    while journal.n_acknowledged < n_acknowledged:
        if time.monotonic() > deadline:
            raise AssertionError(f"only {journal.n_acknowledged} answers were acknowledged in {patience_seconds} s")
        time.sleep(0.005)
