"""kill -9 of two workers that send: no message twice, except those marked as uncertain, and none lost."""

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random

import sqlalchemy as sa
from sqlalchemy.engine import make_url

from app.database import reading
from app.fieldwork.tables import Message
from app.schema import ensure_migrated
from app.settings import ROOT
from bench.figures import Figure
from tests.factories.people import MONDAY, invite, make_people
from tests.surroundings import postgres
from tests.surroundings.databases import PostgresDatabases
from tests.surroundings.environment import SECRET, Environment
from tests.surroundings.server import free_port

N_WORKERS = 2
PATIENCE_SECONDS = 600
_message = Message.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Outcome:
    """What the mail server took, against what the outbox says."""

    n_messages: int
    n_kills: int
    seconds: float
    states: Counter[str]
    doubles: int  # taken more than once and not marked as uncertain
    n_uncertain_doubles: int
    lost: int  # said to be sent, and never taken
    untold: int  # taken, and the outbox does not know


def figures(is_full: bool) -> Iterator[Figure]:
    """The drill on both databases, crashes between 250 and commit, and the control without leases."""
    n_messages, n_kills = (10_000, 10) if is_full else (1_000, 10)
    for kind in ("sqlite", "postgresql"):
        with database_of(kind):
            done = kill_while_sending(n_messages, n_kills, seed=1)
        yield from judged(f"sending, {kind}", done, most_uncertain=n_kills)
        with database_of(kind):
            undisturbed = kill_while_sending(n_messages, 0, seed=4)
        yield from judged(f"sending undisturbed, {kind}", undisturbed, most_uncertain=0)
        rates = {"with kills": round(n_messages / done.seconds, 1), "seconds": round(undisturbed.seconds, 1)}
        rate = n_messages / undisturbed.seconds
        yield Figure(f"sending, {kind}: messages per second", rate, "/s", "at least", 100, rates)
    with database_of("sqlite"):
        died = kill_while_sending(200, 0, seed=2, guard="die-after-250", n_deaths=5)
    yield from judged("killed between 250 and commit", died, most_uncertain=died.n_kills)
    yield Figure("killed between 250 and commit: marked uncertain", died.states["uncertain"], "", "at least", 5)
    with database_of("sqlite"):
        control = kill_while_sending(200, 0, seed=3, guard="no-leases")
    yield Figure("sending control: doubles found without leases", control.doubles, "", "at least", 1)


def judged(name: str, done: Outcome, most_uncertain: int) -> Iterator[Figure]:
    detail = {"messages": done.n_messages, "kills": done.n_kills, "states": dict(done.states),
              "seconds": round(done.seconds, 1), "uncertain and double": done.n_uncertain_doubles}  # fmt: skip
    n_accounted = done.states["sent"] + done.states["uncertain"]
    yield Figure(f"{name}: messages sent or uncertain", n_accounted, "", "at least", done.n_messages, detail)
    yield Figure(f"{name}: sent twice (I2)", done.doubles, "", "at most", 0, detail)
    yield Figure(f"{name}: said to be sent, not taken", done.lost, "", "at most", 0, detail)
    yield Figure(f"{name}: taken, not known", done.untold, "", "at most", 0, detail)
    yield Figure(f"{name}: uncertain", done.states["uncertain"], "", "at most", most_uncertain, detail)


@contextmanager
def database_of(kind: str) -> Iterator[None]:
    """An empty database that the settings point at."""
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="peilwijs-drill-"))
        given = {"PEILWIJS_VAR_FOLDER": folder, "PEILWIJS_SECRET_KEY": SECRET, "PEILWIJS_MAIL_PER_SECOND": "0"}
        if kind == "postgresql":
            databases = PostgresDatabases(make_url(stack.enter_context(postgres.running())))
            stack.callback(databases.close)
            name = databases.make()
            stack.callback(databases.drop, name)
            given["PEILWIJS_DATABASE_URL"] = databases.address(name)
        stack.enter_context(Environment(**given))
        ensure_migrated()
        yield


