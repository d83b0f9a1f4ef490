"""A table of counts: whole numbers per row, blanks allowed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from app.questions.counts import Counts
from app.questions.number import NOT_WHOLE, Number

ROWS = [{"code": "persons_5", "text": "Jobcoaching"}, {"code": "persons_7", "text": "Outplacement"}]
PERSONS = Counts.model_validate(
    {"type": "counts", "code": "persons", "text": "Hoeveel personen?", "rows": ROWS, "high": "500"}
)


def test_each_row_is_stored_under_its_own_code_and_a_blank_row_as_not_answered() -> None:
    parsed = PERSONS.parse({"persons_5": [" 012 "], "persons_7": [""]})
    assert parsed.answers == {"persons_5": "12", "persons_7": None}
    assert not parsed.is_empty


def test_zero_is_an_answer() -> None:
    parsed = PERSONS.parse({"persons_5": ["0"]})
    assert parsed.answers == {"persons_5": "0", "persons_7": None}
    assert PERSONS.shown(parsed.answers) == "Jobcoaching: 0"


def test_a_table_left_blank_is_empty() -> None:
    assert PERSONS.parse({}).is_empty


@pytest.mark.parametrize("wrong", ["-1", "2,5", "501", "elf", "1e2", "३"])
def test_a_wrong_row_is_named_and_nothing_is_stored(wrong: str) -> None:
    parsed = PERSONS.parse({"persons_5": ["3"], "persons_7": [wrong]})
    assert parsed.answers == {}
    assert [(problem.answer, problem.message) for problem in parsed.problems] == [("persons_7", NOT_WHOLE)]


@given(st.dictionaries(st.sampled_from(PERSONS.answer_codes()), st.text(max_size=12) | st.integers(0, 600).map(str)))
def test_whatever_is_stored_is_accepted_and_survives_export_and_import(form: dict[str, str]) -> None:
    parsed = PERSONS.parse({code: [text] for code, text in form.items()})
    stored = {code: value for code, value in parsed.answers.items() if value is not None}
    assert all(PERSONS.accepts(code, value) for code, value in stored.items())
    assert PERSONS.from_cells(PERSONS.to_cells(parsed.answers)) == stored


def test_an_unknown_row_or_a_number_out_of_range_is_not_accepted() -> None:
    assert PERSONS.accepts("persons_5", "500")
    assert not PERSONS.accepts("persons_5", "501")
    assert not PERSONS.accepts("persons_6", "5")


def test_one_by_one_it_becomes_a_number_per_row() -> None:
    single = PERSONS.one_by_one()
    assert [(part.code, part.lead_in, part.text) for part in single] == [
        ("persons_5", "Hoeveel personen?", "Jobcoaching"),
        ("persons_7", "Hoeveel personen?", "Outplacement"),
    ]
    assert all(isinstance(part, Number) and part.high == 500 for part in single)


@pytest.mark.parametrize(("fields", "sentence"), [({"rows": []}, "one row"), ({"high": "0"}, "between 1 and")])
def test_a_table_without_rows_or_room_is_refused(fields: dict[str, object], sentence: str) -> None:
    written = {"type": "counts", "code": "persons", "text": "Hoeveel?", "rows": ROWS, **fields}
    with pytest.raises(ValidationError, match=sentence):
        Counts.model_validate(written)
