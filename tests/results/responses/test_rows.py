"""One row of the responses file: what is accepted, and the column and reason when it is not."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from app.results.responses.rows import RowRefused, read_row
from app.settings import ROOT, settings
from tests.factories.responses import ABOUT, cells, typed
from tests.factories.rules import rules


def refused(**changed: str) -> str:
    with pytest.raises(RowRefused) as refusal:
        typed(**changed)
    return str(refusal.value)


@pytest.mark.parametrize(
    ("column", "cell", "reason"),
    [
        ("case_ref", "", "the reference must have 1 to 200 characters"),
        ("case_ref", "x" * 201, "the reference must have 1 to 200 characters"),
        ("case_ref", "123456782", "this is a citizen service number"),
        ("case_ref", "1234.56.782", "this is a citizen service number"),
        ("kind", "cliënt", "«cliënt» is not known; write client or commissioner"),
        ("service", "", "«» is no service of this wave; write one of 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13"),
        ("service", "14", "«14» is no service of this wave"),
        ("service", "9.0", "«9.0» is no service of this wave"),
        ("questionnaire", "arbeid-2021", "there is no questionnaire «arbeid-2021»"),
        ("questionnaire", "../arbeid-2022", "there is no questionnaire"),
        ("questionnaire", "inburgeren", "«inburgeren» is not for service 9"),
        ("wording", "", "«» is not known; write regular or low_threshold"),
        ("mode", "post", "«post» is not known; write web or phone or paper"),
        ("completed_at", "31-12-2022", "«31-12-2022» is no moment; write it like 2024-12-31T16:30:00+01:00"),
        ("completed_at", "2022-02-30T10:00:00+01:00", "is no moment"),
        ("completed_at", "2022-12-31T10:00:00", "has no time zone; add +01:00 (winter) or +02:00 (summer)"),
        ("completed_at", "9999-12-31T23:59:59-14:00", "is not in the years 1990-2099"),
        ("grade", "11", "«11» is not an answer to this question; write a number that the question allows"),
        ("grade", "7,50", "«7,50» is not an answer to this question"),
        ("grade", "7,55", "«7,55» is not an answer to this question"),
        ("grade", "NaN", "«NaN» is not an answer to this question"),
        ("had_contact", "ja", "«ja» is not an answer to this question; write yes, no, or leave it empty"),
        ("intake", "tevreden", "«tevreden» is not an answer to this question; write very_satisfied, satisfied"),
        ("benefit.ww", "ja", "«ja» is not an answer to this question; write 0, 1, or leave it empty"),
        ("remarks", "x" * 10_001, "this text has 10001 characters; 10000 is the most"),
        ("reason.other", "x" * 10_001, "this text has 10001 characters; 10000 is the most"),
        ("remark", "mooi", "«arbeid-2022» in regular wording has no such question; empty the cell"),
        ("provider", "elders", "this row is of «elders», the import is for «werkpad»"),
    ],
)
def test_a_wrong_cell_is_refused_with_its_column_and_the_way_to_mend_it(column: str, cell: str, reason: str) -> None:
    sentence = refused(**{column: cell})
    assert sentence.startswith(f"column «{column}»: ")
    assert reason in sentence


def test_a_commissioner_has_no_service_and_a_questionnaire_of_its_own() -> None:
    assert "a commissioner has no service" in refused(kind="commissioner")
    assert "«arbeid-2022» is for clients, this row is about a commissioner" in refused(kind="commissioner", service="")


def test_choices_that_do_not_go_together_are_refused() -> None:
    assert refused(benefit__none="1", benefit__ww="1") == (
        "column «benefit.none»: this choice does not go together with benefit.ww"
    )


def test_a_question_that_its_wording_leaves_out_is_refused() -> None:
    typed(service="1", training_kind="language")
    sentence = refused(service="1", training_kind="language", wording="low_threshold")
    assert "«arbeid-2022» in low_threshold wording has no such question" in sentence


@pytest.mark.parametrize("cell", ["7,5", "7.5"])
def test_decimals_have_a_comma_or_a_point(cell: str) -> None:
    assert typed(grade=cell).answers["grade"] == "7.5"


def test_answers_become_canonical_text_by_answer_code() -> None:
    response = typed(
        grade="8,0", benefit__ww="1", benefit__bijstand="0", benefit__other="1", benefit__other__text="Iets", reason=""
    )
    assert response.answers["grade"] == "8"
    assert response.answers["benefit"] == "ww other"
    assert response.answers["benefit.other"] == "Iets"
    assert "reason" not in response.answers
    assert response.finished_at == datetime(2022, 12, 2, 9, tzinfo=UTC)
    assert (response.case_ref, response.kind, response.service, response.mode) == ("C0001", "client", 9, "web")


def test_an_empty_moment_means_not_finished_and_all_zeros_mean_not_answered() -> None:
    response = typed(completed_at="", benefit__ww="0", benefit__none="0")
    assert response.finished_at is None
    assert "benefit" not in response.answers


def test_answers_off_the_route_are_taken_in() -> None:
    assert typed(had_contact="no").answers["intake"] == "satisfied"


def test_a_reference_is_written_as_in_a_delivery() -> None:
    assert typed(case_ref="A  1").case_ref == "A 1"


def test_grids_have_a_column_per_row_and_numbers_are_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PEILWIJS_QUESTIONNAIRES_FOLDER", str(ROOT / "tests" / "questionnaires"))
    settings.cache_clear()
    try:
        row = ABOUT | {"service": "1", "questionnaire": "grid", "reachability": "satisfied"}
        assert read_row(2, row, rules(), "werkpad").answers == {"reachability": "satisfied"}
        with pytest.raises(RowRefused, match="column «meeting_place»: «often» is not an answer"):
            read_row(2, row | {"meeting_place": "often"}, rules(), "werkpad")
        with pytest.raises(RowRefused, match="column «contact»: «grid» in regular wording has no such question"):
            read_row(2, row | {"contact": "satisfied"}, rules(), "werkpad")
        number = ABOUT | {"service": "1", "questionnaire": "number", "contact_count": "12"}
        assert read_row(2, number, rules(), "werkpad").answers == {"contact_count": "12"}
        with pytest.raises(RowRefused, match="column «contact_count»: «1,5» is not an answer"):
            read_row(2, number | {"contact_count": "1,5"}, rules(), "werkpad")
    finally:
        monkeypatch.undo()
        settings.cache_clear()


def test_a_full_row_is_usable() -> None:
    assert len(typed().answers) == 15
    assert Decimal(cells()["service"]) == 9
