"""What happened to a case before: for the agent who calls next, and the calls for the history that the office shows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.accounts.tables import user_table
from app.callcentre.outcomes import OUTCOMES
from app.callcentre.sentences import Sentence
from app.callcentre.tables import appointment_table, attempt_table
from app.collection.sittings import answer_table, case_table, interview_table
from app.encryption import decrypt
from app.errors import N_
from app.fieldwork.case_history import HistoryLine
from app.fieldwork.tables import Message

MOST_LINES = 40
_message = Message.__table__  # type: ignore[attr-defined]
MESSAGES: Mapping[tuple[str, str], str] = {
    ("email", "invitation"): N_("Uitnodiging per e-mail"),
    ("email", "reminder"): N_("Herinnering per e-mail"),
    ("email", "last_reminder"): N_("Laatste herinnering per e-mail"),
    ("letter", "invitation"): N_("Uitnodiging per brief"),
    ("letter", "reminder"): N_("Herinnering per brief"),
    ("letter", "last_reminder"): N_("Laatste herinnering per brief"),
}
WENT_WRONG = {"bounced": N_("kwam terug"), "failed": N_("mislukt"), "returned": N_("kwam terug")}
DIALLED = N_("Gebeld")
UNDER_WAY = N_("het gesprek loopt nog")
AGREED = N_("Afspraak gemaakt: bellen op %(moment)s")
UNSURE = N_("Afgesproken om weer te bellen, rond %(moment)s")
SENT = ("sent", "uncertain", "printed", *WENT_WRONG)


@dataclass(frozen=True, repr=False)
class Line:
    """One thing that happened. `by`: the agent; `note`: what they wrote down."""

    at: datetime
    what: Sentence
    by: str = ""
    note: str = ""
    remark: str = ""  # a message: what went wrong


def history(connection: Connection, case_id: int) -> tuple[Line, ...]:
    """Everything that an agent should know before calling again."""
    lines = [
        *_attempts(connection, case_id),
        *_appointments(connection, case_id),
        *_messages(connection, case_id),
        *_web(connection, case_id),
    ]
    return tuple(sorted(lines, key=lambda line: line.at, reverse=True)[:MOST_LINES])


def _attempts(connection: Connection, case_id: int) -> Iterator[Line]:
    columns = attempt_table.c.started_at, attempt_table.c.outcome, attempt_table.c.note, user_table.c.name
    statement = (
        sa.select(*columns)
        .outerjoin_from(attempt_table, user_table, user_table.c.id == attempt_table.c.user_id)
        .where(attempt_table.c.case_id == case_id, attempt_table.c.ended_at.is_not(None))
    )
    for at, outcome, note, name in connection.execute(statement):
        words = OUTCOMES[outcome].words if outcome in OUTCOMES else N_("Belpoging zonder uitkomst")
        yield Line(at, Sentence(words), name or "", decrypt(note))


def _appointments(connection: Connection, case_id: int) -> Iterator[Line]:
    statement = sa.select(appointment_table.c.at).where(
        appointment_table.c.case_id == case_id, appointment_table.c.settled_at.is_(None)
    )
    for (at,) in connection.execute(statement):
        yield Line(at, Sentence(N_("Afspraak")))


def _messages(connection: Connection, case_id: int) -> Iterator[Line]:
    columns = _message.c.sent_at, _message.c.channel, _message.c.kind, _message.c.state
    sent = sa.and_(_message.c.case_id == case_id, _message.c.sent_at.is_not(None), _message.c.state.in_(SENT))
    for at, channel, kind, state in connection.execute(sa.select(*columns).where(sent)):
        words = MESSAGES.get((channel, kind), MESSAGES["email", "invitation"])
        yield Line(at, Sentence(words), remark=WENT_WRONG.get(state, ""))


def _web(connection: Connection, case_id: int) -> Iterator[Line]:
    opened = connection.execute(sa.select(case_table.c.opened_at).where(case_table.c.id == case_id)).scalar()
    if opened:
        yield Line(opened, Sentence(N_("Vragenlijst geopend op het web")))
    columns = interview_table.c.finished_at, interview_table.c.is_usable
    interview = connection.execute(sa.select(*columns).where(interview_table.c.case_id == case_id)).first()
    if interview is None:
        return
    for mode, words in (("web", N_("%(n)s antwoorden op het web")), ("phone", N_("%(n)s antwoorden aan de telefoon"))):
        counted = sa.select(sa.func.count(), sa.func.max(answer_table.c.answered_at)).where(
            answer_table.c.case_id == case_id, answer_table.c.mode == mode, answer_table.c.value.is_not(None)
        )
        n_answers, last = connection.execute(counted).one()
        if n_answers:
            yield Line(last, Sentence(words, {"n": n_answers}))
    if interview.finished_at:
        yield Line(interview.finished_at, Sentence(N_("Vragenlijst klaar")))


def lines(connection: Connection, case_id: int) -> Iterator[HistoryLine]:
    """The attempts and appointments of one case, for the history in the office: everything, also what is settled."""
    attempts = sa.select(attempt_table).where(attempt_table.c.case_id == case_id)
    for row in connection.execute(attempts):
        known = OUTCOMES.get(row.outcome or "")
        reason = known.words if known else UNDER_WAY
        yield HistoryLine(row.started_at, DIALLED, reason=reason, actor=f"user:{row.user_id}", note=row.note)
    appointments = sa.select(appointment_table).where(appointment_table.c.case_id == case_id)
    for row in connection.execute(appointments):
        words = AGREED if row.is_definite else UNSURE
        yield HistoryLine(row.made_at, words, moment=row.at, actor=f"user:{row.made_by}")
