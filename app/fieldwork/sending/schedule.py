"""When something may be sent, and when a step of the scheme is due. Pure: the present moment is always given.

Allowed is from 09:00 up to 20:00 in the Netherlands, not on Sundays and not on public holidays. What falls outside
moves to the next allowed moment.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache

import holidays

from app.clock import AMSTERDAM, local

FIRST = time(9)
LAST = time(20)  # no longer allowed
SUNDAY = 6
ONE_DAY = timedelta(days=1)


@cache
def _holidays(year: int) -> frozenset[date]:
    """The public holidays of a year. The government calls Good Friday one, so nothing is sent that day either."""
    return frozenset(holidays.country_holidays("NL", years=year))


def is_sending_day(day: date) -> bool:
    """Whether anything is sent on this day."""
    return day.weekday() != SUNDAY and day not in _holidays(day.year)


def is_allowed(moment: datetime) -> bool:
    """Whether something may be sent now."""
    on_the_wall = local(moment)
    return FIRST <= on_the_wall.time() < LAST and is_sending_day(on_the_wall.date())


def next_allowed(moment: datetime) -> datetime:
    """The moment itself when it is allowed, else the first allowed one after it; UTC."""
    on_the_wall = local(moment)
    day = on_the_wall.date()
    if is_sending_day(day) and on_the_wall.time() < LAST:
        return moment.astimezone(UTC) if on_the_wall.time() >= FIRST else _opening(day)
    day += ONE_DAY
    while not is_sending_day(day):
        day += ONE_DAY
    return _opening(day)


def due_at(started_at: datetime, day: int) -> datetime:
    """When the step of a day is due for who started then: on day 0 at once, later at nine in the morning."""
    return next_allowed(started_at if day == 0 else _opening(local(started_at).date() + timedelta(days=day)))


def _opening(day: date) -> datetime:
    """Nine in the morning as the wall clock shows it, summer or winter; never within the hour that is changed."""
    return datetime.combine(day, FIRST, AMSTERDAM).astimezone(UTC)
