"""Finite domains for the routing proof: of every answer the few values that filters can tell apart."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import combinations, product

from app.definition.facts import FILTER_FACTS, MODES, Facts
from app.definition.filters import Compare, Expression, comparisons
from app.definition.questionnaire import Questionnaire, Texts
from app.questions.question import FilterValue, Option, Question, ValueType, clean

INBURGERING = 11  # the one service whose clients have a learning profile
MAX_CODES = 12  # codes of one multiple choice that filters mention: 4096 subsets


class TooComplex(Exception):
    """A proof that would take more steps than we allow ourselves."""


@dataclass(frozen=True)
class Place:
    """One answer that filters can look at. `may_be_absent`: it can be off the route, whatever its filter."""

    name: str
    position: int  # of its question in the order
    question: Question
    condition: Expression | None
    option_conditions: Mapping[str, Expression] = field(default_factory=dict)
    may_be_absent: bool = False


@dataclass(frozen=True)
class Candidate:
    """One value that stands for all values that filters cannot tell from it."""

    stored: str
    typed: FilterValue


def places(questionnaire: Questionnaire) -> dict[str, Place]:
    """The places of one wording by answer code, in order."""
    return {
        name: Place(name, position, step.question, step.condition, step.option_conditions)
        for position, step in enumerate(questionnaire.steps)
        for name in step.question.answer_codes()
        if not name.endswith(".other")
    }


def cases(texts: Texts, wording: str, names: frozenset[str]) -> Iterator[Facts]:
    """Every kind of case there is, in order of service, profile and mode.

    Facts that no filter of `names` looks at stand at their first value.
    """
    for service in texts.services or (None,):
        profiles: Sequence[int | None] = (None,)
        if service == INBURGERING:
            n_profiles = int(FILTER_FACTS["learning_profile"].high or 1)
            profiles = range(1, n_profiles + 1) if "learning_profile" in names else (1,)
        for profile, mode in product(profiles, MODES if "mode" in names else MODES[:1]):
            yield Facts(service, profile, wording, mode)


def candidates(place: Place, visible: tuple[Option, ...], compares: Sequence[Compare]) -> tuple[Candidate, ...]:
    """The values of a place that `compares` tell apart, in order: of each sort the first.

    Raises:
        TooComplex: when filters mention too many codes of one multiple choice.
    """
    value_type = place.question.value_types().get(place.name)
    if value_type is None:
        return ()  # an information page holds no answer
    found: dict[tuple[bool | None, ...], Candidate] = {}
    for stored in _STORED[value_type.kind](visible, compares, value_type):
        typed = place.question.typed(place.name, stored)
        sort = tuple(compare.decide({place.name: typed}) for compare in compares)
        if sort not in found and place.question.accepts(place.name, stored):
            found[sort] = Candidate(stored, typed)
    return tuple(found.values())


def compares_by_name(expressions: Sequence[Expression]) -> dict[str, tuple[Compare, ...]]:
    """All different comparisons in some filters, by the name they look at."""
    found: dict[str, dict[Compare, None]] = {}
    for expression in expressions:
        for compare in comparisons(expression):
            found.setdefault(compare.name, {})[compare] = None
    return {name: tuple(compares) for name, compares in found.items()}


def _one_code(visible: tuple[Option, ...], compares: Sequence[Compare], value_type: ValueType) -> Iterator[str]:
    yield from (option.code for option in visible)


def _several_codes(visible: tuple[Option, ...], compares: Sequence[Compare], value_type: ValueType) -> Iterator[str]:
    """Each code alone, then the codes that filters mention together; exclusive ones stay alone."""
    mentioned = {literal for compare in compares for literal in compare.literals}
    together = [option.code for option in visible if option.code in mentioned and not option.exclusive]
    if len(together) > MAX_CODES:
        raise TooComplex
    yield from (option.code for option in visible)
    for size in range(2, len(together) + 1):
        yield from (" ".join(codes) for codes in combinations(together, size))


def _numbers(visible: tuple[Option, ...], compares: Sequence[Compare], value_type: ValueType) -> Iterator[str]:
    """The lowest number, and around every constant the steps before, at and after it."""
    low, step = value_type.low or Decimal(0), value_type.step or Decimal(1)
    n_steps = {0}
    for literal in (literal for compare in compares for literal in compare.literals):
        if isinstance(literal, Decimal):
            nearest = int((literal - low) // step)
            n_steps |= {nearest - 1, nearest, nearest + 1}
    for n in sorted(n_steps):
        number = low + n * step
        if low <= number and (value_type.high is None or number <= value_type.high):
            yield f"{number.normalize():f}"


def _words(visible: tuple[Option, ...], compares: Sequence[Compare], value_type: ValueType) -> Iterator[str]:
    """The words that filters mention, and one text that none mentions."""
    mentioned = [str(literal) for compare in compares for literal in compare.literals]
    yield from (text for text in mentioned if text and text == clean(text))
    yield "x" * (max(map(len, mentioned), default=0) + 1)


_STORED: Mapping[str, Callable[[tuple[Option, ...], Sequence[Compare], ValueType], Iterator[str]]] = {
    "choice": _one_code,
    "choices": _several_codes,
    "number": _numbers,
    "text": _words,
}
