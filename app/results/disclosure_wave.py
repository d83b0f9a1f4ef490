"""What may be told of all providers of a wave together, beside what is told of each of them.

The benchmark is one more sum that can be subtracted from. Two rules keep it safe, on top of `disclosure.pieces_of`:

* Providers of whom nothing is told are in the benchmark when together they are nobody or at least `min_n`; else they
  are left out of it, because the benchmark minus all the others would be about them.
* The benchmark of a service holds the hidden cells of all providers too, unless a small group could be worked out from
  it. Hidden cells are the edges of a network: one side has the pieces of providers that run over several services
  (their sums are known), the other side the services (their sums are known from the benchmark). Every set of cells
  whose sum follows from such sums by adding and subtracting is a cut of that network, so the smallest one with a given
  cell is a minimum cut (D. Gusfield, A graph theoretic approach to statistical data security, SIAM J. Comput. 17
  (1988), 552-571). A service is told in full only when all those cuts hold at least `min_n` people, and when the
  hidden people of that service did not all answer the same. Otherwise, as with every other filter, the benchmark is
  the sum of what is told of providers, which nobody can learn anything new from.
"""

from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.results.disclosure import Pieces, Sizes, pieces_of
from app.results.figure_counts import Cell, Filter

Row = Mapping[int, int]  # service → people whose cell is hidden
_ENDLESS = 10**9
_REST = -1  # the column of all services that are not told in full


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


Hidden = Mapping[int, frozenset[Cell]]  # cells by participation


def _nobody_agrees(hidden: Hidden) -> bool:
    return False


def release(
    sizes: Mapping[int, Sizes], min_n: int, is_unanimous: Callable[[Hidden], bool] = _nobody_agrees
) -> WaveRelease:
    """What may be told of everybody's answers to one question.

    Args:
        sizes: people by participation and cell.
        is_unanimous: whether everybody in these cells gave the same answer.
    """
    pieces = {key: pieces_of(cells, min_n) for key, cells in sizes.items()}
    small = frozenset(key for key, known in pieces.items() if known.n and not known.pieces)
    n_small = sum(pieces[key].n for key in small)
    has_small = n_small == 0 or n_small >= min_n
    rows = [row for key in sorted(pieces) for row in _mixed(pieces[key])]
    pinned = None
    if small:
        rows.append(_added_up(_by_service(pieces[key].sizes.items()) for key in sorted(small)))
        pinned = None if has_small else len(rows) - 1
    totals = _added_up(_by_service(known.sizes.items()) for known in pieces.values())
    agreed = {service for service in _added_up(rows) if min_n > 1 and is_unanimous(_hidden_cells(pieces, service))}
    full = _full_services(rows, totals, pinned, min_n, agreed)
    return WaveRelease(pieces, small, has_small, full)


def _mixed(known: Pieces) -> list[Row]:
    """The pieces that run over several services, by service."""
    found = (_by_service((cell, known.sizes[cell]) for cell in piece) for piece in known.pieces)
    return [row for row in found if len(row) > 1]


def _hidden_cells(pieces: Mapping[int, Pieces], service: int) -> Hidden:
    """The cells of a service that are told with others only, or not at all."""
    found = {}
    for key, known in pieces.items():
        mixed = [piece for piece in known.pieces if len({cell.service for cell in piece}) > 1]
        cells = frozenset().union(*mixed) if known.pieces else frozenset(known.sizes)
        if mine := frozenset(cell for cell in cells if cell.service == service):
            found[key] = mine
    return found


def _by_service(cells: Iterable[tuple[Cell, int]]) -> dict[int, int]:
    row: dict[int, int] = {}
    for cell, n in cells:
        row[cell.service] = row.get(cell.service, 0) + n
    return row


def _added_up(rows: Iterable[Row]) -> dict[int, int]:
    total: dict[int, int] = {}
    for row in rows:
        for service, n in row.items():
            total[service] = total.get(service, 0) + n
    return total


