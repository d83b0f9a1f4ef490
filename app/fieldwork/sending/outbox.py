"""The outbox: messages on their way. A row per case and step, which whoever sends it must have leased.

queued → claimed (leased) → sending (said before anything can reach the recipient) → sent, failed, bounced, uncertain,
or queued again after a temporary error. A worker that died left rows behind: `claimed` ones are queued again, since
nothing was sent; of `sending` ones nobody knows, so they become `uncertain` and are not sent again by themselves.
"""

import secrets
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app import clock
from app.channels import Outcome
from app.database import insert
from app.fieldwork import addresses
from app.fieldwork.dispositions import OPEN
from app.fieldwork.sending.due_steps import DueStep
from app.fieldwork.sending.schedule import next_allowed
from app.fieldwork.tables import Case, Message, Participation, Wave
from app.settings import settings

QUEUED, CLAIMED, SENDING = "queued", "claimed", "sending"
SENT, UNCERTAIN, FAILED, BOUNCED, WITHDRAWN = "sent", "uncertain", "failed", "bounced", "withdrawn"
LEASE = timedelta(minutes=3)  # longer than a mail server may take for one message
BATCH = 1_000
MAX_ATTEMPTS = 12  # about a day and a half, with the nights in which nothing is sent
FIRST_PAUSE = timedelta(minutes=5)
LONGEST_PAUSE = timedelta(hours=4)
_message = Message.__table__  # type: ignore[attr-defined]
_case = Case.__table__  # type: ignore[attr-defined]
_participation = Participation.__table__  # type: ignore[attr-defined]
_wave = Wave.__table__  # type: ignore[attr-defined]


def queue(connection: Connection, due: Sequence[tuple[int, DueStep]]) -> int:
    """Makes a message of every case and step that has none yet; returns how many were new."""
    statement = insert(connection, _message).on_conflict_do_nothing(index_elements=["case_id", "step"])
    statement = statement.returning(_message.c.id)
    host = urlsplit(settings().public_url).hostname or "localhost"
    n_new = 0
    for start in range(0, len(due), BATCH):
        rows = [_row(case_id, one, host) for case_id, one in due[start : start + BATCH]]
        n_new += len(connection.execute(statement, rows).all())
    return n_new


def _row(case_id: int, due: DueStep, host: str) -> dict[str, object]:
    return {
        "case_id": case_id,
        "step": due.name,
        "channel": due.step.channel,
        "kind": due.step.kind,
        "due_at": due.due_at,
        "state": QUEUED,
        "n_attempts": 0,
        "message_id": f"{secrets.token_hex(16)}@{host}",
    }


def claim(
    connection: Connection, lease: str, n_messages: int, at: datetime, channels: Collection[str],
    wave_ids: Collection[int],
) -> list[int]:  # fmt: skip
    """Leases the messages that are due, oldest first; ids. No other claimer gets them until the lease runs out."""
    due = (
        sa.select(_message.c.id)
        .join(_case, _case.c.id == _message.c.case_id)
        .join(_participation, _participation.c.id == _case.c.participation_id)
        .join(_wave, _wave.c.id == _participation.c.wave_id)
        .where(_message.c.state == QUEUED, _message.c.due_at <= at, _message.c.channel.in_(channels))
        .where(_wave.c.id.in_(wave_ids), _wave.c.paused_at.is_(None))
        .order_by(_message.c.due_at, _message.c.id)
        .limit(n_messages)
        .with_for_update(skip_locked=True, of=_message)
    )
    ids = list(connection.scalars(due))
    if ids:
        leased = {"state": CLAIMED, "lease": lease, "leased_until": clock.now() + LEASE}
        connection.execute(sa.update(_message).where(_message.c.id.in_(ids)).values(leased))
    return ids


def waiting(connection: Connection, wave_id: int, at: datetime) -> Counter[tuple[str, str]]:
    """How many queued messages of a wave are due, per step and channel."""
    rows = connection.execute(
        sa.select(_message.c.step, _message.c.channel, sa.func.count())
        .join(_case, _case.c.id == _message.c.case_id)
        .join(_participation, _participation.c.id == _case.c.participation_id)
        .where(_message.c.state == QUEUED, _message.c.due_at <= at, _participation.c.wave_id == wave_id)
        .group_by(_message.c.step, _message.c.channel)
    )
    return Counter({(step, channel): n_messages for step, channel, n_messages in rows})


