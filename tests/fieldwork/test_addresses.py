"""Addresses that do not work, and another one that comes later."""

from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from app.channels import Outcome
from app.database import reading, writing
from app.fieldwork import addresses
from app.fieldwork.sending import outbox
from app.fieldwork.sending.planning import plan, sending_waves, why_nothing
from app.fieldwork.tables import Message
from tests.factories.deliveries import ADDRESS, case_of, client, deliver
from tests.factories.fieldwork import make_provider, make_wave
from tests.factories.people import MONDAY, invite, states

message_table = Message.__table__


def fail(reference: str, channel: str = "email") -> None:
    with writing() as connection:
        addresses.mark_failed(connection, [case_of(reference)["id"]], channel, MONDAY)


def send_and_bounce(case_id: int) -> None:
    """The first invitation is refused for good."""
    with writing() as connection:
        (message,) = outbox.claim(connection, "a", 5, MONDAY, ("email",), (1,))
        assert outbox.may_send(connection, message, "a")
        outbox.settle(connection, message, "a", Outcome("permanent", "550 5.1.1"), MONDAY)


def test_a_case_is_undeliverable_when_its_last_address_fails(database: str, tmp_path: Path) -> None:
    make_wave(), make_provider()
    deliver(tmp_path, client(klantnummer="A", **ADDRESS))
    fail("A")
    assert case_of("A")["disposition"] == "open"
    fail("A", "letter")
    assert case_of("A")["disposition"] == "undeliverable"


def test_a_number_that_is_wrong_counts_no_longer(database: str, tmp_path: Path) -> None:
    make_wave(), make_provider()
    deliver(tmp_path, client(klantnummer="A", telefoon="0612345678"))
    fail("A")
    assert case_of("A")["disposition"] == "open"
    fail("A", "phone")
    assert case_of("A")["disposition"] == "undeliverable"


def test_a_later_delivery_with_the_same_address_changes_nothing(database: str, tmp_path: Path) -> None:
    make_wave(), make_provider()
    row = client(klantnummer="A", email="a@voorbeeld.example")
    deliver(tmp_path, row)
    fail("A")
    deliver(tmp_path, row | {"achternaam": "Anders"})
    assert case_of("A")["disposition"] == "undeliverable"
    assert case_of("A")["email_failed_at"] == MONDAY


def test_another_address_brings_the_case_back_and_it_is_invited_again(database: str, tmp_path: Path) -> None:
    make_wave(), make_provider()
    row = client(klantnummer="A", email="a@voorbeeld.example")
    deliver(tmp_path, row)
    invite()
    case_id = case_of("A")["id"]
    send_and_bounce(case_id)
    assert case_of("A")["disposition"] == "undeliverable"
    deliver(tmp_path, row | {"email": "b@voorbeeld.example"})
    case = case_of("A")
    assert (case["disposition"], case["email_failed_at"], case["email"]) == ("open", None, "b@voorbeeld.example")
    later = MONDAY + timedelta(days=3)
    with reading() as connection:
        (wave,) = sending_waves(connection)
        assert why_nothing(connection, wave, case_id, MONDAY) == "not_yet"
        made = plan(connection, wave, later)
    with writing() as connection:
        outbox.queue(connection, made.due)
    assert states(case_id) == [("0-email-invitation", "failed"), ("resend-1", "queued")]
    with reading() as connection:
        kind, due_at = connection.execute(
            sa.select(message_table.c.kind, message_table.c.due_at).where(message_table.c.step == "resend-1")
        ).one()
    assert (kind, due_at) == ("invitation", later)


def test_why_one_case_gets_nothing(database: str, tmp_path: Path) -> None:
    make_wave(), make_provider()
    deliver(tmp_path, client(klantnummer="A"), client(klantnummer="B", email="", telefoon="0612345678"))
    invite()
    with reading() as connection:
        (wave,) = sending_waves(connection)
        reasons = [why_nothing(connection, wave, case_of(one)["id"], MONDAY) for one in ("A", "B")]
        assert why_nothing(connection, wave, 12345, MONDAY) is None
    assert reasons == ["not_yet", "no_address"]
