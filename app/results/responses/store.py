"""Storing the interviews of a responses file: what is new, the same, a change, or in conflict; then in bulk."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.collection import versions
from app.encryption import encrypt
from app.engine.completeness import outcome
from app.engine.route import Route, route
from app.fieldwork.contact_keys import reference_key
from app.fieldwork.dispositions import OPEN, OPTED_OUT, report_finished
from app.fieldwork.opt_outs import opted_out_keys
from app.fieldwork.tables import random_id
from app.results.responses.interviews_found import (
    Found,
    answer_table,
    by_reference,
    case_table,
    contact_table,
    interview_table,
)
from app.results.responses.rows import Response
from app.results.tallies import CLIENT

NEW, REPLACED, UNCHANGED = "new", "replaced", "unchanged"


class InTheWay(Exception):
    """Why a row cannot go with what is stored for its case."""


@dataclass
class Chunk:
    """Rows to store together, by table; `n` counts interviews by what happens to them."""

    cases: list[dict[str, Any]] = field(default_factory=list)
    contacts: list[dict[str, Any]] = field(default_factory=list)
    interviews: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {NEW: [], REPLACED: []})
    answers: list[dict[str, Any]] = field(default_factory=list)
    n: dict[str, int] = field(default_factory=lambda: {NEW: 0, REPLACED: 0, UNCHANGED: 0})
    conflicts: list[str] = field(default_factory=list)


def take(connection: Connection, participation_id: int, responses: Sequence[Response], moment: datetime) -> Chunk:
    """Stores these responses, except those in conflict with what is there.

    Args:
        moment: stands for the time of answering where the file does not tell.
    """
    chunk = Chunk()
    known = by_reference(connection, participation_id, [response.case_ref for response in responses])
    opted_out = opted_out_keys(connection, participation_id)
    for response in responses:
        found = known.get(response.case_ref)
        case = found or _new_case(chunk, participation_id, response, opted_out)
        way = route(response.questionnaire, response.answers, case.facts(response.questionnaire.wording, response.mode))
        try:
            fate = _fate(connection, response, way, found)
        except InTheWay as reason:
            chunk.conflicts.append(f"row {response.row}: {reason}")
            continue
        chunk.n[fate] += 1
        if fate != UNCHANGED:
            _add_interview(chunk, fate, case, response, way, moment)
    for definition in {response.definition.content_hash: response.definition for response in responses}.values():
        versions.store_version(connection, definition)
    _store(connection, chunk)
    return chunk


def _new_case(chunk: Chunk, participation_id: int, response: Response, opted_out: Container[bytes | None]) -> Found:
    case_id, key = random_id(), reference_key(response.case_ref)
    chunk.cases.append(
        {
            "id": case_id,
            "participation_id": participation_id,
            "kind": response.kind,
            "service": response.service,
            "wording": response.questionnaire.wording,
            "language": "nl",
            "wants_phone": False,
            "is_self_reporter": False,
            "disposition": OPTED_OUT if key in opted_out else OPEN,
        }
    )
    chunk.contacts.append(
        {
            "case_id": case_id,
            "participation_id": participation_id,
            "reference": encrypt(response.case_ref),
            "reference_key": key,
        }
    )
    return Found(case_id, response.kind, response.service, None, "nl", None, "", "", None, {})


def _fate(connection: Connection, response: Response, way: Route, found: Found | None) -> str:
    if found is None:
        return NEW
    if (found.kind, found.service) != (response.kind, response.service):
        raise InTheWay(f"«{response.case_ref}» is {_who(found)} in this wave; mend kind and service in the file")
    if found.version_hash is None:
        return NEW
    if _is_same(connection, response, way, found):
        return UNCHANGED
    if found.mode != response.mode:
        raise InTheWay(
            f"«{response.case_ref}» answered by {found.mode} already, and a case has one interview; take the row out"
        )
    if found.finished_at is not None and response.finished_at is None:
        raise InTheWay(f"«{response.case_ref}» has finished already; an unfinished row cannot replace that")
    return REPLACED


def _who(found: Found) -> str:
    return f"a client of service {found.service}" if found.kind == CLIENT else "a commissioner"


def _is_same(connection: Connection, response: Response, way: Route, found: Found) -> bool:
    """Whether what counts is the same, and the file holds no answer off the route that is not there yet."""
    version = versions.by_hash(connection, found.version_hash or "")
    in_file = (response.definition.name, response.questionnaire.wording, response.mode, response.finished_at)
    if in_file != (version.name, found.wording, found.mode, found.finished_at):
        return False
    return way.counted == found.route(connection).counted and response.answers.items() <= found.answers.items()


def _add_interview(chunk: Chunk, fate: str, case: Found, response: Response, way: Route, moment: datetime) -> None:
    figures = outcome(way, response.finished_at is not None)
    answered_at = response.finished_at or moment
    made = {
        "case_id": case.case_id,
        "wording": response.questionnaire.wording,
        "mode": response.mode,
        "language": case.language,
    }
    chunk.interviews[fate].append(
        made
        | {
            "version_hash": response.definition.content_hash,
            "started_at": answered_at,
            "changed_at": moment,  # when the answers changed here, whenever they were given
            "finished_at": response.finished_at,
            "is_usable": figures.is_usable,
            "grade_tenths": None if figures.grade is None else int(figures.grade * 10),
            "role": figures.role,
        }
    )
    chunk.answers += [
        made | {"code": code, "value": value, "answered_at": answered_at} for code, value in response.answers.items()
    ]


def _store(connection: Connection, chunk: Chunk) -> None:
    """Inserts in the order in which rows refer to one another."""
    _insert(connection, case_table, chunk.cases)
    _insert(connection, contact_table, chunk.contacts)
    _insert(connection, interview_table, chunk.interviews[NEW])
    if replaced := chunk.interviews[REPLACED]:
        of_case = [{"case": row["case_id"]} for row in replaced]
        old_answers = sa.delete(answer_table).where(answer_table.c.case_id == sa.bindparam("case"))
        connection.execute(old_answers, of_case)
        names = [name for name in replaced[0] if name != "case_id"]
        change = sa.update(interview_table).where(interview_table.c.case_id == sa.bindparam("case"))
        change = change.values({name: sa.bindparam(f"new_{name}") for name in names})
        renamed = [{f"new_{name}": row[name] for name in names} | {"case": row["case_id"]} for row in replaced]
        connection.execute(change, renamed)
    _insert(connection, answer_table, chunk.answers)
    stored = (*chunk.interviews[NEW], *chunk.interviews[REPLACED])
    report_finished(connection, [row["case_id"] for row in stored if row["finished_at"] is not None])


def _insert(connection: Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        connection.execute(sa.insert(table), rows)
