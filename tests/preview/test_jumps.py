"""The routing proof made real: every question that can be reached is reached, and of every other it is said why not."""

from itertools import product

import pytest

from app.engine.completeness import open_questions
from app.engine.screens import find
from app.preview.jumps import aim, aims, landed, passed
from app.preview.setup import MODES, Setup, names
from app.preview.trial import Trial

pytestmark = pytest.mark.usefixtures("var_folder")


def setups() -> list[Setup]:
    """Every questionnaire in every wording for every service and mode."""
    found = []
    for name in names():
        definition = Setup(name).definition
        for wording, service, mode in product(definition.wordings, definition.texts.services or (None,), MODES):
            found.append(Setup(name).but(wording=wording, service=service, mode=mode))
    return found


def test_every_question_that_can_be_asked_is_landed_on() -> None:
    n_landed = 0
    for setup in setups():
        for there in aims(setup):
            if there.obstacle:
                continue
            trial = landed(Trial(setup, {}), there)
            screen = find(trial.screens, there.code)
            assert screen is not None, (setup, there.code)
            assert there.code in [asked.question.code for asked in screen.asked]
            n_landed += 1
    assert n_landed > 1000


def test_every_question_of_the_wording_is_among_the_aims() -> None:
    for setup in setups():
        codes = {there.code for there in aims(setup)}
        assert codes >= {step.question.code for step in setup.words.steps}


def test_an_obstacle_is_real_and_the_choices_offered_instead_do_reach_the_question() -> None:
    seen = set()
    for setup in setups():
        for there in aims(setup):
            if there.obstacle:
                seen.add(there.obstacle)
                assert there.elsewhere is not None, (setup, there.code)
                other = aim(there.elsewhere, there.code)
                assert other is not None and not other.obstacle, (setup, there.code, there.elsewhere)
    assert seen == {"service", "wording"}


def test_what_comes_before_is_passed_and_nothing_else_is_filled_in() -> None:
    setup = Setup("arbeid-2022").but(service=1)
    there = aim(setup, "complaint_solved")
    assert there is not None
    trial = landed(Trial(setup, {}), there)
    assert {code: value for code, value in trial.answers.items() if value} == {"complaint": "yes"}
    screen = find(trial.screens, "complaint_solved")
    assert screen is not None
    for before in trial.screens[: trial.screens.index(screen)]:
        assert all(trial.route.is_passed(asked) for asked in before.asked)
    assert "complaint_solved" not in trial.answers


def test_answers_so_far_stay_when_the_question_can_be_asked_with_them() -> None:
    setup = Setup("arbeid-2022").but(service=1)
    there = aim(setup, "complaint_solved")
    assert there is not None
    trial = landed(Trial(setup, {"training_form": "group", "complaint": "no"}), there)
    assert trial.answers["training_form"] == "group"
    assert trial.answers["complaint"] == "yes"


def test_passing_everything_leaves_nothing_open() -> None:
    for setup in setups():
        assert not open_questions(passed(Trial(setup, {})).route)


def test_a_question_for_other_facts_is_refused_with_those_facts(specimen: str) -> None:
    """`by_phone` only over the telephone, `for_two` only for learning profile 2."""
    setup = Setup(specimen).but(learning_profile=1, mode="web")
    phone, two = aim(setup, "by_phone"), aim(setup, "for_two")
    assert phone is not None and phone.obstacle == "facts"
    assert phone.elsewhere is not None and phone.elsewhere.mode == "phone"
    assert two is not None and two.obstacle == "facts"
    assert two.elsewhere is not None and two.elsewhere.learning_profile == 2
    both = setup.but(learning_profile=2, mode="phone")
    assert [there.obstacle for there in aims(both)] == [""] * len(aims(both))
