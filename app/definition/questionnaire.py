"""The typed questionnaire: blocks, questions and their conditions, in one wording."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from app.definition.filters import And, Expression, names_in, parse_filter
from app.definition.piping import piped_names
from app.questions import QUESTION_TYPES
from app.questions.question import Code, Option, Prose, Question, Strict, Wording


class Page(Strict):
    """Introduction or closing: a title and paragraphs."""

    title: Prose
    text: tuple[Prose, ...]


class Phone(Strict):
    """What the interviewer says before the first question."""

    introduction: tuple[Prose, ...]


def _typed_question(value: Any) -> Any:
    if isinstance(value, Question):
        return value
    kind = value.get("type") if isinstance(value, dict) else None
    if not isinstance(kind, str) or kind not in QUESTION_TYPES:
        raise ValueError(f"the question type «{kind or ''}» does not exist; choose from {', '.join(QUESTION_TYPES)}")
    return QUESTION_TYPES[kind].model_validate(value)


class Block(Strict):
    """Questions that belong together. `together`: in regular wording they share a page."""

    code: Code
    title: Prose
    together: bool = False
    asked_if: str = ""
    questions: tuple[Annotated[Question, BeforeValidator(_typed_question)], ...]


class Texts(Strict):
    """questionnaire.yaml as written: one questionnaire with its regular wording."""

    name: str
    title: Prose
    audience: Literal["clients", "commissioners"]
    services: tuple[int, ...] = ()
    wordings: tuple[Wording, ...] = ("regular",)
    required_for_usable: tuple[Code, ...]
    overall_grade: Code = "grade"
    easy_pages: bool = False
    minutes: int = 10
    introduction: Page
    closing: Page
    phone: Phone
    option_sets: Mapping[str, tuple[Option, ...]] = {}
    blocks: tuple[Block, ...]


@dataclass(frozen=True, eq=False)
class Step:
    """A question at its place in the order, with everything that decides whether it is asked.

    What can be known once per questionnaire is kept here, because every answer walks all steps.
    """

    question: Question
    block: Block
    condition: Expression | None
    option_conditions: Mapping[str, Expression]

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """All answer codes of the question."""
        return self.question.answer_codes()

    @cached_property
    def own_codes(self) -> tuple[str, ...]:
        """The answer codes that decide whether the question is passed: all but *other, namely*."""
        return tuple(code for code in self.codes if not code.endswith(".other"))

    @cached_property
    def other_code(self) -> str | None:
        """The answer code of *other, namely*, when the question has it."""
        return next((code for code in self.codes if code.endswith(".other")), None)

    @cached_property
    def other_option(self) -> str | None:
        return next((option.code for option in self.question.options if option.other), None)

    @cached_property
    def pipes(self) -> tuple[str, ...]:
        """The names that its texts pipe."""
        return tuple(sorted({name for _, text in self.question.texts() for name in piped_names(text)}))

    @cached_property
    def looks_at(self) -> frozenset[str]:
        """The names that its filters and piped texts use."""
        conditions = (*self.option_conditions.values(), *((self.condition,) if self.condition else ()))
        return frozenset(self.pipes).union(*(names_in(condition) for condition in conditions))


@dataclass(frozen=True)
class Questionnaire:
    """One wording of one questionnaire; what the engine, the pages and the results work with."""

    texts: Texts
    wording: str
    is_spoken: bool = False  # asked by an interviewer, who reads out one question at a time

    @property
    def name(self) -> str:
        return self.texts.name

    @property
    def is_low_threshold(self) -> bool:
        """Shown one question per screen, with listen buttons and overviews: the easy wording, or easy pages."""
        return not self.is_spoken and (self.wording == "low_threshold" or self.texts.easy_pages)

    @property
    def is_one_by_one(self) -> bool:
        """One question per screen, and grids row by row."""
        return self.is_spoken or self.is_low_threshold

    @cached_property
    def spoken(self) -> "Questionnaire":
        """The same as an interviewer asks it. The answer codes are the same, so either goes on where the other was."""
        return self if self.is_spoken else Questionnaire(self.texts, self.wording, is_spoken=True)

    @property
    def required_for_usable(self) -> frozenset[str]:
        return self._required

    @cached_property
    def _required(self) -> frozenset[str]:
        return frozenset(self.texts.required_for_usable)

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """Every question of this wording in order. Low-threshold wording and interviewers know no grids: they ask
        row by row."""
        return tuple(
            _step(part, block)
            for block in self.texts.blocks
            for question in block.questions
            if self.wording not in question.not_in
            for part in (question.one_by_one() if self.is_one_by_one else (question,))
        )

    @cached_property
    def by_answer(self) -> Mapping[str, Question]:
        """Question by answer code."""
        return {code: step.question for step in self.steps for code in step.question.answer_codes()}

    @cached_property
    def recommendation(self) -> Question | None:
        """The question whose options carry promoter roles."""
        return next((step.question for step in self.steps if any(o.role for o in step.question.options)), None)

    def questions(self) -> Iterator[Question]:
        return (step.question for step in self.steps)


def _step(question: Question, block: Block) -> Step:
    conditions = tuple(parse_filter(source) for source in (block.asked_if, question.asked_if) if source)
    condition = None if not conditions else conditions[0] if len(conditions) == 1 else And(conditions)
    option_conditions = {o.code: parse_filter(o.asked_if) for o in question.options if o.asked_if}
    return Step(question, block, condition, option_conditions)
