"""Reading what was counted: per question and answer cell how many gave each value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.collection import versions
from app.collection.tables import QuestionnaireVersion
from app.definition.load import Definition
from app.definition.yaml_source import Faulty
from app.errors import PeilwijsError
from app.fieldwork.rules import INBURGERING
from app.results.figures.figure import SectionGroup
from app.results.figures.tables import BenchmarkCount, FigureCount, FigureVersion

_count = FigureCount.__table__  # type: ignore[attr-defined]
_benchmark = BenchmarkCount.__table__  # type: ignore[attr-defined]
_figure_version = FigureVersion.__table__  # type: ignore[attr-defined]
_stored_version = QuestionnaireVersion.__table__  # type: ignore[attr-defined]


class Cell(NamedTuple):
    """Interviews that no filter tells apart. Service 0 = none; "" = not told apart here."""

    service: int
    wording: str = ""
    mode: str = ""
    language: str = ""


@dataclass(frozen=True)
class Filter:
    """What somebody wants to see apart; None = all."""

    service: int | None = None
    wording: str | None = None
    mode: str | None = None
    language: str | None = None

    @property
    def is_empty(self) -> bool:
        return self == Filter()

    @property
    def looks_beyond_services(self) -> bool:
        return (self.wording, self.mode, self.language) != (None, None, None)

    def holds(self, cell: Cell) -> bool:
        """Whether interviews of this cell are asked for."""
        wanted = (self.service, self.wording, self.mode, self.language)
        return all(want is None or want == has for want, has in zip(wanted, cell, strict=True))


Values = Mapping[str, int]  # stored value → interviews
Cells = Mapping[Cell, Values]


@dataclass(frozen=True)
class Counts:
    """Counts of one group: by answer code, by cell, by value."""

    by_code: dict[str, dict[Cell, dict[str, int]]] = field(default_factory=dict)

    def cells(self, code: str) -> Cells:
        return self.by_code.get(code, {})

    def add(self, code: str, cell: Cell, value: str, n: int) -> None:
        values = self.by_code.setdefault(code, {}).setdefault(cell, {})
        values[value] = values.get(value, 0) + n


def added(cells: Cells, wanted: Filter = Filter()) -> dict[str, int]:
    """The values of all cells that are asked for, added up."""
    total: dict[str, int] = {}
    for cell, values in cells.items():
        if wanted.holds(cell):
            for value, n in values.items():
                total[value] = total.get(value, 0) + n
    return total


def group_of(definition: Definition) -> SectionGroup:
    """The section that the answers to a questionnaire belong to."""
    if definition.texts.audience == "commissioners":
        return "commissioners"
    return "inburgering" if definition.texts.services == (INBURGERING,) else "clients"


def readable(connection: Connection, version: str) -> Definition | None:
    """The version of a questionnaire; None when it cannot be read, for then it says nothing about its answers."""
    try:
        return versions.by_hash(connection, version)
    except (PeilwijsError, Faulty):
        return None


def versions_used(connection: Connection, wave_id: int) -> dict[SectionGroup, list[Definition]]:
    """The questionnaire versions behind the figures of a wave, the newest first."""
    statement = (
        sa.select(_figure_version.c.version_hash)
        .join(_stored_version, _stored_version.c.hash == _figure_version.c.version_hash)
        .where(_figure_version.c.wave_id == wave_id)
        .order_by(_stored_version.c.stored_at.desc(), _stored_version.c.hash)
    )
    found: dict[SectionGroup, list[Definition]] = {}
    for version in connection.scalars(statement).all():
        definition = readable(connection, version)
        if definition is not None:
            found.setdefault(group_of(definition), []).append(definition)
    return found


def counts_of(
    connection: Connection,
    groups: Mapping[SectionGroup, list[Definition]],
    *,
    wave_id: int,
    participation_id: int | None,
    is_fine: bool,
) -> dict[SectionGroup, Counts]:
    """The counts of one participation, or with None of the whole wave.

    Args:
        is_fine: tells cells apart by wording, mode and language too, not only by service.
    """
    table = _benchmark if participation_id is None else _count
    mine = table.c.wave_id == wave_id if participation_id is None else table.c.participation_id == participation_id
    keys = [table.c.questionnaire, table.c.code, table.c.service]
    keys += [table.c.wording, table.c.mode, table.c.language] if is_fine else []
    statement = sa.select(*keys, table.c.value, sa.func.sum(table.c.n)).where(mine, table.c.n > 0)
    names = {definition.name: group for group, known in groups.items() for definition in known}
    found: dict[SectionGroup, Counts] = {}
    for questionnaire, code, *cell, value, n in connection.execute(statement.group_by(*keys, table.c.value)):
        if (group := names.get(questionnaire)) is not None:
            found.setdefault(group, Counts()).add(code, Cell(*cell), value, int(n))
    return found
