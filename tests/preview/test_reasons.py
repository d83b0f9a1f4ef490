"""Why a question is asked or not: the filters as they decide, the values they looked at, and where they stand."""

import random

import pytest

from app.engine.screens import find
from app.preview.filters_told import NOT_ASKED, OPEN, PASSED, WAITS, Check, values_of
from app.preview.reasons import Reason, Reasons, why
from app.preview.setup import Setup, names
from app.preview.trial import Trial
from app.questions.question import Question

pytestmark = pytest.mark.usefixtures("var_folder")


def some_answer(question: Question, dice: random.Random) -> dict[str, str | None]:
    """An answer to a question, or none."""
    codes = [code for code in question.answer_codes() if not code.endswith(".other")]
    offered = [option.code for option in question.options] or ["7"]
    return {code: dice.choice([None, *offered]) for code in codes if dice.random() < 0.8}


def walked(setup: Setup, seed: int) -> Trial:
    """A try-out with answers drawn at random."""
    dice = random.Random(seed)
    trial = Trial(setup, {})
    for step in trial.questionnaire.steps:
        trial = trial.with_answers(some_answer(step.question, dice))
    return trial


def of(trial: Trial, code: str) -> Reason:
    reasons = Reasons(trial)
    return reasons.of(next(s for s in reasons.trial.questionnaire.steps if s.question.code == code))


def compares(check: Check) -> list[Check]:
    return [check] if check.kind == "compare" else [one for part in check.parts for one in compares(part)]


@pytest.mark.parametrize("seed", range(6))
def test_what_is_told_is_what_the_route_does(seed: int) -> None:
    for name in names():
        definition = Setup(name).definition
        for wording in definition.wordings:
            for service in (definition.texts.services or (None,))[:4]:
                trial = walked(Setup(name).but(wording=wording, service=service), seed)
                asked = {one.question.code for one in trial.route.asked}
                undecided = {question.code for question in trial.route.undecided}
                reasons = Reasons(trial)
                for step in trial.questionnaire.steps:
                    reason = reasons.of(step)
                    assert (reason.outcome is True) == (reason.code in asked)
                    assert (reason.outcome is None) == (reason.code in undecided)
                    outcomes = [one.check.outcome for one in reason.filters]
                    assert reason.outcome == (False if False in outcomes else None if None in outcomes else True)


def test_the_value_a_filter_looked_at_is_in_words() -> None:
    setup = Setup("arbeid-2022").but(service=6)
    [filter_of] = of(Trial(setup, {"complaint": "no"}), "complaint_solved").filters
    check = filter_of.check
    assert (check.name, check.outcome, check.now, check.wanted) == ("complaint", False, "Nee", ("Ja",))
    assert filter_of.source == "complaint == 'yes'"
    line = int(filter_of.place.removeprefix("questionnaire.yaml:"))
    written = setup.definition.files["questionnaire.yaml"].splitlines()[line - 1]
    assert "asked_if: complaint == 'yes'" in written


def test_an_open_a_passed_and_a_skipped_question_are_told_apart() -> None:
    setup = Setup("arbeid-2018").but(service=6)
    solved = "complaint_solved"

    def now(**answers: str | None) -> str:
        last = compares(of(Trial(setup, dict(answers)), solved).filters[-1].check)
        return next(one.now for one in last if one.name == "complaint_submitted")

    assert now(complaint="yes") == OPEN
    assert now(complaint="yes", complaint_submitted=None) == PASSED
    assert now(complaint="no") == NOT_ASKED
    assert now() == WAITS


def test_questions_that_only_their_block_keeps_away_are_told_together() -> None:
    trial = Trial(Setup("arbeid-2022").but(service=6), {"had_contact": "no"})
    told = why(trial, find(trial.screens, "expectation"))
    together = [one for one in told.skipped if len(one.reasons) > 1]
    assert [len(one.reasons) for one in together] == [5, 6, 3]
    assert all(one.outcome is False and one.filters[0].of == "block" for one in together)
    n_skipped = sum(len(one.reasons) for one in told.skipped)
    before = [s.question.code for s in trial.questionnaire.steps]
    assert n_skipped == before.index("expectation") - len(
        [one for one in trial.route.asked if before.index(one.question.code) < before.index("expectation")]
    )


def test_nothing_was_skipped_before_the_first_question() -> None:
    trial = Trial(Setup("arbeid-2022").but(service=6), {})
    assert why(trial, None, is_begun=False).skipped == ()
    assert why(trial, None).skipped != ()


def test_an_option_that_is_not_offered_is_told_with_its_filter(specimen: str) -> None:
    trial = Trial(Setup(specimen).but(learning_profile=1), {"gate": "yes"})
    [hidden] = of(trial, "pick").hidden
    assert (hidden.of_text, hidden.source, hidden.check.outcome) == ("Tweede", "gate == 'no'", False)
    shown = Trial(trial.setup, {"gate": "no"})
    assert of(shown, "pick").hidden == ()


def test_a_filter_of_many_parts_is_told_part_by_part(specimen: str) -> None:
    trial = Trial(Setup(specimen), {"gate": "yes", "pick": "a", "ways": "call mail"})
    check = of(trial, "deep").filters[0].check
    assert (check.kind, check.outcome) == ("all", True)
    either = check.parts[1]
    assert (either.kind, either.parts[1].kind, either.parts[1].outcome) == ("any", "not", False)
    assert [one.outcome for one in compares(check)] == [True, True, True]
    assert compares(check)[1].relation == "bevat"
    assert compares(check)[1].now == "call, mail"


def test_values_are_those_that_the_route_decided_with() -> None:
    trial = Trial(Setup("arbeid-2022").but(service=6), {"had_contact": "no", "contact_frequency": "1"})
    values = values_of(trial.route)
    assert values["had_contact"] == "no"
    assert "contact_frequency" not in values
