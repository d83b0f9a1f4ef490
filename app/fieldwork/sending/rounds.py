"""Sending what is due, for all waves. Any number of processes may do this at once: the outbox keeps them apart."""

import logging
import secrets
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from app import clock
from app.channels import REGISTRY, Channel, Line, Outcome, OutOfReach
from app.database import reading, remembered, writing
from app.errors import Unavailable
from app.fieldwork import tokens
from app.fieldwork.sending import envelopes, outbox
from app.fieldwork.sending.due_steps import Reason
from app.fieldwork.sending.planning import Plan, SendingWave, plan, sending_waves
from app.fieldwork.sending.schedule import is_allowed, next_allowed

log = logging.getLogger("peilwijs.sending")
AT_ONCE = 20  # messages per claim: few enough to be sent well within the lease
PATIENCE_SECONDS = 30  # for a database that is away, before an outcome is given up as uncertain
PLANNING_SHARE = 0.05  # of the time, at most: with a million cases a plan takes longer than a minute may cost
_sending = threading.Lock()


@dataclass
class WaveReport:
    """What is due in one wave: per step and channel, and per reason who gets nothing. `idle` says why nobody does."""

    label: str
    idle: str = ""  # paused, closed
    due: Counter[tuple[str, str]] = field(default_factory=Counter)
    skipped: Counter[Reason] = field(default_factory=Counter)


@dataclass
class Report:
    """What a round of sending found and did."""

    at: datetime
    waves: list[WaveReport] = field(default_factory=list)
    n_queued: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)  # by state
    waits_until: datetime | None = None  # outside the allowed hours
    problems: list[str] = field(default_factory=list)  # channels that are out of reach


def send_due(
    at: datetime | None = None,
    *,
    dry_run: bool = False,
    seconds: float | None = None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Report:
    """Queues the steps that are due and sends what is in the queue; letters wait for their batch.

    Args:
        at: as if it were that moment; None = now.
        dry_run: only says who would get what.
        seconds: how long sending may take; what is left waits for the next round. For who calls again and again.
        should_stop: asked after each message.
    """
    report = Report(at or clock.now())
    next_plan_at: dict[int, float] = remembered("waves planned")  # monotonic seconds, by wave
    with reading() as connection:
        waves = sending_waves(connection)
    for wave in waves:
        if seconds is None or time.monotonic() >= next_plan_at.get(wave.id, 0):
            begun_at = time.monotonic()
            report.waves.append(queue_due(wave, report, dry_run=dry_run))
            ended_at = time.monotonic()
            next_plan_at[wave.id] = ended_at + (ended_at - begun_at) / PLANNING_SHARE
    if not is_allowed(report.at):
        report.waits_until = next_allowed(report.at)
    if dry_run:
        return report
    take_back()
    active = {wave.id: wave for wave in waves if wave.may_send(report.at)}
    if active and report.waits_until is None and _sending.acquire(blocking=False):
        try:
            deadline = None if seconds is None else time.monotonic() + seconds
            for name, channel in REGISTRY.items():
                Round(name, channel, active, at, report, deadline, should_stop).run()
        finally:
            _sending.release()
    return report


def queue_due(wave: SendingWave, report: Report, *, dry_run: bool = False) -> WaveReport:
    """Puts a wave's steps that are due in the outbox, unless it is paused or over."""
    found = WaveReport(wave.label)
    if not wave.may_send(report.at):
        found.idle = "paused" if wave.paused_at is not None else "closed"
        return found
    with reading() as connection:
        made: Plan = plan(connection, wave, report.at)
        found.due = made.counts() + outbox.waiting(connection, wave.id, report.at)
    found.skipped = made.skipped
    if made.due and not dry_run:
        with writing() as connection:
            report.n_queued += outbox.queue(connection, made.due)
    return found


def take_back() -> None:
    """Frees what workers left behind when they died."""
    with writing() as connection:
        n_queued, n_uncertain = outbox.take_back(connection)
    if n_queued or n_uncertain:
        log.warning("a worker stopped half-way: %d messages queued again, %d uncertain", n_queued, n_uncertain)


class Round:
    """One process sending over one channel until nothing is due.

    The outcome of a message is stored together with the beginning of the next: one commit per message.
    """

    def __init__(self, name: str, channel: Channel, waves: Mapping[int, SendingWave], at: datetime | None,
                 report: Report, deadline: float | None, should_stop: Callable[[], bool]) -> None:  # fmt: skip
        self.name, self.channel, self.waves = name, channel, waves
        self.at, self.report, self.deadline, self.should_stop = at, report, deadline, should_stop
        self.lease = secrets.token_hex(16)
        self.unsettled: tuple[int, Outcome, datetime] | None = None
        self.has_begun = False  # something of the present message may have reached its recipient
        self.is_cut_off = False  # from the database

    def run(self) -> None:
        """Claims and sends, batch after batch."""
        batch = self._claim()
        if not batch:
            return
        try:
            with self.channel.open() as line:
                while batch and not self._is_over():
                    self._send_all(line, batch)
                    batch = [] if self._is_over() else self._claim()
        except OutOfReach as problem:
            self.report.problems.append(str(problem))
            log.warning("%s: %s", self.name, problem)
        finally:
            self._finish()

    def _is_over(self) -> bool:
        is_late = self.deadline is not None and time.monotonic() > self.deadline
        return is_late or self.is_cut_off or self.should_stop() or not is_allowed(self._now())

    def _now(self) -> datetime:
        return self.at or clock.now()

    def _claim(self) -> list[envelopes.Draft]:
        with writing() as connection:
            ids = outbox.claim(connection, self.lease, AT_ONCE, self._now(), (self.name,), tuple(self.waves))
            if not ids:
                return []
            fresh = tokens.issue(connection, envelopes.case_ids(connection, ids), "link")
            return envelopes.drafts(connection, ids, self.waves, fresh)

    def _send_all(self, line: Line, batch: list[envelopes.Draft]) -> None:
        for draft in batch:
            if self._is_over():
                return
            outcome = self._send(line, draft)
            self._settle()
            self.unsettled = (draft.id, outcome, self._now())
            self.report.outcomes[outcome.state] += 1

    def _send(self, line: Line, draft: envelopes.Draft) -> Outcome:
        self.has_begun = False
        try:
            return line.send(envelopes.envelope(draft), lambda: self._may_send(draft.id))
        except OutOfReach:
            raise
        except Exception as error:  # one message that cannot be made must not stop the others
            where = traceback.extract_tb(error.__traceback__)[-1]  # not the message: it may name people
            log.error("a message failed: %s at %s:%s", type(error).__name__, where.filename, where.lineno)
            return Outcome("uncertain" if self.has_begun else "temporary", type(error).__name__)

    def _may_send(self, message_id: int) -> bool:
        try:
            with writing() as connection:
                if self.unsettled is not None:
                    outbox.settle(connection, self.unsettled[0], self.lease, *self.unsettled[1:])
                self.has_begun = outbox.may_send(connection, message_id, self.lease)
        except Unavailable:
            self.is_cut_off, self.has_begun = True, False
            return False
        self.unsettled = None
        return self.has_begun

    def _settle(self) -> None:
        """Stores the last outcome; a database that is away gets some time to come back."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self.unsettled is not None:
            try:
                with writing() as connection:
                    outbox.settle(connection, self.unsettled[0], self.lease, *self.unsettled[1:])
                self.unsettled = None
            except Unavailable:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.5)

    def _finish(self) -> None:
        self._settle()
        with writing() as connection:
            outbox.release(connection, self.lease)
