"""All providers of a wave: sorted and narrowed by the address."""

from app.results.desk.wave_desk import WaveDesk, desk_of
from app.results.keurmerk import KeurmerkTable, keurmerk_table
from app.results.tallies import Tallies
from tests.factories.rules import rules
from tests.factories.tallies import tally


def tables() -> list[KeurmerkTable]:
    tallies = {
        "Beta": Tallies({1: tally(10, [8] * 5)}),
        "alfa": Tallies({1: tally(20, [6] * 6)}),
        "Gamma": Tallies({1: tally(8, [8, 8, 8, 8, 1, 1]), 2: tally(4)}),
        "Delta": Tallies({1: tally(5)}),
    }
    return [keurmerk_table(name.lower(), name, "2022", rules(), one) for name, one in tallies.items()]


def desk(**asked: str) -> WaveDesk:
    return desk_of("2022", tables(), asked)


def names(**asked: str) -> list[str]:
    return [line.name for line in desk(**asked).lines]


def test_the_table_is_sorted_as_the_address_says() -> None:
    assert names() == ["alfa", "Beta", "Delta", "Gamma"]
    assert names(volgorde="af") == ["Gamma", "Delta", "Beta", "alfa"]
    assert names(sorteer="respons", volgorde="af") == ["Beta", "Gamma", "alfa", "Delta"]
    assert names(sorteer="oordeel") == ["Beta", "Gamma", "alfa", "Delta"]
    assert names(sorteer="'; drop table", volgorde="x") == names()


def test_a_head_turns_the_order_round_and_keeps_the_filter() -> None:
    columns = {column.name: column for column in desk(sorteer="cijfer", volgorde="af", zoek="a").columns}
    assert columns["cijfer"].sorted == "descending"
    assert columns["cijfer"].address == "?sorteer=cijfer&volgorde=op&zoek=a"
    assert columns["netto"].address == "?sorteer=netto&volgorde=af&zoek=a"
    assert columns["naam"].address == "?sorteer=naam&volgorde=op&zoek=a"


def test_the_table_is_narrowed_by_verdict_and_name() -> None:
    assert names(oordeel="not_met") == ["alfa"]
    assert names(oordeel="unknown") == names()
    assert names(zoek="ALF") == ["alfa"]
    assert desk().outcomes == {"met": 1, "met_after_correction": 1, "not_met": 1, "no_judgement": 1}


def test_the_title_counts_who_meets_the_norm_and_small_services_are_flagged() -> None:
    one = desk(oordeel="not_met")
    assert one.state.message % one.state.values == "2 van 4 dienstverleners halen de norm"
    assert {line.name: line.n_small for line in desk().lines} == {"alfa": 0, "Beta": 0, "Delta": 1, "Gamma": 1}
