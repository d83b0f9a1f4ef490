"""The outbox: one message per case and step, one sender per message, nothing lost and nothing twice."""

import threading
from collections import Counter
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from app import clock
from app.channels import Outcome
from app.database import engine, reading, writing
from app.fieldwork import dispositions
from app.fieldwork.sending import outbox
from app.fieldwork.sending.planning import plan, sending_wave
from app.fieldwork.tables import Case, Contact, Message
from tests.factories.people import MONDAY, invite, make_people, messages, states

case_table = Case.__table__
contact_table = Contact.__table__
message_table = Message.__table__
SOON = MONDAY + timedelta(minutes=1)


def wave_id() -> int:
    with reading() as connection:
        return int(connection.scalar(sa.text("SELECT id FROM wave")) or 0)


def claim(lease: str = "a", n_messages: int = 100) -> list[int]:
    with writing() as connection:
        return outbox.claim(connection, lease, n_messages, SOON, ("email",), (wave_id(),))


def begin(message_id: int, lease: str = "a") -> bool:
    with writing() as connection:
        return outbox.may_send(connection, message_id, lease)


def settle(message_id: int, state: str, lease: str = "a", reason: str = "") -> None:
    with writing() as connection:
        outbox.settle(connection, message_id, lease, Outcome(state, reason), SOON)


def take_back() -> tuple[int, int]:
    with writing() as connection:
        return outbox.take_back(connection)


def disposition(case_id: int) -> str:
    with reading() as connection:
        return str(connection.scalar(sa.select(case_table.c.disposition).where(case_table.c.id == case_id)))


def set_disposition(case_id: int, new: str) -> None:
    with writing() as connection:
        dispositions.report(connection, [case_id], new)


def test_queueing_twice_makes_one_message_per_case_and_step(database: str) -> None:
    make_people(3)
    made = invite()
    with writing() as connection:
        assert outbox.queue(connection, made.due) == 0
    assert states() == [("0-email-invitation", "queued")] * 3


def test_every_message_has_an_id_of_its_own_at_the_public_address(database: str) -> None:
    make_people(3)
    invite()
    ids = [row.message_id for row in messages()]
    assert len(set(ids)) == 3
    assert {one.partition("@")[2] for one in ids} == {"localhost"}


def test_ten_thousand_cases_are_queued_in_a_bounded_number_of_statements(database: str) -> None:
    make_people(10_000)
    statements: list[str] = []
    listen = lambda _connection, _cursor, sql, *_: statements.append(sql)  # noqa: E731
    sa.event.listen(engine(), "before_cursor_execute", listen)
    assert len(invite().due) == 10_000
    sa.event.remove(engine(), "before_cursor_execute", listen)
    assert len(statements) < 40
    with reading() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(message_table)) == 10_000


def test_who_claims_gets_what_is_due_and_nobody_else_gets_it(database: str) -> None:
    make_people(5)
    invite()
    assert len(claim("a", 3)) == 3
    assert len(claim("b", 10)) == 2
    assert claim("c") == []


