"""The routing diagram of one wording as SVG: who is asked what, and which answers lead there."""

from collections.abc import Iterator
from html import escape

from app.definition.diagram_layout import (
    BOX_WIDTH,
    BOX_X,
    LABEL_WIDTH,
    LABEL_X,
    LINE_HEIGHT,
    MARGIN,
    Frame,
    Lane,
    Layout,
    Row,
    lay_out,
)
from app.definition.load import Definition
from app.definition.routing_findings import BAD, Proof, in_ranges

N_COLOURS = 3
BOX_CHARACTERS = 58
NOTE = "What stands beside a question must be true for it to be asked; the lines show which answers decide about it."
NOTES = {
    "left_out": "not in this wording",
    "not_for_service": "not for this service",
    "unreachable": "never asked",
    "contradictory": "never asked: contradiction",
    "loop": "loop",
    "too_complex": "not proven",
    "unproven": "not proven",
}
STYLE = """
svg { color-scheme: light dark; background: var(--paper);
  --paper: #fffdf8; --card: #ffffff; --ink: #16202e; --muted: #4a5565; --line: #6b7686; --tint: #e3f1f2;
  --danger: #a3231b; --danger-tint: #fdedea; --lane0: #0a4f5c; --lane1: #8a3a12; --lane2: #5b3f8c;
  font-family: "Atkinson Hyperlegible Next", system-ui, "DejaVu Sans", sans-serif; font-size: 13px; }
text { fill: var(--ink); }
.title { font-size: 22px; font-weight: 600; }
.muted, .note { fill: var(--muted); }
.heading { font-size: 15px; font-weight: 600; }
.code, .label text { font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size: 12px; }
.code { font-weight: 600; }
.frame { fill: none; stroke: var(--line); stroke-dasharray: 1 4; stroke-linecap: round; }
.box { fill: var(--card); stroke: var(--line); }
.label rect { fill: var(--tint); stroke: none; }
.entry { stroke: var(--line); fill: none; stroke-width: 1.5; }
.away .box { fill: none; stroke-dasharray: 4 4; }
.away text { fill: var(--muted); }
.bad .box, .bad .label rect { fill: var(--danger-tint); stroke: var(--danger); stroke-width: 2; }
.bad .note { fill: var(--danger); font-weight: 600; }
.lane { fill: none; stroke-width: 1.75; stroke-linejoin: round; }
.lane0 { stroke: var(--lane0); } .dot0 { fill: var(--lane0); }
.lane1 { stroke: var(--lane1); stroke-dasharray: 7 3; } .dot1 { fill: var(--lane1); }
.lane2 { stroke: var(--lane2); stroke-dasharray: 2 3; } .dot2 { fill: var(--lane2); }
.tip { fill: var(--line); }
@media (prefers-color-scheme: dark) {
  svg { --paper: #10161d; --card: #18212b; --ink: #f3f5f7; --muted: #b9c3ce; --line: #8794a3; --tint: #1d3a40;
    --danger: #ffb4a8; --danger-tint: #3d1f1b; --lane0: #8fd6df; --lane1: #f2b36b; --lane2: #c9b3f5; }
}
""".strip()


def diagram(definition: Definition, proof: Proof) -> str:
    """The SVG document for the first wording of the proof."""
    wording, findings = next(iter(proof.wordings.items()))
    layout = lay_out(definition.wordings[wording].texts, findings)
    width, height = round(layout.width), round(layout.height)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'role="img" aria-labelledby="diagram-title diagram-text">',
        f'<title id="diagram-title">{escape(f"Routing of {definition.name}, {wording} wording")}</title>',
        f'<desc id="diagram-text">{escape(" ".join(_told(layout)))}</desc>',
        f"<style>{STYLE}</style>",
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path class="tip" d="M0 0 8 4 0 8z"/></marker></defs>',
        f'<rect x="0" y="0" width="{width}" height="{height}" fill="var(--paper)"/>',
        *_head(definition, wording, proof.service),
        *(line for frame in layout.frames for line in _frame(frame)),
        *(line for lane in layout.lanes for line in _lane(lane)),
        *(line for row in layout.rows for line in _row(row)),
        "</svg>\n",
    ]
    return "\n".join(parts)


def _told(layout: Layout) -> Iterator[str]:
    """The diagram in sentences, for who cannot see it."""
    n_questions = sum(row.finding.target.kind == "question" for row in layout.rows)
    yield f"{n_questions} questions in {len(layout.frames)} blocks, in the order in which they are asked."
    for row in layout.rows:
        target = row.finding.target
        if row.label or row.finding.status in NOTES:
            condition = f" if {' '.join(row.label)}" if row.label else ""
            note = f" ({NOTES[row.finding.status]})" if row.finding.status in NOTES else ""
            yield f"{target.kind.capitalize()} {target.code}{condition}{note}."


