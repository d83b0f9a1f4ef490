"""Small groups: nothing about fewer than `min_n` people is told, nor can it be worked out from what is told."""

import random
from datetime import date
from pathlib import Path

import pytest

from app.database import reading
from app.results.disclosure.pieces import pieces_of, told_parts
from app.results.disclosure.wave import release
from app.results.figures.counts import Cell, Filter
from app.results.figures.figure import Figure
from app.results.figures.sections import sections_of
from tests.drills import solving
from tests.factories.fieldwork import make_provider, make_wave
from tests.factories.responses import bring_in, cells, write_csv

MIXED = {"good": 1, "bad": 1}


def people(n: int) -> dict[str, int]:
    """People who do not all agree, as far as there are several."""
    return {"good": n - n // 2, "bad": n // 2}


def services(**n: int) -> dict[Cell, dict[str, int]]:
    return {Cell(int(name[1:])): people(count) for name, count in n.items()}


def told(**n: int) -> set[int]:
    """The services of which figures are told; 0 = the total."""
    known = pieces_of(services(**n), 5)
    found = {cell.service for cell in known.sizes if known.tells(Filter(cell.service))}
    return found | ({0} if known.tells(Filter()) else set())


def test_a_provider_with_too_few_answers_tells_nothing() -> None:
    assert told(s1=4) == set()
    assert told(s1=2, s3=2) == set()


def test_a_small_service_takes_the_smallest_other_one_into_hiding() -> None:
    assert told(s1=9, s3=6, s5=3) == {0, 1}
    assert told(s1=9, s3=6, s5=6) == {0, 1, 3, 5}


def test_two_small_services_hide_one_another_when_together_they_are_enough() -> None:
    assert told(s1=9, s3=3, s5=2) == {0, 1}


def test_what_is_left_over_may_not_be_too_small_either() -> None:
    assert told(s1=9, s3=3) == {0}


def test_min_n_1_tells_everything() -> None:
    known = pieces_of(services(s1=1, s3=2), 1)
    assert all(known.tells(Filter(service)) for service in (None, 1, 3))


def test_a_rest_in_which_all_agree_is_not_left_over() -> None:
    mixed = {Cell(1): people(9), Cell(3): people(3), Cell(5): people(3)}
    assert pieces_of(mixed, 5).tells(Filter(1))
    agreed = {Cell(1): people(9), Cell(3): {"good": 3}, Cell(5): {"good": 3}}
    assert not pieces_of(agreed, 5).tells(Filter(1))


def test_a_filter_is_told_only_when_it_cuts_no_small_piece_off() -> None:
    cut = {Cell(1, "regular"): people(8), Cell(1, "low"): people(2), Cell(3, "regular"): people(9)}
    known = pieces_of(cut, 5)
    assert [known.tells(Filter(1)), known.tells(Filter(3)), known.tells(Filter(None, "low"))] == [True, True, False]
    assert not known.tells(Filter(1, "regular"))
    assert known.tells(Filter(3, "regular"))  # it is the same as service 3


def test_what_is_told_does_not_depend_on_the_order_of_the_data() -> None:
    data = services(s1=5, s3=5, s5=5, s7=3, s9=4)
    decided = []
    for seed in range(5):
        shuffled = list(data.items())
        random.Random(seed).shuffle(shuffled)
        decided.append({cell.service for cell in data if pieces_of(dict(shuffled), 5).tells(Filter(cell.service))})
    assert decided == [decided[0]] * 5


def test_the_benchmark_leaves_out_a_single_small_provider() -> None:
    known = release({1: services(s1=9), 2: services(s1=8), 3: services(s1=3)}, 5)
    assert (known.small, known.has_small) == ({3}, False)
    assert known.tellers(Filter()) == {1, 2}


def test_several_small_providers_hide_one_another_in_the_benchmark() -> None:
    known = release({1: services(s1=9), 2: services(s1=4), 3: services(s1=3)}, 5)
    assert known.has_small and known.is_whole(Filter())


def test_a_service_of_the_benchmark_holds_hidden_cells_when_they_hide_one_another() -> None:
    lonely = {1: services(s1=9, s3=3, s5=6), 2: services(s3=20)}
    assert 3 not in release(lonely, 5).full_services
    together = {key: services(s1=9, s3=3, s5=6) for key in range(1, 5)}
    assert {1, 3, 5} <= release(together, 5).full_services


def test_parts_of_a_known_whole_are_told_in_the_same_way() -> None:
    assert told_parts({"Utrecht": 20, "Drenthe": 6, "Zeeland": 1}, 5) == {
        "Utrecht": 20,
        "Drenthe": None,
        "Zeeland": None,
    }


def test_nobody_can_work_out_what_is_hidden_in_a_hundred_made_up_waves() -> None:
    assert solving.n_solved(100) == 0


def test_without_complementary_cells_the_solver_does_work_things_out() -> None:
    assert solving.n_solved(30, is_careless=True) > 10


# through the database


def answer(folder: Path, provider: str, *rows: dict[str, str]) -> None:
    numbered = [cells(**row) | {"case_ref": f"{provider}-{n}"} for n, row in enumerate(rows)]
    bring_in(write_csv(folder / f"{provider}.csv", *numbered), provider)


def figure(code: str, provider: str | None = "werkpad", **wanted: object) -> Figure:
    with reading() as connection:
        sections = sections_of(connection, "2022", provider, **wanted)  # type: ignore[arg-type]
    return next(one for section in sections for one in section.figures if one.code == code)


@pytest.fixture
def wave(database: str) -> str:
    make_wave("2022", date(2022, 1, 1), date(2022, 12, 31))
    for name in ("Werkpad", "Loopbaan", "Klein"):
        make_provider(name)
    return "2022"


def grades(*given: int, service: str = "9") -> list[dict[str, str]]:
    return [{"grade": str(grade), "service": service} for grade in given]


def test_a_figure_of_four_people_tells_nothing_but_the_least_number(wave: str, tmp_path: Path) -> None:
    answer(tmp_path, "werkpad", *grades(7, 8, 9, 6))
    hidden = figure("grade.distribution")
    assert (hidden.is_hidden, hidden.n, hidden.bars, hidden.benchmark_n, hidden.min_n) == (True, 0, (), 0, 5)
    assert hidden.verdict is None
    answer(tmp_path, "werkpad", *grades(7, 8, 9, 6, 5))
    assert figure("grade.distribution").n == 5


def test_the_mean_of_a_small_service_and_its_partner_are_hidden(wave: str, tmp_path: Path) -> None:
    rows = [*grades(7, 8, 9, 6, 5, 4, 8, 8, 9), *grades(7, 8, 6, service="5"), *grades(9, 9, 8, service="3")]
    answer(tmp_path, "werkpad", *rows)
    bars = {bar.code: (bar.n, bar.mean is None) for bar in figure("grade").bars}
    assert bars == {"total": (15, False), "9": (9, False), "5": (None, True), "3": (None, True)}
    assert figure("grade").note is not None


def test_the_benchmark_does_not_give_the_only_small_provider_away(wave: str, tmp_path: Path) -> None:
    answer(tmp_path, "werkpad", *grades(7, 8, 9, 6, 5))
    answer(tmp_path, "loopbaan", *grades(7, 8, 9, 6, 5, 5))
    answer(tmp_path, "klein", *grades(1, 2))
    assert figure("grade.distribution").benchmark_n == 11
    assert figure("grade.distribution", None).n == 11
    assert figure("grade.distribution", "klein").is_hidden


def test_a_wave_with_one_small_provider_has_no_benchmark(wave: str, tmp_path: Path) -> None:
    answer(tmp_path, "klein", *grades(1, 2))
    assert figure("grade", "klein").is_hidden
    assert figure("grade", None).is_hidden


def test_a_filter_over_the_benchmark_is_the_sum_of_what_is_told(wave: str, tmp_path: Path) -> None:
    easy = [row | {"wording": "low_threshold"} for row in grades(3, 4, 3, 4, 3)]
    answer(tmp_path, "werkpad", *grades(7, 8, 9, 6, 5), *easy)
    answer(tmp_path, "loopbaan", *grades(7, 8, 9, 6, 5, 5), *easy[:2])
    made = figure("grade.distribution", wording="low_threshold")
    assert (made.n, made.benchmark_n) == (5, 5)  # the two of loopbaan cannot be told
    assert figure("grade.distribution", "loopbaan", wording="low_threshold").is_hidden
