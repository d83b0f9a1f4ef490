"""The route: which questions are asked, derived from the answers every time and never stored.

Answers are canonical text per answer code; None means passed without an answer. Answers of questions that
are not on the route stay where they are but count nowhere (soft prune).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from app.definition.facts import Facts
from app.definition.nameless import Name, nameless
from app.definition.piping import pipe, piped_names
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
        return frozenset(code for asked in self.asked for code in asked.step.codes)

    def is_passed(self, asked: Asked) -> bool:
        """Answered, or passed without an answer."""
        return all(code in self.counted for code in asked.step.own_codes)

    def presented(self, asked: Asked) -> Question:
        """The question as this respondent sees it: options on offer, piped texts filled in."""
        step = asked.step
        if asked.options is step.question.options and not step.pipes:
            return step.question
        offered = None if asked.options is step.question.options else tuple(o.code for o in asked.options)
        return _presented(step, offered, tuple(self.piped(name) for name in step.pipes))

    def piped(self, name: str) -> str:
        """A case fact or an answer on the route, in words; "" when there is none."""
        facts = self.facts.piped()
        if name in facts:
            return Name(facts[name], nameless(self.questionnaire, name))
        found = next((asked.question for asked in self.asked if asked.question.code == name), None)
        return found.shown(self.counted) if found else ""

    def pipe(self, text: str) -> str:
        """A text with its piped names filled in."""
        return pipe(text, {name: self.piped(name) for name in piped_names(text)})


@lru_cache(maxsize=4096)
def _presented(step: Step, offered: tuple[str, ...] | None, piped: tuple[str, ...]) -> Question:
    """Made once for all who see the same; most questions pipe nothing but the provider's name."""
    question, values = step.question, dict(zip(step.pipes, piped, strict=True))
    options = tuple(
        option.model_copy(update={"text": pipe(option.text, values)})
        for option in question.options
        if offered is None or option.code in offered
    )
    rows = tuple(row.model_copy(update={"text": pipe(row.text, values)}) for row in question.rows)
    words = {name: pipe(getattr(question, name), values) for name in ("text", "lead_in", "hint", "interviewer")}
    return question.model_copy(update={**words, "options": options, "rows": rows})


def route(questionnaire: Questionnaire, answers: Answers, facts: Facts) -> Route:
    """Walks all questions once. Filters look only at earlier questions, so one pass decides everything."""
    values = facts.filter_values()
    asked: list[Asked] = []
    undecided: list[Question] = []
    counted: dict[str, str | None] = {}
    for step in questionnaire.steps:
        decided = True if step.condition is None else step.condition.decide(values)
        if decided:
            here = Asked(step, _offered(step, values)) if step.option_conditions else _whole(step)
            asked.append(here)
            _count(here, answers, counted, values)
        elif decided is None:
            # whether it is asked waits for an answer, so whatever looks at it waits too
            undecided.append(step.question)
            values.update((code, None) for code in step.codes)
    return Route(questionnaire, facts, tuple(asked), tuple(undecided), counted)


@lru_cache(maxsize=4096)
def _whole(step: Step) -> Asked:
    """A question with all its options: the same for everybody, so made once."""
    return Asked(step, step.question.options)


def _offered(step: Step, values: Mapping[str, FilterValue | None]) -> tuple[Option, ...]:
    return tuple(
        option
        for option in step.question.options
        if (condition := step.option_conditions.get(option.code)) is None or condition.decide(values)
    )


def count_one(asked: Asked, answers: Answers) -> dict[str, str | None]:
    """The answers to one asked question that count."""
    counted: dict[str, str | None] = {}
    _count(asked, answers, counted, {})
    return counted


def _count(
    here: Asked, answers: Answers, counted: dict[str, str | None], values: dict[str, FilterValue | None]
) -> None:
    """Takes the answers of one asked question into the count, without choices no longer on offer."""
    step = here.step
    hidden: set[str] = set()
    if here.options is not step.question.options:
        hidden = {option.code for option in step.question.options} - {option.code for option in here.options}
    for code in step.own_codes:
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
            values[code] = step.question.typed(code, stored)
    other = step.other_code
    if other and answers.get(other) and step.other_option in (counted.get(step.question.code) or "").split():
        counted[other] = answers[other]
