"""Why a question is asked or not: the filters that decide, where they were written, and what they looked at."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from app.definition.filters import parse_filter
from app.definition.load import REGULAR
from app.definition.questionnaire import Step
from app.definition.yaml_source import Path
from app.engine.completeness import overview
from app.engine.screens import Screen
from app.preview.filters_told import FACT_VALUES, FACTS, Check, Teller
from app.preview.setup import service_names
from app.preview.trial import Trial

Kind = Literal["block", "question", "option"]


@dataclass(frozen=True)
class Filter:
    """One filter as written, and as it decides now."""

    of: Kind
    of_text: str
    source: str
    place: str  # questionnaire.yaml:12
    check: Check


@dataclass(frozen=True)
class Reason:
    """One question and what decides about it. `outcome`: asked, not asked, or None = it waits for an answer."""

    code: str
    text: str
    outcome: bool | None
    filters: tuple[Filter, ...]
    hidden: tuple[Filter, ...] = ()  # options that are not offered now


@dataclass(frozen=True)
class Skipped:
    """Questions in a row that were not asked for the same reason: one, or those of a block."""

    reasons: tuple[Reason, ...]

    @property
    def filters(self) -> tuple[Filter, ...]:
        return self.reasons[0].filters

    @property
    def outcome(self) -> bool | None:
        return self.reasons[0].outcome


@dataclass(frozen=True)
class Told:
    """A fact or an answer so far, in words."""

    code: str
    subject: str
    value: str


@dataclass(frozen=True)
class Why:
    """Everything behind the page: its own questions, those that were skipped, and what is known."""

    here: tuple[Reason, ...]
    skipped: tuple[Skipped, ...]
    facts: tuple[Told, ...]
    answers: tuple[Told, ...]


def why(trial: Trial, screen: Screen | None, is_begun: bool = True) -> Why:
    """What decided about the questions of a screen, and about those before it; without a screen, about all.

    In Dutch whatever language the page is in: this is for the researcher.
    """
    reasons = Reasons(trial)
    codes = {one.question.code for one in screen.asked} if screen else set()
    steps = reasons.trial.questionnaire.steps
    last = max(
        (n for n, step in enumerate(steps) if step.question.code in codes), default=len(steps) if is_begun else 0
    )
    asked = {one.question.code for one in reasons.trial.route.asked}
    return Why(
        here=tuple(reasons.of(step) for step in steps if step.question.code in codes),
        skipped=tuple(_together(reasons.of(step) for step in steps[:last] if step.question.code not in asked)),
        facts=tuple(_facts(trial)),
        answers=tuple(
            Told(line.question.code, line.question.text, line.answer) for line in overview(reasons.trial.route)
        ),
    )


def _together(reasons: Iterable[Reason]) -> Iterator[Skipped]:
    """Those that only the filter of their block keeps away become one."""
    for _, members in groupby(reasons, lambda one: (one.filters, one.filters[-1].of == "question" and one.code)):
        yield Skipped(tuple(members))


class Reasons:
    """Tells why questions of one try-out are asked or not."""

    def __init__(self, trial: Trial) -> None:
        self.trial = trial.in_dutch
        self.definition = trial.setup.definition
        self.teller = Teller(self.trial.route)
        self.places = {
            code: (b, q)
            for b, block in enumerate(self.definition.texts.blocks)
            for q, question in enumerate(block.questions)
            for code in (question.code, *question.answer_codes())  # also those of the rows of a grid
        }

    def of(self, step: Step) -> Reason:
        """What decides about one question, with its filters as they were written."""
        question = step.question
        b, q = self.places[step.codes[0]]
        at: Path = ("blocks", b, "questions", q)
        filters = (
            self._filter("block", step.block.title, step.block.asked_if, ("blocks", b, "asked_if")),
            self._filter("question", question.text, question.asked_if, (*at, "asked_if")),
        )
        options = (
            self._filter("option", option.text, option.asked_if, (*at, "options", n, "asked_if"))
            for n, option in enumerate(question.options)
        )
        return Reason(
            question.code,
            self.trial.route.pipe(question.text),
            True if step.condition is None else step.condition.decide(self.teller.values),
            tuple(one for one in filters if one),
            tuple(one for one in options if one and not one.check.outcome),
        )

    def _filter(self, of: Kind, text: str, source: str, path: Path) -> Filter | None:
        if not source:
            return None
        place = f"{REGULAR}:{self.definition.fault(path, '').line}"
        return Filter(of, self.trial.route.pipe(text), source, place, self.teller.told(parse_filter(source)))


def _facts(trial: Trial) -> Iterator[Told]:
    facts = trial.setup.facts
    if facts.service is not None:
        yield Told("service", FACTS["service"], f"{facts.service} ({service_names().get(facts.service, '')})")
    if facts.learning_profile is not None:
        yield Told("learning_profile", FACTS["learning_profile"], str(facts.learning_profile))
    yield Told("wording", FACTS["wording"], FACT_VALUES[facts.wording])
    yield Told("mode", FACTS["mode"], FACT_VALUES[facts.mode])
