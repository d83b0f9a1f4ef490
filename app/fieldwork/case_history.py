"""The history of a case as lines. Stages that know nothing of one another each add theirs."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.engine import Connection


@dataclass(frozen=True)
class HistoryLine:
    """One thing that happened. `words` is of the catalogue; the page puts `values`, step and moment into it."""

    at: datetime
    words: str
    values: Mapping[str, str] = field(default_factory=dict)
    step: tuple[str, str, str] | None = None  # a message's step, channel and kind
    moment: datetime | None = None  # that the line is about, as in an appointment
    reason: str = ""  # why, or how it ended: codes, or words of the catalogue
    actor: str = ""  # who of us did it (`user:12`), or "respondent"
    note: bytes | None = None  # encrypted


Source = Callable[[Connection, int], Iterable[HistoryLine]]
_sources: list[Source] = []


def add_source(source: Source) -> None:
    """Lets a later stage add its lines to every history. For the composition root."""
    if source not in _sources:
        _sources.append(source)


def other_lines(connection: Connection, case_id: int) -> Iterator[HistoryLine]:
    """What the later stages know of a case."""
    for source in _sources:
        yield from source(connection, case_id)
