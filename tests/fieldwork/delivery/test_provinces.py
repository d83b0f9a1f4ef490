"""The province of a postcode."""

import pytest

from app.fieldwork.delivery.provinces import _ranges, province_of


@pytest.mark.parametrize(
    ("postcode", "province"),
    [
        ("1012 AB", "Noord-Holland"), ("1315 AB", "Flevoland"), ("1382 AB", "Noord-Holland"),
        ("2511 AB", "Zuid-Holland"),
        ("3011 AB", "Zuid-Holland"), ("3511 AB", "Utrecht"), ("3811 AB", "Utrecht"), ("3841 AB", "Gelderland"),
        ("4001 AB", "Gelderland"), ("4131 AB", "Utrecht"), ("4251 AB", "Noord-Brabant"), ("4331 AB", "Zeeland"),
        ("4811 AB", "Noord-Brabant"), ("5301 AB", "Gelderland"), ("5611 AB", "Noord-Brabant"), ("5801 AB", "Limburg"),
        ("6021 AB", "Noord-Brabant"), ("6211 AB", "Limburg"), ("6511 AB", "Gelderland"), ("6591 AB", "Limburg"),
        ("6811 AB", "Gelderland"), ("7411 AB", "Overijssel"), ("7741 AB", "Drenthe"), ("7771 AB", "Overijssel"),
        ("8011 AB", "Overijssel"), ("8051 AB", "Gelderland"), ("8232 AB", "Flevoland"), ("8321 AB", "Flevoland"),
        ("8331 AB", "Overijssel"), ("8911 AB", "Friesland"), ("9401 AB", "Drenthe"), ("9501 AB", "Groningen"),
        ("9711 AB", "Groningen"), ("9761 AB", "Drenthe"),
    ],
)  # fmt: skip
def test_a_town_lies_in_its_province(postcode: str, province: str) -> None:
    assert province_of(postcode) == province


def test_the_ranges_cover_every_postcode_once_and_name_twelve_provinces() -> None:
    firsts, rest = _ranges()
    assert firsts[0] == 1000 and rest[-1][0] == 9999
    assert all(last + 1 == first for (last, _), first in zip(rest, firsts[1:], strict=False))
    assert len({province for _, province in rest}) == 12


@pytest.mark.parametrize("text", ["", "0999 AB", "ABCD", "99", "١٢٣٤"])
def test_what_is_no_postcode_has_no_province(text: str) -> None:
    assert province_of(text) is None
