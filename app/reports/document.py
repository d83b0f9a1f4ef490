"""A report as a typed document: front page, numbered chapters with numbered figures and tables.

It holds words and figures, no layout: two thin renderers make a page and a PDF of it. Stored as JSON it is the frozen
snapshot of a report, so it needs nothing outside itself. Snapshots of long ago must stay readable: what is added here
has a default, and nothing is renamed.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from app.results.figures.figure import Figure

SHOWN = {"grade": " Het gemiddelde", "grade_distribution": " De verdeling"}


@dataclass(frozen=True)
class Paragraph:
    text: str
    kind: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True)
class Heading:
    """Begins a section of a chapter: numbered like 4.2 when the document is put together."""

    text: str
    number: str = ""
    kind: Literal["heading"] = "heading"


@dataclass(frozen=True)
class Items:
    """A list of short texts."""

    items: tuple[str, ...]
    kind: Literal["items"] = "items"


@dataclass(frozen=True)
class Quotes:
    """What people wrote themselves, in answer to one question."""

    question: str
    texts: tuple[str, ...]
    is_in_section: bool = False
    kind: Literal["quotes"] = "quotes"


@dataclass(frozen=True)
class Chart:
    """A numbered figure of the results."""

    figure: Figure
    verdict: str = ""  # how sure the difference with the benchmark is
    note: str = ""
    number: int = 0
    kind: Literal["chart"] = "chart"

    @property
    def caption(self) -> str:
        """The question as asked, with what is shown of it where two figures show the same question."""
        return f"{self.figure.question}{SHOWN.get(self.figure.kind, '')}"


@dataclass(frozen=True)
class Moment:
    """One message of the invitation scheme."""

    day: int
    words: str


@dataclass(frozen=True)
class SchemeRow:
    """The messages to one group, in order of day."""

    group: str
    moments: tuple[Moment, ...]


@dataclass(frozen=True)
class Scheme:
    """The invitation scheme as a numbered figure."""

    caption: str
    rows: tuple[SchemeRow, ...]
    number: int = 0
    kind: Literal["scheme"] = "scheme"


@dataclass(frozen=True)
class Row:
    """A row of a table. `group`: a heading over the rows that follow; `total`: the sum of those before."""

    cells: tuple[str, ...]
    role: Literal["plain", "group", "total"] = "plain"


@dataclass(frozen=True)
class Table:
    """A numbered table: words in the first column, figures in the others."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    number: int = 0
    kind: Literal["table"] = "table"


Block = Annotated[
    Paragraph | Heading | Items | Quotes | Chart | Scheme | Table,
    Field(discriminator="kind"),
]


@dataclass(frozen=True)
class Chapter:
    title: str
    blocks: tuple[Block, ...]
    number: int = 0


@dataclass(frozen=True)
class Aspect:
    """One aspect on which the provider scores relatively well; shares in whole per cent of (very) satisfied."""

    question: str
    pct: int
    benchmark_pct: int


@dataclass(frozen=True)
class Front:
    """The front page: what there is to tell at a glance; what there is not, is left out."""

    mean: str  # "7,8"; "" without grades
    mean_says: str
    provinces: Mapping[str, int | None]  # None = too few to tell
    provinces_say: str
    best: Figure | None
    good: tuple[Aspect, ...]
    empty: str  # said when there is nothing at all to tell
    good_title: str = "Hierop scoort u relatief goed"


@dataclass(frozen=True)
class Agency:
    """Who made the report."""

    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Document:
    """A whole report, put together and numbered."""

    title: str
    subtitle: str
    provider: str
    wave: str
    made_on: date
    agency: Agency
    front: Front
    chapters: tuple[Chapter, ...]
    language: str = "nl"
    grades: tuple[dict[str, Any], ...] = ()  # rows that may be published, for programs: frozen with the rest

    def charts(self) -> Iterator[Chart]:
        yield from (block for chapter in self.chapters for block in chapter.blocks if isinstance(block, Chart))


@dataclass(frozen=True)
class Edition:
    """Which edition of a document is shown: printed on the front page and at the foot of every page."""

    version: int = 1
    is_final: bool = False
    published_on: date | None = None
    change_note: str = ""  # of a correction

    def day(self, document: Document) -> date:
        """The date of the file: fixed, so that equal input gives equal bytes."""
        return self.published_on or document.made_on


def numbered(chapters: list[Chapter]) -> tuple[Chapter, ...]:
    """The chapters that say something, with every chapter, section, figure and table numbered consecutively."""
    n_figures = n_tables = 0
    finished = []
    for chapter_number, chapter in enumerate((one for one in chapters if one.blocks), 1):
        blocks: list[Block] = []
        n_headings = 0
        for block in chapter.blocks:
            if isinstance(block, Heading):
                n_headings += 1
                block = replace(block, number=f"{chapter_number}.{n_headings}")
            elif isinstance(block, Chart | Scheme):
                n_figures += 1
                block = replace(block, number=n_figures)
            elif isinstance(block, Table):
                n_tables += 1
                block = replace(block, number=n_tables)
            blocks.append(block)
        finished.append(replace(chapter, blocks=tuple(blocks), number=chapter_number))
    return tuple(finished)


def as_snapshot(document: Document) -> dict[str, Any]:
    """The document as JSON data."""
    data: dict[str, Any] = _adapter().dump_python(document, mode="json")
    return data


def from_snapshot(snapshot: Mapping[str, Any]) -> Document:
    """The inverse of `as_snapshot`."""
    return _adapter().validate_python(snapshot)


def snapshot_hash(snapshot: Mapping[str, Any]) -> str:
    """SHA-256 over the data, however the database orders them."""
    return hashlib.sha256(json.dumps(snapshot, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


@cache
def _adapter() -> TypeAdapter[Document]:
    return TypeAdapter(Document)
