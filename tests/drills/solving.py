"""Somebody who has everything that was told tries to work out what was hidden, by algebra and by reasoning.

They know more than any reader: every provider's figures and the benchmark under every filter, in exact numbers of
people instead of rounded percentages, and how many people each hidden cell has (the keurmerk table tells that). They
win when a selection of fewer than `min_n` people

* is a sum of what was told, each taken any number of times (exact elimination over fractions), or
* can have one distribution of answers only (whole numbers between bounds, narrowed down until nothing moves).

A figure of enough people who all gave one answer tells what each of them answered. That is no difference that somebody
took, and `disclosure` does not claim to hide it, so such people do not count as worked out.
"""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import lcm
from typing import NamedTuple

from app.results.disclosure.wave import WaveRelease, release
from app.results.figures.counts import Cell, Filter
from bench.figures import Figure

MIN_N = 5
OPTIONS = ("good", "fair", "bad")


class Place(NamedTuple):
    """A cell of a provider."""

    provider: int
    cell: Cell


Data = Mapping[Place, Mapping[str, int]]  # people by option; only places with people


@dataclass(frozen=True)
class Told:
    """A sum that was published: over which places, and how many people gave each option."""

    places: frozenset[Place]
    people: Mapping[str, int]

    @property
    def is_unanimous(self) -> bool:
        return sum(n > 0 for n in self.people.values()) == 1


def made_up(chance: random.Random) -> Data:
    """A small wave in which nearly every cell is too small to be told: the hardest case."""
    n_providers, services = chance.randint(1, 5), chance.sample(range(1, 14), chance.randint(1, 5))
    wordings = ("regular", "low_threshold")[: chance.randint(1, 2)]
    largest = chance.choice((3, 6, 12))
    data = {}
    for provider, service, wording in product(range(n_providers), services, wordings):
        people = {option: chance.choice((0, chance.randint(0, largest))) for option in OPTIONS}
        if chance.random() < 0.7 and any(people.values()):
            data[Place(provider, Cell(service, wording))] = people
    return data


def filters(data: Data) -> list[Filter]:
    """Everything that can be asked for."""
    services = sorted({place.cell.service for place in data})
    wordings = sorted({place.cell.wording for place in data})
    return [Filter(service, wording) for service in (None, *services) for wording in (None, *wordings)]


def chosen(data: Data, wanted: Filter, provider: int | None = None) -> frozenset[Place]:
    return frozenset(place for place in data if provider in (None, place.provider) and wanted.holds(place.cell))


def added_up(data: Data, places: frozenset[Place]) -> dict[str, int]:
    return {option: sum(data[place][option] for place in places) for option in OPTIONS}


def released(data: Data) -> WaveRelease:
    """What the engine decides."""
    cells: dict[int, dict[Cell, Mapping[str, int]]] = {}
    for place, people in data.items():
        cells.setdefault(place.provider, {})[place.cell] = people
    return release(cells, MIN_N)


def published(data: Data, known: WaveRelease) -> Iterator[Told]:
    """Every figure that any outlet can show: of each provider and of all, under every filter."""
    for wanted in filters(data):
        for provider, pieces in known.pieces.items():
            places = chosen(data, wanted, provider)
            if places and pieces.pieces and pieces.tells(wanted):
                yield Told(places, added_up(data, places))
        everybody = chosen(data, wanted)
        if not known.is_whole(wanted):
            tellers = known.tellers(wanted)
            everybody = frozenset(place for place in everybody if place.provider in tellers)
            if wanted.is_empty:
                everybody = frozenset(place for place in data if place.provider not in known.small)
        people = added_up(data, everybody)
        if sum(people.values()) >= MIN_N:
            yield Told(everybody, people)


def carelessly_published(data: Data) -> Iterator[Told]:
    """The negative control: every selection of enough people, whatever follows from it together with others."""
    for wanted in filters(data):
        for provider in (None, *sorted({place.provider for place in data})):
            places = chosen(data, wanted, provider)
            people = added_up(data, places)
            if sum(people.values()) >= MIN_N:
                yield Told(places, people)


def secrets(data: Data) -> set[frozenset[Place]]:
    """Selections of one provider, or of all, with too few people to be told."""
    found = set()
    for wanted in filters(data):
        for provider in (None, *sorted({place.provider for place in data})):
            places = chosen(data, wanted, provider)
            if 0 < sum(added_up(data, places).values()) < MIN_N:
                found.add(places)
    return found


