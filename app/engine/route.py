"""The route: which questions are asked, derived from the answers every time and never stored.

Answers are canonical text per answer code; None means passed without an answer. Answers of questions that
are not on the route stay where they are but count nowhere (soft prune).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from app.definition.facts import Facts
from app.definition.piping import pipe
from app.definition.questionnaire import Block, Questionnaire, Step
from app.questions.question import FilterValue, Option, Question

Answers = Mapping[str, str | None]


@dataclass(frozen=True)
class Asked:
    """One question on the route, with the options that this respondent sees."""

    step: Step
    options: tuple[Option, ...]

    @property
    def question(self) -> Question:
        return self.step.question

    @property
    def block(self) -> Block:
        return self.step.block


@dataclass(frozen=True)
class Route:
    """All questions asked in order, and those whose filter waits for an answer (`undecided`)."""

    questionnaire: Questionnaire
    facts: Facts
    asked: tuple[Asked, ...]
    undecided: tuple[Question, ...]
    counted: Mapping[str, str | None]  # the answers that count: on the route, options still on offer

    @cached_property
    def codes(self) -> frozenset[str]:
        """Answer codes on the route."""
        return frozenset(code for asked in self.asked for code in asked.question.answer_codes())

    def is_passed(self, question: Question) -> bool:
        """Answered, or passed without an answer."""
        return all(code in self.counted for code in question.answer_codes() if not code.endswith(".other"))

    def presented(self, asked: Asked) -> Question:
        """The question as this respondent sees it: options on offer, piped texts filled in."""
        question = asked.question
        if len(asked.options) == len(question.options) and not any("{" in text for text in _texts(question)):
            return question
        values = self.piped_values
        options = tuple(option.model_copy(update={"text": pipe(option.text, values)}) for option in asked.options)
        rows = tuple(row.model_copy(update={"text": pipe(row.text, values)}) for row in question.rows)
        words = {name: pipe(getattr(question, name), values) for name in ("text", "lead_in", "hint", "interviewer")}
        return question.model_copy(update={**words, "options": options, "rows": rows})

    @cached_property
    def piped_values(self) -> dict[str, str]:
        """Case facts and answers on the route, in words, by the name that pipes them."""
        values = self.facts.piped()
        for asked in self.asked:
            if shown := asked.question.shown(self.counted):
                values[asked.question.code] = shown
        return values


def _texts(question: Question) -> Iterator[str]:
    yield from (question.text, question.lead_in, question.hint, question.interviewer)
    yield from (option.text for option in question.options)
    yield from (row.text for row in question.rows)


def route(questionnaire: Questionnaire, answers: Answers, facts: Facts) -> Route:
    """Walks all questions once. Filters look only at earlier questions, so one pass decides everything."""
    values = facts.filter_values()
    asked: list[Asked] = []
    undecided: list[Question] = []
    counted: dict[str, str | None] = {}
    for step in questionnaire.steps:
        decided = True if step.condition is None else step.condition.decide(values)
        if decided:
            here = Asked(step, _options(step, values))
            asked.append(here)
            _count(here, answers, counted, values)
        elif decided is None:
            # whether it is asked waits for an answer, so whatever looks at it waits too
            undecided.append(step.question)
            values.update((code, None) for code in step.question.answer_codes())
    return Route(questionnaire, facts, tuple(asked), tuple(undecided), counted)


def _options(step: Step, values: Mapping[str, FilterValue | None]) -> tuple[Option, ...]:
    if not step.option_conditions:
        return step.question.options
    return tuple(
        option
        for option in step.question.options
        if (condition := step.option_conditions.get(option.code)) is None or condition.decide(values)
    )


def _count(
    here: Asked, answers: Answers, counted: dict[str, str | None], values: dict[str, FilterValue | None]
) -> None:
    """Takes the answers of one asked question into the count, without choices no longer on offer."""
    question = here.question
    hidden = {option.code for option in question.options} - {option.code for option in here.options}
    for code in question.answer_codes():
        if code.endswith(".other"):
            if answers.get(code) and _is_other_chosen(question, counted.get(question.code)):
                counted[code] = answers[code]
            continue
        values[code] = None
        if code not in answers:
            continue
        stored = answers[code]
        if stored is not None and hidden:
            stored = " ".join(part for part in stored.split() if part not in hidden) or None
            if stored is None:
                continue  # every choice is off the list: ask again
        counted[code] = stored
        if stored is not None:
            values[code] = question.typed(code, stored)


def _is_other_chosen(question: Question, stored: str | None) -> bool:
    return any(option.other and option.code in (stored or "").split() for option in question.options)
