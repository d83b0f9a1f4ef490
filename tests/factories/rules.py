"""Rules of a wave, in the year that a test is about."""

from datetime import date
from typing import Any

from app.fieldwork.rules import WaveRules, read_rules


def rules(year: int = 2022, **changed: Any) -> WaveRules:
    """The shipped rules of a year, with some of them changed."""
    return read_rules(changed, date(year, 1, 1))
