"""The benchmark of figures: the same over all providers of the wave, as far as it may be told.

What may be told depends on every provider's numbers, so it is worked out once per count and kept in this process.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.database import remembered
from app.definition.load import Definition
from app.results.disclosure.wave import WaveRelease, release
from app.results.figures.changes import participation_table, scope_table
from app.results.figures.counts import Cell, Counts, Filter, Values, added
from app.results.figures.figure import SectionGroup
from app.results.figures.tables import FigureCount

_count = FigureCount.__table__  # type: ignore[attr-defined]
_CELL = (_count.c.service, _count.c.wording, _count.c.mode, _count.c.language)


@dataclass
class _Kept:
    """What was worked out at one count."""

    stamp: tuple[int, int]
    small: dict[tuple[str, str], set[int]]  # participations with too few people, by questionnaire and code
    releases: dict[tuple[SectionGroup, str], WaveRelease] = field(default_factory=dict)


@dataclass(frozen=True)
class Benchmark:
    """The benchmark of one wave, read through one connection."""

    connection: Connection
    wave_id: int
    min_n: int
    versions: Mapping[SectionGroup, list[Definition]]
    counts: Mapping[SectionGroup, Counts]
    _at_hand: list[_Kept] = field(default_factory=list)  # looked up once per reading

    def values(self, group: SectionGroup, code: str, wanted: Filter) -> Values | None:
        """The values of the selection over all providers; None = not told."""
        everybody = added(self.counts.get(group, Counts()).cells(code), wanted)
        if self.min_n <= 1:
            return everybody
        if wanted.is_empty:
            told = self._without_small(group, code, everybody)
        else:
            known = self.release_of(group, code)
            told = everybody if known.is_whole(wanted) else self._sum(group, code, wanted, known.tellers(wanted))
        return told if sum(told.values()) >= self.min_n else None

    def release_of(self, group: SectionGroup, code: str) -> WaveRelease:
        """What may be told of every provider's answers to a question."""
        kept = self._keep()
        if (group, code) not in kept.releases:
            kept.releases[group, code] = release(self._cells(group, code), self.min_n)
        return kept.releases[group, code]

    def _without_small(self, group: SectionGroup, code: str, everybody: Values) -> Values:
        """Without the providers of whom too little is known, when they are too few together as well."""
        names = self._names(group)
        if len(names) > 1:  # two editions in one wave: their small numbers have to be added up first
            known = self.release_of(group, code)
            small, has_small = known.small, known.has_small
        else:
            found = set().union(*(self._keep().small.get((name, code), set()) for name in names))
            small, has_small = frozenset(found), False
        if not small or has_small:
            return everybody
        theirs = self._sum(group, code, Filter(), small)
        if sum(theirs.values()) >= self.min_n:
            return everybody
        left = {value: n - theirs.get(value, 0) for value, n in everybody.items()}
        return {value: n for value, n in left.items() if n}

    def _keep(self) -> _Kept:
        if not self._at_hand:
            self._at_hand.append(self._look_up())
        return self._at_hand[0]

    def _look_up(self) -> _Kept:
        all_kept: dict[tuple[int, int], _Kept] = remembered("benchmark")
        key = (self.wave_id, self.min_n)
        in_wave = participation_table.c.wave_id == self.wave_id
        stamps = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(scope_table.c.n_counts), 0)).select_from(
            scope_table.join(participation_table, participation_table.c.id == scope_table.c.participation_id)
        )
        n, n_counts = self.connection.execute(stamps.where(in_wave)).one()
        stamp = (int(n), int(n_counts))
        kept = all_kept.get(key)
        if kept is None or kept.stamp != stamp:
            kept = all_kept[key] = _Kept(stamp, self._small())
        return kept

    def _small(self) -> dict[tuple[str, str], set[int]]:
        n = sa.func.sum(_count.c.n)
        keys = (_count.c.participation_id, _count.c.questionnaire, _count.c.code)
        statement = (
            sa.select(*keys)
            .join(participation_table, participation_table.c.id == _count.c.participation_id)
            .where(participation_table.c.wave_id == self.wave_id)
            .group_by(*keys)
            .having(n < self.min_n)
        )
        found: dict[tuple[str, str], set[int]] = {}
        for participation, questionnaire, code in self.connection.execute(statement):
            found.setdefault((questionnaire, code), set()).add(participation)
        return found

    def _names(self, group: SectionGroup) -> list[str]:
        return sorted({definition.name for definition in self.versions.get(group, ())})

    def _of_question(self, group: SectionGroup, code: str) -> sa.ColumnElement[bool]:
        in_wave = sa.select(participation_table.c.id).where(participation_table.c.wave_id == self.wave_id)
        return sa.and_(
            _count.c.participation_id.in_(in_wave),
            _count.c.questionnaire.in_(self._names(group)),
            _count.c.code == code,
        )

    def _cells(self, group: SectionGroup, code: str) -> dict[int, dict[Cell, dict[str, int]]]:
        """What everybody answered to a question, by participation and cell."""
        columns = (_count.c.participation_id, *_CELL, _count.c.value, _count.c.n)
        found: dict[int, dict[Cell, dict[str, int]]] = {}
        for participation, *cell, value, n in self.connection.execute(
            sa.select(*columns).where(self._of_question(group, code))
        ):
            values = found.setdefault(participation, {}).setdefault(Cell(*cell), {})
            values[value] = values.get(value, 0) + int(n)
        return found

    def _sum(self, group: SectionGroup, code: str, wanted: Filter, participations: Collection[int]) -> dict[str, int]:
        """The values of the selection over these participations."""
        mine = [self._of_question(group, code), _count.c.participation_id.in_(participations)]
        for name in ("service", "wording", "mode", "language"):
            if getattr(wanted, name) is not None:
                mine.append(_count.c[name] == getattr(wanted, name))
        statement = sa.select(_count.c.value, sa.func.sum(_count.c.n)).where(*mine).group_by(_count.c.value)
        return {value: int(n) for value, n in self.connection.execute(statement)}
