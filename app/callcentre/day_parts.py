"""The parts of the day in which people are called. Pure: the moment is always given.

A set of parts is kept as bits of a whole number, so that the database can compare them.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from app.clock import AMSTERDAM, local
from app.fieldwork.rules import CallRules, DayPart, Hours
from app.fieldwork.sending.schedule import is_sending_day

BITS: dict[DayPart, int] = {"morning": 1, "afternoon": 2, "evening": 4, "saturday": 8}
SATURDAY = 5
DAYS_AHEAD = 60  # further nobody looks: a wave without any part of the day left is refused by its rules


def bits(parts: Iterable[DayPart]) -> int:
    """A set of parts as one number."""
    return sum({BITS[part] for part in parts})


def n_parts(mask: int) -> int:
    """How many parts there are in a set."""
    return mask.bit_count()


def parts_of(rules: CallRules, day: date) -> list[tuple[DayPart, Hours]]:
    """The parts of a day in which people are called, in order; none on Sundays and public holidays."""
    if not is_sending_day(day):
        return []
    is_saturday = day.weekday() == SATURDAY
    found = [(part, hours) for part, hours in rules.day_parts.items() if (part == "saturday") is is_saturday]
    return sorted(found, key=lambda one: one[1].from_hour)


def part_at(rules: CallRules, moment: datetime) -> DayPart | None:
    """The part of the day at a moment; None when nobody calls then."""
    on_the_wall = local(moment)
    for part, hours in parts_of(rules, on_the_wall.date()):
        if hours.from_hour <= on_the_wall.hour < hours.until_hour:
            return part
    return None


def next_start(rules: CallRules, after: datetime, barred: int = 0) -> datetime:
    """The first moment, not before `after`, in a part of the day that is not barred; UTC.

    When every part is barred, as if none were.
    """
    if bits(rules.day_parts) & ~barred == 0:
        barred = 0
    day = local(after).date()
    for _ in range(DAYS_AHEAD):
        for part, hours in parts_of(rules, day):
            start, end = at_hour(day, hours.from_hour), at_hour(day, hours.until_hour)
            if not BITS[part] & barred and after < end:
                return max(start, after.astimezone(UTC))
        day += timedelta(days=1)
    return after.astimezone(UTC)


def at_hour(day: date, hour: int) -> datetime:
    """A whole hour of the clock on the wall; UTC. 24 is midnight."""
    shown = time(hour) if hour < 24 else time(23, 59, 59, 999_999)
    return datetime.combine(day, shown, AMSTERDAM).astimezone(UTC)
