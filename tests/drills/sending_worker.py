"""A worker that does nothing but send, to be killed: `python -m tests.drills.sending_worker AT [guard switched off]`.

`die-after-250` ends the process between the answer of the mail server and the moment when it is written down. The
others are negative controls: `no-leases` takes what is in the queue without leasing it, `no-patience` forgets what came
of a message when the database is away, `no-uniqueness` queues a step without asking whether somebody else just did.

With DRILL_START in the environment it begins when that file is there: several of them at the same moment.
"""

import os
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from app.channels import REGISTRY
from app.channels import email as email_channel
from app.errors import PeilwijsError
from app.fieldwork.sending import outbox
from app.fieldwork.sending import rounds as sending
from app.fieldwork.tables import Message

LEASE = timedelta(seconds=3)  # so that nobody waits long for what the dead leave behind
DIES_AFTER = 25
_message = Message.__table__  # type: ignore[attr-defined]


def without_leases() -> None:
    """Whoever looks into the queue sends what is there."""

    def claim(connection: Any, _lease: str, n_messages: int, *_: Any) -> list[int]:
        queued = sa.select(_message.c.id).where(_message.c.state == outbox.QUEUED).order_by(_message.c.id)
        return list(connection.scalars(queued.limit(n_messages)))

    def settle(connection: Any, message_id: int, _lease: str, outcome: Any, at: datetime) -> None:
        sent = {"state": outcome.state, "sent_at": at}
        connection.execute(sa.update(_message).where(_message.c.id == message_id).values(sent))

    vars(outbox).update(
        claim=claim, settle=settle, may_send=lambda *_: True, release=lambda *_: None, take_back=lambda *_: (0, 0)
    )


def dying_after_250() -> None:
    """After some messages the process is gone before it can write down what came of the last one."""
    send, n_sent = email_channel.Smtp.send, [0]

    def send_and_die(self: Any, *given: Any) -> Any:
        outcome = send(self, *given)
        n_sent[0] += 1
        if n_sent[0] == DIES_AFTER:
            os._exit(9)
        return outcome

    email_channel.Smtp.send = send_and_die  # type: ignore[method-assign]


def without_patience() -> None:
    """Whoever cannot write down at once what came of a message, forgets it."""
    sending.PATIENCE_SECONDS = 0


def without_uniqueness() -> None:
    """A step that is due becomes a message, also when it is one already."""

    def queue(connection: Any, due: Any) -> int:
        rows = [outbox._row(case_id, one, "localhost") for case_id, one in due]
        connection.execute(sa.insert(_message), rows)
        return len(rows)

    vars(outbox).update(queue=queue)


GUARDS = {
    "": lambda: None,
    "no-leases": without_leases,
    "no-patience": without_patience,
    "no-uniqueness": without_uniqueness,
    "die-after-250": dying_after_250,
}


def work(at: datetime) -> None:
    """Schedules and sends, again and again, as the minute tick of a worker does."""
    while start_file is not None and not start_file.exists():
        time.sleep(0.001)
    while True:
        try:
            sending.send_due(at)
        except PeilwijsError as problem:
            print(f"nothing was sent: {problem}", file=sys.stderr)
        time.sleep(0.2)


if __name__ == "__main__":
    assert "email" in REGISTRY
    outbox.LEASE = LEASE
    start_file = Path(os.environ["DRILL_START"]) if "DRILL_START" in os.environ else None
    GUARDS[sys.argv[2]]()
    work(datetime.fromisoformat(sys.argv[1]))
