"""The fieldwork monitor: every step adds up, and the page says it."""

import re
from dataclasses import fields
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine

from app.database import reading, writing
from app.results.monitor import overview as monitor
from app.results.monitor.counts import CHANNELS, Counts
from app.results.monitor.overview import Monitor, monitor_of
from app.results.monitor.page import OFF, ON, REACH, SORTED_BY, START, SUM, funnel, provider_lines
from app.results.wave_page import wave_page
from app.web.access import Role
from tests.factories.fieldwork import make_wave
from tests.factories.interviews import make_interview
from tests.factories.monitored import let_it_run, open_cases, put_message, wave_in_fieldwork
from tests.factories.office import signed_in_as

NOW = "2026-11-20 12:00 +0000"


@pytest.fixture
def wave(database: str, tmp_path: Path) -> dict[str, int]:
    wave_in_fieldwork(tmp_path)
    with time_machine.travel(NOW, tick=False):
        return let_it_run()


def check_sums(found: Monitor) -> None:
    """Every sum of the funnel is what stands above it, and nobody gets further than the step before."""
    running, before = 0, None
    for line in funnel(found):
        if line.does == START:
            running = line.total
        elif line.does in (OFF, ON):
            running += line.total if line.does == ON else -line.total
        elif line.does == SUM:
            assert line.total == running, line
        if line.clients is not None and line.commissioners is not None:
            assert line.clients + line.commissioners == line.total, line
        if line.does == REACH and before is not None and line.words != "Bruikbaar":
            assert line.total <= before, line
        before = line.total
    check_splits(found)


def check_splits(found: Monitor) -> None:
    """However the net sample is divided, the parts come to the whole."""
    counts = found.all
    for part in (found.channels, found.languages):
        for name in ("n_net", "n_invited", "n_opened", "n_started", "n_finished", "n_usable"):
            assert sum(getattr(one, name) for one in part.values()) == getattr(counts, name), name
    for name in ("n_started", "n_finished", "n_usable"):
        assert sum(getattr(one, name) for one in found.modes.values()) == getattr(counts, name)
    for field in fields(Counts)[:-1]:
        both = (getattr(found.clients, field.name), getattr(found.commissioners, field.name))
        assert sum(both) == getattr(counts, field.name)
        per_provider = [
            getattr(one.clients, field.name) + getattr(one.commissioners, field.name) for one in found.providers
        ]
        assert sum(per_provider) == getattr(counts, field.name)
    for name, n in (("n_usable", counts.n_usable), ("n_started", counts.n_started), ("n_opened", counts.n_opened)):
        assert sum(getattr(day, name) for day in found.days) == n
    assert (found.days[-1].n_usable_so_far if found.days else 0) == counts.n_usable
    assert sum(found.messages.n(state) for state in monitor_states(found)) == found.messages.n_total
    assert counts.n_finished - (counts.n_usable - counts.n_usable_unfinished) >= 0


def monitor_states(found: Monitor) -> set[str]:
    return {state for counts in found.messages.by_state.values() for state in counts}


def test_every_step_adds_up_from_the_rows_of_the_files_to_usable_interviews(wave: dict[str, int]) -> None:
    for provider in (None, "werkpad", "anders"):
        check_sums(monitor_of("2024", provider))
    found = monitor_of("2024", "werkpad")
    delivered = found.delivered
    assert (delivered.n_rows, delivered.n_rejected, delivered.n_duplicate, delivered.n_self_reporter) == (21, 2, 2, 1)
    assert (delivered.n_updated, delivered.n_new) == (1, 15)
    counts = found.all
    assert (counts.n_cases, counts.n_not_sampled, counts.n_undeliverable, counts.n_quota_filled) == (15, 3, 1, 1)
    assert (counts.n_net, counts.n_invited, counts.n_opened, counts.n_started) == (10, 7, 5, 4)
    assert (counts.n_finished, counts.n_usable, counts.n_silent) == (3, 2, {"opted_out": 1})


def test_the_wave_is_the_sum_of_its_providers_and_says_what_the_overview_says(wave: dict[str, int]) -> None:
    found = monitor_of("2024")
    with reading() as connection:
        overview = {line.slug: line for line in wave_page(connection, "2024").lines}
    for line in provider_lines(found, "naam"):
        other = overview[line.slug]
        assert (line.clients.n_net, line.clients.n_usable) == (other.n_net, other.n_completed)
        assert (line.response_pct, line.norm_pct, line.n_needed) == (other.response_pct, other.norm_pct, other.n_needed)


