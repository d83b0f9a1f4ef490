"""Two agents and a respondent on the web fight over one case, in random interleavings.

Everybody keeps a journal of what was acknowledged. Afterwards there must be an order of everything, one after another,
that gives what is in the database: no answer lost or doubled, none taken after the end, one interview, one agent at a
time. The controls take away the lock of the queue, and the door that closes when an interview is finished.
"""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from unittest.mock import patch

import sqlalchemy as sa
import time_machine

from app.callcentre import attempts, claim, enrolment, queue
from app.callcentre.claim import Asker
from app.callcentre.tables import attempt_table, state_table
from app.clock import now
from app.collection import interviews, sittings
from app.collection.interviews import Stored
from app.collection.sittings import Closed, Sitting, answer_table, interview_table, token_table
from app.collection.visitors import Caller, Visitor
from app.database import not_waiting_for_disk, reading, writing
from app.engine.completeness import outcome
from app.engine.screens import Screen
from app.errors import Conflict, Invalid
from app.fieldwork.disposition_codes import FINISHED
from app.fieldwork.tables import NormProgress, Wave
from app.settings import ROOT, settings
from app.simulation.characters import Character, fill_in
from bench.figures import Figure
from tests.drills.sending import database_of
from tests.factories.calls import called_participation, case_row, dutch, make_agent, phone_case

N_STEPS = 14  # per person and case
EVENING = dutch("11-02 18:00")
SOMEBODY = Character(mood=0.7, patience=None, skips_share=0.0, doubts_share=0.0, slips_share=0.0)
_progress = NormProgress.__table__  # type: ignore[attr-defined]
_wave = Wave.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Told:
    """One answer that was acknowledged, between two moments."""

    code: str
    value: str | None
    mode: str
    began: float
    ended: float


@dataclass
class Journal:
    """What everybody was told about one case."""

    answers: list[Told] = field(default_factory=list)
    ends: list[float] = field(default_factory=list)  # when somebody heard that the interview was finished by them
    holds: list[tuple[int, float, float]] = field(default_factory=list)  # agent, from, until
    surprises: list[str] = field(default_factory=list)


@dataclass
class Score:
    """What was wrong, over all runs."""

    lost: int = 0
    doubled: int = 0
    after_end: int = 0
    shared: int = 0  # two agents had the case at once
    wrong_outcome: int = 0
    n_runs: int = 0
    n_finished: int = 0
    n_answers: int = 0
    surprises: list[str] = field(default_factory=list)

    @property
    def faults(self) -> int:
        return self.lost + self.doubled + self.after_end + self.shared + self.wrong_outcome + len(self.surprises)


def figures(is_full: bool) -> Iterator[Figure]:
    """On both databases, and both controls."""
    n_runs = 2_000 if is_full else 60
    for kind in ("sqlite", "postgresql"):
        with database_of(kind):
            score = fight(n_runs, seed=1)
        detail = {"finished": score.n_finished, "answers": score.n_answers}
        yield Figure(f"mixed mode, {kind}: interleavings", score.n_runs, "", "at least", n_runs, detail)
        yield Figure(f"mixed mode, {kind}: lost, doubled or late (I1, I2)", score.faults, "", "at most", 0, vars(score))
    for guard in ("no-lock", "no-door"):
        with database_of("sqlite"):
            control = fight(20, seed=1, guard=guard)
        yield Figure(f"mixed mode control: faults found with {guard}", control.faults, "", "at least", 1)


def fight(n_runs: int, seed: int, guard: str = "") -> Score:
    """Lets them fight over so many cases, one after another."""
    score = Score()
    with specimens(), not_waiting_for_disk(), _without(guard):
        here = called_participation(web_pause_minutes=0)
        with writing() as connection:
            rules = dict(connection.scalar(sa.select(_wave.c.rules)) or {})
            chosen = rules["questionnaires"] | {"clients": "block-filters"}
            connection.execute(sa.update(_wave).values(rules=rules | {"questionnaires": chosen}))
        agents = [make_agent("Anna"), make_agent("Bram")]
        for number in range(n_runs):
            with time_machine.travel(EVENING, tick=True):
                case_id = phone_case(here)
                enrolment.refresh()
                journal = _one_case(case_id, agents, Random(f"{seed}-{number}"))
                _judge(case_id, journal, score)
                _put_away(case_id)
            if guard and score.faults:
                break  # the control has shown what it is for
    return score


