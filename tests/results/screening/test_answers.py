"""Open answers: read by a researcher before anybody else."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from app.audit.log import entry_table
from app.database import reading, writing
from app.errors import Conflict
from app.fieldwork.tables import Case, Wave
from app.results.screening.answers import OpenAnswer, decide, n_waiting, open_answers, redacted, released
from tests.factories.cases import make_participation
from tests.factories.responses import bring_in, cells, write_csv

WAVE = "2022"


def bring(folder: Path, *remarks: str, **others: str) -> None:
    rows = [cells(case_ref=f"C{n}", remarks=text, **others) for n, text in enumerate(remarks)]
    bring_in(write_csv(folder / "responses.csv", *rows), wave=WAVE)


def found(provider: str | None = None) -> list[OpenAnswer]:
    with reading() as connection:
        return open_answers(connection, WAVE, provider)


def told() -> list[str]:
    with reading() as connection:
        return sorted(one.text for one in released(connection, WAVE, "werkpad"))


def settle(one: OpenAnswer, *blacked_out: int, is_released: bool = True, read: str = "") -> None:
    with writing() as connection:
        decide(connection, "user:1", one, read or one.hash, blacked_out, is_released=is_released)


@pytest.fixture
def wave(database: str) -> None:
    make_participation(WAVE, "Werkpad")


def test_an_open_answer_waits_until_a_researcher_released_it(wave: None, tmp_path: Path) -> None:
    bring(tmp_path, *["Prima"] * 5)
    assert {one.state for one in found()} == {"waiting"}
    assert found()[0].question == "Wilt u nog iets zeggen over de begeleiding van Werkpad?"
    assert told() == []
    settle(found()[0])
    assert told() == ["Prima"]
    with reading() as connection:
        assert n_waiting(connection, WAVE) == {"werkpad": 4}


def test_what_was_withheld_is_told_to_nobody_and_a_later_decision_replaces_it(wave: None, tmp_path: Path) -> None:
    bring(tmp_path, *["Prima"] * 5)
    settle(found()[0], is_released=False)
    assert (found()[0].state, told()) == ("withheld", [])
    settle(found()[0])
    assert (found()[0].state, told()) == ("released", ["Prima"])


def test_words_that_are_blacked_out_are_not_stored_with_the_released_text(wave: None, tmp_path: Path) -> None:
    bring(tmp_path, "Jan de Vries was geweldig", *["Prima"] * 4)
    settle(next(one for one in found() if one.text.startswith("Jan")), 0, 1, 2)
    assert told() == ["[…] was geweldig"]
    with reading() as connection:
        log = connection.execute(sa.select(entry_table).where(entry_table.c.action == "open_answer.released")).one()
    assert log.details == {"question": "remarks", "n_blacked_out": 3}
    assert "Jan" not in repr(log)


def test_an_answer_that_changed_is_screened_again(wave: None, tmp_path: Path) -> None:
    bring(tmp_path, *["Prima"] * 5)
    seen = found()[0]
    settle(seen)
    bring(tmp_path, *["Dokter Jansen is een prutser"] * 5)
    assert {one.state for one in found()} == {"waiting"}
    assert told() == []
    with pytest.raises(Conflict, match="intussen veranderd"):
        settle(found()[0], read=seen.hash)


def test_fewer_answers_than_the_wave_wants_are_not_told(wave: None, tmp_path: Path) -> None:
    bring(tmp_path, *["Prima"] * 4)
    for one in found():
        settle(one)
    assert told() == []
    with writing() as connection:
        rules = connection.scalar(sa.select(Wave.__table__.c.rules))
        connection.execute(sa.update(Wave.__table__).values(rules=rules | {"min_n": 1}))
    assert told() == ["Prima"] * 4


def test_other_namely_is_screened_too_and_only_while_that_option_is_chosen(wave: None, tmp_path: Path) -> None:
    bring(tmp_path, "", reason="other", reason__other="Van mijn vrouw")
    assert [(one.code, one.text) for one in found()] == [("reason.other", "Van mijn vrouw")]
    assert found()[0].question == "Waarom bent u met de begeleiding begonnen? – Een andere reden"


def test_answers_off_the_route_or_out_of_the_sample_are_not_read(wave: None, tmp_path: Path) -> None:
    bring(tmp_path, "Prima")
    assert len(found()) == 1
    assert found("iemand-anders") == []
    with writing() as connection:
        connection.execute(sa.update(Case.__table__).values(disposition="undeliverable"))
    assert found() == []


def test_line_ends_stay_and_gaps_that_touch_become_one() -> None:
    assert redacted("Bel Jan\nPiet 06 12", {1, 2, 4}) == "Bel […] 06 […]"
    assert redacted("een twee", set()) == "een twee"
    assert redacted("een\ntwee", {7}) == "een\ntwee"
