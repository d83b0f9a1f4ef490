"""Sending: what is due goes out once, in the right words, and nothing goes to who should get nothing."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from app.database import reading, writing
from app.fieldwork import dispositions
from app.fieldwork.opt_outs import opt_out
from app.fieldwork.sending.rounds import send_due
from app.fieldwork.tables import Case, Token, Wave
from app.settings import settings
from tests.factories.people import AMSTERDAM, MONDAY, invite, make_people, messages, states
from tests.surroundings.environment import SECRET, Environment
from tests.surroundings.mail import OK, MailServer


@pytest.fixture
def server(database: str) -> Iterator[MailServer]:
    """A mail server that the settings point at."""
    one = MailServer()
    one.start()
    given = {"PEILWIJS_DATABASE_URL": database, "PEILWIJS_SMTP_URL": one.url}
    with Environment(**{"PEILWIJS_VAR_FOLDER": str(settings().var_folder), "PEILWIJS_SECRET_KEY": SECRET} | given):
        yield one
    one.stop()


def on(day: int, hour: int = 10) -> datetime:
    return (MONDAY + timedelta(days=day)).replace(hour=hour)


def change_wave(**values: object) -> None:
    with writing() as connection:
        connection.execute(sa.update(Wave.__table__).values(values))


def n_rows(table: type) -> int:
    with reading() as connection:
        return int(connection.scalar(sa.select(sa.func.count()).select_from(table.__table__)) or 0)


def test_an_invitation_carries_words_links_and_a_stable_id(server: MailServer) -> None:
    (case_id,) = make_people(1)
    invite()
    report = send_due(on(0))
    (mail,) = server.mails
    (row,) = messages()
    assert report.outcomes == {"sent": 1}
    assert (row.state, row.sent_at, row.n_attempts) == ("sent", on(0), 1)
    assert mail["To"] == f"p{case_id}@example.nl"
    assert mail["Message-ID"] == f"<{row.message_id}>"
    text = mail.get_body(("plain",)).get_content().replace("=\n", "")
    assert "Werkpad" in text
    assert f"{settings().public_url}/v/" in text
    assert "{" not in text
    assert n_rows(Token) == 1


def test_simulated_weeks_bring_every_step_once(server: MailServer) -> None:
    (both,) = make_people(1, address=True)
    (by_post,) = make_people(1, email=False, address=True)
    invite()
    for day in range(40):
        for hour in (3, 9, 15, 22):
            send_due(on(day, hour))
    assert states(both) == [
        ("0-email-invitation", "sent"),
        ("7-email-reminder", "sent"),
        ("14-letter-reminder", "queued"),
        ("21-email-last_reminder", "sent"),
    ]
    assert states(by_post) == [("0-letter-invitation", "queued")]  # no second letter before the first was posted
    assert len(server.mails) == 3
    sent_at = [row.sent_at.astimezone(AMSTERDAM) for row in messages() if row.sent_at]
    assert [(moment.date() - MONDAY.date()).days for moment in sent_at] == [0, 7, 21]


def test_nothing_leaves_outside_the_allowed_hours(server: MailServer) -> None:
    make_people(1)
    sunday = datetime(2026, 11, 1, 12, 0, tzinfo=AMSTERDAM)
    invite(sunday)
    for moment in (sunday, sunday.replace(hour=23), sunday + timedelta(hours=20, minutes=59)):
        report = send_due(moment)
        assert report.waits_until == datetime(2026, 11, 2, 9, 0, tzinfo=AMSTERDAM)
    assert server.mails == []
    send_due(sunday + timedelta(hours=21))
    assert len(server.mails) == 1


def test_a_worker_that_was_down_does_not_send_at_night(server: MailServer) -> None:
    make_people(1)
    invite()
    send_due(on(0, hour=21))
    assert server.mails == []


def test_a_paused_wave_sends_nothing_and_goes_on_with_the_step_of_the_day(server: MailServer) -> None:
    make_people(1)
    invite()
    send_due(on(0))
    change_wave(paused_at=on(1))
    for day in range(1, 22):
        assert send_due(on(day)).waves[0].idle == "paused"
    change_wave(paused_at=None)
    send_due(on(22))
    send_due(on(23))
    assert states() == [("0-email-invitation", "sent"), ("21-email-last_reminder", "sent")]
    assert len(server.mails) == 2


def test_after_the_last_day_of_fieldwork_nothing_is_sent(server: MailServer) -> None:
    make_people(1)
    change_wave(fieldwork_ends_on=on(6).date())
    invite()
    send_due(on(0))
    assert send_due(on(7)).waves[0].idle == "closed"
    assert len(server.mails) == 1


@pytest.mark.parametrize("new", ["finished", "refused", "undeliverable", "not_sampled", "quota_filled"])
def test_who_falls_away_gets_no_reminder(server: MailServer, new: str) -> None:
    (case_id,) = make_people(1)
    invite()
    send_due(on(0))
    with writing() as connection:
        dispositions.report(connection, [case_id], new)
    for day in range(1, 30):
        report = send_due(on(day))
    assert len(server.mails) == 1
    assert report.waves[0].skipped == {new: 1}


def test_an_opt_out_between_queueing_and_sending_is_kept_to(server: MailServer) -> None:
    gone, stays = make_people(2)
    invite()
    with writing() as connection:
        opt_out(connection, gone)
    send_due(on(0))
    assert server.addresses == [f"p{stays}@example.nl"]
    assert [(row.state, row.reason) for row in messages(gone)] == [("withdrawn", "opted_out")]


def test_inburgering_with_profile_1_or_2_is_called_and_commissioners_get_email(server: MailServer) -> None:
    make_people(2, service=11, learning_profile=1, address=True)
    make_people(1, service=11, learning_profile=3)
    make_people(1, kind="commissioner", service=None, address=True)
    make_people(1, kind="commissioner", service=None, email=False, address=True)
    invite()
    report = send_due(on(0))
    assert len(server.mails) == 2
    assert report.waves[0].skipped == {"telephone": 2, "no_address": 1, "not_yet": 2}


def test_cases_with_the_telephone_option_stay_in_the_scheme(server: MailServer) -> None:
    make_people(1, wants_phone=True, phone="+31612345678")
    invite()
    send_due(on(0))
    assert len(server.mails) == 1


def test_a_case_that_is_delivered_later_begins_on_its_own_day(server: MailServer) -> None:
    make_people(1)
    invite()
    send_due(on(0))
    (late,) = make_people(1)
    for day in range(3, 12):
        send_due(on(day))
    sent = {row.step: row.sent_at for row in messages(late)}
    assert sent == {"0-email-invitation": on(3), "7-email-reminder": on(10)}


def test_a_dry_run_says_who_would_get_what_and_changes_nothing(server: MailServer) -> None:
    make_people(3)
    make_people(2, email=False)
    invite()
    before = states()
    report = send_due(on(8), dry_run=True)
    assert report.waves[0].due == {("0-email-invitation", "email"): 3}
    assert report.waves[0].skipped == {"no_address": 2, "under_way": 3}
    assert (states(), server.mails, n_rows(Token)) == (before, [], 0)


@pytest.mark.parametrize(
    ("stage", "reply", "state", "disposition"),
    [
        ("RCPT", "450 4.2.0 Try later", "queued", "open"),
        ("RCPT", "550 5.1.1 No such user", "failed", "undeliverable"),
        ("DATA", "421 4.3.0 Going down", "queued", "open"),
        ("DATA", "451 4.3.0 Try later", "queued", "open"),
        ("DATA", "554 5.7.1 Refused", "failed", "open"),  # that says nothing about the address
    ],
)
def test_each_answer_of_the_server_has_its_state(
    server: MailServer, stage: str, reply: str, state: str, disposition: str
) -> None:
    server.answer = lambda asked, _about: reply if asked == stage else OK
    make_people(1)
    invite()
    send_due(on(0))
    (row,) = messages()
    assert (row.state, row.n_attempts) == (state, 1)
    with reading() as connection:
        assert connection.scalar(sa.select(Case.__table__.c.disposition)) == disposition


def test_a_temporary_error_is_tried_again_with_the_same_message_id(server: MailServer) -> None:
    asked: list[str] = []

    def busy_once(stage: str, about: str) -> str:
        asked.append(about)
        return "451 Try later" if stage == "DATA" and len(asked) < 3 else OK

    server.answer = busy_once
    make_people(1)
    invite()
    send_due(on(0))
    send_due(on(0) + timedelta(minutes=4))
    assert server.mails == []
    send_due(on(0) + timedelta(minutes=5))
    assert [row.state for row in messages()] == ["sent"]
    assert len(set(asked[1::2])) == 1


def test_a_mail_server_that_is_away_leaves_everything_in_the_queue(server: MailServer) -> None:
    make_people(3)
    invite()
    server.stop()
    report = send_due(on(0))
    assert len(report.problems) == 1
    assert [(row.state, row.n_attempts) for row in messages()] == [("queued", 0)] * 3
    server.start()
    send_due(on(0))
    assert len(server.mails) == 3


def test_one_message_that_cannot_be_made_does_not_stop_the_others(server: MailServer) -> None:
    bad, good = make_people(2)
    with writing() as connection:
        connection.execute(
            sa.text("UPDATE contact SET email = :junk WHERE case_id = :id"), {"junk": b"x" * 40, "id": bad}
        )
    invite()
    send_due(on(0))
    assert server.addresses == [f"p{good}@example.nl"]
    assert [(row.state, row.reason) for row in messages(bad)] == [("queued", "Invalid")]
