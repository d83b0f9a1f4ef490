"""Keeping what figures count up with the answers.

Which answers are on the route is worked out in Python, once per interview that changed; all counting is done by
the database. A participation is marked before its first change is written and recounted whole, so a refresh that
is interrupted goes on where it was, and two at once do no harm.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.collection.tables import Answer
from app.database import insert, reading, remembered, writing
from app.engine.route import route
from app.errors import Unavailable
from app.fieldwork.tables import Wave
from app.results.figures.changes import Changes, case_table, changes, counted_table, interview_table, scope_table
from app.results.figures.counts import readable
from app.results.figures.questions import countable_codes, tables_of_rows
from app.results.figures.tables import BenchmarkCount, FigureCount, FigureVersion, UncountedAnswer
from app.results.responses.interviews_found import Found, by_id

CHUNK = 400
# Looking for changes may take this share of the time: a wave of a few hundred interviews is looked at every time,
# one of a hundred thousand (0.3 s) once a minute. A participation that is shown is always looked at.
LOOKING_SHARE = 1 / 200
PATIENCE_SECONDS = 2.0  # that a page may count for others; the worker does the rest
_wave = Wave.__table__  # type: ignore[attr-defined]
_answer = Answer.__table__  # type: ignore[attr-defined]
_uncounted = UncountedAnswer.__table__  # type: ignore[attr-defined]
_count = FigureCount.__table__  # type: ignore[attr-defined]
_benchmark = BenchmarkCount.__table__  # type: ignore[attr-defined]
_version = FigureVersion.__table__  # type: ignore[attr-defined]
Advance = Callable[[int, int], object]  # n done, n in total


def refresh(wave_id: int, *, advance: Advance = lambda n_done, n_total: None, seconds: float | None = None) -> int:
    """Counts every interview of a wave that changed since it was counted; returns how many were counted.

    Writes in units of its own, each short, so nobody waits long for the database.

    Args:
        seconds: after this long, what is left is for the next time; None = until all is counted.
    """
    ends_at = None if seconds is None else time.monotonic() + seconds
    with reading() as connection:
        todo = changes(connection, wave_id)
    n_total, n_done = sum(one.n for one in todo), 0
    for one in todo:
        for part in _chunks(one):
            with reading() as connection:
                rows = _worked_out(connection, part)
            with writing() as connection:
                _store(connection, wave_id, part, rows)
            n_done += part.n
            advance(n_done, n_total)
        with writing() as connection:
            _recount(connection, wave_id, one.participation_id)
        if ends_at is not None and time.monotonic() > ends_at:
            break
    if todo:
        with writing() as connection:
            connection.execute(sa.delete(_benchmark).where(_benchmark.c.wave_id == wave_id, _benchmark.c.n == 0))
    return n_done


def refresh_within(connection: Connection, wave_id: int, participation_id: int | None = None) -> None:
    """The same within a unit of work that writes already."""
    for one in changes(connection, wave_id, participation_id):
        for part in _chunks(one):
            _store(connection, wave_id, part, _worked_out(connection, part))
        _recount(connection, wave_id, one.participation_id)


def keep_up(wave_id: int, participation_id: int | None = None) -> None:
    """Before figures are read: counts what changed, for the participation always, for the others when it is time.

    When nobody can write now, the figures are those of the last count.
    """
    look_again_at: dict[int, float] = remembered("figures counted")  # monotonic seconds, by wave
    try:
        if participation_id is not None:
            with reading() as connection:
                is_behind = bool(changes(connection, wave_id, participation_id))
            if is_behind:
                with writing() as connection:
                    refresh_within(connection, wave_id, participation_id)
        if time.monotonic() < look_again_at.get(wave_id, 0.0):
            return
        began = time.monotonic()
        with reading() as connection:
            is_behind = bool(changes(connection, wave_id))
        ended = time.monotonic()
        if is_behind:
            refresh(wave_id, seconds=PATIENCE_SECONDS)
        look_again_at[wave_id] = time.monotonic() + _pause(ended - began)
    except Unavailable:
        return


@contextmanager
def counted_up(connection: Connection, wave_id: int, participation_id: int | None) -> Iterator[Connection]:
    """A connection that sees what changed until now counted.

    Within a unit of work that writes, the count is part of it; else it is kept apart, and read with a view of its own.
    """
    if connection.get_execution_options().get("is_writing", False):
        refresh_within(connection, wave_id)
        yield connection
        return
    keep_up(wave_id, participation_id)
    with reading() as fresh:
        yield fresh


def _pause(looking_seconds: float) -> float:
    return looking_seconds / LOOKING_SHARE if looking_seconds > 0.02 else 0.0


def n_behind(connection: Connection, wave_id: int) -> int:
    """How many interviews of a wave changed since they were counted."""
    return sum(one.n for one in changes(connection, wave_id))


def _chunks(one: Changes) -> Iterator[Changes]:
    for start in range(0, len(one.changed), CHUNK):
        yield Changes(one.participation_id, one.changed[start : start + CHUNK])
    for start in range(0, len(one.gone), CHUNK):
        yield Changes(one.participation_id, (), one.gone[start : start + CHUNK])


class _WorkedOut:
    """The rows that stand for some interviews as they were read: what counts of them, and what does not."""

    def __init__(self) -> None:
        self.counted: list[dict[str, Any]] = []
        self.uncounted: list[dict[str, Any]] = []
        self.versions: set[str] = set()


_STATE = sa.select(
    interview_table.c.case_id,
    case_table.c.participation_id,
    sa.func.coalesce(case_table.c.service, 0).label("service"),
    sa.func.coalesce(case_table.c.learning_profile, 0).label("learning_profile"),
    interview_table.c.version_hash,
    interview_table.c.wording,
    interview_table.c.mode,
    interview_table.c.language,
    interview_table.c.changed_at,
).join(case_table, case_table.c.id == interview_table.c.case_id)


def _worked_out(connection: Connection, part: Changes) -> _WorkedOut:
    made = _WorkedOut()
    # read before the answers: what changes in between has another moment by then, and is counted again next time
    states = connection.execute(_STATE.where(interview_table.c.case_id.in_(part.changed))).mappings().all()
    found = by_id(connection, part.changed) if part.changed else {}
    for row in states:
        if (one := found.get(row["case_id"])) is None or one.version_hash is None:
            continue
        made.counted.append(dict(row))
        made.versions.add(row["version_hash"])
        off = _off_the_route(connection, one)
        made.uncounted += [{"case_id": one.case_id, "code": code, "value": value} for code, value in off.items()]
    return made


def _off_the_route(connection: Connection, found: Found) -> Mapping[str, str | None]:
    """Answers that do not count as they are stored, with what counts instead."""
    if not found.answers:
        return {}
    definition = readable(connection, found.version_hash or "")
    if definition is None:
        return dict.fromkeys(found.answers)
    questionnaire = definition.wordings.get(found.wording, definition.wordings["regular"])
    counted = route(questionnaire, found.answers, found.facts(found.wording, found.mode)).counted
    return {code: counted.get(code) for code, value in found.answers.items() if counted.get(code) != value}


def _store(connection: Connection, wave_id: int, part: Changes, made: _WorkedOut) -> None:
    _mark(connection, part.participation_id)
    ids = (*part.changed, *part.gone)
    connection.execute(sa.delete(_uncounted).where(_uncounted.c.case_id.in_(ids)))
    moved = sa.select(counted_table.c.participation_id).where(
        counted_table.c.case_id.in_(part.changed), counted_table.c.participation_id != part.participation_id
    )
    for other in set(connection.scalars(moved)):
        _mark(connection, other)
    here = counted_table.c.participation_id == part.participation_id
    connection.execute(sa.delete(counted_table).where(counted_table.c.case_id.in_(part.gone), here))
    connection.execute(sa.delete(counted_table).where(counted_table.c.case_id.in_(part.changed)))
    if made.counted:
        connection.execute(sa.insert(counted_table), made.counted)
    if made.uncounted:
        connection.execute(sa.insert(_uncounted), made.uncounted)
    if made.versions:
        rows = [{"wave_id": wave_id, "version_hash": version} for version in sorted(made.versions)]
        connection.execute(insert(connection, _version).on_conflict_do_nothing(), rows)


def _mark(connection: Connection, participation_id: int) -> None:
    row = {"participation_id": participation_id, "is_dirty": True, "n_counts": 0}
    marked = insert(connection, scope_table).values(row)
    connection.execute(marked.on_conflict_do_update(index_elements=["participation_id"], set_={"is_dirty": True}))


_KEYS = ("questionnaire", "code", "service", "wording", "mode", "language", "value")


def _recount(connection: Connection, wave_id: int, participation_id: int) -> None:
    """Adds up a participation from its answers, and takes the difference into the wave's totals."""
    connection.execute(sa.select(_wave.c.id).where(_wave.c.id == wave_id).with_for_update())  # one recount at a time
    mine = _count.c.participation_id == participation_id
    _into_benchmark(connection, wave_id, mine, -1)
    connection.execute(sa.delete(_count).where(mine))
    used = sa.select(counted_table.c.version_hash).where(counted_table.c.participation_id == participation_id)
    for version in sorted(connection.scalars(used.distinct())):
        if (definition := readable(connection, version)) is None:
            continue
        for code, codes in tables_of_rows(definition).items():
            _add_up(connection, participation_id, version, definition.name, codes, together=code)
        _add_up(connection, participation_id, version, definition.name, sorted(countable_codes(definition)))
    _into_benchmark(connection, wave_id, mine, 1)
    done = {"is_dirty": False, "n_counts": scope_table.c.n_counts + 1}
    connection.execute(sa.update(scope_table).where(scope_table.c.participation_id == participation_id).values(done))


