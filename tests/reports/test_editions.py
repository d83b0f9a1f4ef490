"""The life of a report: draft, reviewed, final, corrected; and what providers say about it."""

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine

from app.audit.log import entry_table, verify
from app.database import reading, writing
from app.errors import Conflict, Invalid
from app.reports import editions, rebuttals
from app.reports.composition import compose
from app.reports.editions import Stored
from app.reports.gathering import gather
from app.reports.pdf import report_pdf
from app.reports.tables import Report
from app.reports.workshop import make_all, make_one
from app.results.disclosure.versions import AS_BEFORE
from tests.factories.cases import make_participation
from tests.factories.responses import bring_in, cells, write_csv

WAVE, SLUG = "2022", "werkpad"
NOTE = "De respons klopte niet: twee gesprekken telden dubbel."


def answer(folder: Path, n: int = 12, grade: str = "8") -> None:
    rows = [cells(case_ref=f"C{number}", grade=grade, recommended="yes") for number in range(n)]
    bring_in(write_csv(folder / "responses.csv", *rows))


@pytest.fixture
def wave(database: str, tmp_path: Path) -> int:
    participation_id = make_participation(WAVE, "Werkpad")
    answer(tmp_path)
    return participation_id


def newest() -> Stored:
    with reading() as connection:
        found = editions.one_line(connection, WAVE, SLUG).report
    assert found
    return found


def make() -> Stored:
    make_one(WAVE, SLUG, "user:1")
    return newest()


def review(report: Stored, seen: str = "") -> Stored:
    with writing() as connection:
        editions.review(connection, "user:1", report, seen or report.hash)
    return newest()


def publish(report: Stored) -> Stored:
    with writing() as connection:
        editions.publish(connection, "user:2", report, report.hash)
    return newest()


def correct(note: str = NOTE) -> Stored:
    with writing() as connection:
        line = editions.one_line(connection, WAVE, SLUG)
        document = compose(gather(connection, WAVE, SLUG))
        editions.correct(connection, "user:1", line.participation_id, document, note)
    return newest()


def pdf_of(report: Stored) -> str:
    with reading() as connection:
        return hashlib.sha256(report_pdf(editions.document_of(connection, report.id), report.edition)).hexdigest()


def actions() -> list[str]:
    with reading() as connection:
        assert verify(connection).faults == ()
        found = connection.scalars(sa.select(entry_table.c.action).order_by(entry_table.c.number))
        return [action for action in found if action.startswith("report.")]


def test_a_report_goes_from_draft_by_review_to_final(wave: int) -> None:
    draft = make()
    assert (draft.version, draft.state) == (1, "draft")
    assert not draft.edition.is_final
    final = publish(review(draft))
    assert (final.version, final.state) == (1, "final")
    assert final.edition.is_final
    assert actions() == ["report.made", "report.reviewed", "report.published"]


def test_a_final_report_stays_the_same_whatever_happens_to_the_data(wave: int, tmp_path: Path) -> None:
    final = publish(review(make()))
    before = pdf_of(final)
    answer(tmp_path, 14, "3")
    assert pdf_of(newest()) == before
    with pytest.raises(Conflict, match="definitief"):
        make()
    assert newest() == final
    assert pdf_of(newest()) == before


def test_only_what_was_seen_can_be_reviewed_and_only_what_was_reviewed_published(wave: int, tmp_path: Path) -> None:
    draft = make()
    with pytest.raises(Conflict, match="nog niet nagekeken"):
        publish(draft)
    answer(tmp_path, 12, "3")
    renewed = make()
    assert renewed.hash != draft.hash
    with pytest.raises(Conflict, match="intussen veranderd"):
        review(renewed, draft.hash)
    reviewed = review(renewed)
    answer(tmp_path, 12, "9")
    again = make()
    assert again.state == "draft"  # a renewed draft is to be reviewed again
    with pytest.raises(Conflict, match="intussen veranderd"):
        publish(reviewed)


