"""`responses export`: what counts, in the shape of the import, unchanged on the way round."""

import json
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.collection import versions
from app.database import writing
from app.definition.questionnaire import Questionnaire
from app.questions.question import Question, clean
from app.results.exports.interviews import Choice
from app.results.responses.export import FileFormat, export_file
from app.settings import ROOT
from tests.factories.fieldwork import make_provider, make_wave
from tests.factories.responses import ABOUT, bring_in, cells, read_csv, write_csv

DATA = ROOT / "app" / "results" / "worked_examples"


def take_out(path: Path, provider: str | None = "werkpad", file_format: FileFormat = "csv", wave: str = "2022") -> Path:
    everything = Choice(wave, provider, "reference", "all")
    export_file(path, everything, file_format, actor="command", advance=lambda n_done, n_total: None)
    return path


@pytest.fixture
def folder(database: str, tmp_path: Path) -> Path:
    """A folder; the wave 2022 with two providers stands in the database."""
    make_wave("2022", date(2022, 1, 1), date(2022, 12, 31))
    make_provider("Werkpad")
    make_provider("Ander")
    return tmp_path


def test_the_header_has_the_fixed_columns_and_then_every_variable(folder: Path) -> None:
    bring_in(write_csv(folder / "r.csv", cells()))
    header = take_out(folder / "e.csv").read_text().splitlines()[0].split(";")
    assert header[:7] == ["case_ref", "kind", "service", "questionnaire", "wording", "mode", "completed_at"]
    assert header[7:13] == [
        "training_kind",
        "training_kind.other",
        "training_form",
        "diagnosis_kind.medical",
        "diagnosis_kind.psychological",
        "diagnosis_kind.labour_expert",
    ]
    assert len(header) == len(set(header))


def test_a_wave_without_interviews_gives_a_file_with_a_header_only(folder: Path) -> None:
    assert take_out(folder / "e.csv").read_text() == ";".join(ABOUT) + "\n"
    assert json.loads(take_out(folder / "e.json", file_format="json").read_text()) == []


def test_only_answers_on_the_route_are_exported(folder: Path) -> None:
    bring_in(
        write_csv(folder / "r.csv", cells(had_contact="no", complaint="no", complaint_text="Nee toch", grade="7,5"))
    )
    (row,) = read_csv(take_out(folder / "e.csv"))
    assert (row["intake"], row["complaint_text"], row["had_contact"], row["grade"]) == ("", "", "no", "7,5")


def test_words_with_an_option_that_was_not_chosen_are_not_exported(folder: Path) -> None:
    bring_in(write_csv(folder / "r.csv", cells(reason="municipality", reason__other="Vergeten")))
    (row,) = read_csv(take_out(folder / "e.csv"))
    assert (row["reason"], row["reason.other"]) == ("municipality", "")


def test_a_question_passed_without_an_answer_is_an_empty_cell_and_no_difference(folder: Path) -> None:
    bring_in(write_csv(folder / "r.csv", cells(grade="8")))
    with writing() as connection:
        connection.execute(sa.text("UPDATE answer SET value = NULL WHERE code = 'grade'"))
    exported = take_out(folder / "e.csv")
    assert read_csv(exported)[0]["grade"] == ""
    assert bring_in(exported).n_unchanged == 1


def test_moments_are_those_of_the_clock_on_the_wall(folder: Path) -> None:
    rows = [cells(completed_at="2022-07-01T08:00:00Z"), cells(case_ref="C2", completed_at="")]
    bring_in(write_csv(folder / "r.csv", *rows))
    assert [row["completed_at"] for row in read_csv(take_out(folder / "e.csv"))] == ["2022-07-01T10:00:00+02:00", ""]


@pytest.mark.parametrize("provider", ["iskander", "ivio-opleidingen", "nt2-digitaal"])
def test_every_cell_of_a_given_file_comes_out_again(database: str, tmp_path: Path, provider: str) -> None:
    expected = json.loads((DATA / provider / "published.json").read_text())
    make_wave(expected["wave"], date.fromisoformat(expected["start"]), date.fromisoformat(expected["end"]))
    make_provider(provider)
    given_rows = read_csv(DATA / provider / "responses.csv")
    bring_in(DATA / provider / "responses.csv", provider, expected["wave"])
    exported = read_csv(take_out(tmp_path / "e.csv", None, wave=expected["wave"]))
    assert [{name: row.get(name, "") for name in given_rows[0]} for row in exported] == given_rows


