"""The only source of time."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def now() -> datetime:
    """The present moment, aware, UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Today's date where the research is done."""
    return now().astimezone(AMSTERDAM).date()


def local(moment: datetime) -> datetime:
    """A moment as the clock on the wall in the Netherlands shows it."""
    return moment.astimezone(AMSTERDAM)
