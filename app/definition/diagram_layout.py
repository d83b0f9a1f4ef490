"""Layout of the routing diagram: questions in order below each other, filters beside them, lines in lanes.

From left to right: the box of a question, the filter that leads to it, and lanes that carry a line from each
question that filters look at down to the filters that do.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from textwrap import wrap

from app.definition.filters import names_in, parse_filter
from app.definition.questionnaire import Texts
from app.definition.routing_findings import Finding

MARGIN = 24
HEAD_HEIGHT = 96
BOX_X, BOX_WIDTH = 44, 440
LABEL_X, LABEL_WIDTH, LABEL_CHARACTERS = 512, 312, 40
LANES_X, LANE_WIDTH = LABEL_X + LABEL_WIDTH + 26, 18
LINE_HEIGHT = 17
ROW_HEIGHTS = {"block": 34, "question": 48, "option": 24}
ROW_GAP, BLOCK_GAP = 10, 22
ENTRY_GAP = 8  # between lines that enter one filter


@dataclass
class Row:
    """A block's heading, a question or an option with a filter, and where it is drawn."""

    finding: Finding
    text: str
    type_name: str = ""
    label: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    y: float = 0
    height: float = 0
    label_height: float = 0
    is_source: bool = False

    @property
    def exit_y(self) -> float:
        """Where the line to later filters leaves: below the row's own filter."""
        return self.y + self.height - 7

    def entry_y(self, source: str) -> float:
        """Where the line from `source` enters the filter."""
        place = self.sources.index(source) - (len(self.sources) - 1) / 2
        return self.label_y + self.label_height / 2 + place * ENTRY_GAP

    @property
    def label_y(self) -> float:
        return self.y + 3


@dataclass(frozen=True)
class Frame:
    """The frame of a block."""

    code: str
    y: float
    height: float


@dataclass(frozen=True)
class Lane:
    """The line from one question to all filters that look at it."""

    source: Row
    targets: tuple[Row, ...]
    number: int

    @property
    def x(self) -> float:
        return LANES_X + self.number * LANE_WIDTH


@dataclass
class Layout:
    rows: list[Row] = field(default_factory=list)
    frames: list[Frame] = field(default_factory=list)
    lanes: list[Lane] = field(default_factory=list)
    height: float = 0

    @property
    def width(self) -> float:
        n_lanes = max((lane.number + 1 for lane in self.lanes), default=0)
        return LANES_X + n_lanes * LANE_WIDTH + MARGIN


def lay_out(texts: Texts, findings: tuple[Finding, ...]) -> Layout:
    """Places every block, every question and every option with a filter."""
    layout = Layout(rows=list(_rows(texts, findings)))
    looked_at = {source for row in layout.rows for source in row.sources}
    y: float = HEAD_HEIGHT
    top = y
    for number, row in enumerate(layout.rows):
        target = row.finding.target
        row.is_source = target.kind == "question" and target.question in looked_at
        if target.kind == "block":
            top = y
            y += 8
        _measure(row)
        row.y = y
        y += row.height + (2 if _next_kind(layout.rows, number) == "option" else ROW_GAP)
        if _next_kind(layout.rows, number) in ("block", ""):
            layout.frames.append(Frame(target.block, top, y - top))
            y += BLOCK_GAP
    layout.height = y - BLOCK_GAP + MARGIN
    layout.lanes = _lanes(layout.rows)
    return layout


def _rows(texts: Texts, findings: tuple[Finding, ...]) -> Iterator[Row]:
    questions = {question.code: question for block in texts.blocks for question in block.questions}
    titles = {block.code: block.title for block in texts.blocks}
    owners = {name: question.code for question in questions.values() for name in question.answer_codes()}
    for finding in findings:
        target = finding.target
        if target.kind == "option" and not target.asked_if:
            continue
        # a question's list starts with the filter of its block, which stands at the block's heading
        own = target.asked_if[1 if target.kind == "question" and _has_block_filter(texts, target.block) else 0 :]
        label = tuple(line for source in own for line in wrap(source, LABEL_CHARACTERS)) or ()
        names = dict.fromkeys(name for source in own for name in _names(source))
        sources = tuple(dict.fromkeys(owners[name] for name in names if name in owners))
        if target.kind == "block":
            yield Row(finding, titles[target.block], "", label, sources)
        elif target.kind == "question":
            question = questions[target.question]
            yield Row(finding, question.text, question.type, label, sources)
        else:
            option = questions[target.question].option(target.option)
            yield Row(finding, option.text if option else "", "", label, sources)


def _has_block_filter(texts: Texts, code: str) -> bool:
    return any(block.code == code and block.asked_if for block in texts.blocks)


def _names(source: str) -> list[str]:
    return sorted(names_in(parse_filter(source)), key=source.find)


def _measure(row: Row) -> None:
    if row.label:
        n_lines = max(len(row.label), (len(row.sources) * ENTRY_GAP) / LINE_HEIGHT)
        row.label_height = n_lines * LINE_HEIGHT + 9
    needed = row.label_height + 6 + (10 if row.is_source else 0)
    row.height = max(ROW_HEIGHTS[row.finding.target.kind], needed if row.label else 0)


def _next_kind(rows: list[Row], number: int) -> str:
    return rows[number + 1].finding.target.kind if number + 1 < len(rows) else ""


def _lanes(rows: list[Row]) -> list[Lane]:
    """Short lines in the lanes nearest by; no two lines share a piece of a lane."""
    by_code: Mapping[str, Row] = {row.finding.target.code: row for row in rows if row.finding.target.kind == "question"}
    targets = {code: tuple(row for row in rows if code in row.sources) for code in by_code}
    spans = {code: _span(by_code[code], found, code) for code, found in targets.items() if found}
    taken: list[list[tuple[float, float]]] = []
    lanes = []
    for code, (top, bottom) in sorted(spans.items(), key=lambda item: item[1][1] - item[1][0]):
        free = (n for n, lane in enumerate(taken) if all(bottom + 6 < other[0] or other[1] + 6 < top for other in lane))
        number = next(free, len(taken))
        if number == len(taken):
            taken.append([])
        taken[number].append((top, bottom))
        lanes.append(Lane(by_code[code], targets[code], number))
    return lanes


def _span(source: Row, targets: tuple[Row, ...], code: str) -> tuple[float, float]:
    ends = [source.exit_y, *(target.entry_y(code) for target in targets)]
    return min(ends), max(ends)
