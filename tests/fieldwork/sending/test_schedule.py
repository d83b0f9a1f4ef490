"""When messages may go out: decent hours, no Sundays, no holidays, whatever the clock does."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.fieldwork.sending.schedule import due_at, is_allowed, next_allowed

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
moments = st.datetimes(datetime(2017, 1, 1), datetime(2035, 12, 31), timezones=st.just(UTC))


def at(text: str) -> datetime:
    """`2026-11-23 09:00` on the wall in the Netherlands."""
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM)


@pytest.mark.parametrize(
    ("moment", "allowed"),
    [
        ("2026-11-23 09:00", "2026-11-23 09:00"),  # a Monday
        ("2026-11-23 19:59:59", "2026-11-23 19:59:59"),
        ("2026-11-23 08:59:59", "2026-11-23 09:00"),
        ("2026-11-23 20:00", "2026-11-24 09:00"),
        ("2026-11-28 12:00", "2026-11-28 12:00"),  # a Saturday
        ("2026-11-28 20:00", "2026-11-30 09:00"),
        ("2026-11-29 12:00", "2026-11-30 09:00"),  # a Sunday
        ("2026-12-25 12:00", "2026-12-28 09:00"),  # Christmas, Boxing Day, Sunday
        ("2027-01-01 10:00", "2027-01-02 09:00"),
        ("2027-04-27 10:00", "2027-04-28 09:00"),  # King's Day
        ("2030-05-05 10:00", "2030-05-06 09:00"),
        ("2026-03-28 20:30", "2026-03-30 09:00"),  # summer time begins that Sunday
        ("2026-10-24 20:30", "2026-10-26 09:00"),  # and ends that one
    ],
)
def test_what_falls_outside_moves_to_the_next_allowed_moment(moment: str, allowed: str) -> None:
    assert next_allowed(at(moment)) == at(allowed)


@pytest.mark.parametrize(
    ("started", "day", "due"),
    [
        ("2026-11-23 14:30", 0, "2026-11-23 14:30"),
        ("2026-11-23 14:30", 7, "2026-11-30 09:00"),
        ("2026-11-28 21:00", 0, "2026-11-30 09:00"),
        ("2026-11-28 21:00", 7, "2026-12-05 09:00"),  # counts from the day of the start, not of the first sending
        ("2026-11-22 12:00", 7, "2026-11-30 09:00"),  # Sunday to Sunday
        ("2026-03-24 09:00", 7, "2026-03-31 09:00"),  # across the change to summer time: still nine o'clock
        ("2026-10-20 23:30", 7, "2026-10-27 09:00"),
        ("2026-12-18 10:00", 7, "2026-12-28 09:00"),
    ],
)
def test_a_step_is_due_so_many_days_after_the_day_of_the_start(started: str, day: int, due: str) -> None:
    assert due_at(at(started), day) == at(due)


def test_days_are_those_of_the_netherlands_not_of_utc() -> None:
    assert due_at(datetime(2026, 11, 23, 23, 30, tzinfo=UTC), 1) == at("2026-11-25 09:00")


@given(moments)
def test_every_moment_moves_to_an_allowed_one_not_before_it(moment: datetime) -> None:
    allowed = next_allowed(moment)
    assert is_allowed(allowed)
    assert moment <= allowed <= moment + timedelta(days=5)


@given(moments)
def test_an_allowed_moment_stays_where_it_is(moment: datetime) -> None:
    assert (next_allowed(moment) == moment) is is_allowed(moment)


@given(moments, st.timedeltas(timedelta(), timedelta(days=5)))
def test_nothing_allowed_is_passed_over(moment: datetime, later: timedelta) -> None:
    assert not (is_allowed(moment + later) and moment + later < next_allowed(moment))


@given(moments)
def test_nothing_is_allowed_on_sundays_or_at_night(moment: datetime) -> None:
    on_the_wall = next_allowed(moment).astimezone(AMSTERDAM)
    assert on_the_wall.weekday() != 6
    assert 9 <= on_the_wall.hour < 20
    assert (on_the_wall.month, on_the_wall.day) not in ((1, 1), (12, 25), (12, 26))


@given(moments, st.integers(0, 60), st.integers(1, 60))
def test_later_steps_are_never_due_earlier(started: datetime, day: int, more: int) -> None:
    assert due_at(started, day) <= due_at(started, day + more)
    assert due_at(started, day).astimezone(AMSTERDAM).date() >= date.fromordinal(
        started.astimezone(AMSTERDAM).date().toordinal() + day
    )
