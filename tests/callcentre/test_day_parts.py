"""When people are called."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.callcentre.day_parts import BITS, bits, next_start, part_at
from app.fieldwork.rules import CallRules, Hours
from tests.factories.calls import dutch

RULES = CallRules()


@pytest.mark.parametrize(
    ("moment", "part"),
    [
        ("11-02 08:59", None),
        ("11-02 09:00", "morning"),
        ("11-02 12:00", "afternoon"),
        ("11-02 16:59", "afternoon"),
        ("11-02 17:00", "evening"),
        ("11-02 21:00", None),
        ("11-07 09:59", None),
        ("11-07 10:00", "saturday"),
        ("11-07 15:59", "saturday"),
        ("11-07 18:00", None),
        ("11-08 11:00", None),  # Sunday
        ("12-25 11:00", None),  # Christmas
    ],
)
def test_the_parts_of_the_day_follow_the_clock_on_the_wall(moment: str, part: str | None) -> None:
    assert part_at(RULES, dutch(moment)) == part


def test_summer_and_winter_time_move_the_hours_along() -> None:
    assert next_start(RULES, dutch("03-28 20:00")) == dutch("03-30 09:00")
    assert next_start(RULES, dutch("10-24 20:00")) == dutch("10-26 09:00")


def test_when_every_part_is_barred_any_will_do() -> None:
    assert next_start(RULES, dutch("11-02 18:00"), 15) == dutch("11-02 18:00")
    only_evenings = CallRules(day_parts={"evening": Hours(from_hour=17, until_hour=24)})
    assert next_start(only_evenings, dutch("11-02 23:59"), BITS["evening"]) == dutch("11-02 23:59")


@given(
    minutes=st.integers(0, 60 * 24 * 400),
    barred=st.integers(0, 15),
)
def test_the_next_start_is_the_earliest_moment_that_is_allowed(minutes: int, barred: int) -> None:
    after: datetime = dutch("01-01 00:00") + timedelta(minutes=minutes)
    start = next_start(RULES, after, barred)
    allowed = bits(RULES.day_parts) & ~barred or bits(RULES.day_parts)
    part = part_at(RULES, start)
    assert start >= after
    assert part is not None
    assert BITS[part] & allowed
    quarter = timedelta(minutes=15)
    step = start - quarter
    while step >= max(after, start - timedelta(days=3)):
        found = part_at(RULES, step)
        assert found is None or not BITS[found] & allowed
        step -= quarter
