"""The province of a postcode, from our own list of ranges."""

import csv
from bisect import bisect_right
from functools import cache
from pathlib import Path

PATH = Path(__file__).with_name("provinces.csv")


@cache
def _ranges() -> tuple[list[int], list[tuple[int, str]]]:
    with PATH.open(encoding="utf-8", newline="") as file:
        rows = [(int(row["first"]), int(row["last"]), row["province"]) for row in csv.DictReader(file)]
    rows.sort()
    return [first for first, _, _ in rows], [(last, province) for _, last, province in rows]


def province_of(postcode: str) -> str | None:
    """The province of a Dutch postcode (`1234 AB` or `1234`); None where no range holds it."""
    digits = postcode[:4]
    if not (digits.isascii() and digits.isdigit()):
        return None
    firsts, rest = _ranges()
    place = bisect_right(firsts, int(digits)) - 1
    if place < 0:
        return None
    last, province = rest[place]
    return province if int(digits) <= last else None
