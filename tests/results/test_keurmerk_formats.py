"""The keurmerk table as text, JSON, CSV and XLSX."""

import csv
import io
from fractions import Fraction
from pathlib import Path

from python_calamine import CalamineWorkbook

from app.results.keurmerk import KeurmerkTable, keurmerk_table
from app.results.keurmerk_formats import as_csv, as_data, as_json, as_text, expansion, write_xlsx
from app.results.tallies import Tallies
from tests.factories.rules import rules
from tests.factories.tallies import adding_up_to, tally


def table(**changed: object) -> KeurmerkTable:
    tallies = Tallies({1: adding_up_to(12, "48", 6, (3, 3, 0)), 11: adding_up_to(27, "100", 13)}, tally(2))
    return keurmerk_table("nt2-digitaal", "NT2 Digitaal", "2017", rules(2017, **changed), tallies)


def test_people_read_an_aligned_table_with_dutch_headers() -> None:
    assert (
        as_text([table()])
        == """\
Resultaten voor het keurmerk: NT2 Digitaal, 2017

                                               Netto steekproef  Ingevuld  Respons (%)  Rapportcijfer  Publicatie
Cliënten
  1 Scholing en opleiding                                    12         6         50,0            8,0          ja
  11 Inburgeringscursussen en duale trajecten                27        13         48,1            7,7          ja
  Totaal                                                     39        19         48,7            7,8          ja
Opdrachtgevers
  Totaal opdrachtgevers                                       2         0          0,0            0,0          ja

Actuele promotor score: 50,0
Oordeel (keurmerk): norm gehaald (gemiddelde 7,79)
"""
    )


def test_a_corrected_verdict_shows_the_corrected_mean() -> None:
    low = keurmerk_table("p", "P", "2022", rules(), Tallies({1: tally(9, [8, 8, 8, 8, 1, 1])}))
    assert as_text([low]).endswith(
        "Oordeel (keurmerk): norm gehaald na correctie (gemiddelde 5,67; na correctie 7,00)\n"
    )
    none = keurmerk_table("p", "P", "2022", rules(), Tallies())
    assert as_text([none]).endswith("\nOordeel (keurmerk): geen oordeel\n")


def test_the_decimal_expansion_is_exact_or_long() -> None:
    assert expansion(None) is None
    assert expansion(Fraction(33, 4)) == "8.25"
    assert expansion(Fraction(10)) == "10"
    assert expansion(Fraction(148, 19)) == "7.789473684210526315789473684"


def test_scripts_read_the_verdict_with_exact_means() -> None:
    assert as_data(table())["verdict"] == {
        "norm_set": "keurmerk",
        "outcome": "met",
        "mean": "7.789473684210526315789473684",
        "corrected_mean": None,
    }
    assert as_json(as_data(table())).startswith('{\n "provider": "nt2-digitaal",\n "wave": "2017",')


def test_several_norm_sets_are_all_given_beside_the_first() -> None:
    two = [{"kind": "keurmerk"}, {"kind": "uwv", "lots": {"Perceel 1": [1]}}]
    data = as_data(table(norm_sets=two))
    assert data["verdict"] == data["verdicts"][0]
    assert data["verdicts"][1]["lots"] == [{"lot": "Perceel 1", "outcome": "met", "mean": "8"}]
    assert "Oordeel (uwv): norm gehaald (gemiddelde 8,00; Perceel 1: norm gehaald)" in as_text([table(norm_sets=two)])


def test_spreadsheets_get_the_same_rows_as_csv() -> None:
    lines = list(csv.reader(io.StringIO(as_csv([table()])), delimiter=";"))
    assert lines[0][4:] == ["Dienst", "Netto steekproef", "Ingevuld", "Respons (%)", "Rapportcijfer", "Publicatie"]
    assert lines[2] == [
        "nt2-digitaal",
        "2017",
        "Cliënten",
        "11",
        "Inburgeringscursussen en duale trajecten",
        "27",
        "13",
        "48,1",
        "7,7",
        "ja",
    ]
    assert len(lines) == 5


def test_a_name_that_looks_like_a_formula_is_no_formula_in_a_spreadsheet(tmp_path: Path) -> None:
    odd = table(services={1: "=1+1", 11: "Inburgering"})
    assert "'=1+1" in as_csv([odd])
    write_xlsx([odd], tmp_path / "odd.xlsx")
    (sheet,) = (CalamineWorkbook.from_path(tmp_path / "odd.xlsx").get_sheet_by_index(0).to_python(),)
    assert sheet[1] == ["nt2-digitaal", "2017", "Cliënten", 1.0, "=1+1", 12.0, 6.0, 50.0, 8.0, "ja"]
