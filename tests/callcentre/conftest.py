"""Time in the call centre stands still until a test moves it."""

from collections.abc import Callable, Iterator

import pytest
import time_machine

from app.callcentre import enrolment
from app.web.access import Role
from tests.factories.calls import called_participation, dutch, queued
from tests.factories.office import Employee, signed_in_as


@pytest.fixture
def clock(request: pytest.FixtureRequest, database: str) -> Iterator[time_machine.Traveller]:
    """A clock that stands still at the module's `EVENING`."""
    with time_machine.travel(request.module.EVENING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def to(clock: time_machine.Traveller) -> Callable[[str], None]:
    """Moves to a moment of 2026 on the clock on the wall, and lets the minute's refresh run."""

    def move(text: str) -> None:
        clock.move_to(dutch(text))
        enrolment.refresh()

    return move


@pytest.fixture
def case_id(request: pytest.FixtureRequest, clock: time_machine.Traveller) -> int:
    """The one case in the queue."""
    here = called_participation()
    return queued(here, 1, request.module.EVENING, service=6, email="s.bakker@example.nl")[0]


@pytest.fixture
def agent(case_id: int) -> Employee:
    return signed_in_as(Role.AGENT)
