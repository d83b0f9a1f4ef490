"""Background tasks: done once, seen by their owner only, taken over from the dead."""

import threading
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from app import clock, tasks
from app.database import reading, writing
from app.errors import Invalid, NotFound
from app.tasks import Advance, background, progress, run_one, start

table = tasks.Task.__table__


@pytest.fixture
def done(database: str) -> Iterator[list[Mapping[str, Any]]]:
    """Registers three kinds of work; holds what `counting` was given, once per time that it was done."""
    seen: list[Mapping[str, Any]] = []

    @background("counting")
    def count(parameters: Mapping[str, Any], advance: Advance) -> dict[str, Any]:
        for number in range(parameters["n"]):
            advance(number, parameters["n"])
        seen.append(parameters)
        return {"sum": sum(range(parameters["n"]))}

    @background("refusing")
    def refuse(parameters: Mapping[str, Any], advance: Advance) -> dict[str, Any]:
        raise Invalid("this file is empty; choose another one")

    @background("breaking")
    def fail(parameters: Mapping[str, Any], advance: Advance) -> dict[str, Any]:
        raise KeyError("somebody@example.nl")

    yield seen
    for kind in ("counting", "refusing", "breaking"):
        tasks._works.pop(kind)


def begin(kind: str, **parameters: Any) -> str:
    with writing() as connection:
        return start(connection, kind, "user:1", **parameters)


def state(task_id: str, owner: str = "user:1") -> tasks.Progress:
    with reading() as connection:
        return progress(connection, task_id, owner)


def test_a_task_is_done_once_and_its_result_is_kept(done: list[Mapping[str, Any]]) -> None:
    task = begin("counting", n=5)
    assert (state(task).state, state(task).pct) == ("waiting", 0)
    assert run_one()
    assert not run_one()
    assert (state(task).state, state(task).result, done) == ("done", {"sum": 10}, [{"n": 5}])


def test_a_refusal_is_told_in_its_own_words_and_a_fault_without_any(
    done: list[Mapping[str, Any]], caplog: pytest.LogCaptureFixture
) -> None:
    refused, broken = begin("refusing"), begin("breaking")
    assert run_one()
    assert run_one()
    assert (state(refused).state, state(refused).problem) == ("failed", "this file is empty; choose another one")
    assert (state(broken).state, state(broken).problem) == ("failed", "")
    assert "KeyError" in caplog.text
    assert "somebody@example.nl" not in caplog.text


def test_somebody_elses_task_does_not_exist(done: list[Mapping[str, Any]]) -> None:
    task = begin("counting", n=1)
    with pytest.raises(NotFound):
        state(task, "user:2")


def test_two_workers_share_the_tasks_and_do_none_twice(done: list[Mapping[str, Any]]) -> None:
    for number in range(20):
        begin("counting", n=number)

    def work() -> None:
        while run_one():
            pass

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    while run_one():  # a worker that met another one at the same row may have stopped early
        pass
    assert sorted(parameters["n"] for parameters in done) == list(range(20))


def test_a_task_whose_worker_died_is_taken_again_but_not_for_ever(done: list[Mapping[str, Any]]) -> None:
    task = begin("counting", n=3)
    moment = clock.now()
    for attempt in range(1, tasks.MAX_ATTEMPTS + 1):
        with time_machine.travel(moment + attempt * timedelta(minutes=5), tick=False):
            assert tasks._take() is not None, attempt  # and then it died
            assert tasks._take() is None, "the lease still holds"
    with time_machine.travel(moment + timedelta(hours=1), tick=False):
        assert not run_one()
    assert (state(task).state, done) == ("failed", [])


def test_a_crew_works_until_it_is_told_to_stop(done: list[Mapping[str, Any]]) -> None:
    crew = tasks.Crew()
    crew.begin()
    task = begin("counting", n=2)
    ended = threading.Event()
    for _ in range(100):
        if state(task).is_over:
            break
        ended.wait(0.05)
    crew.end()
    assert state(task).state == "done"
    later = begin("counting", n=2)
    ended.wait(0.8)
    assert state(later).state == "waiting"


def test_old_tasks_are_deleted(done: list[Mapping[str, Any]]) -> None:
    begin("counting", n=2)
    run_one()
    begin("counting", n=3)
    with time_machine.travel(clock.now() + timedelta(days=31)), writing() as connection:
        assert tasks.delete_old(connection) == 1
    with reading() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(table)).scalar() == 1
