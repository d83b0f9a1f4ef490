"""How far a provider is from its norm and quota, and what follows when a quota is full."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from app.clock import now
from app.database import reading, writing
from app.fieldwork import dispositions, progress
from app.fieldwork.rules import Band, shipped_rules
from app.fieldwork.tables import Case, NormProgress
from tests.factories.cases import make_case, make_participation

_case = Case.__table__
_progress = NormProgress.__table__
QUOTA_OF_TWO = shipped_rules(date(2026, 1, 1)).model_copy(update={"phone_quota": 2}).model_dump(mode="json")


def counts(participation_id: int) -> dict[str, tuple[int, int, int]]:
    with reading() as connection:
        rows = connection.execute(sa.select(_progress).where(_progress.c.participation_id == participation_id)).all()
    return {row.norm_group: (row.n_net, row.n_finished, row.n_needed) for row in rows}


def recounted(participation_id: int) -> dict[str, tuple[int, int, int]]:
    with writing() as connection:
        progress.recount(connection, [participation_id])
    return counts(participation_id)


def disposition(case_id: int) -> str:
    with reading() as connection:
        return str(connection.scalar(sa.select(_case.c.disposition).where(_case.c.id == case_id)))


def finish(*case_ids: int) -> None:
    with writing() as connection:
        dispositions.report_finished(connection, case_ids)


def by_phone(participation_id: int, **case: Any) -> int:
    return make_case(participation_id, service=11, learning_profile=1, **case).case_id


@given(n_net=st.integers(0, 5000), pct=st.integers(0, 100), least=st.integers(0, 20), inclusive=st.booleans())
def test_what_is_needed_is_the_fewest_that_meets_the_norm(n_net: int, pct: int, least: int, inclusive: bool) -> None:
    wanted = progress.needed([Band(min_pct=Decimal(pct), min_completed=least)], n_net, inclusive=inclusive)

    def meets(n: int) -> bool:
        share, norm = Fraction(n * 100, n_net or 1), Fraction(pct)
        return n >= max(least, 1) and (share >= norm if inclusive else share > norm)

    if n_net:
        assert meets(wanted)
        assert not meets(wanted - 1)


def test_the_first_band_that_fits_applies() -> None:
    bands = (Band(net_max=20, min_pct=Decimal(50), min_completed=5), Band(min_pct=Decimal(40)))
    assert [progress.needed(bands, n, inclusive=True) for n in (4, 20, 21)] == [5, 10, 9]


def test_finishing_is_added_at_once_and_a_recount_agrees(database: str) -> None:
    here = make_participation()
    first, second, _ = (make_case(here).case_id for _ in range(3))
    quota = by_phone(here)
    boss = make_case(here, kind="commissioner", service=None).case_id
    assert recounted(here) == {"clients": (4, 0, 2), "commissioners": (1, 0, 1), "phone_quota": (1, 0, 50)}
    finish(first, second, quota, boss)
    added = counts(here)
    assert added == {"clients": (4, 3, 2), "commissioners": (1, 1, 1), "phone_quota": (1, 1, 50)}
    assert recounted(here) == added


def test_finishing_twice_counts_once(database: str) -> None:
    here = make_participation()
    case = make_case(here).case_id
    recounted(here)
    finish(case)
    finish(case)
    assert counts(here)["clients"] == (1, 1, 1)


def test_a_full_quota_gives_up_the_rest_at_once_and_who_was_called_stays_in_the_net_sample(database: str) -> None:
    here = make_participation(rules=QUOTA_OF_TWO)
    done, last, never, called = (by_phone(here) for _ in range(4))
    other = make_case(here, service=11, learning_profile=3).case_id
    with writing() as connection:
        progress.recount(connection, [here])
        dispositions.report_called(connection, called, now())
    finish(done)
    assert [disposition(case) for case in (never, called)] == ["open", "open"]
    finish(last)
    assert [disposition(case) for case in (never, called)] == ["quota_filled", "quota_filled_tried"]
    assert disposition(other) == "open"
    with reading() as connection:
        net = set(connection.scalars(sa.select(_case.c.id).where(dispositions.in_net_sample())))
    assert net == {done, last, called, other}
    assert counts(here)["phone_quota"] == (3, 2, 2)


def test_a_larger_quota_takes_them_back(database: str) -> None:
    here = make_participation(rules=QUOTA_OF_TWO)
    cases = [by_phone(here) for _ in range(3)]
    recounted(here)
    finish(*cases[:2])
    assert disposition(cases[2]) == "quota_filled"
    with writing() as connection:
        connection.exec_driver_sql("UPDATE participation SET phone_quota = 3")
        progress.recount(connection, [here])
        dispositions.settle_quotas(connection, [here])
    assert disposition(cases[2]) == "open"


def test_who_finishes_after_being_given_up_counts_again(database: str) -> None:
    here = make_participation(rules=QUOTA_OF_TWO)
    cases = [by_phone(here) for _ in range(3)]
    recounted(here)
    finish(*cases[:2])
    finish(cases[2])
    assert disposition(cases[2]) == "finished"
    assert counts(here)["phone_quota"] == (3, 3, 2)


@pytest.mark.parametrize("given_up", ["opted_out", "refused", "cannot"])
def test_who_refused_or_cannot_stays_so_after_finishing(database: str, given_up: str) -> None:
    case = make_case(disposition=given_up).case_id
    finish(case)
    assert disposition(case) == given_up


def test_a_disposition_that_leaves_the_net_sample_is_counted_at_once(database: str) -> None:
    here = make_participation()
    case, _ = make_case(here).case_id, make_case(here)
    recounted(here)
    with writing() as connection:
        dispositions.report(connection, [case], dispositions.UNDELIVERABLE)
    assert counts(here)["clients"] == (1, 0, 1)
    finish(case)
    assert counts(here)["clients"] == (2, 1, 1)


def test_a_code_that_says_less_changes_nothing_and_a_final_one_always_stands(database: str) -> None:
    case = make_case().case_id
    kept = []
    for code, is_final in (("3.13", False), ("2.112", False), ("3.13", False), ("2.20", False), ("2.31", True)):
        with writing() as connection:
            dispositions.report_call(connection, case, code, is_final=is_final)
            kept.append(connection.scalar(sa.select(_case.c.aapor)))
    assert kept == ["3.13", "2.112", "2.112", "2.112", "2.31"]
