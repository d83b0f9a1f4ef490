"""What is behind the numbers: the count, the question and the rule that decided."""

from collections import Counter
from typing import Any

import pytest

from app.fieldwork.dispositions import LEAVES_NET_SAMPLE
from app.results.desk.correction import steps_of
from app.results.desk.counted import Counted, Place
from app.results.desk.explained import OUTSIDE, explanations
from app.results.keurmerk import keurmerk_table
from app.results.tallies import Tallies
from tests.factories.rules import rules
from tests.factories.tallies import adding_up_to, tally


def behind(tallies: Tallies, counts: dict[Place, Counted] | None = None, **changed: Any) -> dict[str, dict[str, str]]:
    """Row → number → all sentences as printed."""
    given = rules(**changed)
    table = keurmerk_table("p", "Werkpad", "2022", given, tallies)
    return {
        row.key: {
            item.key: " ".join(sentence.message % sentence.values for sentence in item.sentences) for item in row.items
        }
        for row in explanations(given, table, counts or {})
    }


def test_every_number_says_how_it_was_made() -> None:
    row = behind(Tallies({11: adding_up_to(27, "100", 13)}))["11"]
    assert "13 gedeeld door 27, maal 100, is 48,148…; dat staat er als 48,1." in row["respons"]
    assert "100, de som van 13 cijfers, gedeeld door 13 is 7,692…; dat staat er als 7,7." in row["cijfer"]
    assert row["ingevuld"].startswith("13 bruikbare vragenlijsten.")


def test_the_question_is_told_as_asked_to_those_of_the_row() -> None:
    rows = behind(Tallies({1: tally(2, [8]), 11: tally(2, [8])}, tally(2)))
    assert "«Welk rapportcijfer geeft u Werkpad" in rows["1"]["cijfer"]
    assert rows["totaal"]["cijfer"].count("Gevraagd is") == 2
    assert rows["opdrachtgevers"]["cijfer"].count("Gevraagd is") == 1
    assert "Nog niemand gaf een cijfer" in rows["opdrachtgevers"]["cijfer"]


def test_who_fell_outside_is_counted_by_reason() -> None:
    assert set(OUTSIDE) == set(LEAVES_NET_SAMPLE)
    counts: dict[Place, Counted] = {1: Counted(9, Counter(not_sampled=2, undeliverable=1), 3, 0)}
    row = behind(Tallies({1: tally(6, [8, 8])}), counts)["1"]
    assert "6 van de 9 aangeleverde mensen tellen mee." in row["netto"]
    assert "2 niet getrokken in de steekproef 1 langs geen enkele weg bereikbaar" in row["netto"]
    assert "3 begonnen wel" in row["ingevuld"]


@pytest.mark.parametrize(
    ("tallies", "changed", "row", "sentence"),
    [
        (Tallies({1: tally(10, [8] * 4)}), {}, "1", "Ja: 4 van 10 is 40 %, en de norm is gehaald."),
        (Tallies({1: tally(10, [8] * 4)}), {"inclusive": False}, "1", "Nee: 4 van 10 is 40 %, en dat is te weinig."),
        (Tallies({1: tally(10, [8] * 4)}), {"inclusive": False}, "1", "meer dan 40 % respons"),
        (
            Tallies({1: tally(10, [8] * 5), 2: tally(90)}),
            {"services_need_total": True},
            "1",
            "als ook Totaal de norm haalt, en dat heeft 5 %",
        ),
        (Tallies({1: tally(10, [8] * 5), 2: tally(90)}), {"services_need_total": False}, "1", "Ja: 5 van 10"),
        (
            Tallies({1: tally(5, [8] * 4)}),
            {"response_norm": {"clients": [{"min_pct": "40", "min_completed": 5}]}},
            "1",
            "er zijn er minstens 5 nodig en er zijn er 4",
        ),
        (Tallies({1: tally(5, [8])}, tally(2)), {}, "opdrachtgevers", "altijd gepubliceerd"),
        (Tallies(), {}, "totaal", "Nee: er is niemand uitgenodigd."),
    ],
)
def test_publication_tells_the_rule_that_decided(
    tallies: Tallies, changed: dict[str, Any], row: str, sentence: str
) -> None:
    assert sentence in behind(tallies, **changed)[row]["publicatie"]


def test_the_correction_is_shown_step_by_step() -> None:
    given = rules()
    tallies = Tallies({1: tally(10, [8, 8, 8, 8, 1, 1]), 2: tally(3, ["7.5"])})
    counts: dict[Place, Counted] = {
        1: Counted(10, grades=Counter({80: 4, 10: 2})),
        None: Counted(13, grades=Counter({80: 4, 10: 2, 75: 1})),
    }
    (steps,) = steps_of(given, keurmerk_table("p", "P", "2022", given, tallies), counts)
    assert steps is not None
    assert steps.is_corrected
    first, second, total = steps.lines
    assert (first.sum, first.n, first.mean, first.minimum, first.is_met) == ("34,0", 6, "5,67", "5,5", True)
    assert [(low.grade, low.n) for low in first.low] == [("1,0", 2)]
    assert (first.corrected_sum, first.corrected, first.is_met_corrected) == ("42,0", "7,00", True)
    assert second.low == ()
    assert (total.mean, total.minimum, total.is_met, total.is_met_corrected) == ("5,93", "6,5", False, True)


def test_a_norm_that_is_met_needs_no_correction_and_without_grades_there_are_no_steps() -> None:
    given = rules()
    (steps,) = steps_of(given, keurmerk_table("p", "P", "2022", given, Tallies({1: tally(4, [8, 9])})), {})
    assert steps is not None
    assert not steps.is_corrected
    assert steps_of(given, keurmerk_table("p", "P", "2022", given, Tallies({1: tally(4)})), {}) == (None,)