def test_a_correction_is_the_next_version_and_says_what_changed(wave: int, tmp_path: Path) -> None:
    with pytest.raises(Conflict, match="Alleen van een definitief rapport"):
        make()
        correct()
    first = publish(review(newest()))
    before = pdf_of(first)
    answer(tmp_path, 12, "9")
    for note in ("", "te kort", "x" * 2001):
        with pytest.raises(Invalid, match="wat er verandert en waarom"):
            correct(note)
    second = correct()
    assert (second.version, second.state, second.change_note) == (2, "draft", NOTE)
    publish(review(second))
    with reading() as connection:
        versions = editions.versions_of(connection, wave)
    assert [(one.version, one.state) for one in versions] == [(2, "final"), (1, "final")]
    assert pdf_of(versions[1]) == before
    assert pdf_of(versions[0]) != before
    assert "report.corrected" in actions()


def test_two_who_make_the_same_version_at_once_do_not_make_two(wave: int) -> None:
    publish(review(make()))
    correct()
    with pytest.raises(Conflict):
        correct()
    with reading() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(Report.__table__)) == 2


def test_a_provider_may_react_for_21_days_and_staff_answer_after_that(wave: int) -> None:
    with time_machine.travel(datetime(2026, 3, 2, 10, tzinfo=UTC), tick=False):
        draft = make()
        with writing() as connection, pytest.raises(Conflict, match="zodra het rapport definitief is"):
            rebuttals.react(connection, "user:9", draft, "Te vroeg")
        final = publish(review(draft))
    with time_machine.travel(datetime(2026, 3, 23, 20, tzinfo=UTC), tick=False), writing() as connection:
        rebuttals.react(connection, "user:9", final, " Het cijfer verbaast ons. ")
        assert rebuttals.unanswered(connection, [final.id]) == {final.id}
        with pytest.raises(Invalid):
            rebuttals.react(connection, "user:9", final, "  ")
    with time_machine.travel(datetime(2026, 3, 24, 10, tzinfo=UTC), tick=False), writing() as connection:
        with pytest.raises(Conflict, match="21 dagen"):
            rebuttals.react(connection, "user:9", final, "Te laat")
        rebuttals.answer(connection, "user:1", final, "Wij legden het uit.")
        assert rebuttals.unanswered(connection, [final.id]) == set()
        told = [(one.is_from_provider, one.text) for one in rebuttals.thread(connection, final.id)]
    assert told == [(True, "Het cijfer verbaast ons."), (False, "Wij legden het uit.")]
    assert rebuttals.last_day(final) == datetime(2026, 3, 2).date() + timedelta(days=21)


def test_all_reports_are_made_in_processes_and_what_fails_is_told(wave: int, tmp_path: Path) -> None:
    for name in ("Elders", "Nergens"):
        make_participation(WAVE, name)
    publish(review(make()))
    n_ended: list[int] = []
    problems = make_all(
        WAVE, [SLUG, "elders", "nergens", "onbekend"], "user:1", lambda: n_ended.append(1), n_processes=2
    )
    assert len(n_ended) == 4
    assert set(problems) == {SLUG, "onbekend"}
    assert "definitief" in problems[SLUG]
    with reading() as connection:
        states = {line.slug: line.report.state for line in editions.lines(connection, WAVE) if line.report}
    assert states == {SLUG: "final", "elders": "draft", "nergens": "draft"}


def test_a_process_that_dies_takes_only_its_own_report_with_it(wave: int, monkeypatch: pytest.MonkeyPatch) -> None:
    make_participation(WAVE, "Elders")
    monkeypatch.setattr("app.reports.workshop.PATIENCE_SECONDS", 0.01)  # each is killed before it could answer
    problems = make_all(WAVE, [SLUG, "elders"], "user:1", lambda: None, n_processes=1)
    assert set(problems.values()) == {"the process that made it stopped"}
    assert set(problems) == {SLUG, "elders"}


def test_a_correction_does_not_tell_about_the_one_person_who_was_added(wave: int, tmp_path: Path) -> None:
    final = publish(review(make()))
    answer(tmp_path, 13, "8")
    corrected = correct()
    with reading() as connection:
        before, after = (editions.document_of(connection, one.id) for one in (final, corrected))
    assert [chart.figure.n for chart in after.charts()] == [chart.figure.n for chart in before.charts()]
    assert [chart.figure.bars for chart in after.charts()] == [chart.figure.bars for chart in before.charts()]
    assert AS_BEFORE in {chart.figure.note.message for chart in after.charts() if chart.figure.note}
