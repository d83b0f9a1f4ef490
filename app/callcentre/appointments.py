"""Appointments: when somebody may be called back, and how full the agenda is."""

from dataclasses import dataclass
from datetime import date, datetime

from app.callcentre.sentences import Sentence


@dataclass(frozen=True)
class Asked:
    """A moment agreed with the respondent. `user_id`: the agent who should call; None = anyone."""

    at: datetime
    is_definite: bool = True
    user_id: int | None = None


@dataclass(frozen=True)
class Slot:
    """One hour of the agenda."""

    starts_at: datetime
    n_appointments: int


def load(day: date) -> tuple[Slot, ...]:
    """The hours of a day in which somebody calls, each with the appointments that are made; () on a day off."""
    raise NotImplementedError


def check(moment: datetime) -> Sentence | None:
    """Why nobody can be called at this moment (past, Sunday, holiday, outside hours); None = it is possible."""
    raise NotImplementedError
