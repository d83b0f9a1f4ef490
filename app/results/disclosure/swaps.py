"""Whether the answers themselves give a hidden cell away, because only one distribution fits what is told.

A cell is safe when there is another set of answers that would have given every told figure just the same, in which the
cell differs. Such a set comes about when one person of the cell answers something else, another person elsewhere makes
up for it, and so on until every sum is right again: an alternating path through the network of hidden cells. Whoever
finds one has a proof, so no reader, however clever, can tell which of the two is true.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from app.results.figures.counts import Cell, Cells

Node = tuple[Literal["group", "service", "loose"], int]
LOOSE: Node = ("loose", 0)  # all whose own sum is not told: whatever changes there is not noticed


@dataclass(frozen=True)
class HiddenCell:
    """A cell that is told only together with the others of its group, or of which nothing is told."""

    group: int
    service: int
    people: Mapping[str, int]  # by answer, without zeros

    @property
    def n(self) -> int:
        return sum(self.people.values())


def hidden_cells(groups: Sequence[Mapping[int, frozenset[Cell]]], cells: Mapping[int, Cells]) -> list[HiddenCell]:
    """The cells of groups that are told only together, in a fixed order."""
    return [
        HiddenCell(number, cell.service, {value: n for value, n in sorted(cells[key][cell].items()) if n})
        for number, group in enumerate(groups)
        for key in sorted(group)
        for cell in sorted(group[key])
    ]


def given_away(
    hidden: Sequence[HiddenCell], full: Collection[int], pinned: int | None, min_n: int
) -> tuple[int, int] | None:
    """Group and service of a cell of fewer than `min_n` people that could be nothing else; None when there is none.

    Args:
        full: services whose sum over everybody is told.
        pinned: the group whose sum is not told.
    """
    network = _Network(hidden, full, pinned)
    agreed = {number for number, answers in _answers_by_group(hidden).items() if len(answers) < 2 and number != pinned}
    for cell in hidden:
        # where a whole group agrees, that was known before: such groups are made of what everybody was told anyhow
        if cell.n < min_n and cell.group not in agreed and not network.can_differ(cell):
            return cell.group, cell.service
    return None


def _answers_by_group(hidden: Iterable[HiddenCell]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for cell in hidden:
        found.setdefault(cell.group, set()).update(cell.people)
    return found


class _Network:
    """Groups and services as nodes; a cell with an answer takes a change from one to the other."""

    def __init__(self, hidden: Sequence[HiddenCell], full: Collection[int], pinned: int | None) -> None:
        self.full, self.pinned = full, pinned
        self.by_service: dict[Node, list[HiddenCell]] = {}
        self.by_group: dict[Node, list[HiddenCell]] = {}
        self.answers: dict[Node, set[str]] = {}
        for cell in hidden:
            group = self.group(cell)
            self.by_service.setdefault(self.service(cell), []).append(cell)
            self.by_group.setdefault(group, []).append(cell)
            self.answers.setdefault(group, set()).update(cell.people)

    def group(self, cell: HiddenCell) -> Node:
        return LOOSE if cell.group == self.pinned else ("group", cell.group)

    def service(self, cell: HiddenCell) -> Node:
        return ("service", cell.service) if cell.service in self.full else LOOSE

    def can_differ(self, cell: HiddenCell) -> bool:
        """Whether somebody of the cell can change an answer so that others make up for it."""
        if self.group(cell) == self.service(cell):
            return True
        answers = self.answers[self.group(cell)]
        return any(
            self._closes(cell, given, other) for given in cell.people for other in sorted(answers) if other != given
        )

    def _closes(self, cell: HiddenCell, given: str, other: str) -> bool:
        """From the service, where one person too many gives the other answer, back to the group."""
        goal = self.group(cell)
        seen = {self.service(cell)}
        queue = [self.service(cell)]
        while queue:
            here = queue.pop()
            for next_node in self._steps(here, cell, given, other):
                if next_node == goal:
                    return True
                if next_node not in seen:
                    seen.add(next_node)
                    queue.append(next_node)
        return False

    def _steps(self, here: Node, without: HiddenCell, given: str, other: str) -> Iterable[Node]:
        """In a service somebody goes back to the first answer, in a group somebody goes on to the other one."""
        for cell in self.by_service.get(here, ()):
            if cell is not without and other in cell.people:
                yield self.group(cell)
        for cell in self.by_group.get(here, ()):
            if cell is not without and given in cell.people:
                yield self.service(cell)
