"""How much may be posted, and how often something may be tried."""

from collections.abc import Iterator
from datetime import timedelta
from threading import Thread

import pytest
import time_machine
from starlette.testclient import TestClient

from app import clock
from app.database import forget_engine, writing
from app.main import create
from app.web import attempts
from tests.factories.people import MONDAY

TOO_MUCH = b"code=" + b"x" * 100_000


def pieces() -> Iterator[bytes]:
    """A body whose length nobody tells beforehand."""
    for start in range(0, len(TOO_MUCH), 10_000):
        yield TOO_MUCH[start : start + 10_000]


def test_a_body_is_bounded_whether_or_not_its_length_is_told(database: str) -> None:
    client = TestClient(create(), base_url="http://localhost:8000")
    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert client.post("/code", content=pieces(), headers=headers).status_code == 413
    assert client.post("/code", content=b"code=x", headers=headers | {"content-length": "100000"}).status_code == 413
    assert client.post("/code", content=b"code=x", headers=headers | {"content-length": "-1"}).status_code == 413
    assert client.post("/code", content=b"code=x", headers=headers).status_code == 422
    assert client.post("/kantoor/inloggen", content=pieces(), headers=headers).status_code == 413


def test_so_many_attempts_and_no_more_for_each_by_themselves(database: str) -> None:
    three = attempts.per_minute(3)
    with time_machine.travel(MONDAY, tick=False):
        tried = [attempts.allowed((three, ("code", "one"))) for _ in range(5)]
        assert tried == [True, True, True, False, False]
        assert attempts.allowed((three, ("code", "two")))
        assert attempts.allowed((three, ("sign-in", "one")))
        assert not attempts.allowed((three, ("code", "three")), (three, ("code", "one")))


def test_a_window_slides_and_refused_attempts_do_not_count(database: str) -> None:
    ten = attempts.per_minute(10)
    with time_machine.travel(MONDAY, tick=False) as traveller:
        assert sum(attempts.allowed((ten, ("x",))) for _ in range(50)) == 10
        traveller.shift(timedelta(seconds=90))  # half of the period before lies within reach
        assert sum(attempts.allowed((ten, ("x",))) for _ in range(50)) == 5
        traveller.shift(timedelta(seconds=120))
        assert sum(attempts.allowed((ten, ("x",))) for _ in range(50)) == 10


def test_processes_count_together_and_nobody_is_the_last_twice(database: str) -> None:
    twenty, given = attempts.per_hour(20), []

    def try_on() -> None:
        given.extend(attempts.allowed((twenty, ("x",))) for _ in range(10))

    with time_machine.travel(MONDAY, tick=False):
        crowd = [Thread(target=try_on) for _ in range(6)]
        for one in crowd:
            one.start()
        for one in crowd:
            one.join()
        assert sum(given) == 20
        forget_engine()  # what another process would see
        assert not attempts.allowed((twenty, ("x",)))


def test_what_no_longer_counts_is_deleted(database: str) -> None:
    attempts.allowed((attempts.per_minute(3), ("x",)))
    with writing() as connection:
        assert attempts.delete_old(connection) == 0
    with time_machine.travel(clock.now() + timedelta(minutes=3)), writing() as connection:
        assert attempts.delete_old(connection) == 1


@pytest.mark.parametrize("who", ["kees@example.nl", "10.1.2.3"])
def test_who_tried_cannot_be_read_back(who: str, database: str) -> None:
    attempts.allowed((attempts.per_hour(3), ("x", who)))
    with writing() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM attempt").all()
    assert who not in str(rows) and who.encode() not in bytes(rows[0][0])
