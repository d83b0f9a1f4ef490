"""A questionnaire in another language has the same codes and routes, and other words everywhere."""

import pytest
from hypothesis import given, settings

from app.definition.facts import Facts
from app.definition.load import Definition, load
from app.definition.passages import passages
from app.definition.questionnaire import Questionnaire
from app.definition.translations import (
    Coverage,
    coverage,
    is_usable,
    messages_to_translate,
    texts_to_translate,
    translated,
    translated_wording,
)
from app.engine.route import route
from app.language import Translation
from tests.factories.questionnaires import defined, definitions, question, questionnaire, yes_no
from tests.factories.written import WRITTEN


def shout(text: str) -> str:
    return f"<{text}>"


@settings(max_examples=50, deadline=None)
@given(definitions())
def test_every_text_is_translated_and_nothing_else_changes(definition: Definition) -> None:
    for one in definition.wordings.values():
        loud = translated(one, shout, ",")
        for before, after in zip(passages(one), passages(loud), strict=True):
            assert after.path == before.path
            assert after.text == (before.text if before.kind == "interviewer" else shout(before.text))
        assert [step.codes for step in loud.steps] == [step.codes for step in one.steps]
        assert [step.condition for step in loud.steps] == [step.condition for step in one.steps]
        assert translated(one, str, ",") == one


def test_names_are_filled_in_after_translating() -> None:
    dutch = questionnaire(
        question("a", "single", [{"code": "yes", "text": "Ja"}, {"code": "no", "text": "Nee"}]),
        question("b", "open", text="U zei {a} bij {provider}."),
    )
    words = {"Ja": "Yes", "U zei {a} bij {provider}.": "At {provider} you said {a}."}
    english = translated(dutch, lambda text: words.get(text, text), ".")
    asked = route(english, {"a": "yes"}, Facts(service=1, provider="Werkpad")).asked
    shown = route(english, {"a": "yes"}, Facts(service=1, provider="Werkpad")).presented(asked[1])
    assert shown.text == "At Werkpad you said Yes."


def test_a_grid_is_translated_whole_and_then_asked_row_by_row() -> None:
    grid = question("g", "grid", "a b", rows=[{"code": "r1", "text": "Rij"}])
    easy = questionnaire(grid, easy_pages=True)
    (step,) = translated(easy, shout, ",").steps
    assert (step.question.lead_in, step.question.text) == ("<g?>", "<Rij>")


@pytest.mark.parametrize(("mark", "expected"), [(",", "7,5"), (".", "7.5")])
def test_a_grade_is_written_as_the_language_does(mark: str, expected: str) -> None:
    rows = [{"code": "r", "text": "R"}]
    dutch = questionnaire(question("g", "grade", decimals="1"), question("t", "grades_grid", decimals="1", rows=rows))
    grade, grades = translated(dutch, str, mark).questions()
    assert grade.shown({"g": "7.5"}) == expected
    assert grade.filled_in("g", "7.5") == (expected,)
    assert grades.shown({"r": "7.5"}) == f"R: {expected}"
    assert grades.one_by_one()[0].shown({"r": "7.5"}) == expected
    assert grade.parse({"g": ["7.5"]}).answers == grade.parse({"g": ["7,5"]}).answers == {"g": "7.5"}
    assert grade.to_cells({"g": "7.5"}) == {"g": "7,5"}


def test_only_the_easy_wording_is_translated() -> None:
    assert translated_wording(load(WRITTEN)) == "low_threshold"
    assert translated_wording(defined(yes_no("a"), easy_pages=True)) == "regular"
    assert translated_wording(defined(yes_no("a"))) is None


def test_what_an_interviewer_reads_to_himself_is_not_translated() -> None:
    asked = questionnaire(yes_no("a", interviewer="Lees voor."))
    assert "Lees voor." not in texts_to_translate(asked)
    assert {"Goedemiddag", "a?", "yes", "Welkom"} <= set(texts_to_translate(asked))


def test_messages_are_translated_for_who_gets_the_easy_wording() -> None:
    definition = load(WRITTEN)
    wordings = {passage.path[2] for passage in messages_to_translate(definition)}
    assert wordings == {"low_threshold"}


@pytest.mark.parametrize(
    ("text", "forms", "expected"),
    [
        ("Ja", ("Yes",), True),
        ("Ja", ("",), False),
        ("Van {provider}", ("By {provider}",), True),
        ("Van {provider}", ("By the company",), False),
        ("Van {provider}", ("By {company}",), False),
        ("Van {provider}", ("By {provider} {",), False),
        ("Ja", ("Yes {grade}",), False),
    ],
)
def test_a_translation_with_other_names_between_braces_counts_as_none(
    text: str, forms: tuple[str, ...], expected: bool
) -> None:
    assert is_usable(text, Translation(forms)) is expected


def test_coverage_counts_reviewed_and_drafted_texts() -> None:
    translations = {"a": Translation(("A",)), "b": Translation(("B",), is_draft=True), "c": Translation(("",))}
    assert coverage(["a", "b", "c", "d"], translations) == Coverage(4, 1, 1)
    assert coverage(["a"], translations).is_complete(with_drafts=False)
    assert coverage(["a", "b"], translations).is_complete(with_drafts=True)
    assert not coverage(["a", "b"], translations).is_complete(with_drafts=False)
    assert not coverage(["a", "c"], translations).is_complete(with_drafts=True)


def test_a_translated_questionnaire_keeps_its_wording() -> None:
    easy: Questionnaire = load(WRITTEN).wordings["low_threshold"]
    assert translated(easy, shout, ",").wording == "low_threshold"
