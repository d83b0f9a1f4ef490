"""Counting in the database: who is in the net sample, who completed, and what they gave."""

from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.database import reading
from app.fieldwork import waves
from app.fieldwork.dispositions import (
    NOT_SAMPLED,
    OPTED_OUT,
    QUOTA_FILLED,
    REFUSED,
    SELF_REPORTER,
    UNDELIVERABLE,
)
from app.fieldwork.tables import Case
from app.results.tallies import Grades, Tallies, Tally, in_tenths, of_participation, of_wave, statement
from app.results.wave_results import tables_of
from tests.factories.fieldwork import make_cases, make_provider
from tests.factories.interviews import make_interview


def counted(provider: str = "werkpad", limits: tuple[int, ...] = (55,)) -> Tallies:
    """One provider's tallies; always the same whether asked for alone or with the whole wave."""
    with reading() as connection:
        wave = waves.find_wave(connection, "2024")
        participation_id = waves.find_participation(connection, wave.id, waves.find_provider(connection, provider).id)
        assert participation_id is not None
        alone = of_participation(connection, participation_id, limits)
        assert of_wave(connection, wave.id, limits).get(participation_id, Tallies()) == alone
        return alone


def test_cases_and_interviews_are_counted_per_service(database: str) -> None:
    first, second, _ = make_cases(3, service=1)
    (other,) = make_cases(1, service=9)
    make_interview(first, "8", "promoter")
    make_interview(second, "5.4", "detractor")
    make_interview(other, "7.5", "neutral")
    assert counted().clients == {
        1: Tally(3, 2, Grades(2, 134), {55: Grades(1, 54)}, 1, 0, 1),
        9: Tally(1, 1, Grades(1, 75), {55: Grades(0, 0)}, 0, 1, 0),
    }


@pytest.mark.parametrize(
    ("disposition", "n_net"),
    [(NOT_SAMPLED, 0), (UNDELIVERABLE, 0), (QUOTA_FILLED, 0), (SELF_REPORTER, 0), (OPTED_OUT, 1), (REFUSED, 1)],
)
def test_a_refusal_stays_in_the_net_sample_and_who_could_not_be_invited_does_not(
    database: str, disposition: str, n_net: int
) -> None:
    make_cases(1, disposition=disposition)
    make_cases(2)
    assert counted().total.n_net == 2 + n_net


def test_an_interview_that_is_not_usable_counts_in_nothing(database: str) -> None:
    one, two = make_cases(2)
    make_interview(one, 3, "detractor", is_usable=False)
    make_interview(two, None, None)
    assert counted().total == Tally(2, 1, Grades(), {55: Grades()})


def test_a_self_reporter_is_a_client_and_no_commissioner(database: str) -> None:
    make_cases(1, is_self_reporter=True)
    make_cases(1, kind="commissioner", service=None, is_self_reporter=True)
    make_cases(2, kind="commissioner", service=None)
    assert (counted().total.n_net, counted().commissioners.n_net) == (1, 2)


def test_commissioners_are_one_line_and_no_part_of_the_clients(database: str) -> None:
    make_cases(1)
    (buyer,) = make_cases(1, kind="commissioner", service=None)
    make_interview(buyer, "6.5", "promoter")
    assert counted().commissioners == Tally(1, 1, Grades(1, 65), {55: Grades()}, 1)
    assert counted().total == Tally(1, failing={55: Grades()})


def test_every_fail_limit_is_counted_exactly(database: str) -> None:
    for case_id, grade in zip(make_cases(3), ("5.4", "5.5", "6"), strict=True):
        make_interview(case_id, grade)
    assert counted(limits=(55, 60, 10)).total.failing == {55: Grades(1, 54), 60: Grades(2, 109), 10: Grades()}


def test_providers_of_a_wave_and_waves_of_a_provider_are_kept_apart(database: str) -> None:
    make_cases(2, provider="Werkpad")
    make_cases(3, provider="Taalhuis Noord")
    make_cases(4, provider="Werkpad", label="2025")
    make_provider("Nog niet begonnen")
    assert (counted("werkpad").total.n_net, counted("taalhuis-noord").total.n_net) == (2, 3)
    with reading() as connection:
        tables = tables_of(connection, "2024")
    assert [(table.provider, table.total.net_sample) for table in tables] == [("taalhuis-noord", 3), ("werkpad", 2)]


def test_a_provider_without_cases_has_an_empty_table(database: str) -> None:
    make_cases(1, disposition=NOT_SAMPLED)
    assert counted() == Tallies()
    with reading() as connection:
        assert [row.net_sample for row in tables_of(connection, "2024")[0].rows] == [0]


@pytest.mark.parametrize(("limit", "tenths"), [("5.5", 55), ("5", 50), ("5.55", 56), ("5.51", 56)])
def test_a_limit_between_tenths_moves_up_so_that_below_stays_exact(limit: str, tenths: int) -> None:
    assert in_tenths(Decimal(limit)) == tenths


def test_the_query_goes_through_indexes(database: str) -> None:
    participation = Case.__table__.c.participation_id
    with reading() as connection:
        asked = statement(participation == 1, {55}).compile(connection.engine, compile_kwargs={"literal_binds": True})
        if connection.dialect.name == "sqlite":
            plan = [row.detail for row in connection.execute(sa.text(f"EXPLAIN QUERY PLAN {asked}"))]
            assert not [step for step in plan if step.startswith("SCAN")]
            assert any("ix_survey_case_participation_id_kind_service (participation_id=?" in step for step in plan)
            assert not [step for step in plan if "TEMP B-TREE" in step]
        else:
            connection.execute(sa.text("SET LOCAL enable_seqscan = off"))
            plan = "\n".join(connection.scalars(sa.text(f"EXPLAIN {asked}")))
            assert "ix_survey_case_participation_id_kind_service" in plan
            assert "Seq Scan" not in plan