def test_claimers_at_the_same_time_never_get_the_same_message(database: str) -> None:
    make_people(200)
    invite()
    known = wave_id()
    taken: list[int] = []
    together = threading.Barrier(4)

    def take(lease: str) -> None:
        together.wait()
        while True:
            with writing() as connection:
                ids = outbox.claim(connection, lease, 7, SOON, ("email",), (known,))
            if not ids:
                return
            taken.extend(ids)

    crowd = [threading.Thread(target=take, args=(str(number),)) for number in range(4)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    assert len(taken) == 200
    assert max(Counter(taken).values()) == 1


def test_a_message_is_not_claimed_before_it_is_due(database: str) -> None:
    make_people(1)
    invite(SOON + timedelta(minutes=1))
    assert claim() == []


def test_a_paused_wave_is_not_claimed(database: str) -> None:
    make_people(1)
    invite()
    with writing() as connection:
        connection.execute(sa.text("UPDATE wave SET paused_at = '2026-11-02 00:00:00+00'"))
    assert claim() == []


def test_only_the_holder_of_the_lease_may_send_and_only_once(database: str) -> None:
    make_people(1)
    invite()
    (message,) = claim("a")
    assert not begin(message, "b")
    assert begin(message, "a")
    assert not begin(message, "a")


@pytest.mark.parametrize("new", ["finished", "opted_out", "refused", "undeliverable"])
def test_who_falls_away_after_claiming_gets_nothing(database: str, new: str) -> None:
    (case_id,) = make_people(1)
    invite()
    (message,) = claim()
    set_disposition(case_id, new)
    assert not begin(message)
    settle(message, "withdrawn")
    assert [(row.state, row.reason) for row in messages()] == [("withdrawn", new)]


def test_a_wave_paused_after_claiming_keeps_its_messages(database: str) -> None:
    make_people(1)
    invite()
    (message,) = claim()
    with writing() as connection:
        connection.execute(sa.text("UPDATE wave SET paused_at = '2026-11-02 00:00:00+00'"))
    assert not begin(message)
    settle(message, "withdrawn")
    assert states() == [("0-email-invitation", "queued")]


def test_what_a_dead_worker_had_not_begun_is_queued_again(database: str) -> None:
    make_people(1)
    invite()
    claim("dead")
    assert take_back() == (0, 0)
    with time_machine.travel(clock.now() + outbox.LEASE + timedelta(seconds=1)):
        assert take_back() == (1, 0)
        (message,) = claim("alive")
        assert not begin(message, "dead")  # it was only slow: what it holds is no longer its own
        assert begin(message, "alive")


def test_what_a_dead_worker_was_sending_is_uncertain_and_not_sent_again(database: str) -> None:
    make_people(1)
    invite()
    (message,) = claim("dead")
    assert begin(message, "dead")
    with time_machine.travel(clock.now() + outbox.LEASE + timedelta(seconds=1)):
        assert take_back() == (0, 1)
        assert claim("alive") == []
        assert [(row.state, row.reason) for row in messages()] == [("uncertain", "interrupted")]
        settle(message, "sent", "dead")  # it was only slow, and now says what came of it
        assert states() == [("0-email-invitation", "sent")]


def test_a_lease_from_before_the_clock_was_set_back_does_not_last(database: str) -> None:
    make_people(1)
    invite()
    claim("dead")
    with time_machine.travel(clock.now() - timedelta(days=1)):
        assert take_back() == (1, 0)


def test_nobody_settles_a_message_of_another(database: str) -> None:
    make_people(1)
    invite()
    (message,) = claim("a")
    settle(message, "sent", "b")
    assert states() == [("0-email-invitation", "claimed")]


def test_temporary_errors_come_back_later_and_later_in_allowed_hours(database: str) -> None:
    make_people(1)
    invite()
    pauses = []
    for _ in range(outbox.MAX_ATTEMPTS):
        with writing() as connection:
            connection.execute(sa.update(message_table).values(due_at=MONDAY))
        (message,) = claim()
        assert begin(message)
        settle(message, "temporary", reason="450")
        pauses.append(messages()[0].due_at - SOON)
    assert pauses[:4] == [timedelta(minutes=minutes) for minutes in (5, 10, 20, 40)]
    assert max(pauses) == timedelta(hours=4)
    assert [(row.state, row.reason, row.n_attempts) for row in messages()] == [("failed", "450", outbox.MAX_ATTEMPTS)]


def test_a_permanent_error_marks_the_address_and_the_next_channel_takes_over(database: str) -> None:
    (case_id,) = make_people(1, address=True)
    invite()
    (message,) = claim()
    settle(message, "permanent", reason="550")
    assert [(row.state, row.reason) for row in messages()] == [("failed", "550")]
    assert disposition(case_id) == "open"
    with reading() as connection:
        made = plan(connection, sending_wave(connection, wave_id()), SOON)
    assert made.counts() == {("0-letter-invitation", "letter"): 1}


def test_without_another_channel_the_case_is_undeliverable(database: str) -> None:
    (alone,) = make_people(1)
    (with_phone,) = make_people(1, phone="+31612345678")
    invite()
    for message in claim():
        settle(message, "permanent", reason="550")
    assert (disposition(alone), disposition(with_phone)) == ("undeliverable", "open")


def test_a_bounce_is_booked_once_by_its_message_id(database: str) -> None:
    (case_id,) = make_people(1)
    invite()
    (message,) = claim()
    assert begin(message)
    settle(message, "sent")
    (row,) = messages()
    with writing() as connection:
        assert outbox.bounced(connection, row.message_id, "5.1.1", SOON) == case_id
        assert outbox.bounced(connection, row.message_id, "5.1.1", SOON) == case_id
        assert outbox.bounced(connection, "nobody@localhost", "5.1.1", SOON) is None
    assert [(one.state, one.reason) for one in messages()] == [("bounced", "5.1.1")]
    assert disposition(case_id) == "undeliverable"


def test_released_messages_can_be_claimed_at_once(database: str) -> None:
    make_people(2)
    invite()
    first, _ = claim("a")
    assert begin(first)
    with writing() as connection:
        outbox.release(connection, "a")
    assert len(claim("b")) == 1
