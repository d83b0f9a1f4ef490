"""Reports and open answers in the office, by somebody whose browser knows no JavaScript."""

import re
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.audit.log import entry_table
from app.database import reading, writing
from app.fieldwork.tables import Wave
from app.reports import editions, rebuttals
from app.tasks import run_one
from app.web.access import Role
from tests.factories.cases import make_participation
from tests.factories.office import Employee, signed_in_as
from tests.factories.responses import bring_in, cells, write_csv

WAVE = "2022"
LIST, ONE, ANSWERS = f"/kantoor/rapporten/{WAVE}", f"/kantoor/rapporten/{WAVE}/werkpad", f"/kantoor/antwoorden/{WAVE}"
REMARK = "Anna de Boer hielp mij heel goed"


@pytest.fixture
def researcher(database: str, tmp_path: Path) -> Employee:
    make_participation(WAVE, "Werkpad")
    rows = [cells(case_ref=f"C{n}", grade="8", remarks=REMARK if n < 5 else "") for n in range(12)]
    bring_in(write_csv(tmp_path / "responses.csv", *rows))
    return signed_in_as(Role.RESEARCHER)


def settle(researcher: Employee, decision: str, *blacked_out: str) -> None:
    """Decides about the first open answer of the page."""
    researcher.get(f"{ANSWERS}/werkpad")
    action = re.search(r'action="(/kantoor/antwoorden/[^"]+/\d+/[^"]+)"', researcher.text)
    read = re.search(r'name="gelezen" value="(\w+)"', researcher.text)
    assert action and read
    fields: dict[str, object] = {"gelezen": read[1], "besluit": decision, "woord": list(blacked_out)}
    researcher.post(action[1], **fields)  # type: ignore[arg-type]
    assert researcher.status == 303


def seen(page: Employee) -> str:
    found = re.search(r'name="gezien" value="(\w+)"', page.text)
    assert found, page.words[:600]
    return found[1]


def published(researcher: Employee) -> Employee:
    for _ in range(5):
        settle(researcher, "vrij", "0", "1", "2")
    researcher.get(ONE).post(f"{ONE}/maak").follow()
    researcher.post(f"{ONE}/nagekeken", gezien=seen(researcher)).follow()
    researcher.get(f"{ONE}/publiceren")
    return researcher.post(f"{ONE}/publiceren", gezien=seen(researcher)).follow()


def test_the_list_says_how_it_stands_and_what_to_do_next(researcher: Employee) -> None:
    researcher.get("/kantoor/rapporten").follow()
    assert "0 van 1 rapport definitief" in researcher.words
    assert "nog geen rapport" in researcher.words
    assert "5 open antwoorden zijn nog niet gelezen." in researcher.words
    assert ">Rapporten</a>" in researcher.text


def test_all_drafts_are_made_in_the_background_with_progress(researcher: Employee) -> None:
    make_participation(WAVE, "Elders")
    researcher.get(LIST).post(LIST).follow()
    assert "<progress" in researcher.text
    assert run_one()
    researcher.get(LIST)
    assert "<progress" not in researcher.text
    assert researcher.words.count("concept 1 ") == 2


def test_a_report_is_read_reviewed_and_published_and_then_stays(researcher: Employee, tmp_path: Path) -> None:
    researcher.get(ONE)
    assert "nog geen rapport" in researcher.words
    researcher.post(f"{ONE}/maak").follow()
    assert "concept, versie 1" in researcher.words
    assert "Wat cliënten vinden" in researcher.words
    assert "nagekeken en klopt" not in researcher.words  # as long as there is something to read
    published(researcher)
    assert "definitief, versie 1" in researcher.words
    assert "Dit rapport verandert niet meer" in researcher.words
    assert researcher.words.count("[…] hielp mij heel goed") == 5
    assert "Anna" not in researcher.text
    before = researcher.client.get(f"{ONE}/1/rapport.pdf").content
    rows = [cells(case_ref=f"C{n}", grade="2", remarks="Anders") for n in range(12)]
    bring_in(write_csv(tmp_path / "responses.csv", *rows))
    assert researcher.client.get(f"{ONE}/1/rapport.pdf").content == before
    assert before.startswith(b"%PDF")


def test_publishing_first_says_what_it_will_do(researcher: Employee) -> None:
    for _ in range(5):
        settle(researcher, "achter")
    researcher.get(ONE).post(f"{ONE}/maak").follow()
    assert researcher.get(f"{ONE}/publiceren").status == 404
    researcher.get(ONE).post(f"{ONE}/nagekeken", gezien=seen(researcher)).follow()
    researcher.get(f"{ONE}/publiceren")
    assert "Versie 1 wordt definitief." in researcher.words
    assert "het veldwerk heeft geen einddatum" in researcher.words
    researcher.get(ONE)
    assert "nagekeken, versie 1" in researcher.words  # looking changed nothing


