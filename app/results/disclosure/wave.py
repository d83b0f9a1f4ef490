"""What may be told of all providers of a wave together, beside what is told of each of them.

The benchmark is one more sum that can be subtracted from. Two rules keep it safe, on top of `disclosure.pieces_of`:

* Providers of whom nothing is told are in the benchmark when together they are at least `min_n` people who did not all
  answer the same; else they are left out of it, because the benchmark minus all the others would be about them.
* The benchmark of a service holds the hidden cells of all providers too, unless a small group could be worked out from
  it. Hidden cells are the edges of a network: one side has the pieces of providers that run over several services
  (their sums are known), the other side the services (their sums are known from the benchmark). Every set of cells
  whose sum follows from such sums by adding and subtracting is a cut of that network, so the smallest one with a given
  cell is a minimum cut (D. Gusfield, A graph theoretic approach to statistical data security, SIAM J. Comput. 17
  (1988), 552-571). A service is told in full only when all those cuts hold at least `min_n` people, and when no hidden
  cell has but one distribution of answers that fits (see `disclosure_swaps`). Otherwise, as with every other filter,
  the benchmark is the sum of what is told of providers, which nobody can learn anything new from.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from app.results.disclosure.network import REST, Network, Node
from app.results.disclosure.pieces import Pieces, pieces_of
from app.results.disclosure.swaps import HiddenCell, given_away, hidden_cells
from app.results.figures.counts import Cell, Cells, Filter


@dataclass(frozen=True)
class WaveRelease:
    """For one question: the pieces of every provider, and what the benchmark holds."""

    pieces: Mapping[int, Pieces]  # by participation id
    small: frozenset[int]  # participations of whom nothing is told
    has_small: bool  # they are in the benchmark all the same
    full_services: frozenset[int]

    def is_whole(self, wanted: Filter) -> bool:
        """Whether the benchmark of the selection holds everybody."""
        if wanted.is_empty:
            return self.has_small or not self.small
        return wanted == Filter(service=wanted.service) and wanted.service in self.full_services

    def tellers(self, wanted: Filter) -> frozenset[int]:
        """The participations whose answers are in the benchmark of a selection that does not hold everybody."""
        return frozenset(key for key, known in self.pieces.items() if known.pieces and known.tells(wanted))


def release(cells: Mapping[int, Cells], min_n: int) -> WaveRelease:
    """What may be told of everybody's answers to one question, by participation and cell."""
    pieces = {key: pieces_of(mine, min_n) for key, mine in cells.items()}
    small = frozenset(key for key, known in pieces.items() if known.n and not known.pieces)
    has_small = _may_be_together(small, cells, min_n)
    groups = [{key: piece} for key in sorted(pieces) for piece in _mixed(pieces[key])]
    if small:
        groups.append({key: frozenset(pieces[key].sizes) for key in sorted(small)})
    hidden = hidden_cells(groups, cells)
    totals: dict[int, int] = {}
    for known in pieces.values():
        for cell, n in known.sizes.items():
            totals[cell.service] = totals.get(cell.service, 0) + n
    pinned = len(groups) - 1 if small and not has_small else None
    return WaveRelease(pieces, small, has_small, full_services(hidden, totals, pinned, min_n))


def _may_be_together(small: Collection[int], cells: Mapping[int, Cells], min_n: int) -> bool:
    """Whether the benchmark may hold the providers of whom nothing is told: enough people, who do not all agree."""
    values: dict[int, dict[str, int]] = {}
    for key, mine in cells.items():
        for counted in mine.values():
            for value, n in ((value, n) for value, n in counted.items() if n):
                side = values.setdefault(key in small, {})
                side[value] = side.get(value, 0) + n
    theirs = values.get(True, {})
    if not theirs:
        return True
    everybody_agrees = len(theirs.keys() | values.get(False, {}).keys()) < 2
    return sum(theirs.values()) >= min_n and (len(theirs) > 1 or everybody_agrees)


def _mixed(known: Pieces) -> list[frozenset[Cell]]:
    """The pieces that run over several services."""
    return [piece for piece in known.pieces if len({cell.service for cell in piece}) > 1]


def full_services(
    hidden: Sequence[HiddenCell], totals: Mapping[int, int], pinned: int | None, min_n: int
) -> frozenset[int]:
    """The services that can be told in full; where something could be worked out, the smallest goes first."""
    full = set(totals)
    if min_n <= 1:
        return frozenset(full)
    while weak := _weak_edge(hidden, full, pinned, min_n) or given_away(hidden, full, pinned, min_n):
        group, service = weak
        of_group = {cell.service for cell in hidden if cell.group == group and cell.service in full}
        candidates = {service} if service in full else of_group
        if not candidates:  # cannot be: with no service told, only whole groups are known
            return frozenset(full - {cell.service for cell in hidden})
        full.remove(min(candidates, key=lambda known: (totals[known], known)))
    return frozenset(full)


def _weak_edge(
    hidden: Sequence[HiddenCell], full: Collection[int], pinned: int | None, min_n: int
) -> tuple[int, int] | None:
    """A hidden cell that lies in a set of fewer than `min_n` people whose answers could be worked out."""
    people: dict[tuple[int, int], int] = {}
    for cell in hidden:
        edge = (cell.group, cell.service if cell.service in full else REST)
        people[edge] = people.get(edge, 0) + cell.n
    network = Network(people)
    loose: set[Node] = set()
    if ("column", REST) in network.nodes:
        loose.add(("column", REST))
    if pinned is not None:
        loose.add(("row", pinned))
    weak = (edge for edge, n in people.items() if n < min_n and not network.holds(*edge, loose, min_n))
    return next(weak, None)
