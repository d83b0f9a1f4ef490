"""What every question type promises: parsing never fails, what it stores is accepted, cells go round unchanged."""

import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from app.definition.load import load_folder
from app.questions import QUESTION_TYPES
from app.questions.question import Question
from app.settings import ROOT

SPECIMENS = ROOT / "tests" / "questionnaires"
QUESTIONS = [
    question
    for folder in sorted(path for path in SPECIMENS.iterdir() if path.is_dir())
    for question in load_folder(folder).wordings["regular"].questions()
]
Answers = Mapping[str, str | None]


def fields(question: Question) -> list[str]:
    """The form fields of a question, and one that is not its own."""
    return [*question.answer_codes(), question.code, f"{question.code}.other", f"{question.code}.typed", "another"]


@st.composite
def forms(draw: DrawFn, question: Question) -> dict[str, list[str]]:
    """Anything a browser or an attacker may post for a question; often something that fits."""
    fitting = [option.code for option in question.options] + ["1", "7", "7,5", "10", "0", "12", " 8 ", "5.5"]
    values = st.sampled_from(fitting) | st.text(max_size=12) | st.text("0123456789,. -+e٣", max_size=6)
    return draw(st.dictionaries(st.sampled_from(fields(question)), st.lists(values, max_size=4), max_size=5))


@st.composite
def answered(draw: DrawFn) -> tuple[Question, dict[str, str | None]]:
    """A question with answers that it stored itself."""
    question = draw(st.sampled_from(QUESTIONS))
    return question, question.parse(draw(forms(question))).answers


def test_the_specimens_show_every_type() -> None:
    assert {question.type for question in QUESTIONS} == set(QUESTION_TYPES)


@given(st.data())
def test_parsing_never_fails_and_stores_only_what_is_accepted(data: st.DataObject) -> None:
    question = data.draw(st.sampled_from(QUESTIONS))
    parsed = question.parse(data.draw(forms(question)))
    if parsed.problems:
        assert parsed.answers == {}
        for problem in parsed.problems:
            assert problem.answer in question.answer_codes()
            assert problem.message % dict(problem.values)
        return
    assert set(parsed.answers) == set(question.answer_codes())
    for code, stored in parsed.answers.items():
        assert stored is None or question.accepts(code, stored)
        assert stored != ""


@given(answered())
def test_what_is_stored_can_be_filtered_shown_and_filled_in_again(given_answers: tuple[Question, Answers]) -> None:
    question, answers = given_answers
    types = question.value_types()
    for code, stored in answers.items():
        if stored is None:
            continue
        if code in types:
            value = question.typed(code, stored)
            assert isinstance(value, Decimal) == (types[code].kind == "number")
            assert isinstance(value, frozenset) == (types[code].kind == "choices")
        assert question.shown(answers)
    form = {code: question.filled_in(code, stored) for code, stored in answers.items() if stored is not None}
    assert {c: s for c, s in question.parse(form).answers.items() if s} == {c: s for c, s in answers.items() if s}
    assert question.shown({}) == ""


@given(answered())
def test_cells_go_round_unchanged(given_answers: tuple[Question, Answers]) -> None:
    question, answers = given_answers
    cells = question.to_cells(answers)
    assert set(cells) == {variable.code for variable in question.variables()} or not question.asks
    assert question.from_cells(cells) == {code: stored for code, stored in answers.items() if stored is not None}


@given(st.data())
def test_cells_of_others_are_read_without_failing(data: st.DataObject) -> None:
    question = data.draw(st.sampled_from(QUESTIONS))
    columns = [variable.code for variable in question.variables()]
    cells = data.draw(st.dictionaries(st.sampled_from([*columns, "another"]), st.text(max_size=8)))
    for code, stored in question.from_cells(cells).items():
        assert code in question.answer_codes()
        assert stored
        assert question.accepts(code, stored) in (True, False)


@given(st.data())
def test_accepting_never_fails_and_refuses_what_is_not_canonical(data: st.DataObject) -> None:
    question = data.draw(st.sampled_from([q for q in QUESTIONS if q.value_types() and q.type != "open"]))
    code = data.draw(st.sampled_from([c for c in question.answer_codes() if not c.endswith(".other")]))
    stored = data.draw(st.text(max_size=12) | st.sampled_from(["07", "7.0", "7.", " 7", "7,5", "+7", "email phone"]))
    if question.accepts(code, stored):
        again = question.parse({code: question.filled_in(code, stored)})
        assert again.answers[code] == stored


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: f"{question.type} {question.code}")
def test_nothing_posted_is_an_empty_answer(question: Question) -> None:
    parsed = question.parse({})
    assert parsed.is_empty
    assert set(parsed.answers) == set(question.answer_codes())
    assert question.from_cells(question.to_cells(parsed.answers)) == {}


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: f"{question.type} {question.code}")
def test_variables_have_codes_of_their_own_and_labels(question: Question) -> None:
    variables = question.variables()
    assert len({variable.code for variable in variables}) == len(variables)
    assert all(variable.label for variable in variables)
    assert bool(variables) is question.asks
    assert all(re.fullmatch(r"[a-z0-9_.]+", variable.code) for variable in variables)


def test_every_type_has_its_template() -> None:
    for kind in QUESTION_TYPES.values():
        assert (Path(ROOT) / "app" / "questions" / kind.template).is_file()