def _into_benchmark(connection: Connection, wave_id: int, mine: sa.ColumnElement[bool], sign: int) -> None:
    keys = [_count.c[name] for name in _KEYS]
    rows = sa.select(sa.literal(wave_id), *keys, sa.literal(sign) * sa.func.sum(_count.c.n)).where(mine).group_by(*keys)
    added = insert(connection, _benchmark).from_select(["wave_id", *_KEYS, "n"], rows)
    added = added.on_conflict_do_update(
        index_elements=["wave_id", *_KEYS], set_={"n": _benchmark.c.n + added.excluded.n}
    )
    connection.execute(added)


def _add_up(
    connection: Connection, participation_id: int, version: str, name: str, codes: Sequence[str], together: str = ""
) -> None:
    """Counts values per code. `together`: the code under which interviews with any of the codes count once, as ""."""
    value: sa.ColumnElement[str] = sa.func.coalesce(_uncounted.c.value, _answer.c.value)
    code: sa.ColumnElement[str] = _answer.c.code
    n: sa.ColumnElement[int] = sa.func.count()
    if together:
        value, code, n = sa.literal(""), sa.literal(together), sa.func.count(sa.distinct(_answer.c.case_id))
    own = [counted_table.c[key] for key in ("service", "wording", "mode", "language")]
    keys = [counted_table.c.participation_id, sa.literal(name), code, *own, value]
    grouped = own if together else [*own, code, value]
    source = (
        counted_table.join(
            interview_table,
            sa.and_(
                interview_table.c.case_id == counted_table.c.case_id,
                interview_table.c.changed_at == counted_table.c.changed_at,  # else its route was not worked out yet
            ),
        )
        .join(_answer, _answer.c.case_id == counted_table.c.case_id)
        .outerjoin(_uncounted, sa.and_(_uncounted.c.case_id == _answer.c.case_id, _uncounted.c.code == _answer.c.code))
    )
    rows = (
        sa.select(*keys, n)
        .select_from(source)
        .where(
            counted_table.c.participation_id == participation_id,
            counted_table.c.version_hash == version,
            _answer.c.code.in_(codes),
            _answer.c.value.is_not(None),
            sa.or_(_uncounted.c.case_id.is_(None), _uncounted.c.value.is_not(None)),
        )
        .group_by(counted_table.c.participation_id, *grouped)
    )
    names = ["participation_id", "questionnaire", "code", "service", "wording", "mode", "language", "value", "n"]
    added = insert(connection, _count).from_select(names, rows)
    # two versions of one questionnaire add up
    added = added.on_conflict_do_update(index_elements=names[:-1], set_={"n": _count.c.n + added.excluded.n})
    connection.execute(added)
