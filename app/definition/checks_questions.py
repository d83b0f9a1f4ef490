"""Checks of the questionnaire as a whole and of each question's shape: codes, options, rows, what counts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.definition.facts import FILTER_FACTS, PIPED_FACTS
from app.definition.questionnaire import Block, Texts
from app.definition.yaml_source import Path
from app.questions.question import Option, Part, Question

Finding = tuple[Path, str]
# Columns that every responses file has beside the answers.
COLUMNS = ("case_ref", "kind", "questionnaire", "completed_at")
RESERVED = frozenset({*FILTER_FACTS, *PIPED_FACTS, *COLUMNS})


@dataclass(frozen=True)
class Placed:
    """A question, its place in the order and the path where it is written."""

    question: Question
    block: Block
    place: int
    path: Path


def placed(texts: Texts) -> tuple[Placed, ...]:
    """Every question in order, those left out of a wording included."""
    found: list[Placed] = []
    for b, block in enumerate(texts.blocks):
        for q, question in enumerate(block.questions):
            found.append(Placed(question, block, len(found), ("blocks", b, "questions", q)))
    return tuple(found)


def whole_findings(texts: Texts) -> Iterator[Finding]:
    """What is wrong with the fields above the blocks, and with blocks themselves."""
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", texts.name) or len(texts.name) > 60:
        yield ("name",), f"the name «{texts.name[:60]}» must be small letters and digits, with hyphens between words"
    if texts.wordings[:1] != ("regular",) or len(set(texts.wordings)) < len(texts.wordings):
        yield ("wordings",), "the wordings start with regular and name each other wording once"
    if not 1 <= texts.minutes <= 120:
        yield ("minutes",), f"filling in takes 1 to 120 minutes, not {texts.minutes}"
    yield from _service_findings(texts)
    if not texts.blocks:
        yield ("blocks",), "there is no block, so nothing is asked"
    codes = [block.code for block in texts.blocks]
    for b, block in enumerate(texts.blocks):
        if block.code in codes[:b]:
            yield ("blocks", b, "code"), f"a block «{block.code}» stands above already; give this one its own code"
        if not block.questions:
            yield ("blocks", b), f"block «{block.code}» has no questions"


def _service_findings(texts: Texts) -> Iterator[Finding]:
    if texts.audience == "commissioners":
        if texts.services:
            yield ("services",), "commissioners are not asked per service; leave «services» out"
    elif not texts.services:
        yield (), "«services» is missing: list the services whose clients get this questionnaire, like [1, 2]"
    known = FILTER_FACTS["service"]
    for s, service in enumerate(texts.services):
        if not (known.low or 0) <= service <= (known.high or 0):
            yield ("services", s), f"service {service} does not exist; services run from {known.low} to {known.high}"
        if service in texts.services[:s]:
            yield ("services", s), f"service {service} is listed twice"


def code_findings(questions: tuple[Placed, ...]) -> Iterator[Finding]:
    """Codes used twice, or that mean something else already."""
    seen: set[str] = set()
    for item in questions:
        question = item.question
        own: list[tuple[Path, str]] = [((*item.path, "code"), question.code)]
        own += [((*item.path, "rows", r, "code"), row.code) for r, row in enumerate(question.rows)]
        written = {code for _, code in own}
        variables = {*question.answer_codes(), *(variable.code for variable in question.variables())} - written
        for path, code in [*own, *((item.path, code) for code in sorted(variables))]:
            if code in seen:
                yield path, f"the code «{code}» is used a second time; every question and row has its own code"
            if code in RESERVED:
                yield path, f"the code «{code}» has a meaning of its own (case fact or column); choose another"
            seen.add(code)
        yield from _option_code_findings(item)


def _option_code_findings(item: Placed) -> Iterator[Finding]:
    codes = [option.code for option in item.question.options]
    for o, code in enumerate(codes):
        if code in codes[:o]:
            yield (*item.path, "options", o, "code"), f"two options have the code «{code}»; give each its own"


def shape_findings(questions: tuple[Placed, ...]) -> Iterator[Finding]:
    """Fields that do not fit the question type, and options that cannot work."""
    for item in questions:
        question, path = item.question, item.path
        for part, place in _parts(question):
            if part not in question.takes:
                yield (*path, *place), f"a question of type {question.type} has no {part}; remove it from «{_of(item)}»"
        if "options" in question.takes and len(question.options) < 2:
            yield path, f"«{_of(item)}» needs at least two options to choose from"
        yield from _alone_findings(item)
        if question.required and question.optional:
            yield (*path, "optional"), f"«{_of(item)}» is both required and optional; choose one"
        if not question.asks and (question.required or question.optional):
            yield path, f"«{_of(item)}» asks nothing, so it cannot be required or optional"


def _of(item: Placed) -> str:
    return item.question.code


def _parts(question: Question) -> Iterator[tuple[Part, Path]]:
    """What a question has beside its texts, and where."""
    if question.options:
        yield "options", ("options",)
    if question.rows:
        yield "rows", ("rows",)
    for o, option in enumerate(question.options):
        if option.asked_if:
            yield "option filters", ("options", o, "asked_if")
        if option.other:
            yield "other", ("options", o, "other")
        if option.exclusive:
            yield "exclusive", ("options", o, "exclusive")
        if option.role:
            yield "role", ("options", o, "role")


def _alone_findings(item: Placed) -> Iterator[Finding]:
    options = item.question.options
    others = [o for o, option in enumerate(options) if option.other]
    for o in others[1:]:
        yield (*item.path, "options", o, "other"), f"«{_of(item)}» has more than one option with room for own words"
    if options and all(option.exclusive for option in options):
        yield item.path, f"every option of «{_of(item)}» is exclusive; make it a question of type single"


def counting_findings(texts: Texts, questions: tuple[Placed, ...]) -> Iterator[Finding]:
    """What results count on: required questions, the overall grade, the recommendation."""
    answers = {code: item for item in questions if item.question.asks for code in item.question.answer_codes()}
    by_code = {item.question.code: item for item in questions}
    for r, code in enumerate(texts.required_for_usable):
        path: Path = ("required_for_usable", r)
        if code in texts.required_for_usable[:r]:
            yield path, f"«{code}» is listed twice in required_for_usable"
        elif code not in answers:
            yield path, f"required_for_usable names «{code}», {_why_no_answer(by_code.get(code))}"
    overall = by_code.get(texts.overall_grade)
    where: Path = ("overall_grade",)
    if overall is None:
        yield where, f"the overall grade is «{texts.overall_grade}», but no question has that code"
    elif overall.question.type != "grade":
        yield where, f"the overall grade is «{texts.overall_grade}», but that question is not of type grade"
    elif overall.question.not_in:
        yield (*overall.path, "not_in"), "the overall grade cannot be left out of a wording; every result needs it"
    yield from _role_findings(questions)


def _why_no_answer(item: Placed | None) -> str:
    if item is None:
        return "but no question has that code"
    if item.question.rows:
        return f"which is a grid; name its rows: {', '.join(row.code for row in item.question.rows)}"
    return "which asks nothing"


def _role_findings(questions: tuple[Placed, ...]) -> Iterator[Finding]:
    recommending = [item for item in questions if any(option.role for option in item.question.options)]
    for item in recommending:
        options: tuple[Option, ...] = item.question.options
        for o, option in enumerate(options):
            if option.role is None:
                yield (*item.path, "options", o), f"option «{option.code}» of «{_of(item)}» has no role, the others do"
        if lacking := {"promoter", "neutral", "detractor"} - {option.role for option in options}:
            yield item.path, f"«{_of(item)}» has no option with the role {' or '.join(sorted(lacking))}"
    for item in recommending[1:]:
        first = recommending[0].question.code
        yield item.path, f"roles stand in «{first}» and in «{_of(item)}»; one question recommends"


def wording_findings(texts: Texts, questions: tuple[Placed, ...]) -> Iterator[Finding]:
    """What a wording may leave out, and what it may not ask (laagdrempelig.md §7)."""
    for item in questions:
        question, path = item.question, item.path
        for wording in question.not_in:
            if wording not in texts.wordings:
                yield (*path, "not_in"), f"«{_of(item)}» is left out of {wording}, but there is no such wording"
        if texts.wordings and set(texts.wordings) <= set(question.not_in):
            yield (*path, "not_in"), f"«{_of(item)}» is left out of every wording, so it is never asked"
        is_open = any(value_type.kind == "text" for value_type in question.value_types().values())
        is_easy = "low_threshold" in texts.wordings and "low_threshold" not in question.not_in
        if question.required and is_open and is_easy:
            yield (
                (*path, "required"),
                f"«{_of(item)}» is open text and required, which the low_threshold wording may not ask; "
                "remove required, or leave it out with not_in: [low_threshold]",
            )
