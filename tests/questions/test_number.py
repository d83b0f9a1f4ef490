"""Number: a whole number between two bounds."""

from decimal import Decimal

import pytest
from pydantic import ValidationError

from app.questions.number import NOT_WHOLE, Number


def number(**fields: str) -> Number:
    return Number.model_validate({"type": "number", "code": "n", "text": "Hoe vaak?", **fields})


@pytest.mark.parametrize(
    ("typed", "stored"), [("0", "0"), ("99", "99"), (" 1 2 ", "12"), ("007", "7"), ("", None), (" ", None)]
)
def test_whole_numbers_are_stored_without_spaces_and_zeros(typed: str, stored: str | None) -> None:
    assert number().parse({"n": [typed]}).answers == {"n": stored}


@pytest.mark.parametrize("typed", ["-1", "100", "2,0", "2.5", "twee", "1e1", "३", "1" * 5000, "+3", "0x1"])
def test_anything_else_is_refused_with_the_bounds(typed: str) -> None:
    (problem,) = number().parse({"n": [typed]}).problems
    assert (problem.message, problem.values) == (NOT_WHOLE, {"low": 0, "high": 99})


def test_the_bounds_are_the_authors() -> None:
    few = number(low="2", high="4")
    assert [n for n in range(7) if few.accepts("n", str(n))] == [2, 3, 4]
    assert few.value_types()["n"].low == Decimal(2)


@pytest.mark.parametrize("fields", [{"low": "5", "high": "5"}, {"low": "-1"}, {"high": "9999999999"}])
def test_impossible_bounds_are_refused(fields: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="a number runs from"):
        number(**fields)