@contextmanager
def specimens() -> Iterator[None]:
    """Short questionnaires, so that interviews end."""
    with patch.dict(os.environ, PEILWIJS_QUESTIONNAIRES_FOLDER=str(ROOT / "tests" / "questionnaires")):
        settings.cache_clear()
        yield
    settings.cache_clear()


@contextmanager
def _without(guard: str) -> Iterator[None]:
    """Takes one guard away, for a control."""
    if guard == "no-lock":

        def anybody(who: Asker, at: object) -> sa.ColumnElement[bool]:
            return sa.true() & (state_table.c.state == "waiting")

        with patch.object(claim, "callable_by", anybody):
            yield
    elif guard == "no-door":
        with patch.object(sittings, "_reason", lambda *_: ""):
            yield
    else:
        yield


def _one_case(case_id: int, agents: list[int], random: Random) -> Journal:
    """Three threads, each with its own chance, begin at the same moment."""
    journal = Journal()
    gate = threading.Barrier(3)
    with reading() as connection:
        token_id = connection.scalar(sa.select(token_table.c.id).where(token_table.c.case_id == case_id))
    web = Visitor(case_id, int(token_id or 0), session="")
    works: list[Callable[[Random], None]] = [
        lambda chance: _on_the_web(web, chance, journal),
        *(lambda chance, agent=agent: _at_the_phone(agent, case_id, chance, journal) for agent in agents),
    ]

    def run(work: Callable[[Random], None], chance: Random) -> None:
        gate.wait()
        try:
            work(chance)
        except Exception as error:  # a thread must not die unheard
            journal.surprises.append(f"{type(error).__name__}: {error}"[:200])

    threads = [threading.Thread(target=run, args=(work, Random(random.random()))) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return journal


def _on_the_web(who: Visitor, random: Random, journal: Journal) -> None:
    for _ in range(N_STEPS):
        if random.random() < 0.3:
            time.sleep(random.random() / 100)
        if _one_answer(who, random, journal) is None:
            return


def _at_the_phone(agent: int, case_id: int, random: Random, journal: Journal) -> None:
    """Takes the case when it is free, answers, breaks off, goes silent, and takes it again."""
    attempt, since = None, 0.0
    for _ in range(N_STEPS):
        if attempt is None:
            handed = queue.next_case(agent)
            if handed is None:
                time.sleep(random.random() / 100)
                continue
            since = time.perf_counter()
            attempt = attempts.dial(agent, handed.case_id)
        elif not queue.hold(agent, case_id):
            attempt = None
        elif random.random() < 0.75:
            if _one_answer(Caller(case_id, agent), random, journal) is None:
                break
        else:
            journal.holds.append((agent, since, time.perf_counter()))
            _let_go(agent, attempt, case_id, is_silent=random.random() < 0.5)
            attempt = None
    if attempt is not None:
        journal.holds.append((agent, since, time.perf_counter()))
        _let_go(agent, attempt, case_id, is_silent=False)


def _let_go(agent: int, attempt: int, case_id: int, *, is_silent: bool) -> None:
    """Closes the attempt, or says nothing for longer than five minutes; the case can be called again at once."""
    mine = sa.and_(state_table.c.case_id == case_id, state_table.c.locked_by == agent)
    if is_silent:
        with writing() as connection:
            connection.execute(sa.update(state_table).where(mine).values(locked_until=now() - timedelta(seconds=1)))
        return
    for chosen in ("technical_problem", "complete"):
        try:
            attempts.close(agent, attempt, chosen)
            break
        except (Invalid, Conflict):  # finished by now, or taken over
            continue
    again = sa.and_(state_table.c.case_id == case_id, state_table.c.state == "waiting")
    with writing() as connection:
        connection.execute(sa.update(state_table).where(again).values(due_at=now(), n_attempts=1))


def _one_answer(who: Visitor | Caller, random: Random, journal: Journal) -> Sitting | None:
    """Answers some screen, or finishes when there is nothing left to ask; None when the door is shut."""
    sitting = interviews.begin(who)
    if isinstance(sitting, Closed):
        return None
    screens = sitting.screens
    began = time.perf_counter()
    if random.random() < 0.25:
        ended = interviews.finish(who)
        if isinstance(ended, Closed):
            journal.ends.append(time.perf_counter())
            return None
        return ended
    screen: Screen = random.choice(screens)
    form: dict[str, list[str]] = {}
    for asked in screen.asked:
        fill_in(random, SOMEBODY, sitting.route.presented(asked), form)
    stored = interviews.answer(who, screen.code, form, may_skip=True, keeps_open=False)
    if isinstance(stored, Stored):
        ended_at = time.perf_counter()
        for code in form:
            value = stored.sitting.answers.get(code)
            journal.answers.append(Told(code, value, who.mode, began, ended_at))
        return stored.sitting
    return None if isinstance(stored, Closed) else sitting


def _judge(case_id: int, journal: Journal, score: Score) -> None:
    """Compares the journal with the database."""
    with reading() as connection:
        rows = connection.execute(sa.select(answer_table).where(answer_table.c.case_id == case_id)).all()
        found = connection.execute(sa.select(interview_table).where(interview_table.c.case_id == case_id)).all()
        unended = sa.and_(attempt_table.c.case_id == case_id, attempt_table.c.ended_at.is_(None))
        open_calls = connection.scalar(sa.select(sa.func.count()).select_from(attempt_table).where(unended))
    stored = {row.code: (row.value, row.mode) for row in rows}
    score.n_runs += 1
    score.n_answers += len(journal.answers)
    score.surprises += journal.surprises
    score.doubled += len(rows) - len(stored) + max(len(found) - 1, 0) + max(int(open_calls or 0) - 1, 0)
    codes = {one.code for one in journal.answers}
    score.lost += sum(stored.get(code) not in _possible(journal, code) for code in codes)
    if journal.ends:
        score.n_finished += 1
        score.after_end += sum(one.began > min(journal.ends) for one in journal.answers)
        score.lost += found[0].finished_at is None or case_row(case_id).disposition != FINISHED
        sitting = interviews.finished(Caller(case_id, 0))
        figures_now = outcome(sitting.route, is_finished=True) if sitting else None
        score.wrong_outcome += figures_now is None or figures_now.is_usable != found[0].is_usable
    score.shared += _overlaps(journal.holds)
    with reading() as connection:
        counted = connection.scalar(sa.select(_progress.c.n_finished).where(_progress.c.norm_group == "clients"))
    score.doubled += counted != score.n_finished


def _possible(journal: Journal, code: str) -> set[tuple[str | None, str]]:
    """What may be stored for a question: every acknowledged value after which nobody began to give another."""
    given = [one for one in journal.answers if one.code == code]
    return {(one.value, one.mode) for one in given if not any(later.began > one.ended for later in given)}


def _overlaps(holds: list[tuple[int, float, float]]) -> int:
    """How often two agents had the case in hand at the same moment."""
    pairs = ((one, other) for n, one in enumerate(holds) for other in holds[n + 1 :])
    return sum(one[0] != other[0] and one[1] < other[2] and other[1] < one[2] for one, other in pairs)


def _put_away(case_id: int) -> None:
    """The next run is about another case."""
    with writing() as connection:
        here = state_table.c.case_id == case_id
        connection.execute(sa.update(state_table).where(here).values(state="done", locked_by=None, locked_until=None))
