"""The front page: provinces, mean grade, the best staff aspect and four relatively good aspects."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.database import reading, writing
from app.results.figures.front_page import FrontPage, front_page
from tests.factories.fieldwork import make_provider, make_wave
from tests.factories.responses import bring_in, cells, write_csv


def set_up(folder: Path, min_n: int = 1, **answers: list[dict[str, str]]) -> None:
    make_wave("2022", date(2022, 1, 1), date(2022, 12, 31), {"min_n": min_n})
    for provider, rows in answers.items():
        make_provider(provider)
        numbered = [cells(case_ref=f"{provider}-{n}", **row) for n, row in enumerate(rows)]
        bring_in(write_csv(folder / f"{provider}.csv", *numbered), provider)


def page(provider: str = "werkpad") -> FrontPage:
    with reading() as connection:
        return front_page(connection, "2022", provider)


def test_the_four_aspects_with_the_largest_difference_come_first(database: str, tmp_path: Path) -> None:
    good = {"rights": "satisfied", "duties": "satisfied", "wishes": "satisfied", "intake": "satisfied"}
    bad = dict.fromkeys((*good, "respect"), "dissatisfied")
    set_up(tmp_path, werkpad=[good, good | {"duties": "dissatisfied"}], loopbaan=[bad, bad])
    found = page().good
    assert [aspect.code for aspect in found] == ["intake", "wishes", "rights", "respect"]
    assert (found[0].share, found[0].benchmark_share, found[0].pct) == (100, 50, 100)


def test_equal_differences_are_ordered_by_own_share(database: str, tmp_path: Path) -> None:
    set_up(tmp_path, werkpad=[{"rights": "dissatisfied"}, {}])
    found = page().good
    assert [aspect.difference for aspect in found] == [0, 0, 0, 0]
    assert "rights" not in [aspect.code for aspect in found]


def test_the_best_staff_aspect_comes_with_its_five_options(database: str, tmp_path: Path) -> None:
    row = {"respect": "satisfied", "information": "very_satisfied", "what_matters": "dissatisfied"}
    set_up(tmp_path, werkpad=[row, row | {"what_matters": "satisfied"}])
    best = page().best
    assert best is not None and best.code == "information"
    assert [bar.pct for bar in best.bars] == [100, 0, 0, 0, 0]


def test_the_mean_is_that_of_all_clients_and_never_hidden(database: str, tmp_path: Path) -> None:
    set_up(tmp_path, min_n=5, werkpad=[{"grade": "7,5"}, {"grade": "8"}])
    made = page()
    assert (made.mean, made.n_grades) == (Fraction(31, 4), 2)
    assert (made.best, made.good) == (None, ())


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ({"Utrecht": 9, "Drenthe": 6}, {"Utrecht": 9, "Drenthe": 6}),
        ({"Utrecht": 9, "Drenthe": 6, "Zeeland": 1}, {"Utrecht": 9, "Drenthe": None, "Zeeland": None}),
        ({"Utrecht": 9, "Zeeland": 1}, {"Utrecht": None, "Zeeland": None}),
    ],
)
def test_a_small_province_is_hidden_with_another_one(
    database: str, tmp_path: Path, counts: dict[str, int], told: dict[str, int | None]
) -> None:
    set_up(tmp_path, min_n=5, werkpad=[{} for _ in range(sum(counts.values()))])
    where = iter([province for province, n in counts.items() for _ in range(n)])
    with writing() as connection:
        for case_id in connection.scalars(sa.text("SELECT id FROM survey_case")).all():
            values = {"province": next(where), "id": case_id}
            connection.execute(sa.text("UPDATE survey_case SET province = :province WHERE id = :id"), values)
    assert page().provinces == told
