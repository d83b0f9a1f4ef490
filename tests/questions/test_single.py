"""Single choice: one option, possibly with own words."""

import pytest

from app.questions.single import UNKNOWN_OPTION, SingleChoice

KIND = SingleChoice.model_validate(
    {
        "type": "single",
        "code": "kind",
        "text": "Welke opleiding?",
        "options": [
            {"code": "yes", "text": "Taal"},
            {"code": "2_3", "text": "Computer"},
            {"code": "other", "text": "Anders", "other": "true"},
        ],
    }
)


@pytest.mark.parametrize(
    ("form", "stored"),
    [
        ({"kind": ["yes"]}, {"kind": "yes", "kind.other": None}),
        ({"kind": ["2_3", "yes"]}, {"kind": "2_3", "kind.other": None}),
        ({"kind": ["other"], "kind.other": [" Koken\x00 "]}, {"kind": "other", "kind.other": "Koken"}),
        ({"kind": ["other"]}, {"kind": "other", "kind.other": None}),
        ({"kind": [""], "kind.other": ["Koken"]}, {"kind": "other", "kind.other": "Koken"}),
        ({"kind": ["yes"], "kind.other": ["Koken"]}, {"kind": "yes", "kind.other": None}),
        ({}, {"kind": None, "kind.other": None}),
    ],
)
def test_what_is_chosen_is_stored(form: dict[str, list[str]], stored: dict[str, str | None]) -> None:
    assert KIND.parse(form).answers == stored


@pytest.mark.parametrize("wrong", ["maybe", "YES", "yes other", "Taal"])
def test_an_option_that_is_not_there_is_refused(wrong: str) -> None:
    parsed = KIND.parse({"kind": [wrong]})
    assert parsed.answers == {}
    assert [(problem.answer, problem.message) for problem in parsed.problems] == [("kind", UNKNOWN_OPTION)]
    assert not KIND.accepts("kind", wrong)


def test_an_overview_shows_the_option_and_own_words() -> None:
    assert KIND.shown({"kind": "yes"}) == "Taal"
    assert KIND.shown({"kind": "other", "kind.other": "Koken"}) == "Anders: Koken"
    assert KIND.shown({"kind": "other"}) == "Anders"
    assert KIND.shown({"kind": "gone"}) == ""


def test_own_words_have_a_column_of_their_own() -> None:
    assert [(v.code, v.measure, dict(v.values)) for v in KIND.variables()] == [
        ("kind", "nominal", {"yes": "Taal", "2_3": "Computer", "other": "Anders"}),
        ("kind.other", "text", {}),
    ]
