"""The network of hidden cells, and whether the smallest set around one of them is large enough."""

from collections import deque
from collections.abc import Mapping
from typing import Literal

REST = -1  # the column of all services that are not told in full
_ENDLESS = 10**9
Node = tuple[Literal["row", "column"], int]
Step = tuple[Node, Node]


class Network:
    """Rows (groups of hidden cells) and columns (services) with people on the edges.

    A path takes people from row to column, and goes back freely.
    """

    def __init__(self, people: Mapping[tuple[int, int], int]) -> None:
        self.people = people
        self.by_node: dict[Node, list[Node]] = {}
        for number, column in self.people:
            self.by_node.setdefault(("row", number), []).append(("column", column))
            self.by_node.setdefault(("column", column), []).append(("row", number))
        self.nodes = self.by_node.keys()

    def holds(self, number: int, column: int, loose: set[Node], min_n: int) -> bool:
        """Whether every set with this cell that can be worked out has at least `min_n` people.

        `loose`: nodes whose sum is not known; they belong to neither side, so they are tried on both.
        """
        row: Node = ("row", number)
        service: Node = ("column", column)
        sides: list[tuple[set[Node], set[Node]]] = []
        if row not in loose:
            sides.append(({row}, loose | {service}))
        if service not in loose:
            sides.append((loose | {row}, {service}))
        return all(self._flows(start, end, min_n) for start, end in sides)

    def _flows(self, start: set[Node], end: set[Node], wanted: int) -> bool:
        """Whether at least `wanted` people can be taken from one side to the other: the minimum cut is that large."""
        moved: dict[tuple[int, int], int] = {}
        total = 0
        while total < wanted:
            path = self._path(start, end, moved)
            if path is None:
                return False
            room = min(wanted - total, *(self._room(one, other, moved) for one, other in path))
            for one, other in path:
                is_forward = one[0] == "row"
                edge = (one[1], other[1]) if is_forward else (other[1], one[1])
                moved[edge] = moved.get(edge, 0) + (room if is_forward else -room)
            total += room
        return True

    def _room(self, one: Node, other: Node, moved: Mapping[tuple[int, int], int]) -> int:
        if one[0] == "column":
            return _ENDLESS
        return self.people[one[1], other[1]] - moved.get((one[1], other[1]), 0)

    def _path(self, start: set[Node], end: set[Node], moved: Mapping[tuple[int, int], int]) -> list[Step] | None:
        before: dict[Node, Node | None] = dict.fromkeys(sorted(start))
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


def _walked(before: Mapping[Node, Node | None], end: Node) -> list[Step]:
    steps = []
    here, back = end, before[end]
    while back is not None:
        steps.append((back, here))
        here, back = back, before[back]
    return steps[::-1]
