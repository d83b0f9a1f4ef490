"""The search of the routing proof: the fewest answers that make a filter true on a route.

Places are walked in order of the questionnaire, with just the values the engine would have there. At every
step a lower bound says how many answers are still needed (never, when Kleene's logic already says false);
branches above the budget are cut, and the budget grows until an answer set is found or none is left.
"""

from collections.abc import Iterator, Mapping, Sequence

from app.definition.filters import And, Compare, Expression, Not, Or, names_in
from app.definition.routing_domains import (
    Candidate,
    Place,
    TooComplex,
    candidates,
    compares_by_name,
)
from app.questions.question import FilterValue, Option

NEVER = 1_000_000  # more answers than any questionnaire has
MAX_STEPS = 100_000  # parts of filters weighed in one search; real questionnaires need a few hundred
MAX_ALL_STEPS = 500_000  # the same for all searches of one wording together: about a second
MIN_STEPS = 1_000  # what a search gets even when others used up all, so that simple filters stay proven
MAX_PLACES = 250  # answers that one filter depends on, directly and through others
_OFF_ROUTE = "\0"  # stands for "no value" in the memory of a search; no answer looks like this


def closure(expression: Expression, before: int, places: Mapping[str, Place]) -> tuple[Place, ...]:
    """All places that a filter depends on, directly or through others, in order.

    A filter at position `before` sees earlier answers only: the rest is not on the route yet.
    """
    found: dict[str, Place] = {}
    waiting = [(expression, before)]
    while waiting:
        part, limit = waiting.pop()
        for name in names_in(part):
            place = places.get(name)
            if place and place.position < limit and name not in found:
                found[name] = place
                waiting += [(other, place.position) for other in _conditions(place)]
    order = {name: number for number, name in enumerate(places)}
    return tuple(sorted(found.values(), key=lambda place: order[place.name]))


def _conditions(place: Place) -> Iterator[Expression]:
    if place.condition is not None:
        yield place.condition
    yield from place.option_conditions.values()


