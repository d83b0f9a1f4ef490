"""`responses import`: all or nothing, the same file twice changes nothing, nobody's answers are overwritten unasked."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from app.database import reading, writing
from app.encryption import decrypt
from app.errors import Conflict, Invalid, NotFound
from app.fieldwork.opt_outs import opt_out
from app.results.responses.importing import import_file
from app.results.wave_results import table_of
from tests.factories.fieldwork import make_provider, make_wave
from tests.factories.responses import ABOUT, bring_in, cells, write_csv
from tests.factories.stored import answers_of, interview_of

TABLES = ("survey_case", "contact", "interview", "answer", "questionnaire_version", "participation")


@pytest.fixture
def wave(database: str) -> str:
    """The wave 2022 with the provider werkpad; nobody takes part yet."""
    make_wave("2022", date(2022, 1, 1), date(2022, 12, 31))
    make_provider("Werkpad")
    return "2022"


def everything() -> dict[str, list[Any]]:
    """All rows that an import could touch."""
    with reading() as connection:
        return {name: sorted(map(tuple, connection.execute(sa.text(f"SELECT * FROM {name}")))) for name in TABLES}


def only_case() -> int:
    with reading() as connection:
        return int(connection.execute(sa.text("SELECT id FROM survey_case")).scalar_one())


def test_an_unknown_reference_becomes_a_case_with_its_reference_encrypted(wave: str, tmp_path: Path) -> None:
    done = bring_in(write_csv(tmp_path / "r.csv", cells(grade="7,5", recommended="yes")))
    assert (done.n_new, done.n_replaced, done.n_unchanged, done.n_cases) == (1, 0, 0, 1)
    with reading() as connection:
        case = connection.execute(sa.text("SELECT * FROM survey_case")).one()
        reference = connection.execute(sa.text("SELECT reference FROM contact")).scalar_one()
        name = connection.execute(sa.text("SELECT name FROM questionnaire_version")).scalar_one()
    assert (case.kind, case.service, case.wording, case.disposition) == ("client", 9, "regular", "finished")
    assert b"C0001" not in bytes(reference)
    assert (decrypt(bytes(reference)), name) == ("C0001", "arbeid-2022")


def test_the_outcome_is_stored_with_the_answers(wave: str, tmp_path: Path) -> None:
    bring_in(write_csv(tmp_path / "r.csv", cells(grade="7,5", recommended="no", mode="paper")))
    stored = interview_of(only_case())
    assert (stored.is_usable, stored.grade_tenths, stored.role, stored.mode) == (True, 75, "neutral", "paper")
    assert stored.finished_at.isoformat() == "2022-12-02T09:00:00+00:00"
    assert answers_of(only_case())["grade"] == "7.5"


def test_answers_off_the_route_are_stored_and_count_nowhere(wave: str, tmp_path: Path) -> None:
    bring_in(write_csv(tmp_path / "r.csv", cells(had_contact="no", reason="other", complaint_text="Bewaar mij")))
    assert answers_of(only_case())["complaint_text"] == "Bewaar mij"
    assert answers_of(only_case())["intake"] == "satisfied"
    assert interview_of(only_case()).is_usable  # no contact, so nothing was required of a finished interview
    bring_in(write_csv(tmp_path / "s.csv", cells(case_ref="C2", had_contact="no", completed_at="")))
    with reading() as connection:
        assert table_of(connection, "werkpad", wave).total.completed == 1


def test_an_unfinished_interview_is_usable_when_all_required_questions_have_an_answer(
    wave: str, tmp_path: Path
) -> None:
    rows = [
        cells(completed_at=""),
        cells(case_ref="C2", completed_at="", intake=""),
        cells(case_ref="C3", intake=""),
        cells(case_ref="C4", intake="no_opinion"),
        cells(case_ref="C5", had_contact=""),
    ]
    bring_in(write_csv(tmp_path / "r.csv", *rows))
    with reading() as connection:
        assert table_of(connection, "werkpad", wave).total.completed == 2


def test_the_same_file_twice_changes_nothing(wave: str, tmp_path: Path) -> None:
    rows = [cells(), cells(case_ref="C2", completed_at="", grade="8"), cells(case_ref="C3", had_contact="no")]
    path = write_csv(tmp_path / "r.csv", *rows)
    bring_in(path)
    before = everything()
    done = bring_in(path)
    assert (done.n_new, done.n_replaced, done.n_unchanged, done.n_cases) == (0, 0, 3, 0)
    assert everything() == before


def test_a_changed_row_replaces_the_answers_of_that_case_only(wave: str, tmp_path: Path) -> None:
    other = cells(case_ref="C2", grade="9")
    bring_in(write_csv(tmp_path / "r.csv", cells(grade="4", remarks="Weg hiermee"), other))
    done = bring_in(write_csv(tmp_path / "s.csv", cells(grade="6"), other))
    assert (done.n_new, done.n_replaced, done.n_unchanged) == (0, 1, 1)
    with reading() as connection:
        table = table_of(connection, "werkpad", wave)
        assert connection.scalar(sa.text("SELECT count(*) FROM answer WHERE code = 'remarks'")) == 0
    assert (table.total.grade, table.total.completed, table.total.net_sample) == ("7,5", 2, 2)


def test_a_row_that_only_adds_an_answer_off_the_route_is_a_change(wave: str, tmp_path: Path) -> None:
    bring_in(write_csv(tmp_path / "r.csv", cells(complaint="no")))
    assert bring_in(write_csv(tmp_path / "s.csv", cells(complaint="no", complaint_text="Toch"))).n_replaced == 1
    assert answers_of(only_case())["complaint_text"] == "Toch"


def test_one_refused_row_stores_nothing_of_any_row(wave: str, tmp_path: Path) -> None:
    before = everything()
    heard: list[str] = []
    path = write_csv(tmp_path / "r.csv", cells(), cells(case_ref="C2", grade="11"), cells(case_ref="C3", mode="post"))
    with pytest.raises(Invalid, match=r"r.csv, row 3, column «grade»: «11» .* \(and 1 more\); nothing was stored$"):
        import_file(path, "werkpad", wave, say=heard.append, advance=id)
    assert [sentence.partition(", ")[2] for sentence in heard] == [
        "row 4, column «mode»: «post» is not known; write web or phone or paper"
    ]
    assert everything() == before


def test_a_reference_may_stand_in_one_row_only(wave: str, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="row 3, column «case_ref»: «A 1» stands in row 2 too"):
        bring_in(write_csv(tmp_path / "r.csv", cells(case_ref="A 1"), cells(case_ref="A  1", grade="8")))


@pytest.mark.parametrize("column", sorted(ABOUT))
def test_every_fixed_column_must_be_there(wave: str, tmp_path: Path, column: str) -> None:
    row = cells()
    del row[column]
    with pytest.raises(Invalid, match=f"has no column «{column}»; a responses file has case_ref, kind, "):
        bring_in(write_csv(tmp_path / "r.csv", row))


def test_an_unknown_column_is_refused_only_when_something_stands_in_it(wave: str, tmp_path: Path) -> None:
    bring_in(write_csv(tmp_path / "r.csv", cells(oud=""), cells(case_ref="C2")))
    with pytest.raises(Invalid, match="row 3, column «oud»: «arbeid-2022» in regular wording has no such question"):
        bring_in(write_csv(tmp_path / "s.csv", cells(case_ref="C3"), cells(case_ref="C4", oud="x")))


def test_an_interview_by_another_mode_is_never_replaced(wave: str, tmp_path: Path) -> None:
    bring_in(write_csv(tmp_path / "r.csv", cells(mode="web")))
    before = everything()
    with pytest.raises(Conflict, match="row 2: «C0001» answered by web already, and a case has one interview"):
        bring_in(write_csv(tmp_path / "s.csv", cells(mode="phone"), cells(case_ref="C2")))
    assert everything() == before


def test_a_finished_interview_is_never_replaced_by_an_unfinished_one(wave: str, tmp_path: Path) -> None:
    bring_in(write_csv(tmp_path / "r.csv", cells(completed_at="")))
    assert bring_in(write_csv(tmp_path / "r.csv", cells())).n_replaced == 1
    with pytest.raises(Conflict, match="«C0001» has finished already"):
        bring_in(write_csv(tmp_path / "s.csv", cells(completed_at="", grade="3")))


def test_a_known_case_keeps_its_kind_and_service(wave: str, tmp_path: Path) -> None:
    bring_in(write_csv(tmp_path / "r.csv", cells()))
    with pytest.raises(Conflict, match="row 2: «C0001» is a client of service 9 in this wave"):
        bring_in(write_csv(tmp_path / "s.csv", cells(service="8")))


def test_a_reference_of_somebody_who_opted_out_stays_opted_out(wave: str, tmp_path: Path) -> None:
    bring_in(write_csv(tmp_path / "r.csv", cells()))
    with writing() as connection:
        opt_out(connection, only_case())
        for table in ("answer", "interview", "contact", "survey_case"):
            connection.execute(sa.text(f"DELETE FROM {table}"))
    bring_in(write_csv(tmp_path / "r.csv", cells()))
    with reading() as connection:
        assert connection.execute(sa.text("SELECT disposition FROM survey_case")).scalar_one() == "opted_out"


def test_an_unknown_wave_or_provider_is_named(wave: str, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "r.csv", cells())
    with pytest.raises(NotFound, match="there is no wave «2023»; there is: 2022"):
        bring_in(path, wave="2023")
    with pytest.raises(NotFound, match="there is no provider «elders»; there is: werkpad"):
        bring_in(path, provider="elders")


def test_more_rows_than_one_batch_are_all_stored(wave: str, tmp_path: Path) -> None:
    rows = [cells(case_ref=f"C{n}", grade=str(n % 10 + 1)) for n in range(1, 1202)]
    assert bring_in(write_csv(tmp_path / "r.csv", *rows)).n_new == 1201
    with reading() as connection:
        total = table_of(connection, "werkpad", wave).total
        assert connection.scalar(sa.text("SELECT count(*) FROM answer")) == 1201 * 16
    assert (total.net_sample, total.completed, total.tally.grades.n) == (1201, 1201, 1201)
