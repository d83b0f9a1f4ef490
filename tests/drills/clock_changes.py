"""Clocks that are set forward and back, by people and for summer time: each step once, and only in allowed hours."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
import time_machine

from app import channels, clock
from app.channels import Envelope, MaySend, Outcome
from app.database import reading
from app.fieldwork.sending import schedule
from app.fieldwork.sending.rounds import send_due
from app.fieldwork.tables import Message
from bench.figures import Figure
from tests.drills.sending import database_of
from tests.factories.people import invite, make_people

_message = Message.__table__  # type: ignore[attr-defined]
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
# The evening before, after hours: what is due then has to wait for nine o'clock by the clock on the wall.
STARTS = {
    "winter time begins on day 6": datetime(2026, 10, 19, 20, 30, tzinfo=AMSTERDAM),
    "summer time begins on day 6, Easter Monday on day 7": datetime(2027, 3, 22, 20, 30, tzinfo=AMSTERDAM),
}
FREE = {(10, 25), (11, 1), (11, 8), (11, 15), (3, 26), (3, 28), (3, 29), (4, 4), (4, 11), (4, 18), (4, 27)}
DAYS = 24
STEPS = (timedelta(hours=-1), timedelta(hours=1), timedelta(hours=-25), timedelta(hours=26), timedelta(minutes=-20))
N_EMAILS = 3  # invitation, reminder and last reminder


class Notebook:
    """The channel of this drill: writes down what it is given, and at what time."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, datetime]] = []

    @contextmanager
    def open(self) -> Iterator["Notebook"]:
        yield self

    def send(self, envelope: Envelope, may_send: MaySend) -> Outcome:
        if not may_send():
            return Outcome("withdrawn")
        self.taken.append((envelope.message_id, clock.now()))
        return Outcome("sent")


@dataclass(frozen=True)
class Found:
    """What went out. `missing`: steps that never did."""

    n_sent: int
    doubles: int
    out_of_hours: int
    missing: int


def figures(is_full: bool) -> Iterator[Figure]:
    """Both changes of the year with a clock that is set again and again; the control knows no summer time."""
    n_people, minutes = (20, 10) if is_full else (4, 60)
    for name, start in STARTS.items():
        for is_shaken in (False, True):
            found = through_weeks(start, n_people, minutes, is_shaken)
            label = f"clocks, {name}{', set 40 times' if is_shaken else ''}"
            n_wrong = found.doubles + found.out_of_hours + found.missing
            yield Figure(f"{label}: wrong", n_wrong, "", "at most", 0, vars(found))
    winter = timedelta(hours=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(schedule, "local", lambda moment: moment.astimezone(ZoneInfo("UTC")) + winter)
        control = through_weeks(STARTS["winter time begins on day 6"], 2, 30, is_shaken=False)
    yield Figure("clocks control: out of hours without summer time", control.out_of_hours, "", "at least", 1)


def through_weeks(start: datetime, n_people: int, minutes: int, is_shaken: bool) -> Found:
    """Ticks through the whole scheme; a shaken clock is set wrong now and then, and right again half a day later."""
    random, notebook = Random(7), Notebook()
    n_ticks = DAYS * 24 * 60 // minutes
    wrong_at = set(random.sample(range(n_ticks), 40)) if is_shaken else set()
    with database_of("sqlite"), pytest.MonkeyPatch.context() as patch:
        patch.setitem(channels.REGISTRY, "email", notebook)  # type: ignore[arg-type]
        make_people(n_people)
        with time_machine.travel(start, tick=False):
            invite(start)
        offset, back_at = timedelta(), 0
        for number in range(n_ticks):
            if number in wrong_at:
                offset, back_at = random.choice(STEPS), number + 12 * 60 // minutes
            elif number == back_at:
                offset = timedelta()
            with time_machine.travel(start + number * timedelta(minutes=minutes) + offset, tick=False):
                send_due()
        return _judged(notebook, n_people)


def _judged(notebook: Notebook, n_people: int) -> Found:
    with reading() as connection:
        rows: Any = connection.execute(
            sa.select(_message.c.message_id, _message.c.case_id, _message.c.step).where(_message.c.channel == "email")
        ).all()
    step_of = {row.message_id: (row.case_id, row.step) for row in rows}
    sent = Counter(step_of[message_id] for message_id, _ in notebook.taken)
    return Found(
        n_sent=len(notebook.taken),
        doubles=sum(n_times > 1 for n_times in sent.values()),
        out_of_hours=sum(not _is_decent(at) for _, at in notebook.taken),
        missing=N_EMAILS * n_people - len(sent),
    )


def _is_decent(at: datetime) -> bool:
    """Between nine and eight in the Netherlands, on no Sunday or holiday: told by a list, not by our own schedule."""
    on_the_wall = at.astimezone(AMSTERDAM)
    return 9 <= on_the_wall.hour < 20 and (on_the_wall.month, on_the_wall.day) not in FREE
