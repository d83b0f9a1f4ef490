"""Multiple choice: options together, an exclusive one alone."""

import pytest

from app.questions.multiple import EXCLUSIVE_WITH_OTHERS, MultipleChoice
from app.questions.single import UNKNOWN_OPTION

BENEFIT = MultipleChoice.model_validate(
    {
        "type": "multiple",
        "code": "benefit",
        "text": "Welke uitkering?",
        "options": [
            {"code": "none", "text": "Geen", "exclusive": "true"},
            {"code": "ww", "text": "WW"},
            {"code": "wia", "text": "WIA"},
            {"code": "else", "text": "Anders", "other": "true"},
        ],
    }
)


@pytest.mark.parametrize(
    ("form", "stored", "own_words"),
    [
        ({"benefit": ["wia", "ww"]}, "ww wia", None),
        ({"benefit": ["ww", "ww", ""]}, "ww", None),
        ({"benefit": ["none"]}, "none", None),
        ({"benefit": ["ww"], "benefit.other": ["iets"]}, "ww else", "iets"),
        ({"benefit": ["else"]}, "else", None),
        ({"benefit": []}, None, None),
    ],
)
def test_choices_are_stored_in_the_order_of_the_options(
    form: dict[str, list[str]], stored: str | None, own_words: str | None
) -> None:
    assert BENEFIT.parse(form).answers == {"benefit": stored, "benefit.other": own_words}


@pytest.mark.parametrize("form", [{"benefit": ["none", "ww"]}, {"benefit": ["none"], "benefit.other": ["iets"]}])
def test_an_exclusive_choice_with_another_is_refused_by_name(form: dict[str, list[str]]) -> None:
    (problem,) = BENEFIT.parse(form).problems
    assert (problem.message, problem.values) == (EXCLUSIVE_WITH_OTHERS, {"option": "Geen"})


def test_an_option_that_is_not_there_is_refused() -> None:
    (problem,) = BENEFIT.parse({"benefit": ["ww", "aow"]}).problems
    assert problem.message == UNKNOWN_OPTION


@pytest.mark.parametrize("stored", ["", " ", "wia ww", "ww  wia", "ww ww", "none ww", "aow", "WW", "ww\n"])
def test_only_canonical_answers_are_accepted(stored: str) -> None:
    assert not BENEFIT.accepts("benefit", stored)
    assert BENEFIT.accepts("benefit", "ww wia else")


def test_cells_tell_not_chosen_from_not_answered() -> None:
    assert BENEFIT.to_cells({"benefit": "ww else", "benefit.other": "iets"}) == {
        "benefit.none": "0",
        "benefit.ww": "1",
        "benefit.wia": "0",
        "benefit.else": "1",
        "benefit.else.text": "iets",
    }
    assert set(BENEFIT.to_cells({}).values()) == {""}


def test_filters_see_a_set_and_overviews_see_words() -> None:
    assert BENEFIT.typed("benefit", "ww wia") == frozenset({"ww", "wia"})
    assert BENEFIT.shown({"benefit": "ww else", "benefit.other": "iets"}) == "WW; Anders: iets"
