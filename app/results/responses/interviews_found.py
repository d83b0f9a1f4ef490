"""Interviews with their answers, read in bulk for the responses file."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.collection import versions
from app.collection.tables import Answer, Interview
from app.definition.facts import Facts
from app.engine.route import Route, route
from app.fieldwork.contact_keys import reference_key
from app.fieldwork.tables import Case, Contact

case_table = Case.__table__  # type: ignore[attr-defined]
contact_table = Contact.__table__  # type: ignore[attr-defined]
interview_table = Interview.__table__  # type: ignore[attr-defined]
answer_table = Answer.__table__  # type: ignore[attr-defined]
MAX_CASE_ID = 2**63 - 1

_COLUMNS = (
    case_table.c.id,
    case_table.c.kind,
    case_table.c.service,
    case_table.c.learning_profile,
    case_table.c.language,
    contact_table.c.reference_key,
    interview_table.c.version_hash,
    interview_table.c.wording,
    interview_table.c.mode,
    interview_table.c.finished_at,
)
_CASES = sa.select(*_COLUMNS).select_from(
    case_table.outerjoin(contact_table, contact_table.c.case_id == case_table.c.id).outerjoin(
        interview_table, interview_table.c.case_id == case_table.c.id
    )
)
_LOCKED = _CASES.with_for_update(of=case_table)  # for databases with row locks


@dataclass(frozen=True)
class Found:
    """A case, and its interview if it has one (`version_hash` is then not None)."""

    case_id: int
    kind: str
    service: int | None
    learning_profile: int | None
    language: str
    version_hash: str | None
    wording: str
    mode: str
    finished_at: datetime | None
    answers: Mapping[str, str]

    def facts(self, wording: str, mode: str) -> Facts:
        """The facts as filters see them; names are for texts only, which nobody reads here."""
        return Facts(self.service, self.learning_profile, wording, mode)

    def route(self, connection: Connection) -> Route:
        """The route of the stored interview, through the version it started with."""
        definition = versions.by_hash(connection, self.version_hash or "")
        return route(definition.wordings[self.wording], self.answers, self.facts(self.wording, self.mode))


def by_reference(connection: Connection, participation_id: int, references: Sequence[str]) -> dict[str, Found]:
    """The cases of a participation with these references. After a purge a case is called by its random id.

    The rows of the cases are locked, so that nobody answers meanwhile.
    """
    keys = {reference_key(reference): reference for reference in references}
    by_key = contact_table.c.participation_id == participation_id, contact_table.c.reference_key.in_(keys)
    rows = list(connection.execute(_LOCKED.where(*by_key)))
    names = {row.id: keys[row.reference_key] for row in rows}
    ids = {int(name): name for name in references if _is_case_id(name) and name not in names.values()}
    if ids:
        nameless = contact_table.c.reference_key.is_(None)
        in_participation = case_table.c.participation_id == participation_id
        named = connection.execute(_LOCKED.where(in_participation, case_table.c.id.in_(ids), nameless)).all()
        rows += named
        names |= {row.id: ids[row.id] for row in named}
    return {names[found.case_id]: found for found in _with_answers(connection, rows)}


def _is_case_id(name: str) -> bool:
    return name.isascii() and name.isdigit() and len(name) < 20 and int(name) <= MAX_CASE_ID and str(int(name)) == name


def by_id(connection: Connection, case_ids: Collection[int]) -> dict[int, Found]:
    """The cases with these ids."""
    rows = connection.execute(_CASES.where(case_table.c.id.in_(case_ids))).all()
    return {found.case_id: found for found in _with_answers(connection, rows)}


def _with_answers(connection: Connection, rows: Sequence[Any]) -> list[Found]:
    ids = [row.id for row in rows if row.version_hash is not None]
    answers: dict[int, dict[str, str]] = {case_id: {} for case_id in ids}
    columns = (answer_table.c.case_id, answer_table.c.code, answer_table.c.value)
    if ids:
        statement = sa.select(*columns).where(answer_table.c.case_id.in_(ids), answer_table.c.value.is_not(None))
        for case_id, code, value in connection.execute(statement):
            answers[case_id][code] = value
    return [
        Found(
            row.id,
            row.kind,
            row.service,
            row.learning_profile,
            row.language,
            row.version_hash,
            row.wording or "",
            row.mode or "",
            row.finished_at,
            answers.get(row.id, {}),
        )
        for row in rows
    ]
