"""Whoever types digits on an Arabic or Persian keyboard gives the same answer."""

import pytest

from tests.factories.questionnaires import question, questionnaire


@pytest.mark.parametrize(
    ("typed", "stored"), [("٧", "7"), ("٧٫٥", "7.5"), ("۱۰", "10"), (" ۷,۵ ", "7.5"), ("7.5", "7.5")]
)
def test_a_grade_may_have_any_of_the_digits(typed: str, stored: str) -> None:
    (grade,) = questionnaire(question("g", "grade", decimals="1")).questions()
    assert grade.parse({"g": [typed]}).answers == {"g": stored}


@pytest.mark.parametrize(("typed", "stored"), [("٤٢", "42"), ("۰", "0"), ("4٢", "42")])
def test_a_number_may_have_any_of_the_digits(typed: str, stored: str) -> None:
    (number,) = questionnaire(question("n", "number")).questions()
    assert number.parse({"n": [typed]}).answers == {"n": stored}


def test_other_signs_are_still_no_number() -> None:
    (number,) = questionnaire(question("n", "number")).questions()
    assert number.parse({"n": ["፬"]}).problems
