"""The draw: the right number, reproducible, and fair."""

from collections import Counter
from pathlib import Path

import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from app.database import reading, writing
from app.encryption import decrypt
from app.fieldwork.delivery.sampling import left_out
from app.fieldwork.tables import Case, Contact
from tests.factories.deliveries import case_of, client, commissioner, deliver
from tests.factories.fieldwork import make_provider, make_wave

_case = Case.__table__  # type: ignore[attr-defined]
_contact = Contact.__table__  # type: ignore[attr-defined]

members = st.dictionaries(st.integers(1, 13), st.lists(st.integers(0, 500), unique=True, max_size=30), max_size=4)
numbers = st.dictionaries(st.integers(1, 13), st.integers(0, 20))


@given(members, numbers, numbers)
def test_every_service_keeps_as_many_as_there_are_places(
    candidates: dict[int, list[int]], before: dict[int, int], most: dict[int, int]
) -> None:
    candidates = {service: [service * 1000 + one for one in found] for service, found in candidates.items()}
    outside = left_out(candidates, before, most, "seed")
    for service, found in candidates.items():
        n_kept = len(set(found) - outside)
        n_places = max(0, most[service] - before.get(service, 0)) if service in most else len(found)
        assert n_kept == min(len(found), n_places)
    assert outside <= {one for found in candidates.values() for one in found}
    assert outside == left_out(candidates, before, most, "seed")


def test_everybody_has_the_same_chance() -> None:
    n_draws, n_drawn = 4000, Counter[int]()
    for seed in range(n_draws):
        n_drawn.update(set(range(10)) - left_out({9: range(10)}, {}, {9: 3}, str(seed)))
    assert all(abs(n_drawn[one] / n_draws - 0.3) < 0.04 for one in range(10))


def test_a_wave_maximum_draws_a_sample_and_later_deliveries_keep_it(database: str, tmp_path: Path) -> None:
    make_provider()
    make_wave("klein", rules={"max_sample": {"9": "10"}}, seed=7)
    first = [client() for _ in range(8)]
    second = [client() for _ in range(30)] + [client(dienst="8") for _ in range(12)] + [commissioner()]
    assert deliver(tmp_path, *first, wave="klein").n_not_sampled == 0
    done = deliver(tmp_path, *second, wave="klein")
    assert (done.n_new, done.n_not_sampled) == (43, 28)
    assert all(case_of(row["klantnummer"])["disposition"] == "open" for row in first)
    assert deliver(tmp_path, client(), wave="klein").n_not_sampled == 1
    with reading() as connection:
        condition = sa.and_(_case.c.service == 9, _case.c.disposition == "open")
        assert connection.scalar(sa.select(sa.func.count()).select_from(_case).where(condition)) == 10


def test_the_same_seed_and_file_draw_the_same_sample(database: str, tmp_path: Path) -> None:
    make_provider()
    rows = [client() for _ in range(40)]
    drawn = {}
    for label, seed in (("a", 7), ("b", 7), ("c", 8)):
        make_wave(label, rules={"max_sample": {"9": "10"}}, seed=seed)
        deliver(tmp_path, *rows, wave=label)
        with reading() as connection:
            found = connection.scalars(
                sa.select(_contact.c.reference)
                .join(_case, _case.c.id == _contact.c.case_id)
                .where(_case.c.disposition == "open")
            )
            drawn[label] = {decrypt(reference) for reference in found}
        with writing() as connection:
            connection.execute(sa.delete(_contact))
            connection.execute(sa.delete(_case))
    assert len(drawn["a"]) == 10
    assert drawn["a"] == drawn["b"] != drawn["c"]
