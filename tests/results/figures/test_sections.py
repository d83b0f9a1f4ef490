"""The figures of a provider: every kind of question, with n and benchmark, from answers in the database."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from app.collection import versions
from app.database import reading
from app.errors import NotFound
from app.results.figures.figure import Figure, Section
from app.results.figures.sections import sections_of
from tests.factories.fieldwork import make_provider, make_wave
from tests.factories.responses import bring_in, cells, write_csv


@pytest.fixture
def wave(database: str) -> str:
    """The wave 2022, in which small groups are told, with the providers werkpad and loopbaan."""
    make_wave("2022", date(2022, 1, 1), date(2022, 12, 31), {"min_n": 1})
    make_provider("Werkpad")
    make_provider("Loopbaan")
    return "2022"


def sections(provider: str | None = "werkpad", **wanted: object) -> list[Section]:
    with reading() as connection:
        return sections_of(connection, "2022", provider, **wanted)  # type: ignore[arg-type]


def figure(code: str, provider: str | None = "werkpad", group: str = "clients", **wanted: object) -> Figure:
    section = next(one for one in sections(provider, **wanted) if one.group == group)
    return next(one for one in section.figures if one.code == code)


def answer(folder: Path, provider: str, *rows: dict[str, str]) -> None:
    """Interviews as rows of a responses file; the references follow from the rows' order."""
    numbered = [
        (row if "kind" in row else cells(**row)) | {"case_ref": f"{provider}-{n}"} for n, row in enumerate(rows)
    ]
    bring_in(write_csv(folder / f"{provider}.csv", *numbered), provider)


def commissioner(**answers: str) -> dict[str, str]:
    return {
        "kind": "commissioner",
        "service": "",
        "questionnaire": "opdrachtgevers",
        "wording": "regular",
        "mode": "web",
        "completed_at": "2022-12-02T10:00:00+01:00",
    } | answers


def test_a_choice_tells_people_and_whole_percentages_that_add_up_to_100(wave: str, tmp_path: Path) -> None:
    answer(tmp_path, "werkpad", {"expectation": "above"}, {"expectation": "below"}, {"expectation": "no_expectation"})
    answer(tmp_path, "loopbaan", {"expectation": "above"}, {})
    made = figure("expectation")
    assert (made.kind, made.n, made.benchmark_n) == ("choice", 3, 4)
    assert [(bar.code, bar.n, bar.pct, bar.benchmark_pct) for bar in made.bars] == [
        ("above", 1, 34, 50),
        ("as_expected", 0, 0, 0),
        ("below", 1, 33, 25),
        ("no_expectation", 1, 33, 25),
    ]
    assert made.bars[0].label == "Beter dan ik verwachtte"


def test_the_question_is_told_as_it_was_asked(wave: str, tmp_path: Path) -> None:
    answer(tmp_path, "werkpad", {"recommended": "yes"})
    assert figure("recommended").question == "Heeft u Werkpad aan anderen aanbevolen?"
    assert figure("recommended", None).question == "Heeft u de dienstverlener aan anderen aanbevolen?"


def test_satisfaction_runs_from_best_to_worst_with_no_opinion_last(wave: str, tmp_path: Path) -> None:
    answer(tmp_path, "werkpad", {"respect": "very_satisfied"}, {"respect": "no_opinion"})
    made = figure("respect")
    assert made.kind == "satisfaction"
    assert [bar.code for bar in made.bars][0::4] == ["very_satisfied", "no_opinion"]
    assert [bar.pct for bar in made.bars] == [50, 0, 0, 0, 50]


def test_several_choices_are_shares_of_people_and_may_exceed_100(wave: str, tmp_path: Path) -> None:
    answer(
        tmp_path,
        "werkpad",
        {"contact_ways__phone": "1", "contact_ways__email": "1"},
        {"contact_ways__phone": "1", "contact_ways__email": "0"},
        {},
    )
    made = figure("contact_ways")
    assert (made.kind, made.n) == ("choices", 2)
    assert {bar.code: (bar.n, bar.pct) for bar in made.bars if bar.n} == {"phone": (2, 100), "email": (1, 50)}
    assert made.note is not None


def test_the_mean_is_exact_for_all_and_per_service(wave: str, tmp_path: Path) -> None:
    answer(tmp_path, "werkpad", {"grade": "7,5"}, {"grade": "8"}, {"grade": "6", "service": "5"})
    answer(tmp_path, "loopbaan", {"grade": "9", "service": "5"})
    made = figure("grade")
    assert [(bar.code, bar.n, bar.mean, bar.benchmark_mean) for bar in made.bars] == [
        ("total", 3, Fraction(43, 6), Fraction(61, 8)),
        ("5", 1, Fraction(6), Fraction(15, 2)),
        ("9", 2, Fraction(31, 4), Fraction(31, 4)),
    ]
    assert [bar.label for bar in made.bars][:2] == ["Totaal", "Jobcoaching"]


