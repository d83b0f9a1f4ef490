"""Jumping: to any question with the smallest answer set that the routing proof knows, or the reason why not."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from app.definition.facts import FILTER_FACTS
from app.definition.routing import Finding, prove
from app.engine.screens import Screen, find
from app.errors import N_
from app.preview.setup import Setup
from app.preview.trial import Trial
from app.questions.question import FilterValue

Obstacle = Literal["", "service", "wording", "facts", "never"]
MARKS: dict[Obstacle, str] = {
    "": "",
    "service": N_("niet voor deze dienst"),
    "wording": N_("niet in deze woorden"),
    "facts": N_("niet bij deze keuzes"),
    "never": N_("wordt nooit gesteld"),
}


@dataclass(frozen=True)
class Aim:
    """A question that one can jump to. `answers`: the fewest that lead there; `elsewhere`: a choice with which it is
    reached, when it is not with this one."""

    code: str
    text: str
    block: str
    obstacle: Obstacle
    answers: Mapping[str, str]
    elsewhere: Setup | None = None
    services: tuple[int | None, ...] = ()


_aims: dict[tuple[str, Setup], tuple[Aim, ...]] = {}


def aims(setup: Setup) -> tuple[Aim, ...]:
    """Every question of the questionnaire in order; those of other wordings too, for they need a reason."""
    setup = setup.in_dutch
    key = (setup.definition.content_hash, setup)
    if key not in _aims:
        _aims[key] = tuple(_every(setup))
    return _aims[key]


def aim(setup: Setup, code: str) -> Aim | None:
    """The question with this code, if there is one."""
    return next((one for one in aims(setup) if one.code == code), None)


def landed(trial: Trial, there: Aim) -> Trial:
    """The try-out at a question that can be reached.

    Answers so far stay when the question can be asked with them, if need be with the smallest answer set put over
    them; else only that set is filled in. What comes before and is still open is passed without an answer.
    """
    given = dict(there.answers)
    for answers in (trial.answers, {**trial.answers, **given}, given):
        tried = replace(trial, answers=dict(answers))
        screen = find(tried.screens, there.code)
        if screen is not None:
            break
    else:
        raise AssertionError(f"the smallest answer set of «{there.code}» does not lead to it")
    return passed(tried, tried.screens[: tried.screens.index(screen)])


def passed(trial: Trial, screens: Iterable[Screen] | None = None) -> Trial:
    """With every open question on these screens, or on all, passed without an answer: which opens no other."""
    every = trial.screens if screens is None else screens
    codes = [code for screen in every for asked in screen.asked for code in asked.step.own_codes]
    return trial.with_answers({code: None for code in codes if code not in trial.route.counted})


def _every(setup: Setup) -> Iterator[Aim]:
    known = {name: value for name, value in setup.facts.filter_values().items() if name in FILTER_FACTS}
    found = _findings(setup, known)
    anyhow = _findings(setup, {})
    elsewhere = [_findings(replace(setup, wording=name), {}) for name in setup.definition.wordings]
    steps = {step.question.code: step for step in setup.words.steps}
    of_answer = {code: step.question.code for step in setup.words.steps for code in step.codes}
    pipe = Trial(setup, {}).route.pipe
    for block in setup.definition.texts.blocks:
        for question in block.questions:
            # a grid that is asked row by row is as many questions
            codes = [code for code in dict.fromkeys(of_answer.get(c, "") for c in question.answer_codes()) if code]
            for code in codes or [question.code]:
                text = steps[code].question.text if code in steps else question.text
                others = [anyhow[question.code], *(one[question.code] for one in elsewhere)]
                yield _aim(setup, Aim(code, pipe(text), pipe(block.title), "", {}), found[question.code], others)


def _findings(setup: Setup, known: Mapping[str, FilterValue | None]) -> dict[str, Finding]:
    facts = {name: value for name, value in known.items() if value is not None and name not in ("service", "wording")}
    proof = prove(setup.definition, setup.wording, known=facts)
    return {finding.target.code: finding for finding in proof.findings if finding.target.kind == "question"}


def _aim(setup: Setup, blank: Aim, finding: Finding, others: list[Finding]) -> Aim:
    own = next((way for way in finding.ways if way.facts.service == setup.service), None)
    if own is not None:
        return replace(blank, answers=own.answers)
    # the nearest choices with which it is reached: other facts of this service, another service, another wording
    ways = [(other, way) for other in others for way in other.ways]
    nearest = sorted(
        ways, key=lambda found: (found[0].wording != setup.wording, found[1].facts.service != setup.service)
    )
    if not nearest:
        return replace(blank, obstacle="never")
    other, way = nearest[0]
    obstacle: Obstacle = "facts" if way.facts.service == setup.service else "service"
    facts = way.facts
    to = setup.but(
        wording=other.wording, service=facts.service, learning_profile=facts.learning_profile, mode=facts.mode
    )
    if other.wording != setup.wording:
        obstacle = "wording"
    return replace(blank, obstacle=obstacle, elsewhere=to, services=finding.services or other.services)
