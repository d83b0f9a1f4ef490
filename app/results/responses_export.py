"""`responses export`: one row per interview with the answers that count, in the shape that the import reads.

Rows are in order of provider and reference, so that equal answers give equal files wherever they are stored.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.clock import local
from app.collection import versions
from app.collection.tables import QuestionnaireVersion
from app.database import reading
from app.definition.load import Definition
from app.encryption import decrypt
from app.fieldwork.tables import Participation, Provider
from app.fieldwork.waves import KnownWave, find_provider, find_wave
from app.results import responses_file
from app.results.interviews_found import Found, by_id, case_table, contact_table, interview_table
from app.results.responses_columns import (
    CASE_REF,
    COMPLETED_AT,
    KIND,
    MODE,
    PROVIDER,
    QUESTIONNAIRE,
    SERVICE,
    WORDING,
    all_columns,
)

CHUNK = 500
_participation = Participation.__table__  # type: ignore[attr-defined]
_provider = Provider.__table__  # type: ignore[attr-defined]
_version = QuestionnaireVersion.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, order=True)
class _Place:
    """Where an interview comes in the file."""

    provider: str
    case_ref: str
    case_id: int


def export_file(
    path: Path,
    wave: str,
    provider: str | None,
    file_format: responses_file.FileFormat,
    *,
    advance: Callable[[int], object],
) -> int:
    """Writes the interviews of a wave, or of one provider in it, and returns how many; memory stays bounded.

    Args:
        advance: hears how many interviews were written, for a progress bar.
    Raises:
        NotFound: when there is no such wave or provider.
        Invalid: when the file cannot be written.
    """
    with reading() as connection:
        if connection.dialect.name == "postgresql":  # one moment for all statements, as SQLite has of itself
            connection.execution_options(isolation_level="REPEATABLE READ")
        known = find_wave(connection, wave)
        which = _participation.c.wave_id == known.id
        if provider is not None:
            which &= _participation.c.provider_id == find_provider(connection, provider).id
        places = _places(connection, which)
        has_provider = provider is None and _n_participations(connection, known) > 1
        columns = all_columns(_definitions(connection, which), has_provider=has_provider)
        return responses_file.write(path, file_format, columns, _rows(connection, places, advance))


def _n_participations(connection: Connection, wave: KnownWave) -> int:
    n = connection.scalar(sa.select(sa.func.count()).where(_participation.c.wave_id == wave.id))
    return int(n or 0)


def _places(connection: Connection, which: sa.ColumnElement[bool]) -> list[_Place]:
    """Every interview by provider and reference; after a purge the random id of the case is its reference."""
    statement = (
        sa.select(_provider.c.slug, case_table.c.id, contact_table.c.reference)
        .select_from(
            _participation.join(_provider, _provider.c.id == _participation.c.provider_id)
            .join(case_table, case_table.c.participation_id == _participation.c.id)
            .join(interview_table, interview_table.c.case_id == case_table.c.id)
            .outerjoin(contact_table, contact_table.c.case_id == case_table.c.id)
        )
        .where(which)
    )
    rows = connection.execute(statement)
    return sorted(_Place(row.slug, decrypt(row.reference) or str(row.id), row.id) for row in rows)


def _definitions(connection: Connection, which: sa.ColumnElement[bool]) -> list[Definition]:
    """The questionnaire versions in use, by name and the newest first."""
    used = (
        sa.select(interview_table.c.version_hash)
        .join(case_table, case_table.c.id == interview_table.c.case_id)
        .join(_participation, _participation.c.id == case_table.c.participation_id)
        .where(which)
    )
    order = (_version.c.name, _version.c.stored_at.desc(), _version.c.hash)
    hashes = connection.scalars(sa.select(_version.c.hash).where(_version.c.hash.in_(used)).order_by(*order))
    return [versions.by_hash(connection, version) for version in hashes.all()]


def _rows(
    connection: Connection, places: Sequence[_Place], advance: Callable[[int], object]
) -> Iterator[dict[str, str]]:
    for start in range(0, len(places), CHUNK):
        part = places[start : start + CHUNK]
        found = by_id(connection, [place.case_id for place in part])
        for place in part:
            yield {PROVIDER: place.provider, CASE_REF: place.case_ref, **_cells(connection, found[place.case_id])}
        advance(len(part))


def _cells(connection: Connection, found: Found) -> dict[str, str]:
    """The cells of one interview: only what its route counts."""
    way = found.route(connection)
    cells = {
        KIND: found.kind,
        SERVICE: "" if found.service is None else str(found.service),
        QUESTIONNAIRE: way.questionnaire.name,
        WORDING: found.wording,
        MODE: found.mode,
        COMPLETED_AT: local(found.finished_at).isoformat() if found.finished_at else "",
    }
    for asked in way.asked:
        cells |= asked.question.to_cells(way.counted)
    return cells