def test_decimals_are_rounded_half_up_in_the_distribution_and_a_note_says_so(wave: str, tmp_path: Path) -> None:
    answer(tmp_path, "werkpad", {"grade": "7,5"}, {"grade": "8"}, {"grade": "7,4"}, {"grade": "1"})
    made = figure("grade.distribution")
    assert (made.kind, made.n, len(made.bars)) == ("grade_distribution", 4, 10)
    assert {bar.code: bar.pct for bar in made.bars if bar.n} == {"1": 25, "7": 25, "8": 50}
    assert made.note is not None and "afgerond" in made.note.message


def test_answers_off_the_route_count_nowhere(wave: str, tmp_path: Path) -> None:
    answer(tmp_path, "werkpad", {"complaint": "no", "complaint_solved": "yes"}, {"complaint": "yes"})
    codes = {one.code for one in sections()[0].figures}
    assert "complaint" in codes and "complaint_solved" not in codes


def test_an_interview_that_is_not_usable_counts_nowhere(wave: str, tmp_path: Path) -> None:
    answer(tmp_path, "werkpad", {"grade": "8"}, {"grade": "2", "respect": ""})
    assert figure("grade").n == 1


def test_both_wordings_fall_in_one_figure_and_can_be_told_apart(wave: str, tmp_path: Path) -> None:
    answer(tmp_path, "werkpad", {"grade": "8"}, {"grade": "6", "wording": "low_threshold"})
    assert figure("grade").n == 2
    assert figure("grade", wording="low_threshold").bars[0].mean == 6
    assert figure("grade", mode="web").n == 2
    assert sections(mode="phone") == []


def test_a_filter_holds_for_the_benchmark_too(wave: str, tmp_path: Path) -> None:
    answer(tmp_path, "werkpad", {"grade": "8"}, {"grade": "6", "service": "5"})
    answer(tmp_path, "loopbaan", {"grade": "10", "service": "5"}, {"grade": "1"})
    made = figure("grade", service=5)
    assert (made.n, made.benchmark_n, made.bars[0].mean, made.bars[0].benchmark_mean) == (1, 2, 6, 8)
    assert len(made.bars) == 1


def test_commissioners_have_grades_per_item_and_sums_per_service(wave: str, tmp_path: Path) -> None:
    answer(
        tmp_path,
        "werkpad",
        commissioner(grade="8", contact="7,5", expertise="9", persons_5="40", persons_8="3"),
        commissioner(grade="6", contact="8", persons_5="2"),
    )
    assert [one.group for one in sections()] == ["commissioners"]
    items = figure("grades_items", group="commissioners")
    assert (items.kind, items.n) == ("grade", 2)
    assert [(bar.code, bar.n, bar.mean) for bar in items.bars] == [
        ("contact", 2, Fraction(31, 4)),
        ("expertise", 1, Fraction(9)),
    ]
    persons = figure("persons", group="commissioners")
    assert (persons.kind, persons.n) == ("counts", 2)
    assert [(bar.code, bar.n, bar.pct) for bar in persons.bars] == [("persons_5", 42, None), ("persons_8", 3, None)]


def test_inburgering_is_a_section_of_its_own_and_the_other_total_says_so(wave: str, tmp_path: Path) -> None:
    school = {
        "service": "11",
        "questionnaire": "inburgeren",
        "grade": "9",
        "case_ref": "i",
        "completed_at": "2022-12-02T10:00:00+01:00",
        "kind": "client",
        "wording": "regular",
        "mode": "web",
    }
    required = ("teacher_teaches", "teacher_answers", "someone_helps", "material", "feels_safe", "school_opinion")
    known = {q.code: q for q in versions.current("inburgeren").wordings["regular"].questions()}
    school |= {code: known[code].options[0].code for code in required}
    bring_in(write_csv(tmp_path / "i.csv", school), "werkpad")
    answer(tmp_path, "werkpad", {"grade": "7"})
    assert [one.group for one in sections()] == ["clients", "inburgering"]
    assert figure("grade").bars[0].label == "Totaal zonder inburgering"
    assert figure("grade", group="inburgering").bars[0].label == "Totaal"


def test_nobody_answered_so_there_is_no_section_at_all(wave: str, tmp_path: Path) -> None:
    answer(tmp_path, "loopbaan", {"grade": "7"})
    with pytest.raises(NotFound, match="takes no part"):
        sections("werkpad")
    answer(tmp_path, "werkpad", {"respect": ""})
    assert sections("werkpad") == []


def test_all_providers_together_have_no_benchmark(wave: str, tmp_path: Path) -> None:
    answer(tmp_path, "werkpad", {"grade": "7"})
    answer(tmp_path, "loopbaan", {"grade": "8"})
    made = figure("grade", None)
    assert (made.n, made.benchmark_n, made.verdict) == (2, 0, None)
    assert made.bars[0].mean == Fraction(15, 2)
