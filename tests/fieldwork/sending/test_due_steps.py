"""Which step is due for whom, and why somebody gets nothing."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.fieldwork import dispositions
from app.fieldwork.scheme import Scheme
from app.fieldwork.sending.commands import SENTENCES
from app.fieldwork.sending.due_steps import WORDS, DueStep, Past, Reason, Standing, Way, due_steps
from app.fieldwork.sending.schedule import is_allowed

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
STARTED = datetime(2026, 11, 2, 10, 0, tzinfo=AMSTERDAM)  # a Monday
WAY = Way({"clients": Scheme().clients, "commissioners": Scheme().commissioners}, True, STARTED)
WITHOUT_POST = Way(WAY.steps, False, STARTED)


def case(group: str = "clients", *, email: bool = True, address: bool = True, past: tuple[Past, ...] = ()) -> Standing:
    return Standing(group, False, False, email, address, past)


def past(step: str, state: str = "sent", on_day: int | None = None) -> Past:
    day, channel, kind = step.split("-", 2)
    days = int(day) if on_day is None else on_day
    return Past(step, channel, kind, state, STARTED + timedelta(days=days))


def names(found: tuple[DueStep, ...] | Reason) -> list[str]:
    assert not isinstance(found, Reason), found
    return [due.name for due in found]


def on(day: int, hour: int = 10) -> datetime:
    return (STARTED + timedelta(days=day)).replace(hour=hour)


INVITED = past("0-email-invitation")


def test_day_0_is_an_email_and_a_letter_for_who_has_no_email() -> None:
    assert names(due_steps(case(), WAY, on(0))) == ["0-email-invitation"]
    assert names(due_steps(case(email=False), WAY, on(0))) == ["0-letter-invitation"]


@pytest.mark.parametrize(
    ("day", "history", "expected"),
    [
        (7, (INVITED,), ["7-email-reminder"]),
        (14, (INVITED, past("7-email-reminder")), ["14-letter-reminder"]),
        (21, (INVITED, past("7-email-reminder"), past("14-letter-reminder")), ["21-email-last_reminder"]),
    ],
)
def test_reminders_follow_the_days_of_the_scheme(day: int, history: tuple[Past, ...], expected: list[str]) -> None:
    assert due_steps(case(past=history), WAY, on(day - 1)) == Reason.NOT_YET
    assert names(due_steps(case(past=history), WAY, on(day))) == expected


def test_commissioners_get_email_only_whatever_the_scheme_says() -> None:
    way = Way({"clients": (), "commissioners": Scheme().clients}, True, STARTED)
    invited = case("commissioners", past=(INVITED, past("7-email-reminder")))
    assert due_steps(invited, way, on(14)) == Reason.NOT_YET
    assert due_steps(case("commissioners", email=False), way, on(0)) == Reason.NO_ADDRESS


def test_without_post_who_has_only_an_address_gets_nothing() -> None:
    assert due_steps(case(email=False), WITHOUT_POST, on(0)) == Reason.NO_LETTERS


@pytest.mark.parametrize(
    ("standing", "reason"),
    [
        (Standing("clients", False, True, True, True), Reason.TELEPHONE),
        (Standing("commissioners", True, False, True, True), Reason.SELF_REPORTER),
        (case(email=False, address=False), Reason.NO_ADDRESS),
        (case(past=(past("0-email-invitation", "queued"),)), Reason.NOT_YET),
        (case(past=(INVITED, past("21-email-last_reminder"))), Reason.ALL_SENT),
    ],
)
def test_who_gets_nothing_has_a_reason(standing: Standing, reason: Reason) -> None:
    assert due_steps(standing, WAY, on(0)) == reason


def test_a_reminder_is_only_for_who_was_invited() -> None:
    assert names(due_steps(case(), WAY, on(30))) == ["0-email-invitation"]
    steps = tuple(step for step in Scheme().clients if step.kind != "invitation")
    assert due_steps(case(), Way({"clients": steps, "commissioners": ()}, True, STARTED), on(30)) == Reason.NO_STEP


def test_who_comes_later_counts_from_their_own_invitation() -> None:
    (due,) = due_steps(case(), WAY, on(5, hour=12))
    assert due.due_at == on(5, hour=12)
    late = case(past=(past("0-email-invitation", on_day=5),))
    assert due_steps(late, WAY, on(11)) == Reason.NOT_YET
    assert names(due_steps(late, WAY, on(12))) == ["7-email-reminder"]


def test_of_missed_steps_only_the_last_goes_out() -> None:
    assert names(due_steps(case(past=(INVITED,)), WAY, on(22))) == ["21-email-last_reminder"]
    after = case(past=(INVITED, past("21-email-last_reminder")))
    assert due_steps(after, WAY, on(22)) == Reason.ALL_SENT


def test_no_second_email_while_the_first_is_still_to_go() -> None:
    assert due_steps(case(past=(past("0-email-invitation", "queued"),)), WAY, on(7)) == Reason.UNDER_WAY


def test_a_letter_that_waits_for_its_batch_does_not_hold_up_email() -> None:
    history = (INVITED, past("7-email-reminder"), past("14-letter-reminder", "queued"))
    assert names(due_steps(case(past=history), WAY, on(21))) == ["21-email-last_reminder"]


def test_an_invitation_that_bounced_is_followed_by_a_letter() -> None:
    bounced = case(email=False, past=(past("0-email-invitation", "bounced"),))
    assert names(due_steps(bounced, WAY, on(2))) == ["0-letter-invitation"]
    by_letter = case(email=False, past=(past("0-email-invitation", "bounced"), past("0-letter-invitation", on_day=2)))
    assert due_steps(by_letter, WAY, on(15)) == Reason.NOT_YET  # fourteen days from the letter
    assert names(due_steps(by_letter, WAY, on(16))) == ["14-letter-reminder"]


def test_another_address_gets_the_invitation_again_the_next_day() -> None:
    renewed = case(address=False, past=(past("0-email-invitation", "bounced"),))
    assert due_steps(renewed, WAY, on(0)) == Reason.NOT_YET
    (again,) = due_steps(renewed, WAY, on(3))
    assert (again.name, again.step.kind, again.due_at) == ("resend-1", "invitation", on(3))


def test_an_email_address_that_comes_later_does_not_bring_two_messages_at_once() -> None:
    by_letter = case(past=(past("0-letter-invitation"),))
    assert names(due_steps(by_letter, WAY, on(8))) == ["7-email-reminder"]


def test_what_is_started_on_sunday_leaves_on_monday_and_counts_from_sunday() -> None:
    sunday = datetime(2026, 11, 1, 12, 0, tzinfo=AMSTERDAM)
    way = Way(WAY.steps, True, sunday)
    (invitation,) = due_steps(case(), way, sunday)
    assert invitation.due_at == datetime(2026, 11, 2, 9, 0, tzinfo=AMSTERDAM)
    invited = Past("0-email-invitation", "email", "invitation", "sent", invitation.due_at)
    (reminder,) = due_steps(case(past=(invited,)), way, sunday + timedelta(days=7))
    assert reminder.due_at == datetime(2026, 11, 9, 9, 0, tzinfo=AMSTERDAM)


@given(
    st.booleans(),
    st.booleans(),
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 23)), max_size=40).map(sorted),
    st.sampled_from(["sent", "uncertain", "bounced"]),
)
def test_however_often_one_looks_nobody_gets_a_step_twice_or_two_emails_a_day(
    email: bool, address: bool, looks: list[tuple[int, int]], fate: str
) -> None:
    history: list[Past] = []
    for day, hour in looks:
        found = due_steps(case(email=email, address=address, past=tuple(history)), WAY, on(day, hour))
        for due in found if not isinstance(found, Reason) else ():
            assert is_allowed(due.due_at)
            history.append(Past(due.name, due.step.channel, due.step.kind, fate, due.due_at))
    assert len({one.step for one in history}) == len(history)
    emails = [one.at.astimezone(AMSTERDAM).date() for one in history if one.channel == "email"]
    assert len(set(emails)) == len(emails)
    assert len(history) <= 5


def test_every_disposition_but_open_is_a_reason() -> None:
    all_dispositions = {
        value for name, value in vars(dispositions).items() if name.isupper() and isinstance(value, str)
    }
    assert all_dispositions - {dispositions.OPEN} <= set(Reason)


def test_every_reason_has_words_for_the_office_and_for_the_command_line() -> None:
    assert set(WORDS) == set(SENTENCES) == set(Reason)