def test_messages_are_counted_by_step_and_state(wave: dict[str, int]) -> None:
    found = monitor_of("2024").messages
    rows = {(key.step, key.channel): dict(counts) for key, counts in found.by_state.items()}
    assert rows == {
        ("0-email-invitation", "email"): {"sent": 6, "bounced": 1},
        ("7-email-reminder", "email"): {"sent": 2},
        ("14-letter-reminder", "letter"): {"printed": 1, "withdrawn": 1},
        ("resend", "email"): {"under_way": 1},
    }
    assert found.n_total == 12


def test_days_are_dutch_and_reminders_stand_at_the_day_they_began(wave: dict[str, int]) -> None:
    with time_machine.travel("2026-11-19 23:30 +0000", tick=False):  # the 20th in the Netherlands
        put_message(open_cases()[-1], "7-email-reminder")
    with time_machine.travel("2026-11-20 23:30 +0000", tick=False):
        make_interview(open_cases()[-1], grade=9)
    found = monitor_of("2024", "werkpad")
    check_sums(found)
    assert [(str(day.on), day.n_sent, day.n_usable) for day in found.days if day.n_sent or day.n_usable] == [
        ("2026-11-12", 7, 0),
        ("2026-11-20", 4, 2),
        ("2026-11-21", 0, 1),
    ]
    assert [(str(day.on), day.steps) for day in found.days if day.steps] == [
        ("2026-11-12", ("0-email-invitation",)),
        ("2026-11-20", ("14-letter-reminder", "7-email-reminder")),
    ]
    assert len(found.days) == 10


def test_who_answers_without_a_delivery_is_added(database: str, tmp_path: Path) -> None:
    wave_in_fieldwork(tmp_path)
    with writing() as connection:
        connection.execute(sa.text("UPDATE survey_case SET delivery_id = NULL WHERE kind = 'commissioner'"))
        connection.execute(sa.text("UPDATE delivery SET n_new = n_new - 2, n_rows = n_rows - 2 WHERE id = 2"))
    found = monitor_of("2024", "werkpad")
    check_sums(found)
    assert found.n_undelivered == 2


def test_every_case_has_one_channel(wave: dict[str, int]) -> None:
    found = monitor_of("2024", "werkpad").channels
    assert set(found) <= set(CHANNELS)
    assert {name: counts.n_net for name, counts in found.items()} == {"email": 5, "both": 1, "phone": 1, "none": 3}


def test_a_count_that_takes_long_is_kept_for_a_while(wave: dict[str, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(monitor, "WORTH_KEEPING_SECONDS", 0.0)
    monkeypatch.setattr(monitor, "KEPT_FOR", 10_000)
    first = monitor_of("2024")
    assert monitor_of("2024") is first
    assert monitor_of("2024", "werkpad") is not first


def test_the_page_of_a_wave_sorts_by_link_and_refreshes_without_a_step_in_the_history(wave: dict[str, int]) -> None:
    researcher = signed_in_as(Role.RESEARCHER)
    text = researcher.get("/kantoor/veldwerk/2024").text
    assert re.search(r"<h1>2024: \d+,\d % respons, 0 van 2 dienstverleners halen de norm</h1>", text)
    assert text.index(">Anders<") < text.index(">Werkpad<")
    text = researcher.get("/kantoor/veldwerk/2024?sorteer=-netto").text
    assert text.index(">Werkpad<") < text.index(">Anders<")
    assert 'aria-sort="descending"' in text
    assert 'hx-get="/kantoor/veldwerk/2024?sorteer=-netto"' in text
    for name in SORTED_BY:
        assert researcher.get(f"/kantoor/veldwerk/2024?sorteer={name}").status == 200
    part = researcher.client.get("/kantoor/veldwerk/2024", headers={"hx-request": "true"})
    assert part.headers["hx-push-url"] == "false"
    assert 'id="cijfers"' in part.text and 'id="per-dag"' in part.text


def test_the_page_of_a_provider_says_how_many_more_are_needed(wave: dict[str, int]) -> None:
    researcher = signed_in_as(Role.RESEARCHER)
    text = researcher.get("/kantoor/veldwerk/2024/werkpad").text
    assert re.search(r"<h1>Werkpad, 2024: \d+,\d % respons, nog 2 nodig</h1>", text)
    assert "Dag 7: herinnering, e-mail" in text
    assert text.count("<svg") >= 2 and "<desc" in text
    assert researcher.get("/kantoor/veldwerk").status == 303
    assert researcher.get("/kantoor/veldwerk/2019").status == 404
    assert researcher.get("/kantoor/veldwerk/2024/niemand").status == 404


def test_an_empty_wave_says_what_comes_next(database: str, tmp_path: Path) -> None:
    researcher = signed_in_as(Role.RESEARCHER)
    assert researcher.get("/kantoor/veldwerk").response.headers["location"] == "/kantoor/golven"
    make_wave()
    text = researcher.get("/kantoor/veldwerk/2024").text
    assert "Neem eerst een aanlevering op" in text
    assert "nog geen dienstverleners" in text