def _head(definition: Definition, wording: str, service: int | None) -> Iterator[str]:
    services = definition.texts.services if service is None else (service,)
    whom = f"service{'' if len(services) == 1 else 's'} {in_ranges(services)}" if services else "commissioners"
    about = f"{definition.name} · {wording} wording · {whom}"
    yield f'<text class="title" x="{MARGIN}" y="42">{escape(definition.texts.title)}</text>'
    yield f'<text class="muted" x="{MARGIN}" y="64">{escape(about)}</text>'
    yield f'<text class="muted" x="{MARGIN}" y="82">{NOTE}</text>'


def _frame(frame: Frame) -> Iterator[str]:
    yield _rectangle("frame", MARGIN, frame.y, BOX_X + BOX_WIDTH + 12 - MARGIN, frame.height)


def _row(row: Row) -> Iterator[str]:
    status = row.finding.status
    kind = " bad" if status in BAD else " away" if status in ("left_out", "not_for_service") else ""
    yield f'<g class="row{kind}"><title>{escape(f"{row.finding.target.code}: {row.text}")}</title>'
    yield from {"block": _heading, "question": _box, "option": _option}[row.finding.target.kind](row)
    if row.label:
        yield from _label(row)
    yield "</g>"


def _heading(row: Row) -> Iterator[str]:
    code = row.finding.target.block
    yield f'<text class="heading" x="{BOX_X}" y="{_n(row.y + 21)}">{escape(_cut(row.text, 40))}</text>'
    yield _right(row.y + 21, "code", code)


def _box(row: Row) -> Iterator[str]:
    height = min(row.height, 48)
    yield _rectangle("box", BOX_X, row.y, BOX_WIDTH, row.height)
    middle = row.y + (row.height - height) / 2
    yield f'<text class="code" x="{BOX_X + 14}" y="{_n(middle + 20)}">{escape(row.finding.target.question)}</text>'
    yield _right(middle + 20, *_noted(row, row.type_name), 14)
    yield f'<text x="{BOX_X + 14}" y="{_n(middle + 38)}">{escape(_cut(row.text, BOX_CHARACTERS))}</text>'


def _option(row: Row) -> Iterator[str]:
    yield _rectangle("box", BOX_X + 28, row.y, BOX_WIDTH - 28, row.height)
    y = row.y + row.height / 2 + 4
    yield f'<text class="code" x="{BOX_X + 40}" y="{_n(y)}">{escape(_cut(row.finding.target.option, 24))}</text>'
    yield _right(y, *_noted(row, _cut(row.text, 28)), 14)


def _label(row: Row) -> Iterator[str]:
    """The filter, with an arrow to what it leads to."""
    middle = row.label_y + row.label_height / 2
    first = middle - (len(row.label) - 1) * LINE_HEIGHT / 2 + 4
    yield '<g class="label">' + _rectangle("", LABEL_X, row.label_y, LABEL_WIDTH, row.label_height)
    for number, line in enumerate(row.label):
        yield f'<text x="{LABEL_X + 12}" y="{_n(first + number * LINE_HEIGHT)}">{escape(line)}</text>'
    to = BOX_X + BOX_WIDTH + (12 if row.finding.target.kind == "block" else 0)
    yield f'</g><path class="entry" d="M{LABEL_X} {_n(middle)}H{to}" marker-end="url(#tip)"/>'


def _lane(lane: Lane) -> Iterator[str]:
    """Out of the question, along the lane, and into each filter; a dot where a line branches off."""
    code = lane.source.finding.target.question
    entries = [target.entry_y(code) for target in lane.targets]
    leaves, x, colour = lane.source.exit_y, _n(lane.x), lane.number % N_COLOURS
    top, bottom = min(leaves, *entries), max(leaves, *entries)
    told = f"{code} decides about {', '.join(target.finding.target.code for target in lane.targets)}"
    yield f"<g><title>{escape(told)}</title>"
    yield f'<path class="lane lane{colour}" d="M{BOX_X + BOX_WIDTH} {_n(leaves)}H{x}M{x} {_n(top)}V{_n(bottom)}"/>'
    for y in entries:
        yield f'<path class="lane lane{colour}" d="M{x} {_n(y)}H{LABEL_X + LABEL_WIDTH}"/>'
        yield f'<circle class="dot{colour}" cx="{x}" cy="{_n(y)}" r="3"/>'
    yield "</g>"


def _noted(row: Row, otherwise: str) -> tuple[str, str]:
    """Class and text of what stands at the right of a box: why nobody is asked, or something calmer."""
    note = NOTES.get(row.finding.status)
    return ("note", note) if note else ("muted", otherwise)


def _rectangle(kind: str, x: float, y: float, width: float, height: float) -> str:
    place = f'x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}"'
    return f'<rect class="{kind}" {place} rx="8"/>' if kind else f'<rect {place} rx="8"/>'


def _right(y: float, kind: str, text: str, inset: int = 0) -> str:
    x = BOX_X + BOX_WIDTH - inset
    return f'<text class="{kind}" x="{x}" y="{_n(y)}" text-anchor="end">{escape(text)}</text>'


def _cut(text: str, n_characters: int) -> str:
    return text if len(text) <= n_characters else text[: n_characters - 1].rstrip() + "…"


def _n(number: float) -> str:
    """A coordinate, without digits nobody sees."""
    return f"{number:.1f}".removesuffix(".0")
