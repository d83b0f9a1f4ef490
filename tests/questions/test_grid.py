"""A grid: rows that share options, together on a page or one by one."""

from typing import Any

from app.definition.facts import Facts
from app.definition.questionnaire import Questionnaire
from app.engine.completeness import usable
from app.engine.route import route
from app.engine.screens import screens
from app.questions.satisfaction import SatisfactionScale
from app.questions.single import SingleChoice
from tests.factories.questionnaires import SCALE, Tree, block, defined, question, yes_no


def grid(options: str = " ".join(SCALE), **fields: Any) -> Tree:
    rows = [{"code": code, "text": f"{code}?"} for code in ("speed", "place")]
    return question("office", "grid", options, rows=rows, **fields)


def both_wordings() -> dict[str, Questionnaire]:
    wordings = ["regular", "low_threshold"]
    made = defined(
        block("office_block", grid(lead_in="Het kantoor."), yes_no("more", "place == 'satisfied'")),
        wordings=wordings,
        required_for_usable=["speed", "place"],
    )
    return dict(made.wordings)


def test_a_grid_is_one_screen_in_regular_wording() -> None:
    asked = route(both_wordings()["regular"], {}, Facts())
    assert [screen.code for screen in screens(asked)] == ["office"]


def test_low_threshold_wording_asks_a_grid_row_by_row() -> None:
    asked = route(both_wordings()["low_threshold"], {}, Facts(wording="low_threshold"))
    first = screens(asked)[0].asked[0].question
    assert [screen.code for screen in screens(asked)] == ["speed", "place"]
    assert isinstance(first, SatisfactionScale)
    assert (first.lead_in, first.text) == ("makkelijk office, makkelijk?", "speed, makkelijk")


def test_answers_of_a_grid_count_the_same_in_both_wordings() -> None:
    answers = {"speed": "satisfied", "place": "satisfied", "more": "yes"}
    for wording, questionnaire in both_wordings().items():
        walked = route(questionnaire, answers, Facts(wording=wording))
        assert walked.counted == answers, wording
        assert usable(walked, is_finished=False), wording
        assert not usable(route(questionnaire, {"speed": "satisfied"}, Facts(wording=wording)), is_finished=True)


def test_rows_with_other_options_than_satisfaction_become_single_choices() -> None:
    office = grid("yes no", asked_if="service == 2")
    made = defined(office, wordings=["regular", "low_threshold"]).wordings["low_threshold"]
    assert {type(step.question) for step in made.steps} == {SingleChoice}
    assert route(made, {}, Facts(service=1, wording="low_threshold")).asked == ()
    assert len(route(made, {}, Facts(service=2, wording="low_threshold")).asked) == 2
