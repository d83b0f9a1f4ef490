"""The routing proof: every question, option and block is reached, with the smallest answer set that does it.

`required` plays no part: an answer set says what leads to a target, whatever else is left open.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from app.definition.facts import FILTER_FACTS
from app.definition.filters import And, Expression, comparisons, names_in, parse_filter, type_fault
from app.definition.load import Definition
from app.definition.questionnaire import Block, Questionnaire, Step, Texts
from app.definition.routing_domains import Place, TooComplex, cases, places
from app.definition.routing_findings import BAD, Finding, Proof, Status, Target, Way
from app.definition.routing_loops import loops
from app.definition.routing_search import MAX_ALL_STEPS, MAX_STEPS, MIN_STEPS, NEVER, Search, closure
from app.definition.yaml_source import Path
from app.errors import Invalid
from app.questions.question import FilterValue, Option, Question, ValueType

Case = frozenset[tuple[str, FilterValue | None]]


def prove(
    definition: Definition,
    wording: str | None = None,
    service: int | None = None,
    known: Mapping[str, FilterValue] = MappingProxyType({}),
) -> Proof:
    """The routing proof of one questionnaire: of one wording or all, for one service or all.

    Args:
        known: other case facts by name, like `mode`; ways of cases where these are otherwise are not looked for.

    Raises:
        Invalid: when the questionnaire has no such wording or service.
    """
    if wording is not None and wording not in definition.wordings:
        raise Invalid(f"«{definition.name}» has no wording «{wording}»; choose {' or '.join(definition.wordings)}.")
    services = definition.texts.services
    if service is not None and service not in services:
        choice = f"choose one of {', '.join(map(str, services))}" if services else "it is for commissioners"
        raise Invalid(f"«{definition.name}» is not for service {service}; {choice}.")
    found = {}
    for name, questionnaire in definition.wordings.items():
        if wording in (None, name):
            findings = _Prover(questionnaire, known).findings()
            found[name] = tuple(_narrowed(finding, service) for finding in findings)
    return Proof(definition.name, found, service)


def _narrowed(finding: Finding, service: int | None) -> Finding:
    if service is None or not finding.ways:
        return finding
    ways = tuple(way for way in finding.ways if way.facts.service == service)
    is_elsewhere = finding.status == "reachable" and not ways
    return replace(finding, ways=ways, status="not_for_service" if is_elsewhere else finding.status)


@dataclass
class _Prover:
    """Proves one wording; equal filters with equal surroundings are searched once."""

    questionnaire: Questionnaire
    fixed: Mapping[str, FilterValue] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.texts = self.questionnaire.texts
        self.places = places(self.questionnaire)
        self.loops = loops(self.texts)
        self.types = _types(self.texts)
        self.n_steps = 0
        self.known: dict[tuple[Expression | None, tuple[str, ...]], tuple[Way, ...]] = {}

    def findings(self) -> Iterator[Finding]:
        """Blocks, each followed by its questions, each followed by its options."""
        for number, block in enumerate(self.texts.blocks):
            inside = [
                finding
                for place, question in enumerate(block.questions)
                for finding in self._question(block, question, ("blocks", number), ("questions", place))
            ]
            whole = self._block(block, ("blocks", number), inside)
            yield whole
            is_bad = whole.status in BAD and not whole.is_consequence
            yield from (replace(f, is_consequence=True) if is_bad and not f.loop else f for f in inside)

    def _block(self, block: Block, path: Path, inside: list[Finding]) -> Finding:
        target = Target("block", block.code, "", "", _filters(block.asked_if), (*path, "asked_if"))
        questions = [finding for finding in inside if finding.target.kind == "question"]
        statuses = [finding.status for finding in questions]
        if ways := self._smallest(questions):
            return Finding(target, self._wording, "reachable", ways)
        if "loop" in statuses:
            return Finding(target, self._wording, "loop", (), questions[statuses.index("loop")].loop)
        if all(status == "left_out" for status in statuses):
            return Finding(target, self._wording, "left_out")
        first = min(position for q in block.questions if (position := self._position(q)) is not None)
        own = parse_filter(block.asked_if) if block.asked_if else None
        finding = self._finding(target, own, own, first)
        if finding.status == "reachable":  # the block is, but none of its questions
            return replace(finding, status="unreachable", ways=(), is_consequence=True)
        return finding

    def _smallest(self, questions: list[Finding]) -> tuple[Way, ...]:
        """For each service the smallest way to any of these questions."""
        ways = [way for finding in questions for way in finding.ways]
        found = []
        for service in self.texts.services or (None,):
            own = (way for way in ways if way.facts.service == service)
            if best := min(own, key=lambda way: len(way.answers), default=None):
                found.append(best)
        return tuple(found)

    def _question(self, block: Block, question: Question, block_path: Path, path: Path) -> Iterator[Finding]:
        filters = _filters(block.asked_if, question.asked_if)
        # without a filter of its own the line to look at is that of the block's
        at = block_path if block.asked_if and not question.asked_if else (*block_path, *path)
        target = Target("question", block.code, question.code, "", filters, (*at, "asked_if"))
        position = self._position(question)
        if position is None:
            finding = Finding(target, self._wording, "left_out")
        else:
            condition = self.questionnaire.steps[position].condition
            finding = self._finding(target, condition, condition, position)
        yield finding
        for number, option in enumerate(question.options):
            option_path = (*block_path, *path, "options", number, "asked_if")
            yield self._option(finding, option, option_path, position)

    def _option(self, of: Finding, option: Option, path: Path, position: int | None) -> Finding:
        target = replace(of.target, kind="option", option=option.code, asked_if=_filters(option.asked_if), path=path)
        if not option.asked_if or not of.ways or position is None:
            return replace(of, target=target, is_consequence=of.status in BAD)
        step: Step = self.questionnaire.steps[position]
        own = step.option_conditions[option.code]
        both = own if step.condition is None else And((step.condition, own))
        return self._finding(target, both, own, position)

    def _position(self, question: Question) -> int | None:
        """Where a question stands, a grid that is asked row by row at its first row; None when it is left out."""
        return next((self.places[name].position for name in question.answer_codes() if name in self.places), None)

    @property
    def _wording(self) -> str:
        return self.questionnaire.wording

    def _finding(self, target: Target, condition: Expression | None, own: Expression | None, position: int) -> Finding:
        """The finding for a target with this condition in all, of which `own` is its own filter."""
        loop = self.loops.get(target.code, ())
        try:
            if condition is not None and not self._is_sound(condition, position):
                return Finding(target, self._wording, "loop" if loop else "unproven", (), loop)
            ways = self._ways(condition, position)
            status: Status = "loop" if loop else "reachable"
            if not ways and not loop and own is not None:
                status = "unreachable" if self._can_be_true(own) else "contradictory"
        except TooComplex:
            return Finding(target, self._wording, "loop" if loop else "too_complex", (), loop)
        return Finding(target, self._wording, status, ways, loop)

    def _is_sound(self, condition: Expression, position: int) -> bool:
        """Whether every comparison on the way compares a known name with what it can hold."""
        parts = [condition]
        for place in closure(condition, position, self.places):
            parts += [*([place.condition] if place.condition else ()), *place.option_conditions.values()]
        return all(
            compare.name in self.types and type_fault(compare, self.types[compare.name]) is None
            for part in parts
            for compare in comparisons(part)
        )

    def _ways(self, condition: Expression | None, position: int) -> tuple[Way, ...]:
        depends_on = () if condition is None else closure(condition, position, self.places)
        key = (condition, tuple(place.name for place in depends_on))
        if key not in self.known:
            self.known[key] = tuple(self._searched(condition, position, depends_on))
        return self.known[key]

    def _searched(self, condition: Expression | None, position: int, depends_on: tuple[Place, ...]) -> Iterator[Way]:
        """The smallest way for each service that has one; of equal ones the first in order of the facts."""
        names = _fact_names(condition, depends_on)
        searched: dict[Case, dict[str, str] | None] = {}
        best: dict[int | None, Way] = {}
        for facts in cases(self.texts, self._wording, names):
            values = facts.filter_values()
            if any(name in names and values.get(name) != value for name, value in self.fixed.items()):
                continue
            case = frozenset((name, value) for name, value in values.items() if name in names)
            if case not in searched:
                searched[case] = {} if condition is None else self._fewest(condition, position, depends_on, values)
            answers = searched[case]
            known = best.get(facts.service)
            if answers is not None and (known is None or len(answers) < len(known.answers)):
                best[facts.service] = Way(facts, answers)
        yield from best.values()

    def _fewest(
        self,
        condition: Expression,
        position: int,
        depends_on: tuple[Place, ...],
        values: Mapping[str, FilterValue | None],
    ) -> dict[str, str] | None:
        """One search, which has what the searches before it left of the steps for all."""
        limit = max(MIN_STEPS, min(MAX_STEPS, MAX_ALL_STEPS - self.n_steps))
        search = Search(condition, position, depends_on, values, limit)
        try:
            return search.fewest()
        finally:
            self.n_steps += search.n_steps

    def _can_be_true(self, own: Expression) -> bool:
        """Whether a filter can be true on its own, with every name it looks at free to hold anything."""
        free = tuple(
            Place(name, 0, question, None, {}, bool(block.asked_if or question.asked_if or question.not_in))
            for block in self.texts.blocks
            for question in block.questions
            for name in question.answer_codes()
            if name in names_in(own)
        )
        return any(
            self._fewest(own, NEVER, free, facts.filter_values()) is not None
            for wording in self.texts.wordings
            for facts in cases(self.texts, wording, names_in(own))
        )


def _filters(*sources: str) -> tuple[str, ...]:
    return tuple(source for source in sources if source)


def _fact_names(condition: Expression | None, depends_on: tuple[Place, ...]) -> frozenset[str]:
    """The case facts that decide about a condition, directly or through others."""
    if condition is None:
        return frozenset()
    parts = [condition]
    for place in depends_on:
        parts += [*([place.condition] if place.condition else ()), *place.option_conditions.values()]
    return frozenset(name for part in parts for name in names_in(part) if name in FILTER_FACTS)


def _types(texts: Texts) -> dict[str, ValueType]:
    """Per name that filters may look at, what it holds."""
    types = dict(FILTER_FACTS)
    for block in texts.blocks:
        for question in block.questions:
            types.update(question.value_types())
    return types