def test_unread_answers_and_changed_data_stop_a_review(researcher: Employee, tmp_path: Path) -> None:
    with reading() as connection:
        assert editions.one_line(connection, WAVE, "werkpad").report is None
    researcher.get(ONE).post(f"{ONE}/maak").follow()
    with reading() as connection:
        report = editions.one_line(connection, WAVE, "werkpad").report
    assert report
    researcher.post(f"{ONE}/nagekeken", gezien=report.hash)
    assert researcher.status == 409
    assert "Er zijn nog open antwoorden die niemand las." in researcher.words
    for _ in range(5):
        settle(researcher, "vrij")
    researcher.get(ONE)
    assert "De gegevens zijn daarna veranderd." in researcher.words
    researcher.post(f"{ONE}/nagekeken", gezien=report.hash)
    assert researcher.status == 409
    assert "Maak het opnieuw, en kijk het dan na." in researcher.words


def test_a_correction_needs_a_note_and_keeps_what_was_typed(researcher: Employee) -> None:
    published(researcher)
    researcher.post(f"{ONE}/verbeter", tekst="te kort")
    assert researcher.status == 409
    assert "wat er verandert en waarom" in researcher.words
    assert "te kort" in researcher.text
    note = "De dienst van twee mensen stond verkeerd."
    researcher.post(f"{ONE}/verbeter", tekst=note).follow()
    assert "concept, versie 2" in researcher.words
    assert f"Verbeterde versie. {note}" in researcher.words
    researcher.get(f"{ONE}?versie=1")
    assert "definitief, versie 1" in researcher.words
    assert "Naar de nieuwste versie" in researcher.words


def test_a_reaction_is_shown_and_answered(researcher: Employee) -> None:
    published(researcher)
    assert "Er zijn nog geen reacties." in researcher.words
    with writing() as connection:
        report = editions.one_line(connection, WAVE, "werkpad").report
        assert report
        rebuttals.react(connection, "user:9", report, "Wij zijn <b>verbaasd</b>.")
    assert "wacht op antwoord" in researcher.get(LIST).words
    researcher.get(ONE)
    assert "Wij zijn &lt;b&gt;verbaasd&lt;/b&gt;." in researcher.text
    researcher.post(f"{ONE}/antwoord", tekst="Wij bellen u.").follow()
    assert "Wij bellen u." in researcher.words
    assert "wacht op antwoord" not in researcher.get(LIST).words


def test_reading_open_answers_is_written_down_without_their_words(researcher: Employee) -> None:
    assert "5 wachten" in researcher.get(ANSWERS).words
    assert "Anna" not in researcher.text  # the list shows counts only
    settle(researcher, "vrij", "0", "1", "2")
    researcher.get(f"{ANSWERS}/werkpad?stand=vrij")
    assert "Vrijgegeven als: […] hielp mij heel goed" in researcher.words
    with reading() as connection:
        entries = connection.execute(sa.select(entry_table)).all()
    assert "open_answers.seen" in {one.action for one in entries}
    assert "Anna" not in repr(entries)


def test_an_answer_that_changed_under_the_reader_is_not_released(researcher: Employee, tmp_path: Path) -> None:
    researcher.get(f"{ANSWERS}/werkpad")
    action = re.search(r'action="(/kantoor/antwoorden/[^"]+/\d+/[^"]+)"', researcher.text)
    assert action
    researcher.post(action[1], gelezen="0" * 64, besluit="vrij")
    assert researcher.status == 409
    assert "Dit antwoord is intussen veranderd." in researcher.words


def test_few_answers_stay_out_of_the_report_though_released(researcher: Employee) -> None:
    with writing() as connection:
        rules = connection.scalar(sa.select(Wave.__table__.c.rules))
        connection.execute(sa.update(Wave.__table__).values(rules=rules | {"min_n": 6}))
    published(researcher)
    assert "hielp mij" not in researcher.words


def test_what_is_not_there_is_not_found(researcher: Employee) -> None:
    for path in (f"{LIST}/nobody", f"{ONE}?versie=7", f"{ONE}/7/rapport.pdf", f"{ONE}/1/rapport.exe",
                 f"{ANSWERS}/nobody", "/kantoor/rapporten/1999", "/kantoor/antwoorden/1999"):  # fmt: skip
        assert researcher.get(path).status == 404, path
    researcher.get(LIST).post(f"{ONE}/vernietig")
    assert researcher.status == 404
