"""The keurmerk table as a page: every sentence, and the HTML that prints it."""

from typing import Any

import html5lib
import pytest

from app.results.desk.provider_desk import ProviderDesk
from app.results.keurmerk import keurmerk_table
from app.results.keurmerk_page import KeurmerkPage, Sentence, page_of
from app.results.tallies import Tallies
from app.web.pages import environment
from tests.factories.rules import rules
from tests.factories.tallies import adding_up_to, tally

NS = "{http://www.w3.org/1999/xhtml}"
NT2 = Tallies({1: adding_up_to(12, "48", 6, (3, 3, 0)), 11: adding_up_to(27, "100", 13)}, tally(2))


def page_for(tallies: Tallies, **changed: Any) -> KeurmerkPage:
    return page_of(keurmerk_table("p", "Provider & Zoon", "2022", rules(**changed), tallies))


def said(sentence: Sentence | None) -> str:
    """A sentence as the template prints it."""
    assert sentence is not None
    return sentence.message % sentence.values


def html(page: KeurmerkPage) -> Any:
    return html5lib.parse(rendered(page))


def rendered(page: KeurmerkPage) -> str:
    """The desk's page with nothing but the table and its sentences."""
    keys = tuple(tuple(str(place) for place, _ in enumerate(group.lines)) for group in page.groups)
    desk = ProviderDesk(page.wave, "p", page, keys, (), tuple((verdict, None) for verdict in page.verdicts))
    return environment("nl").get_template("office/results_provider.html").render(d=desk, account=None)


def words(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def test_the_page_prints_the_table_row_by_row() -> None:
    table = html(page_for(NT2)).find(f".//{NS}table")
    rows = [[words(cell) for cell in row] for row in table.iter(f"{NS}tr")]
    assert words(table.find(f"{NS}caption")) == "Resultaten voor het keurmerk"
    assert rows[0][:6] == ["Dienst", "Netto steekproef", "Ingevuld", "Respons (%)", "Rapportcijfer", "Publicatie"]
    assert rows[1:] == [
        ["Cliënten"],
        ["1 Scholing en opleiding", "12", "6", "50,0", "8,0", "ja", "gehaald"],
        ["11 Inburgeringscursussen en duale trajecten", "27", "13", "48,1", "7,7", "ja", "gehaald"],
        ["Totaal", "39", "19", "48,7", "7,8", "ja", "gehaald"],
        ["Opdrachtgevers"],
        ["Totaal opdrachtgevers", "2", "0* minder dan 5", "0,0", "0,0", "ja", "nog 1 nodig"],
    ]
    assert all(cell.get("scope") for cell in table.iter(f"{NS}th"))


def test_names_are_escaped_and_nothing_carries_a_style() -> None:
    text = rendered(page_for(NT2))
    assert "Provider &amp; Zoon, 2022: 48,7 % respons, responsnorm gehaald" in text
    assert "style=" not in text


@pytest.mark.parametrize(
    ("grades", "sentence"),
    [
        ([8, 7], "Gehaald. Het gemiddelde rapportcijfer is 7,50."),
        (
            [8, 8, 8, 8, 1, 1],
            "Gehaald na correctie. Het gemiddelde rapportcijfer is 5,67, en 7,00 na de correctie voor heel lage "
            "cijfers.",
        ),
        (
            [6, 6, 6, 1],
            "Niet gehaald. Het gemiddelde rapportcijfer is 4,75, en 5,75 na de correctie voor heel lage cijfers.",
        ),
        ([], "Er is nog geen oordeel, want nog niemand gaf een rapportcijfer."),
    ],
)
def test_the_verdict_is_a_sentence_with_the_correction_where_there_is_one(grades: list[int], sentence: str) -> None:
    page = page_for(Tallies({1: tally(10, grades)}))
    assert [(verdict.norm_set, said(verdict.sentence)) for verdict in page.verdicts] == [
        ("Norm van het keurmerk", sentence)
    ]
    assert sentence in words(html(page))


def test_a_mean_of_6_45_does_not_read_as_the_norm_it_misses() -> None:
    assert "6,45" in said(page_for(Tallies({1: adding_up_to(40, "129", 20)})).verdicts[0].sentence)


def test_lots_are_listed_under_the_norm_of_uwv() -> None:
    norm = [{"kind": "uwv", "lots": {"Perceel 1": [1], "Perceel 2": [2], "Perceel 3": [3]}}]
    (verdict,) = page_for(Tallies({1: tally(9, [8]), 2: tally(9, [6])}), norm_sets=norm).verdicts
    assert (verdict.norm_set, verdict.is_met) == ("Norm van UWV", False)
    assert said(verdict.sentence) == "Niet gehaald. Het gemiddelde rapportcijfer is 7,00."
    assert [said(lot) for lot in verdict.lots] == [
        "Perceel 1: gehaald, met gemiddeld 8,00.",
        "Perceel 2: niet gehaald, met gemiddeld 6,00.",
        "Perceel 3: nog geen oordeel.",
    ]


def test_the_promoter_score_is_left_out_when_nobody_was_asked() -> None:
    assert said(page_for(NT2).promoter) == "De actuele promotor score is 50,0."
    without = page_for(Tallies({1: tally(9, [8])}))
    assert without.promoter is None
    assert "promotor" not in words(html(without))


@pytest.mark.parametrize(
    ("commissioners", "sentence"),
    [
        (tally(0), "Er zijn geen opdrachtgevers uitgenodigd: de respons is 0%."),
        (tally(2), "Opdrachtgevers: 0 van 2 vulden de vragenlijst in, een respons van 0,0%."),
        (tally(3, [8]), "Opdrachtgevers: 1 van 3 vulden de vragenlijst in, een respons van 33,3%."),
    ],
)
def test_no_commissioners_invited_reads_otherwise_than_none_answering(commissioners: Any, sentence: str) -> None:
    page = page_for(Tallies({1: tally(9, [8])}, commissioners))
    assert said(page.commissioners) == sentence
    assert sentence in words(html(page))


@pytest.mark.parametrize(
    ("tallies", "state"),
    [
        (Tallies({1: tally(10, [8] * 4)}), "40,0 % respons, responsnorm gehaald"),
        (Tallies({1: tally(11, [8] * 4)}), "36,4 % respons, nog 1 nodig"),
        (Tallies(), "nog geen cliënten in de netto steekproef"),
    ],
)
def test_the_title_says_how_far_the_response_is(tallies: Tallies, state: str) -> None:
    assert said(page_for(tallies).state) == state


def test_a_norm_that_is_out_of_reach_says_so() -> None:
    strict = {"clients": [{"min_pct": "40", "min_completed": 20}]}
    page = page_for(Tallies({1: tally(10, [8])}), response_norm=strict)
    assert said(page.state) == "10,0 % respons, de responsnorm is niet meer te halen"
    assert said(page.groups[0].lines[0].norm) == "niet meer te halen"