def worked_out(data: Data, told: list[Told]) -> list[frozenset[Place]]:
    """The secrets that can be found from what was told."""
    places = sorted(data)
    rows = _eliminated(places, told)
    bounds = _narrowed(data, places, told, rows)
    found = []
    agreed = frozenset(place for one in told if one.is_unanimous for place in one.places)
    for secret in sorted(secrets(data), key=sorted):
        if secret <= agreed:
            continue
        target = [Fraction(place in secret) for place in places]
        if _is_sum(target, rows) or all(
            bounds[place, option][0] == bounds[place, option][1] for place in secret for option in OPTIONS
        ):
            found.append(secret)
    return found


Equation = tuple[list[Fraction], dict[str, Fraction]]  # a factor per place; the sum per option


def _eliminated(places: list[Place], told: list[Told]) -> list[Equation]:
    """What was told as equations in reduced form, each with a place of its own."""
    done: list[Equation] = []
    for one in told:
        row = [Fraction(place in one.places) for place in places]
        sums = {option: Fraction(n) for option, n in one.people.items()}
        for known, known_sums in done:
            _subtract(row, sums, known, known_sums)
        pivot = next((i for i, factor in enumerate(row) if factor), None)
        if pivot is None:
            continue
        scale = row[pivot]
        row, sums = [factor / scale for factor in row], {option: n / scale for option, n in sums.items()}
        for known, known_sums in done:
            _subtract(known, known_sums, row, sums)
        done.append((row, sums))
    return done


def _subtract(
    row: list[Fraction], sums: dict[str, Fraction], known: list[Fraction], known_sums: Mapping[str, Fraction]
) -> None:
    """Takes a known equation out of another, so that its own place is gone from it."""
    pivot = next(i for i, factor in enumerate(known) if factor)
    if times := row[pivot]:
        row[:] = [one - times * other for one, other in zip(row, known, strict=True)]
        for option in sums:
            sums[option] -= times * known_sums[option]


def _is_sum(target: list[Fraction], rows: list[Equation]) -> bool:
    left, nothing = list(target), dict.fromkeys(OPTIONS, Fraction(0))
    for row, _ in rows:
        _subtract(left, dict(nothing), row, nothing)
    return not any(left)


Bounds = dict[tuple[Place, str], tuple[int, int]]


def _narrowed(data: Data, places: list[Place], told: list[Told], rows: list[Equation]) -> Bounds:
    """The numbers that every place and option can still have."""
    bounds = {(place, option): (0, sum(data[place].values())) for place in places for option in OPTIONS}
    sums = [({(place, option): 1 for place in one.places}, one.people[option]) for one in told for option in OPTIONS]
    for factors, totals in rows:
        scale = lcm(*(factor.denominator for factor in factors))
        for option in OPTIONS:
            terms = {(place, option): int(f * scale) for place, f in zip(places, factors, strict=True) if f}
            sums.append((terms, int(totals[option] * scale)))
    sums += [({(place, option): 1 for option in OPTIONS}, sum(data[place].values())) for place in places]
    while any([_tightened(bounds, terms, total) for terms, total in sums]):
        pass
    return bounds


def _tightened(bounds: Bounds, terms: Mapping[tuple[Place, str], int], total: int) -> bool:
    """Narrows every term of one sum by what the others can be; whether anything moved."""
    ends = {key: sorted(factor * end for end in bounds[key]) for key, factor in terms.items()}
    low, high = (sum(end[side] for end in ends.values()) for side in (0, 1))
    has_moved = False
    for key, factor in terms.items():
        least, most = total - (high - ends[key][1]), total - (low - ends[key][0])
        if factor < 0:
            least, most = -most, -least
        size = abs(factor)
        narrow = (max(bounds[key][0], -(-least // size)), min(bounds[key][1], most // size))
        if narrow != bounds[key]:
            bounds[key] = narrow
            return True
    return has_moved


def n_solved(n_sets: int, *, is_careless: bool = False, first_seed: int = 0) -> int:
    """In how many made-up waves something hidden is worked out."""
    n = 0
    for seed in range(first_seed, first_seed + n_sets):
        data = made_up(random.Random(seed))
        told = list(carelessly_published(data) if is_careless else published(data, released(data)))
        n += bool(worked_out(data, told))
    return n


def figures(is_full: bool) -> Iterator[Figure]:
    """The drill with its negative control."""
    n_sets = 1000 if is_full else 200
    detail = {"n_sets": n_sets, "careless": n_solved(n_sets // 10, is_careless=True)}
    yield Figure("waves in which a hidden cell is worked out", n_solved(n_sets), "", "at most", 0, detail)
    yield Figure("the same without complementary cells", detail["careless"], "", "at least", 1, detail)