def kill_while_sending(n_messages: int, n_kills: int, seed: int, guard: str = "", n_deaths: int = 0) -> Outcome:
    """Sends to a mail server in its own process with two workers, each of which is killed and replaced at random.

    Args:
        guard: `no-leases` or `die-after-250`, see `sending_worker`.
        n_deaths: how many workers end by themselves; only with `die-after-250`.
    """
    make_people(n_messages)
    invite(MONDAY)
    random = Random(seed)
    with tempfile.TemporaryDirectory() as folder, sink(Path(folder) / "journal") as (journal, url):
        crowd = [Worker(url, guard) for _ in range(N_WORKERS)]
        try:
            wait(lambda: bool(taken_by(journal)))  # starting Python is not what is measured
            begun_at = time.monotonic()
            for number in range(1, n_kills + 1):
                wait(lambda: len(taken_by(journal)) >= number * n_messages // (n_kills + 2))  # noqa: B023
                time.sleep(random.uniform(0, 0.1))
                random.choice(crowd).replace()
            for _ in range(n_deaths):
                wait(lambda: any(one.is_dead for one in crowd))
                next(one for one in crowd if one.is_dead).replace(guard)
            for one in crowd if n_deaths else ():
                one.replace()  # one that lives on; its predecessor is one kill more
                n_kills += 1
            wait(lambda: n_under_way() == 0)
            seconds = time.monotonic() - begun_at
        finally:
            for one in crowd:
                one.kill()
        return compared(n_messages, n_kills + n_deaths, seconds, Counter(taken_by(journal)))


def compared(n_messages: int, n_kills: int, seconds: float, taken: Counter[str]) -> Outcome:
    with reading() as connection:
        rows = connection.execute(sa.select(_message.c.message_id, _message.c.state)).all()
    state_of = {row.message_id: row.state for row in rows}
    twice = [message_id for message_id, n_times in taken.items() if n_times > 1]
    return Outcome(
        n_messages,
        n_kills,
        seconds,
        Counter(state_of.values()),
        doubles=sum(state_of[one] != "uncertain" for one in twice),
        n_uncertain_doubles=sum(state_of[one] == "uncertain" for one in twice),
        lost=sum(state == "sent" and one not in taken for one, state in state_of.items()),
        untold=sum(state_of.get(one) not in ("sent", "uncertain") for one in taken),
    )


class Worker:
    """One sending process; can be killed (SIGKILL) and replaced by another."""

    def __init__(self, smtp_url: str, guard: str = "", at: datetime = MONDAY, **environment: str) -> None:
        self._environment = os.environ | {"PEILWIJS_SMTP_URL": smtp_url} | environment
        self._at = at
        self._process = self._started(guard)

    @property
    def is_dead(self) -> bool:
        return self._process.poll() is not None

    def replace(self, guard: str = "") -> None:
        self.kill()
        self._process = self._started(guard)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def _started(self, guard: str) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "tests.drills.sending_worker", self._at.isoformat(), guard]
        return subprocess.Popen(command, env=self._environment, cwd=ROOT, stdin=subprocess.DEVNULL)


@contextmanager
def sink(journal: Path) -> Iterator[tuple[Path, str]]:
    port = free_port()
    command = [sys.executable, "-m", "tests.drills.mail_sink", str(port), str(journal)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert process.stdout and process.stdout.readline() == b"ready\n"
        yield journal, f"smtp://127.0.0.1:{port}"
    finally:
        process.kill()
        process.communicate()


def taken_by(journal: Path) -> list[str]:
    return journal.read_text().split() if journal.exists() else []


def n_under_way() -> int:
    with reading() as connection:
        under_way = sa.select(sa.func.count()).where(_message.c.state.in_(("queued", "claimed", "sending")))
        return int(connection.scalar(under_way) or 0)


def wait(is_done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_done():
        if time.monotonic() > deadline:
            raise AssertionError(f"the workers were not done in {PATIENCE_SECONDS} s")
        time.sleep(0.05)
