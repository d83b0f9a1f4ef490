"""What a posted page says, read without storing anything."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from app.collection.standing import Standing
from app.engine.route import Asked
from app.engine.screens import find
from app.questions.question import UNANSWERED_PROBLEM, Parsed, Problem, Question

Form = Mapping[str, list[str]]
SomeStanding = TypeVar("SomeStanding", bound=Standing)


@dataclass(frozen=True)
class PostedPage(Generic[SomeStanding]):
    """What came of one posted page: the answers to store, what is wrong with the rest, what no longer counts."""

    before: SomeStanding
    after: SomeStanding
    changes: dict[str, str | None]
    problems: tuple[Problem, ...]
    unreadable: tuple[Problem, ...]  # what was typed and is no answer, also where nobody is asked about it now

    @property
    def n_dropped(self) -> int:
        """Answers that this change took off the route."""
        answered = {code for code, value in self.before.route.counted.items() if value is not None}
        return len(answered - self.after.route.codes)


def read_page(
    standing: SomeStanding, code: str, form: Form, *, may_skip: bool, keeps_open: bool
) -> PostedPage[SomeStanding] | None:
    """Reads what was posted for one screen; good answers count even when another question has a problem.

    Args:
        may_skip: questions without an answer are passed instead of asked about once more.
        keeps_open: unanswered questions stay open and nobody is asked about them (stopping, going back).
    Returns:
        None when there is no such question.
    """
    questions = _asked(standing, code)
    if not questions:
        return None
    changes: dict[str, str | None] = {}
    problems: list[Problem] = []
    unreadable: list[Problem] = []
    for asked in questions:
        question = standing.route.presented(asked)
        parsed = question.parse(form)
        if parsed.problems:
            unreadable += parsed.problems
            problems += () if keeps_open else parsed.problems
            continue
        good, bad = _weigh(question, parsed, may_skip=may_skip, keeps_open=keeps_open)
        changes.update(good)
        problems += bad
    return PostedPage(standing, standing.with_answers(changes), changes, tuple(problems), tuple(unreadable))


def _asked(standing: Standing, code: str) -> tuple[Asked, ...]:
    """The questions of a posted page; also one that another tab has just taken off the route, lest it be lost."""
    if screen := find(standing.screens, code):
        return screen.asked
    return tuple(
        Asked(step, step.question.options) for step in standing.questionnaire.steps if step.question.code == code
    )


def _weigh(
    question: Question, parsed: Parsed, *, may_skip: bool, keeps_open: bool
) -> tuple[dict[str, str | None], tuple[Problem, ...]]:
    """Answers of one question that may be stored, and what is still missing."""
    if not question.asks or question.optional:
        return parsed.answers, ()
    missing = question.unanswered(parsed.answers)
    if not missing or (may_skip and not question.required):
        return parsed.answers, ()
    # an answer taken back stays stored until the respondent says so by going on without one
    given: dict[str, str | None] = {code: value for code, value in parsed.answers.items() if value is not None}
    if not keeps_open:
        return given, tuple(Problem(code, UNANSWERED_PROBLEM) for code in missing)
    return given, ()