class Search:
    """One search: when is `condition`, standing at position `before`, true for a case with these facts?"""

    def __init__(
        self,
        condition: Expression,
        before: int,
        depends_on: Sequence[Place],
        facts: Mapping[str, FilterValue | None],
        max_steps: int = MAX_STEPS,
    ) -> None:
        self.condition = condition
        self.before = before
        self.places = depends_on
        self.index = {place.name: number for number, place in enumerate(depends_on)}
        self.values: dict[str, FilterValue | None] = dict(facts)
        self.chosen: dict[str, str] = {}
        self.n_steps = 0
        self.max_steps = max_steps
        everything = [condition, *(part for place in depends_on for part in _conditions(place))]
        self.compares = compares_by_name(everything)
        self.live = self._live()
        self.possible: dict[tuple[str, tuple[str, ...]], tuple[Candidate, ...]] = {}
        self.remembered: dict[tuple[object, ...], int] = {}
        self.groups: dict[int, tuple[tuple[int, ...], ...]] = {}
        self.outcomes: dict[Compare, frozenset[bool | None]] = {}

    def fewest(self) -> dict[str, str] | None:
        """The smallest answer set, of equal ones the first in order; None when there is none.

        Raises:
            TooComplex: above the limits of this module.
        """
        if len(self.places) > MAX_PLACES:
            raise TooComplex
        budget = 0
        while budget < NEVER:
            needed = self._needed(0, budget)
            if needed <= budget:
                return dict(self.chosen)
            budget = needed
        return None

    def _needed(self, index: int, budget: int) -> int:
        """A lower bound on the answers still needed; at most `budget` means they are found, in `chosen`."""
        key = (index, *(self.values.get(name, _OFF_ROUTE) for name in self.live[index]))
        needed = self.remembered.get(key)
        if needed is None:
            needed = self.remembered[key] = self._bound(index)
        if needed > budget or needed == 0:
            return needed
        place, best = self.places[index], NEVER
        for candidate in self._choices(place):
            price = 0 if candidate is None or isinstance(candidate, str) else 1
            self._put(place, candidate)
            below = price + self._needed(index + 1, budget - price)
            if below <= budget:
                return below
            self.chosen.pop(place.name, None)
            best = min(best, below)
        self.values.pop(place.name, None)
        self.remembered[key] = max(best, needed)
        return self.remembered[key]

    def _choices(self, place: Place) -> Iterator[Candidate | str | None]:
        """What can be here: an answer, no answer yet (None), or not on the route."""
        asked = True if place.condition is None else place.condition.decide(self.values)
        if asked:
            yield from self._candidates(place)
        if asked is not False:
            yield None
        if asked is False or place.may_be_absent:
            yield _OFF_ROUTE

    def _candidates(self, place: Place) -> tuple[Candidate, ...]:
        conditions = place.option_conditions
        visible: tuple[Option, ...] = tuple(
            option
            for option in place.question.options
            if option.code not in conditions or conditions[option.code].decide(self.values)
        )
        key = (place.name, tuple(option.code for option in visible))
        if key not in self.possible:
            self.possible[key] = candidates(place, visible, self.compares.get(place.name, ()))
        return self.possible[key]

    def _put(self, place: Place, candidate: Candidate | str | None) -> None:
        if isinstance(candidate, Candidate):
            self.values[place.name] = candidate.typed
            self.chosen[place.name] = candidate.stored
        elif candidate is None:
            self.values[place.name] = None
        else:
            self.values.pop(place.name, None)

    def _live(self) -> list[tuple[str, ...]]:
        """Per index the names that something from there on still looks at."""
        needed = set(names_in(self.condition))
        live = [tuple(name for name in self.index if name in needed)]
        for place in reversed(self.places):
            needed.update(name for part in _conditions(place) for name in names_in(part))
            live.append(tuple(name for name in self.index if name in needed))
        return [
            tuple(name for name in names if self.index[name] < number) for number, names in enumerate(reversed(live))
        ]

    # Lower bounds. Each is exact when it is 0: then nothing more has to be answered.

    def _bound(self, index: int) -> int:
        """Answers needed at least to make the condition true, with everything from `index` on still open."""
        asked: dict[str, tuple[int, int]] = {}
        for place in self.places[index:]:
            asked[place.name] = (
                (0, NEVER) if place.condition is None else self._price(place.condition, place.position, asked)
            )
            if place.may_be_absent:
                asked[place.name] = (0, 0)
        return self._price(self.condition, self.before, asked)[0]

    def _price(self, part: Expression, before: int, asked: Mapping[str, tuple[int, int]]) -> tuple[int, int]:
        """At least so many answers make this part true, and so many make it false."""
        self.n_steps += 1
        if self.n_steps > self.max_steps:
            raise TooComplex
        if isinstance(part, Compare):
            return self._compare_price(part, before, asked)
        if isinstance(part, Not):
            true, false = self._price(part.part, before, asked)
            return false, true
        prices = [self._price(other, before, asked) for other in part.parts]
        one = 0 if isinstance(part, Or) else 1  # one true part makes an Or true, one false part an And false
        any_price = min(price[one] for price in prices)
        all_price = min(NEVER, sum(max(prices[n][1 - one] for n in group) for group in self._groups(part)))
        return (any_price, all_price) if one == 0 else (all_price, any_price)

    def _compare_price(self, compare: Compare, before: int, asked: Mapping[str, tuple[int, int]]) -> tuple[int, int]:
        place = self.places[self.index[compare.name]] if compare.name in self.index else None
        if place is None or compare.name not in asked or place.position >= before:
            decided = compare.decide(self.values)
            return (0 if decided is True else NEVER), (0 if decided is False else NEVER)
        on_route, off_route = asked[compare.name]
        outcomes = self._outcomes(compare, place)
        true = min(NEVER, on_route + 1) if True in outcomes else NEVER
        false = min(NEVER, on_route + 1) if False in outcomes else NEVER
        return true, min(false, off_route)

    def _outcomes(self, compare: Compare, place: Place) -> frozenset[bool | None]:
        """What a comparison can come to when its question is answered."""
        if compare not in self.outcomes:
            every = candidates(place, place.question.options, self.compares[place.name])
            self.outcomes[compare] = frozenset(compare.decide({place.name: one.typed}) for one in every)
        return self.outcomes[compare]

    def _groups(self, part: And | Or) -> tuple[tuple[int, ...], ...]:
        """The parts of an And or Or by number, those that share an answer together: only groups add up."""
        if id(part) not in self.groups:
            groups: list[tuple[set[str], tuple[int, ...]]] = []
            for number, other in enumerate(part.parts):
                names = self._depends_on(other)
                members: tuple[int, ...] = (number,)
                for group in [group for group in groups if group[0] & names]:
                    groups.remove(group)
                    names, members = names | group[0], members + group[1]
                groups.append((names, members))
            self.groups[id(part)] = tuple(members for _, members in groups)
        return self.groups[id(part)]

    def _depends_on(self, part: Expression) -> set[str]:
        names: set[str] = set()
        waiting = list(names_in(part))
        while waiting:
            name = waiting.pop()
            if name in self.index and name not in names:
                names.add(name)
                condition = self.places[self.index[name]].condition
                waiting += names_in(condition) if condition is not None else ()
        return names
