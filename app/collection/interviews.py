"""The one writer of interviews: begin, answer, finish. Each is a unit of work, committed before it returns.

Who answers is a visitor on the web or a caller with somebody on the telephone; every answer carries its mode.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.clock import now
from app.collection import versions
from app.collection.posted_page import read_page
from app.collection.sittings import Closed, Sitting, answer_table, case_table, interview_table, sit_down
from app.collection.visitors import Caller, Visitor
from app.database import insert, reading
from app.engine.completeness import open_questions, outcome
from app.fieldwork.dispositions import report_finished
from app.group_commit import write_together
from app.questions.question import UNANSWERED_PROBLEM, Problem


@dataclass(frozen=True)
class Stored:
    """What came of one posted page: the sitting now, what could not be stored, and what no longer counts."""

    sitting: Sitting
    shown: Sitting  # the same in the language of the page, which another tab may have changed since
    problems: tuple[Problem, ...]
    only_unanswered: bool  # every problem is a question left open, so going on without is possible
    n_dropped: int  # answers that this change took off the route
    unreadable: tuple[Problem, ...]  # what was typed and is no answer, also where nobody was asked about it


def look(who: Visitor | Caller) -> Sitting | Closed:
    """The sitting as it stands."""
    with reading() as connection:
        return sit_down(connection, who)


def finished(who: Visitor | Caller) -> Sitting | None:
    """A finished interview, for its closing page; None when it is not finished."""
    with reading() as connection:
        sitting = sit_down(connection, who, may_be_finished=True)
    return None if isinstance(sitting, Closed) or sitting.finished_at is None else sitting


def choose_language(who: Visitor | Caller, language: str) -> Sitting | Closed:
    """Goes on in another language; one that is not on offer changes nothing."""

    def work(connection: Connection) -> Sitting | Closed:
        sitting = sit_down(connection, who, is_writing=True, may_be_finished=True)
        if isinstance(sitting, Closed) or language not in sitting.languages:
            return sitting
        _speak(connection, sitting, language)
        return sit_down(connection, who, may_be_finished=True)

    return write_together(work)


def _speak(connection: Connection, sitting: Sitting, language: str) -> None:
    connection.execute(_CASE_LANGUAGE, {"case": sitting.case_id, "new_language": language})
    if sitting.is_started and sitting.finished_at is None:
        chosen = {"new_language": language, "new_wording": sitting.shown_in(language).wording}
        connection.execute(_INTERVIEW_LANGUAGE, {"case": sitting.case_id, **chosen})


_CASE_LANGUAGE = (
    sa.update(case_table).where(case_table.c.id == sa.bindparam("case")).values(language=sa.bindparam("new_language"))
)
_INTERVIEW_LANGUAGE = (
    sa.update(interview_table)
    .where(interview_table.c.case_id == sa.bindparam("case"))
    .values(language=sa.bindparam("new_language"), wording=sa.bindparam("new_wording"))
)


def begin(who: Visitor | Caller) -> Sitting | Closed:
    """Starts the interview with today's questionnaire; beginning twice changes nothing."""

    def work(connection: Connection) -> Sitting | Closed:
        sitting = sit_down(connection, who, is_writing=True)
        if isinstance(sitting, Closed) or sitting.is_started:
            return sitting
        definition = versions.current(sitting.questionnaire.name)
        moment = now()
        values = {
            "case_id": sitting.case_id,
            "version_hash": versions.store_version(connection, definition),
            "wording": sitting.wording,
            "mode": who.mode,
            "language": sitting.language,
            "started_at": moment,
            "changed_at": moment,
            "is_usable": False,
        }
        connection.execute(insert(connection, interview_table).values(values).on_conflict_do_nothing())
        return sit_down(connection, who)

    return write_together(work)


def answer(
    who: Visitor | Caller,
    code: str,
    form: Mapping[str, list[str]],
    *,
    may_skip: bool,
    keeps_open: bool,
    language: str | None = None,
) -> Stored | Closed | None:
    """Stores what was posted for one screen.

    Good answers are stored even when another question on the page has a problem, so nothing entered is lost.

    Args:
        may_skip: questions without an answer are passed instead of asked about once more.
        keeps_open: unanswered questions stay open and nobody is asked about them (stopping, going back).
        language: that of the page, in whose words the questions were asked; None = that of the interview now.
    Returns:
        None when the interview was not begun or has no such question.
    """

    def work(connection: Connection) -> Stored | Closed | None:
        sitting = sit_down(connection, who, is_writing=True)
        if isinstance(sitting, Closed):
            return sitting
        shown = sitting.shown_in(language) if language else sitting
        read = read_page(shown, code, form, may_skip=may_skip, keeps_open=keeps_open) if sitting.is_started else None
        if read is None:
            return None
        after = read.after if shown is sitting else sitting.with_answers(read.changes)
        if read.changes:
            _store(connection, after, read.after, read.changes)
        only_unanswered = all(problem.message == UNANSWERED_PROBLEM for problem in read.problems)
        return Stored(after, read.after, read.problems, only_unanswered, read.n_dropped, read.unreadable)

    return write_together(work)


def _store(connection: Connection, after: Sitting, shown: Sitting, changes: Mapping[str, str | None]) -> None:
    moment = now()
    rows = [
        {
            "case_id": after.case_id,
            "code": code,
            "value": value,
            "mode": after.mode,
            "language": shown.language,
            "wording": shown.wording,
            "answered_at": moment,
        }
        for code, value in changes.items()
    ]
    connection.execute(_upsert(connection), rows)
    _record(connection, after, moment, after.finished_at)


_upserts: dict[str, Any] = {}  # by dialect: building the statement costs more than running it


def _upsert(connection: Connection) -> Any:
    """The statement that stores an answer, new or changed."""
    dialect = connection.dialect.name
    if dialect not in _upserts:
        statement = insert(connection, answer_table)
        new = {name: statement.excluded[name] for name in ("value", "mode", "language", "wording", "answered_at")}
        _upserts[dialect] = statement.on_conflict_do_update(index_elements=["case_id", "code"], set_=new)
    return _upserts[dialect]


_UPDATE = (
    sa.update(interview_table)
    .where(interview_table.c.case_id == sa.bindparam("case"))
    .values(
        {
            name: sa.bindparam(f"new_{name}")
            for name in ("changed_at", "finished_at", "is_usable", "grade_tenths", "role")
        }
    )
)


def _record(connection: Connection, sitting: Sitting, moment: datetime, finished_at: datetime | None) -> None:
    """Writes the outcome as the route counts it now, in the same unit of work as the answers."""
    figures = outcome(sitting.route, finished_at is not None)
    connection.execute(
        _UPDATE,
        {
            "case": sitting.case_id,
            "new_changed_at": moment,
            "new_finished_at": finished_at,
            "new_is_usable": figures.is_usable,
            "new_grade_tenths": None if figures.grade is None else int(figures.grade * 10),
            "new_role": figures.role,
        },
    )


def finish(who: Visitor | Caller) -> Sitting | Closed:
    """Ends the interview when every question on the route is passed; otherwise changes nothing."""

    def work(connection: Connection) -> Sitting | Closed:
        sitting = sit_down(connection, who, is_writing=True)
        if isinstance(sitting, Sitting) and sitting.is_started and not open_questions(sitting.route):
            moment = now()
            _record(connection, sitting, moment, moment)
            report_finished(connection, [sitting.case_id])
            return Closed("finished", sitting.language)
        return sitting

    return write_together(work)