def _full_services(
    rows: Sequence[Row],
    totals: Row,
    pinned: int | None,
    min_n: int,
    agreed: Collection[int],
) -> frozenset[int]:
    """The services that can be told in full; where something could be worked out, the smallest goes first."""
    hidden = _added_up(rows)
    full = totals.keys() - set(agreed)
    while weak := _weak_edge(rows, full, pinned, min_n):
        row, service = weak
        candidates = [service] if service in full else [known for known in rows[row] if known in full]
        if not candidates:  # cannot be: with no service told, only whole pieces are known
            return frozenset(full - hidden.keys())
        full.remove(min(candidates, key=lambda known: (totals[known], known)))
    return frozenset(full)


def _weak_edge(rows: Sequence[Row], full: set[int], pinned: int | None, min_n: int) -> tuple[int, int] | None:
    """A hidden cell that lies in a set of fewer than `min_n` people whose answers could be worked out."""
    merged: list[dict[int, int]] = []
    for row in rows:
        columns: dict[int, int] = {}
        for service, n in row.items():
            key = service if service in full else _REST
            columns[key] = columns.get(key, 0) + n
        merged.append(columns)
    network = _Network(merged)
    loose: set[tuple[str, int]] = {("column", _REST)} if ("column", _REST) in network.nodes else set()
    loose |= {("row", pinned)} if pinned is not None else set()
    for number, columns in enumerate(merged):
        for column, n in columns.items():
            if n < min_n and not network.holds(number, column, loose, min_n):
                return number, column
    return None


class _Network:
    """Rows and columns with people on the edges. A path takes people from row to column, and goes back freely."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.people = {(number, column): n for number, row in enumerate(rows) for column, n in row.items()}
        self.by_node: dict[tuple[str, int], list[tuple[str, int]]] = {}
        for number, column in self.people:
            self.by_node.setdefault(("row", number), []).append(("column", column))
            self.by_node.setdefault(("column", column), []).append(("row", number))
        self.nodes = self.by_node.keys()

    def holds(self, number: int, column: int, loose: set[tuple[str, int]], min_n: int) -> bool:
        """Whether every set with this cell that can be worked out has at least `min_n` people.

        `loose`: nodes whose sum is not known; they belong to neither side, so they are tried on both.
        """
        row, service = ("row", number), ("column", column)
        sides = []
        if row not in loose:
            sides.append(({row}, loose | {service}))
        if service not in loose:
            sides.append((loose | {row}, {service}))
        return all(self._flows(start, end, min_n) for start, end in sides)

    def _flows(self, start: set[tuple[str, int]], end: set[tuple[str, int]], wanted: int) -> bool:
        """Whether at least `wanted` people can be taken from one side to the other: the minimum cut is that large."""
        moved: dict[tuple[int, int], int] = {}
        total = 0
        while total < wanted:
            path = self._path(start, end, moved)
            if path is None:
                return False
            room = min(wanted - total, *(self._room(one, other, moved) for one, other in path))
            for one, other in path:
                forward = one[0] == "row"
                edge = (one[1], other[1]) if forward else (other[1], one[1])
                moved[edge] = moved.get(edge, 0) + (room if forward else -room)
            total += room
        return True

    def _room(self, one: tuple[str, int], other: tuple[str, int], moved: Mapping[tuple[int, int], int]) -> int:
        if one[0] == "column":
            return _ENDLESS
        return self.people[one[1], other[1]] - moved.get((one[1], other[1]), 0)

    def _path(
        self, start: set[tuple[str, int]], end: set[tuple[str, int]], moved: Mapping[tuple[int, int], int]
    ) -> list[tuple[tuple[str, int], tuple[str, int]]] | None:
        before: dict[tuple[str, int], tuple[str, int] | None] = dict.fromkeys(sorted(start))
        queue = deque(before)
        while queue:
            here = queue.popleft()
            for there in self.by_node.get(here, ()):
                if there in before or self._room(here, there, moved) <= 0:
                    continue
                before[there] = here
                if there in end:
                    return _walked(before, there)
                queue.append(there)
        return None


def _walked(
    before: Mapping[tuple[str, int], tuple[str, int] | None], end: tuple[str, int]
) -> list[tuple[tuple[str, int], tuple[str, int]]]:
    steps = []
    here, back = end, before[end]
    while back is not None:
        steps.append((back, here))
        here, back = back, before[back]
    return steps[::-1]
