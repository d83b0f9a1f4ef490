"""What a page says about a question without an answer, and what an overview shows."""

from dataclasses import dataclass
from functools import cached_property

from app.collection.contexts import QuestionPage, question_page
from app.definition.facts import Facts
from app.definition.questionnaire import Questionnaire
from app.engine.completeness import overview
from app.engine.route import Route, route
from app.engine.screens import Screen, screens
from app.questions.question import REQUIRED_PROBLEM, UNANSWERED_PROBLEM, Problem
from tests.factories.questionnaires import question, questionnaire

FOUND = questionnaire(
    question("ways", "multiple", [{"code": c, "text": c, "picture": c} for c in ("phone", "mail")]),
    question("weather", "single", [{"code": c, "text": c, "picture": c} for c in ("sun", "rain")], required=True),
    question("opinion", "satisfaction"),
    question("grade", "grade"),
)


@dataclass
class Standing:
    """Somebody half way, without a database."""

    answers: dict[str, str | None]
    questionnaire: Questionnaire = FOUND
    language: str = "nl"

    @cached_property
    def route(self) -> Route:
        return route(self.questionnaire, self.answers, Facts(service=1))

    @cached_property
    def screens(self) -> tuple[Screen, ...]:
        return screens(self.route)

    def with_answers(self, changes: dict[str, str | None]) -> "Standing":
        return Standing(self.answers | changes)


def unanswered(code: str) -> QuestionPage:
    here = Standing({})
    (screen,) = (one for one in here.screens if one.code == code)
    problems = (Problem(code, UNANSWERED_PROBLEM),)
    return question_page(here, screen, form_token="", translate=str, problems=problems)


def test_a_question_without_answer_may_be_passed() -> None:
    page = unanswered("ways")
    assert page.may_skip and page.errors[0].sentence == UNANSWERED_PROBLEM


def test_nobody_is_told_to_pass_a_question_whose_answer_is_needed() -> None:
    page = unanswered("weather")
    assert not page.may_skip and page.errors[0].sentence == REQUIRED_PROBLEM


def pictures(answers: dict[str, str | None]) -> dict[str, str]:
    return {line.question.code: line.picture for line in overview(Standing(answers).route)}


def test_an_overview_shows_the_picture_of_an_answer_that_is_one_option() -> None:
    answers = {"ways": "phone", "weather": "rain", "opinion": "dissatisfied", "grade": "7"}
    assert pictures(answers) == {"ways": "phone", "weather": "rain", "opinion": "dissatisfied", "grade": ""}
    others = {"ways": "phone mail", "weather": None, "opinion": "no_opinion", "grade": None}
    assert set(pictures(others).values()) == {""}


def test_a_mistake_in_a_table_is_told_with_the_row_that_it_is_in() -> None:
    rows = [{"code": "r1", "text": "Jobcoaching"}, {"code": "r2", "text": "Outplacement"}]
    here = Standing({}, questionnaire(question("table", "counts", rows=rows)))
    problems = (Problem("r2", "Vul een getal in."),)
    page = question_page(here, here.screens[0], form_token="", translate=str, problems=problems)
    assert [(error.anchor, error.sentence) for error in page.errors] == [("v-r2", "Outplacement: Vul een getal in.")]