def test_several_providers_together_are_told_apart_and_can_be_read_back_one_by_one(folder: Path) -> None:
    bring_in(write_csv(folder / "r.csv", cells(grade="7")), "werkpad")
    bring_in(write_csv(folder / "r.csv", cells(grade="8")), "ander")
    both = read_csv(take_out(folder / "e.csv", None))
    assert [(row["provider"], row["case_ref"], row["grade"]) for row in both] == [
        ("ander", "C0001", "8"),
        ("werkpad", "C0001", "7"),
    ]
    assert "provider" not in read_csv(take_out(folder / "e.csv", "ander"))[0]
    assert bring_in(write_csv(folder / "s.csv", both[1]), "werkpad").n_unchanged == 1


def test_after_a_purge_a_case_is_called_by_its_random_id_and_is_found_by_it(folder: Path) -> None:
    bring_in(write_csv(folder / "r.csv", cells(), cells(case_ref="C2")))
    with writing() as connection:
        connection.execute(sa.text("DELETE FROM contact"))
        ids = sorted(map(str, connection.scalars(sa.text("SELECT id FROM survey_case"))))
    exported = take_out(folder / "e.csv")
    assert [row["case_ref"] for row in read_csv(exported)] == ids
    done = bring_in(exported)
    assert (done.n_unchanged, done.n_cases) == (2, 0)
    bring_in(exported, "ander")
    assert take_out(folder / "f.csv", "ander").read_bytes() == exported.read_bytes()


def test_an_export_taken_in_again_changes_nothing_even_when_more_was_stored(folder: Path) -> None:
    bring_in(write_csv(folder / "r.csv", cells(had_contact="no")))
    assert bring_in(take_out(folder / "e.csv")).n_unchanged == 1


hostile = st.one_of(
    st.sampled_from(
        ["=cmd|' /C calc'!A0", "'s ochtends", "''", "-5 graden", '"', "a;b", "a\r\nb", "\ttab", "@x", "１"]
    ),
    st.text(max_size=12),
)


def answered(question: Question) -> st.SearchStrategy[dict[str, str]]:
    """Cells that a respondent could have given to a question, empty ones included."""
    codes = [option.code for option in question.options]
    if question.type == "open":
        return hostile.map(clean).map(lambda text: {question.code: text})
    if question.type == "grade":
        return st.integers(10, 100).map(lambda n: {question.code: f"{n // 10},{n % 10}".removesuffix(",0")})
    if question.type == "multiple":
        chosen = st.sets(st.sampled_from(codes)).filter(
            lambda picked: len(picked) < 2 or not any(o.exclusive for o in question.options if o.code in picked)
        )
        return chosen.map(lambda picked: question.to_cells({question.code: " ".join(c for c in codes if c in picked)}))
    other = hostile.map(clean) if any(option.other for option in question.options) else st.just("")
    one = st.sampled_from([*codes, ""])
    return st.tuples(one, other).map(
        lambda pair: {question.code: pair[0]} | ({f"{question.code}.other": pair[1]} if pair[1] else {})
    )


@st.composite
def interviews(draw: st.DrawFn) -> list[dict[str, str]]:
    """Rows of any answers whatever, on and off the route, to both wordings."""
    rows = []
    for number in range(draw(st.integers(1, 3))):
        wording = draw(st.sampled_from(["regular", "low_threshold"]))
        questionnaire: Questionnaire = versions.current("arbeid-2022").wordings[wording]
        row = ABOUT | {
            "case_ref": draw(st.sampled_from(["", "=", "-", "+1 ", "C"])) + str(number),
            "wording": wording,
            "mode": draw(st.sampled_from(["web", "phone", "paper"])),
            "service": draw(st.sampled_from(["1", "3", "6", "9", "12"])),
            "completed_at": draw(st.sampled_from(["", "2022-10-30T02:30:00+01:00", "2022-10-30T02:30:00.25+02:00"])),
        }
        for question in questionnaire.questions():
            row |= draw(answered(question))
        rows.append(row)
    return rows


@given(rows=interviews())
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_file_goes_round_unchanged(folder: Path, rows: list[dict[str, str]]) -> None:
    with writing() as connection:
        for table in ("answer", "interview", "contact", "survey_case"):
            connection.execute(sa.text(f"DELETE FROM {table}"))
    (folder / "r.json").write_text(json.dumps(rows))
    bring_in(folder / "r.json", "werkpad")
    as_csv, as_json = take_out(folder / "a.csv"), take_out(folder / "a.json", file_format="json")
    bring_in(as_csv, "ander")
    assert take_out(folder / "b.csv", "ander").read_bytes() == as_csv.read_bytes()
    assert take_out(folder / "b.json", "ander", "json").read_bytes() == as_json.read_bytes()
    assert bring_in(as_json, "ander").n_unchanged == len(rows)
    assert bring_in(as_csv, "werkpad").n_unchanged == len(rows)
