"""The rates of AAPOR, from the vector of the specification to the command."""

import json
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from app.clock import now
from app.collection.tables import Answer, Interview, QuestionnaireVersion
from app.database import reading, writing
from app.fieldwork.aapor import CODES, GROUPS
from app.results.final_dispositions import final_codes
from app.results.rates import RATE_NAMES, Tally, rates, tally
from app.results.rates_formats import percentage
from tests.factories.cases import make_case, make_participation

VECTOR = Tally(i=4, p=2, r=1, nc=1, o=1, uh=1, uo=1, ne=1)
TALLIES = st.builds(Tally, **{group.lower(): st.integers(0, 50) for group in GROUPS})


def test_the_vector_of_the_specification() -> None:
    found = rates(VECTOR)
    shown = {name: percentage(found[name]) for name in ("RR1", "RR2", "RR5", "RR6")}
    assert shown == {"RR1": "36,4", "RR2": "54,5", "RR5": "44,4", "RR6": "66,7"}


def test_the_other_rates_of_the_same_vector() -> None:
    """By hand from the formulas: e = 9/10, so the estimated base is 9 + 0.9 × 2 = 10.8."""
    found = rates(VECTOR)
    assert VECTOR.e == Fraction(9, 10)
    assert {name: found[name] for name in RATE_NAMES if name not in ("RR1", "RR2", "RR5", "RR6")} == {
        "RR3": Fraction(4, 1) / Fraction(54, 5),
        "RR4": Fraction(6, 1) / Fraction(54, 5),
        "COOP1": Fraction(4, 8),
        "COOP2": Fraction(6, 8),
        "COOP3": Fraction(4, 7),
        "COOP4": Fraction(6, 7),
        "REF1": Fraction(1, 11),
        "REF2": Fraction(1, 1) / Fraction(54, 5),
        "REF3": Fraction(1, 9),
        "CON1": Fraction(8, 11),
        "CON2": Fraction(8, 1) / Fraction(54, 5),
        "CON3": Fraction(8, 9),
    }


@given(TALLIES)
def test_the_rates_keep_their_order_whatever_the_counts(of: Tally) -> None:
    found = rates(of)
    for smaller, larger in (
        ("RR1", "RR3"), ("RR3", "RR5"), ("RR2", "RR4"), ("RR4", "RR6"), ("RR1", "RR2"), ("RR3", "RR4"), ("RR5", "RR6"),
        ("COOP1", "COOP2"), ("COOP3", "COOP4"), ("COOP1", "COOP3"), ("REF1", "REF2"), ("REF2", "REF3"),
        ("CON1", "CON2"), ("CON2", "CON3"),
    ):  # fmt: skip
        left, right = found[smaller], found[larger]
        assert left is None or right is None or 0 <= left <= right <= 1, (smaller, larger)


def test_nobody_gives_no_rate_at_all() -> None:
    assert set(rates(Tally()).values()) == {None}


def test_every_code_has_a_group_and_is_counted_in_it() -> None:
    assert tally(CODES) == Tally(i=1, p=1, r=4, nc=3, o=6, uh=3, uo=2, ne=3)


def _interview(case_id: int, *, is_usable: bool, is_finished: bool, answer: str | None = "1") -> None:
    version = {"hash": "0" * 64, "name": "q", "source": "{}", "stored_at": now()}
    row = {"case_id": case_id, "version_hash": "0" * 64, "wording": "regular", "mode": "web", "language": "nl"}
    moments = {"started_at": now(), "changed_at": now(), "finished_at": now() if is_finished else None}
    answered = {"case_id": case_id, "code": "a", "value": answer, "mode": "web", "language": "nl", "wording": "regular"}
    with writing() as connection:
        if connection.execute(sa.select(QuestionnaireVersion.__table__)).first() is None:
            connection.execute(sa.insert(QuestionnaireVersion.__table__).values(version))
        connection.execute(sa.insert(Interview.__table__).values(**row, **moments, is_usable=is_usable))
        connection.execute(sa.insert(Answer.__table__).values(**answered, answered_at=now()))


CASES: list[tuple[dict[str, Any], dict[str, Any] | None, str | None]] = [
    ({"disposition": "finished"}, {"is_usable": True, "is_finished": True}, "1.1"),
    ({"aapor": "2.112"}, {"is_usable": True, "is_finished": False}, "1.2"),
    ({"disposition": "finished"}, {"is_usable": False, "is_finished": True}, "2.12"),
    ({}, {"is_usable": False, "is_finished": False}, "2.12"),
    ({}, {"is_usable": False, "is_finished": False, "answer": None}, "3.19"),
    ({"opened_at": now()}, None, "2.121"),
    ({"opened_at": now(), "aapor": "2.20"}, None, "2.20"),
    ({"disposition": "opted_out"}, None, "2.112"),
    ({"disposition": "refused", "aapor": "2.111"}, None, "2.111"),
    ({"disposition": "opted_out"}, {"is_usable": False, "is_finished": False}, "2.112"),
    ({"disposition": "cannot", "aapor": "2.31"}, None, "2.31"),
    ({"disposition": "undeliverable"}, None, "3.30"),
    ({"disposition": "undeliverable", "aapor": "4.32"}, None, "4.32"),
    ({"disposition": "quota_filled"}, None, "4.80"),
    ({"disposition": "quota_filled_tried", "aapor": "3.13"}, None, "3.13"),
    ({"disposition": "not_sampled"}, None, None),
    ({"disposition": "self_reporter"}, None, None),
    ({}, None, "3.19"),
]


@pytest.mark.parametrize(("case", "interview", "code"), CASES)
def test_every_case_has_one_final_code(
    database: str, case: dict[str, Any], interview: dict[str, Any] | None, code: str | None
) -> None:
    made = make_case(**case).case_id
    if interview:
        _interview(made, **interview)
    with reading() as connection:
        assert dict(final_codes(connection, "2026")) == ({code: 1} if code else {})


def test_the_command_counts_the_wave_or_one_provider(database: str, cli: Callable[..., Any]) -> None:
    here, there = make_participation(), make_participation(name="Baanwijs")
    for _ in range(4):
        _interview(make_case(here).case_id, is_usable=True, is_finished=True)
    for code in ("2.112", "2.20", "2.31", "3.13", "3.30", "4.70"):
        make_case(here, aapor=code)
    for _ in range(2):
        _interview(make_case(there).case_id, is_usable=True, is_finished=False)
    data = json.loads(cli("rates", "--wave", "2026", "--format", "json").stdout)
    assert data["groups"] == {"I": 4, "P": 2, "R": 1, "NC": 1, "O": 1, "UH": 1, "UO": 1, "NE": 1}
    assert data["rates"]["RR1"] == {"pct": "36,4", "exact": "4/11"}
    assert data["e"] == "9/10"
    one = cli("rates", "--wave", "2026", "--provider", "baanwijs")
    assert "1.2    P            2  Interview gedeeltelijk" in one.stdout
    assert "RR2      100,0  1/1" in one.stdout
    assert cli("rates", "--wave", "2031").exit_code == 1
    assert cli("rates", "--wave", "2026", "--provider", "nobody").exit_code == 1
