"""Grade: 1 to 10, whole or with one decimal, comma or point."""

from decimal import Decimal

import pytest

from app.questions.grade import NOT_A_DECIMAL_GRADE, NOT_A_GRADE, TWO_GRADES, Grade

WHOLE = Grade(type="grade", code="grade", text="Welk cijfer?")
DECIMAL = Grade(type="grade", code="grade", text="Welk cijfer?", decimals="1")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("7", "7"), ("10", "10"), ("1", "1"), (" 8 ", "8"), ("7,0", "7"), ("7.", "7"), ("07", "7"), ("", None)],
)
def test_whole_grades_are_stored_the_same_however_they_are_written(typed: str, stored: str | None) -> None:
    assert WHOLE.parse({"grade": [typed]}).answers == {"grade": stored}
    assert DECIMAL.parse({"grade": [typed]}).answers == {"grade": stored}


@pytest.mark.parametrize(("typed", "stored"), [("7,5", "7.5"), ("7.5", "7.5"), (" 7 , 5 ", "7.5"), ("9,9", "9.9")])
def test_a_decimal_is_taken_with_comma_or_point_where_it_is_allowed(typed: str, stored: str) -> None:
    assert DECIMAL.parse({"grade.typed": [typed]}).answers == {"grade": stored}
    assert [problem.message for problem in WHOLE.parse({"grade": [typed]}).problems] == [NOT_A_GRADE]


@pytest.mark.parametrize("typed", ["0", "11", "10,1", "0,9", "7,55", "zeven", "-7", "1e1", "７", "7/10", "100"])
def test_anything_else_is_no_grade(typed: str) -> None:
    assert [problem.message for problem in DECIMAL.parse({"grade": [typed]}).problems] == [NOT_A_DECIMAL_GRADE]


def test_a_button_and_another_typed_grade_are_asked_about() -> None:
    (problem,) = DECIMAL.parse({"grade": ["7"], "grade.typed": ["7,5"]}).problems
    assert (problem.message, problem.values) == (TWO_GRADES, {"button": "7", "typed": "7,5"})
    assert DECIMAL.parse({"grade": ["7"], "grade.typed": [" 7 "]}).answers == {"grade": "7"}


def test_people_see_a_comma_and_filters_a_number() -> None:
    assert DECIMAL.shown({"grade": "7.5"}) == "7,5"
    assert DECIMAL.to_cells({"grade": "7.5"}) == {"grade": "7,5"}
    assert DECIMAL.from_cells({"grade": "7,50"}) == {"grade": "7,50"}
    assert DECIMAL.typed("grade", "7.5") == Decimal("7.5")


@pytest.mark.parametrize("stored", ["7.0", "7,5", "07", "11", "", "7.", "7.55", "x"])
def test_only_canonical_grades_are_accepted(stored: str) -> None:
    assert not DECIMAL.accepts("grade", stored)
    assert DECIMAL.accepts("grade", "7.5")
    assert not WHOLE.accepts("grade", "7.5")
