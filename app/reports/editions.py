"""The life of a report: draft, review, final; and the numbered corrections after that. Final means frozen.

Everything that changes a report is here, in the caller's unit of work and with its entry in the audit log. A final
report is never touched again: every change says in its own condition which state it starts from.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from app.audit.log import record
from app.clock import local, now
from app.database import insert
from app.errors import N_, Conflict, Invalid, NotFound
from app.fieldwork.tables import Participation, Provider
from app.fieldwork.waves import find_participation, find_provider, find_wave
from app.reports.document import Document, Edition, as_snapshot, from_snapshot, snapshot_hash
from app.reports.tables import Report

State = Literal["draft", "review", "final"]
MIN_NOTE, MAX_NOTE = 10, 2000
IS_FINAL = N_("Dit rapport is definitief en verandert niet meer. Maak een verbeterde versie.")
NOT_FINAL = N_("Alleen van een definitief rapport kan een verbeterde versie komen. Dit rapport is nog een concept.")
CHANGED = N_("Dit rapport is intussen veranderd. Bekijk het opnieuw.")
NOT_REVIEWED = N_("Dit concept is nog niet nagekeken. Kijk het eerst na, daarna kunt u het publiceren.")
NOTE_NEEDED = N_("Schrijf op wat er verandert en waarom, in 10 tot 2000 tekens. De dienstverlener leest dit.")
NO_REPORT = "there is no report of this provider in this wave yet; make it first"
report_table = Report.__table__  # type: ignore[attr-defined]
_participation = Participation.__table__  # type: ignore[attr-defined]
_provider = Provider.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Stored:
    """One version of a report, without its snapshot."""

    id: int
    participation_id: int
    version: int
    state: State
    hash: str
    change_note: str
    made_at: datetime
    reviewed_at: datetime | None
    published_at: datetime | None

    @property
    def edition(self) -> Edition:
        """How it is printed."""
        published_on = local(self.published_at).date() if self.published_at else None
        return Edition(self.version, self.state == "final", published_on, self.change_note)


@dataclass(frozen=True)
class Line:
    """A provider of the wave with the newest version of its report, if there is one."""

    slug: str
    name: str
    participation_id: int
    report: Stored | None


def lines(connection: Connection, wave: str) -> list[Line]:
    """Every provider of a wave, in order of name.

    Raises:
        NotFound: when there is no such wave.
    """
    rows = connection.execute(
        sa.select(_participation.c.id, _provider.c.slug, _provider.c.name)
        .join(_provider, _provider.c.id == _participation.c.provider_id)
        .where(_participation.c.wave_id == find_wave(connection, wave).id)
    ).all()
    ids = [row.id for row in rows]
    of_wave = sa.select(*_COLUMNS).where(report_table.c.participation_id.in_(ids)).order_by(report_table.c.version)
    newest = {row.participation_id: _stored(row) for row in connection.execute(of_wave)}
    found = [Line(row.slug, row.name, row.id, newest.get(row.id)) for row in rows]
    return sorted(found, key=lambda line: line.name.casefold())


def one_line(connection: Connection, wave: str, provider: str) -> Line:
    """One provider's.

    Raises:
        NotFound: when there is no such wave or provider, or the provider takes no part in the wave.
    """
    known, who = find_wave(connection, wave), find_provider(connection, provider)
    participation_id = find_participation(connection, known.id, who.id)
    if participation_id is None:
        raise NotFound(f"«{who.slug}» takes no part in wave «{known.label}» yet; import a delivery for it first")
    newest = next(iter(versions_of(connection, participation_id)), None)
    return Line(who.slug, who.name, participation_id, newest)


def versions_of(connection: Connection, participation_id: int) -> list[Stored]:
    """All versions, the newest first."""
    which = report_table.c.participation_id == participation_id
    statement = sa.select(*_COLUMNS).where(which).order_by(report_table.c.version.desc())
    return [_stored(row) for row in connection.execute(statement)]


def one_version(connection: Connection, participation_id: int, version: int) -> Stored:
    """One version.

    Raises:
        NotFound: when there is none.
    """
    found = next((one for one in versions_of(connection, participation_id) if one.version == version), None)
    if found is None:
        raise NotFound(NO_REPORT)
    return found


def document_of(connection: Connection, report_id: int) -> Document:
    """The document as it was stored."""
    return from_snapshot(connection.execute(sa.select(report_table.c.snapshot).where(_is(report_id))).scalar_one())


def store_draft(connection: Connection, actor: str, participation_id: int, document: Document) -> None:
    """Version 1 as a draft, or what is not final yet renewed; then it is to be reviewed again.

    Raises:
        Conflict: when the newest version is final.
    """
    newest = next(iter(versions_of(connection, participation_id)), None)
    if newest is not None and newest.state == "final":
        raise Conflict(IS_FINAL)
    values = _fresh(actor, document)
    if newest is None:
        _add(connection, participation_id, 1, values)
    else:
        not_final = _is(newest.id) & (report_table.c.state != "final")
        _changed_one(connection.execute(sa.update(report_table).where(not_final).values(values)).rowcount)
    record(connection, actor, "report.made", f"participation:{participation_id}", hash=values["hash"])


def correct(connection: Connection, actor: str, participation_id: int, document: Document, change_note: str) -> None:
    """The next version of a final report, as a draft with what changes and why. The final one stays as it is.

    Raises:
        Invalid: without a change note.
        Conflict: when the newest version is not final.
    """
    note = check_note(change_note)
    newest = next(iter(versions_of(connection, participation_id)), None)
    if newest is None or newest.state != "final":
        raise Conflict(NOT_FINAL)
    version = newest.version + 1
    _add(connection, participation_id, version, _fresh(actor, document) | {"change_note": note})
    record(connection, actor, "report.corrected", f"participation:{participation_id}", version=version)


def check_note(change_note: str) -> str:
    """The change note on one line.

    Raises:
        Invalid: when it says nothing, or far too much.
    """
    note = " ".join(change_note.split())
    if not MIN_NOTE <= len(note) <= MAX_NOTE:
        raise Invalid(NOTE_NEEDED)
    return note


def review(connection: Connection, actor: str, report: Stored, seen: str) -> None:
    """A researcher looked at the draft and found it right; this is what will be published.

    Args:
        seen: the hash of what the researcher had before them.
    Raises:
        Conflict: when it changed meanwhile, or is no draft any more.
    """
    is_so = _is(report.id) & (report_table.c.state == "draft") & (report_table.c.hash == seen)
    values = {"state": "review", "reviewed_at": now(), "reviewed_by": actor}
    _changed_one(connection.execute(sa.update(report_table).where(is_so).values(values)).rowcount)
    record(connection, actor, "report.reviewed", f"report:{report.id}", hash=seen)


def publish(connection: Connection, actor: str, report: Stored, seen: str) -> None:
    """Makes a reviewed report final: from here on it never changes.

    Raises:
        Conflict: when nobody reviewed it, or it changed meanwhile.
    """
    if report.state == "draft":
        raise Conflict(NOT_REVIEWED)
    is_so = _is(report.id) & (report_table.c.state == "review") & (report_table.c.hash == seen)
    values = {"state": "final", "published_at": now(), "published_by": actor}
    _changed_one(connection.execute(sa.update(report_table).where(is_so).values(values)).rowcount)
    record(connection, actor, "report.published", f"report:{report.id}", version=report.version, hash=seen)


def _fresh(actor: str, document: Document) -> dict[str, Any]:
    snapshot = as_snapshot(document)
    values = {"state": "draft", "snapshot": snapshot, "hash": snapshot_hash(snapshot), "reviewed_at": None}
    return values | {"reviewed_by": None, "made_at": now(), "made_by": actor}


def _add(connection: Connection, participation_id: int, version: int, values: dict[str, Any]) -> None:
    row = {"participation_id": participation_id, "version": version, **values}
    statement = insert(connection, report_table).values(row).on_conflict_do_nothing()
    if connection.execute(statement.returning(report_table.c.id)).first() is None:
        raise Conflict(CHANGED)  # somebody else made the same version first


def _changed_one(n_rows: int) -> None:
    if n_rows != 1:
        raise Conflict(CHANGED)


def _is(report_id: int) -> sa.ColumnElement[bool]:
    condition: sa.ColumnElement[bool] = report_table.c.id == report_id
    return condition


_COLUMNS = tuple(
    report_table.c[name]
    for name in ("id", "participation_id", "version", "state", "hash", "change_note", "made_at", "reviewed_at",
                 "published_at")
)  # fmt: skip


def _stored(row: Row[Any]) -> Stored:
    return Stored(**(dict(row._mapping) | {"change_note": row.change_note or ""}))