def may_send(connection: Connection, message_id: int, lease: str) -> bool:
    """Says that sending begins; False when it must not.

    It must not when the lease was lost to another worker, and when in the meantime the case finished, opted out or
    fell away, or the wave was paused.
    """
    wave = (
        sa.select(_wave.c.id)
        .join(_participation, _participation.c.wave_id == _wave.c.id)
        .join(_case, _case.c.participation_id == _participation.c.id)
        .where(_case.c.id == _message.c.case_id, _case.c.disposition == OPEN, _wave.c.paused_at.is_(None))
    )
    begun = (
        sa.update(_message)
        .where(_message.c.id == message_id, _message.c.lease == lease, _message.c.state == CLAIMED, wave.exists())
        .values(state=SENDING, leased_until=clock.now() + LEASE)
    )
    return connection.execute(begun).rowcount == 1


def release(connection: Connection, lease: str) -> None:
    """Puts back what was claimed and not begun."""
    connection.execute(
        sa.update(_message)
        .where(_message.c.lease == lease, _message.c.state == CLAIMED)
        .values(state=QUEUED, lease=None, leased_until=None)
    )


def take_back(connection: Connection) -> tuple[int, int]:
    """Deals with leases that ran out; how many messages were queued again and how many became uncertain.

    A lease far in the future was given before the clock was set back, and is as good as over.
    """
    present = clock.now()
    is_over = sa.or_(_message.c.leased_until < present, _message.c.leased_until > present + 2 * LEASE)
    left = sa.update(_message).where(is_over)
    queued = left.where(_message.c.state == CLAIMED).values(state=QUEUED, lease=None, leased_until=None)
    uncertain = left.where(_message.c.state == SENDING).values(
        state=UNCERTAIN, reason="interrupted", leased_until=None, sent_at=sa.func.coalesce(_message.c.sent_at, present)
    )
    return connection.execute(queued).rowcount, connection.execute(uncertain).rowcount


def settle(connection: Connection, message_id: int, lease: str, outcome: Outcome, at: datetime) -> None:
    """Writes down what came of an attempt; nothing when somebody else has the message now."""
    row = connection.execute(
        sa.select(_message.c.case_id, _message.c.channel, _message.c.n_attempts, _message.c.state, _case.c.disposition)
        .join(_case, _case.c.id == _message.c.case_id)
        .where(_message.c.id == message_id, _message.c.lease == lease)
    ).first()
    if row is None or row.state not in (CLAIMED, SENDING, UNCERTAIN):
        return
    values: dict[str, object] = {"reason": outcome.reason[:120] or None, "leased_until": None}
    if outcome.state == SENT:
        values |= {"state": SENT, "sent_at": at, "n_attempts": row.n_attempts + 1}
    elif outcome.state == "uncertain":
        values |= {"state": UNCERTAIN, "sent_at": at, "n_attempts": row.n_attempts + 1}
    elif outcome.state == "withdrawn":
        is_gone = row.disposition != OPEN
        values |= {"state": WITHDRAWN, "reason": row.disposition} if is_gone else {"state": QUEUED, "lease": None}
    elif outcome.state == "permanent":
        values |= {"state": FAILED, "n_attempts": row.n_attempts + 1}
        addresses.mark_failed(connection, [row.case_id], row.channel, at)
    elif outcome.state == "refused" or row.n_attempts + 1 >= MAX_ATTEMPTS:
        values |= {"state": FAILED, "n_attempts": row.n_attempts + 1}
    else:
        pause = min(FIRST_PAUSE * 2**row.n_attempts, LONGEST_PAUSE)
        again = {"state": QUEUED, "lease": None, "n_attempts": row.n_attempts + 1}
        values |= again | {"due_at": next_allowed(at + pause)}
    connection.execute(sa.update(_message).where(_message.c.id == message_id).values(values))


def is_known(connection: Connection, message_id: str) -> bool:
    """Whether a message with this Message-ID was made here."""
    return connection.execute(sa.select(_message.c.id).where(_message.c.message_id == message_id)).first() is not None


def bounced(connection: Connection, message_id: str, reason: str, at: datetime) -> int | None:
    """Books a bounce of the message with this Message-ID; the case it was for, or None when it is unknown.

    Args:
        reason: of our own words and codes (`5.1.1`), never what the other side wrote.
    """
    known = sa.and_(_message.c.message_id == message_id, _message.c.state.in_((SENDING, SENT, UNCERTAIN, BOUNCED)))
    row = connection.execute(sa.select(_message.c.id, _message.c.case_id, _message.c.state).where(known)).first()
    if row is None:
        return None
    if row.state != BOUNCED:
        values = {"state": BOUNCED, "reason": reason[:120], "leased_until": None}
        connection.execute(sa.update(_message).where(_message.c.id == row.id).values(values))
        addresses.mark_failed(connection, [row.case_id], "email", at)
    return int(row.case_id)
