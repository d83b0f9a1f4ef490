"""Completeness: what is still open, what counts as usable (keurmerk rules §1), and the overview."""

from dataclasses import dataclass
from decimal import Decimal

from app.engine.route import Route
from app.questions.question import Question


def open_questions(route: Route) -> tuple[Question, ...]:
    """Questions on the route that were never passed."""
    return tuple(asked.question for asked in route.asked if not route.is_passed(asked))


def usable(route: Route, is_finished: bool) -> bool:
    """Whether the interview counts in *Ingevuld*.

    Every required question on the route is answered and none is undecided. Without a required question on
    the route (no contact with the provider) it is usable when it is finished.
    """
    required = route.questionnaire.required_for_usable
    if any(code in required for question in route.undecided for code in question.answer_codes()):
        return False
    wanted = required & route.codes
    if not wanted:
        return is_finished
    return all(route.counted.get(code) is not None for code in wanted)


@dataclass(frozen=True)
class Outcome:
    """The three figures that results need from one interview, as its route counts them."""

    is_usable: bool
    grade: Decimal | None
    role: str | None  # promoter, neutral or detractor


def outcome(route: Route, is_finished: bool) -> Outcome:
    """Usable, overall grade and promoter role of an interview."""
    questionnaire = route.questionnaire
    grade = route.counted.get(questionnaire.texts.overall_grade)
    question = questionnaire.recommendation
    option = question.option(route.counted.get(question.code) or "") if question else None
    return Outcome(usable(route, is_finished), Decimal(grade) if grade else None, option.role if option else None)


def _picture(route: Route, question: Question) -> str:
    return question.picture(route.counted.get(question.code) or "")


@dataclass(frozen=True)
class Line:
    """One line of the overview: the question, the answer in words and as a drawing, and where it can be changed."""

    question: Question
    answer: str
    block: str
    picture: str = ""


def overview(route: Route, block: str | None = None) -> tuple[Line, ...]:
    """Passed questions with their answers; of one block, or of all."""
    return tuple(
        Line(question, question.shown(route.counted), asked.block.code, _picture(route, question))
        for asked in route.asked
        if asked.question.asks and route.is_passed(asked) and block in (None, asked.block.code)
        for question in (route.presented(asked),)
    )
