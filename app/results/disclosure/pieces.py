"""Which selections of the answers to one question may be told, so that no small group of people can be worked out.

The answers of a provider fall into cells (service, wording, mode, language). A figure about a selection tells the sum
of its cells, and whoever has several figures can add and subtract them. So the cells are kept together in *pieces* of
at least `min_n` people each, and only selections are told that consist of whole pieces: then every sum or difference
of them consists of whole pieces too, and is never about fewer people. A service of three stays hidden together with
the smallest other one that makes the piece large enough, which is what complementary suppression does.

What is told first decides what can be told after it, so the order is fixed and the same for everybody: the total,
services, wordings, modes, languages, each from the largest to the smallest. Every outlet asks here, whatever it
shows itself, and whoever looks: what one reader may see must not tell another what is hidden from them.

Numbers are not all: when everybody in a piece gave the same answer, each of its cells is known. That cannot be helped
for a figure that is told itself, and `disclosure` does not try: a figure of `min_n` or more people who all agree tells
what each of them answered. But a piece that is only there to hide its cells must not give them away like that.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from app.results.figures.counts import Cell, Cells, Filter


@dataclass(frozen=True)
class Pieces:
    """The cells of one provider for one question, in groups that are told only as a whole. Empty = nothing is told."""

    sizes: Mapping[Cell, int]  # people who answered, by cell
    pieces: tuple[frozenset[Cell], ...]

    @cached_property
    def n(self) -> int:
        return sum(self.sizes.values())

    def tells(self, wanted: Filter) -> bool:
        """Whether the selection may be told: it consists of whole pieces. Nobody at all is no secret."""
        held = [sum(wanted.holds(cell) for cell in piece) for piece in self.pieces]
        if not self.pieces:
            return not any(wanted.holds(cell) for cell in self.sizes)
        return all(n in (0, len(piece)) for n, piece in zip(held, self.pieces, strict=True))


def pieces_of(cells: Cells, min_n: int) -> Pieces:
    """The finest pieces that let the most be told, in the fixed order."""
    sizes = {cell: n for cell, values in cells.items() if (n := sum(values.values()))}
    if sum(sizes.values()) < min_n or not sizes:
        return Pieces(sizes, ())
    pieces = [frozenset(sizes)]
    selections = list(_selections(sizes))
    by_themselves = set(selections)
    for selection in selections:
        cut = [(piece, part) for piece in pieces for part in (piece & selection, piece - selection) if part]
        is_new = len(cut) > len(pieces)
        if is_new and all(
            sum(sizes[cell] for cell in part) >= min_n and _may_be(part, piece, cells, by_themselves)
            for piece, part in cut
        ):
            pieces = [part for _, part in cut]
    return Pieces(sizes, tuple(pieces))


def _may_be(
    part: frozenset[Cell], piece: frozenset[Cell], cells: Cells, by_themselves: Collection[frozenset[Cell]]
) -> bool:
    """A part that hides several cells must not give them away, unless the whole did so already."""
    is_hiding = len(part) > 1 and part not in by_themselves
    return not (is_hiding and _agree(part, cells) and not _agree(piece, cells))


def _agree(part: Iterable[Cell], cells: Cells) -> bool:
    return len({value for cell in part for value, n in cells[cell].items() if n}) < 2


def _selections(sizes: Mapping[Cell, int]) -> Iterable[frozenset[Cell]]:
    """Everything that one filter can ask for, in the order in which it may be told."""
    for place in range(len(Cell._fields)):
        values = {cell[place] for cell in sizes}
        if len(values) < 2:
            continue
        found: list[tuple[int, int | str, frozenset[Cell]]] = []
        for value in values:
            selection = frozenset(cell for cell in sizes if cell[place] == value)
            found.append((-sum(sizes[cell] for cell in selection), value, selection))
        yield from (selection for _, _, selection in sorted(found, key=lambda one: one[:2]))


def told_parts(counts: Mapping[str, int], min_n: int) -> dict[str, int | None]:
    """Parts of one whole whose total is known to everybody, such as clients by province; None = hidden."""
    names = sorted(counts)
    known = pieces_of({Cell(place): {"": counts[name]} for place, name in enumerate(names)}, min_n)
    return {name: counts[name] if known.tells(Filter(service=place)) else None for place, name in enumerate(names)}
