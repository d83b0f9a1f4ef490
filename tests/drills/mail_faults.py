"""A mail server that misbehaves in each known way: every message ends in the right state, and none comes twice."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from email.parser import BytesHeaderParser

import pytest
import sqlalchemy as sa

from app.channels import Outcome
from app.channels.email import Smtp
from app.database import reading
from app.fieldwork.sending.rounds import send_due
from app.fieldwork.tables import Message
from app.settings import settings
from bench.figures import Figure
from tests.drills.sending import database_of
from tests.factories.people import MONDAY, invite, make_people
from tests.surroundings.scripted_smtp import CONTENT, DATA, GREETING, HANG, HANG_UP, RECIPIENT, SENDER, ScriptedSmtp
from tests.surroundings.server import free_port

_message = Message.__table__  # type: ignore[attr-defined]
ROUNDS = 6
PAUSE = timedelta(minutes=21)  # longer than the second pause after a temporary error
PATIENCE = {"PEILWIJS_SMTP_PATIENCE_SECONDS": "0.2"}


@dataclass(frozen=True)
class Way:
    """One way of misbehaving, on the first connection only; and how many messages must end in which state then."""

    name: str
    script: Mapping[str, str]
    expected: Callable[[int], dict[str, int]] = field(default=lambda n: {"sent": n})
    is_away: bool = False  # at first nobody listens at all


def one_uncertain(n: int) -> dict[str, int]:
    return {"sent": n - 1, "uncertain": 1}


def all_failed(n: int) -> dict[str, int]:
    return {"failed": n}


WAYS = (
    Way("refuses the connection", {}, is_away=True),
    Way("hangs up at once", {GREETING: HANG_UP}),
    Way("says 421 at once", {GREETING: "421 4.3.2 too busy"}),
    Way("says nothing at once", {GREETING: HANG}),
    Way("421 to the sender", {SENDER: "421 4.3.2 closing"}),
    Way("421 to the recipient", {RECIPIENT: "421 4.3.2 closing"}),
    Way("450 to the recipient", {RECIPIENT: "450 4.2.1 later"}),
    Way("550 to the recipient", {RECIPIENT: "550 5.1.1 unknown"}, all_failed),
    Way("421 to DATA", {DATA: "421 4.3.2 closing"}),
    Way("450 to DATA", {DATA: "450 4.3.0 later"}),
    Way("hangs in DATA", {DATA: HANG}),
    Way("closes in DATA", {DATA: HANG_UP}),
    Way("421 after the final dot", {CONTENT: "421 4.3.2 closing"}),
    Way("450 after the final dot", {CONTENT: "450 4.3.0 later"}),
    Way("550 after the final dot", {CONTENT: "550 5.1.1 unknown"}, all_failed),
    Way("hangs after the final dot", {CONTENT: HANG}, one_uncertain),
    Way("closes after the final dot", {CONTENT: HANG_UP}, one_uncertain),
)


@dataclass(frozen=True)
class Result:
    """What came of the messages, against what the server kept."""

    states: Mapping[str, int]
    doubles: int
    lost: int  # said to be sent, not kept


def figures(is_full: bool) -> Iterator[Figure]:
    """Every way; then the control, in which an unclear ending is taken for a refusal for now."""
    n_messages = 100 if is_full else 10
    for kind in ("sqlite", "postgresql") if is_full else ("sqlite",):
        for way in WAYS:
            found = misbehaving(way, n_messages, kind)
            n_wrong = _n_wrong(way.expected(n_messages), found.states) + found.doubles + found.lost
            detail = {"states": dict(found.states), "doubles": found.doubles, "lost": found.lost}
            yield Figure(f"mail server {way.name}, {kind}: wrong", n_wrong, "", "at most", 0, detail)
    with pytest.MonkeyPatch.context() as patch:
        hand_over = Smtp._handed_over

        def hopeful(*given: object) -> Outcome:
            outcome = hand_over(*given)  # type: ignore[arg-type]
            return Outcome("temporary") if outcome.state == "uncertain" else outcome

        patch.setattr(Smtp, "_handed_over", hopeful)
        doubles = sum(misbehaving(way, n_messages).doubles for way in WAYS if way.expected is one_uncertain)
    yield Figure("mail server control: doubles when unclear is tried again", doubles, "", "at least", 1)


def _n_wrong(expected: Mapping[str, int], found: Mapping[str, int]) -> int:
    return sum(abs(expected.get(state, 0) - found.get(state, 0)) for state in {*expected, *found})


def misbehaving(way: Way, n_messages: int, kind: str = "sqlite") -> Result:
    """Sends invitations to a server that misbehaves on its first connection and is right ever after."""
    with database_of(kind), ScriptedSmtp(way.script, later={}) as smtp, pytest.MonkeyPatch.context() as patch:
        for name, value in ({"PEILWIJS_SMTP_URL": smtp.url} | PATIENCE).items():
            patch.setenv(name, value)
        settings.cache_clear()
        make_people(n_messages)
        invite()
        if way.is_away:
            with pytest.MonkeyPatch.context() as meanwhile:
                meanwhile.setenv("PEILWIJS_SMTP_URL", f"smtp://127.0.0.1:{free_port()}")
                settings.cache_clear()
                assert send_due(MONDAY).problems
            settings.cache_clear()
        for number in range(ROUNDS):
            send_due(MONDAY + number * PAUSE)
        return _compared(smtp)


def _compared(smtp: ScriptedSmtp) -> Result:
    kept = Counter(_message_id(content) for content in smtp.kept)
    with reading() as connection:
        rows = connection.execute(sa.select(_message.c.message_id, _message.c.state)).all()
    return Result(
        Counter(row.state for row in rows),
        doubles=sum(n_times > 1 for n_times in kept.values()),
        lost=sum(row.state == "sent" and not kept[row.message_id] for row in rows),
    )


def _message_id(content: bytes) -> str:
    return re.sub(r"[<>\s]", "", str(BytesHeaderParser().parsebytes(content)["Message-ID"]))
