"""The command `history`: what was published once, computed again."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

import typer

from app.console import refuse, refusing, result, say
from app.results.worked_examples.comparison import CELLS, PROMOTER, Cell, Example, examples

INTRODUCTION = """# History, computed again

Three tables "Resultaten voor het keurmerk" that were published, beside what Peilwijs makes of clients and answers that
give these figures. Everything goes the ordinary way: the delivery is checked and stored, the responses are imported,
the table is computed. Each cell shows what was published and, after `=` or `≠`, what was computed.

This page is made by `peilwijs history --format markdown`; without `--format` the same goes to the terminal, with exit
status 1 when any cell differs. It works in a database of its own that is thrown away afterwards."""


class HistoryFormat(StrEnum):
    text = "text"
    markdown = "markdown"


def history(
    file_format: Annotated[
        HistoryFormat, typer.Option("--format", help="For the terminal, or as docs/history.md.")
    ] = HistoryFormat.text,
) -> None:
    """Compute the published worked examples again and compare them cell by cell; touches no data of yours."""
    with refusing():
        found = list(examples())
    result(as_markdown(found) if file_format is HistoryFormat.markdown else as_text(found))
    cells = [cell for example in found for cell in example.cells]
    if n_different := sum(not cell.is_equal for cell in cells):
        refuse(f"{n_different} of {len(cells)} cells differ from what was published.")
    say(f"All {len(cells)} cells are as they were published.")


def as_text(found: Sequence[Example]) -> str:
    """One line per cell: published, computed, equal or not."""
    lines = []
    for example in found:
        lines.append(f"{example.provider}, {example.period}")
        for line in example.lines:
            lines.append(f"  {line.label}")
            for cell in line.cells:
                verdict = "ok" if cell.is_equal else "DIFFERENT"
                lines.append(
                    f"    {cell.heading:<24}{_or_dash(cell.published):>8}{_or_dash(cell.computed):>8}  {verdict}"
                )
    return "\n".join(lines) + "\n"


def as_markdown(found: Sequence[Example]) -> str:
    """The page of the docs."""
    parts = [INTRODUCTION]
    for example in found:
        rows = [line for line in example.lines if line.label != PROMOTER]
        (promoter,) = (line.cells[0] for line in example.lines if line.label == PROMOTER)
        table = [f"| | {' | '.join(CELLS.values())} |", "|---|" + "--:|" * len(CELLS)]
        table += [f"| {line.label} | {' | '.join(map(_both, line.cells))} |" for line in rows]
        head = f"## {example.provider}\n\n{example.period}"
        parts.append(f"{head}\n\n" + "\n".join(table) + f"\n\n{PROMOTER}: {_both(promoter)}")
    cells = [cell for example in found for cell in example.cells]
    n_equal = sum(cell.is_equal for cell in cells)
    parts.append(f"{n_equal} of {len(cells)} cells are as they were published.")
    return "\n\n".join(parts) + "\n"


def _both(cell: Cell) -> str:
    shown = f"{_or_dash(cell.published)} {'=' if cell.is_equal else '≠'} {_or_dash(cell.computed)}"
    return shown if cell.is_equal else f"**{shown}**"


def _or_dash(text: str) -> str:
    return text or "–"
