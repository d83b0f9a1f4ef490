"""A grid of grades: decimals with comma or point, blank = does not apply."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from app.questions.grade import NOT_A_DECIMAL_GRADE, NOT_A_GRADE, Grade
from app.questions.grades_grid import GradesGrid

ROWS = [{"code": "contact", "text": "Het contact"}, {"code": "speed", "text": "De snelheid"}]


def grades(decimals: str = "1") -> GradesGrid:
    written = {"type": "grades_grid", "code": "items", "text": "Welk cijfer?", "rows": ROWS, "decimals": decimals}
    return GradesGrid.model_validate(written)


def test_comma_and_point_are_the_same_grade_and_a_blank_row_does_not_apply() -> None:
    comma, point = (grades().parse({"contact": [text], "speed": [" "]}) for text in ("7,5", "7.5"))
    assert comma.answers == point.answers == {"contact": "7.5", "speed": None}
    assert grades().shown(comma.answers) == "Het contact: 7,5"


@pytest.mark.parametrize("wrong", ["0", "0,9", "10,1", "11", "7,55", "zeven", "7;5"])
def test_a_wrong_row_is_named_and_nothing_is_stored(wrong: str) -> None:
    parsed = grades().parse({"contact": ["8"], "speed": [wrong]})
    assert parsed.answers == {}
    assert [(problem.answer, problem.message) for problem in parsed.problems] == [("speed", NOT_A_DECIMAL_GRADE)]


def test_whole_grades_refuse_a_half() -> None:
    assert grades("0").parse({"contact": ["7"]}).answers == {"contact": "7", "speed": None}
    assert [problem.message for problem in grades("0").parse({"contact": ["7,5"]}).problems] == [NOT_A_GRADE]


@given(st.dictionaries(st.sampled_from(["contact", "speed"]), st.text(max_size=6) | st.decimals(0, 11, places=1)))
def test_whatever_is_stored_is_accepted_and_survives_export_and_import(form: dict[str, object]) -> None:
    parsed = grades().parse({code: [str(text)] for code, text in form.items()})
    stored = {code: value for code, value in parsed.answers.items() if value is not None}
    assert all(grades().accepts(code, value) for code, value in stored.items())
    cells = grades().to_cells(parsed.answers)
    assert not any("." in cell for cell in cells.values())
    assert grades().from_cells(cells) == stored


def test_a_stored_grade_is_shown_in_its_field_with_a_comma() -> None:
    assert grades().filled_in("contact", "7.5") == ("7,5",)


def test_an_unknown_row_or_another_notation_is_not_accepted() -> None:
    assert grades().accepts("speed", "7.5")
    assert not grades().accepts("speed", "7,5")
    assert not grades().accepts("place", "7")


def test_one_by_one_it_becomes_a_grade_per_row() -> None:
    single = grades().one_by_one()
    assert [(part.code, part.lead_in, part.text) for part in single] == [
        ("contact", "Welk cijfer?", "Het contact"),
        ("speed", "Welk cijfer?", "De snelheid"),
    ]
    assert all(isinstance(part, Grade) and part.decimals == "1" for part in single)


def test_a_grid_without_rows_is_refused() -> None:
    with pytest.raises(ValidationError, match="one row"):
        GradesGrid.model_validate({"type": "grades_grid", "code": "items", "text": "Welk cijfer?"})
