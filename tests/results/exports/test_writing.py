"""Exports as files: pseudonymous, only screened words, labels in SPSS and workbook, nothing becomes a formula."""

import csv
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pyreadstat
import pytest
import sqlalchemy as sa
from python_calamine import CalamineWorkbook

from app.audit.tables import AuditEntry
from app.database import reading, writing
from app.fieldwork.tables import Wave
from app.results.exports.interviews import Choice
from app.results.exports.spss import numbers_of, spss_names
from app.results.responses.export import FileFormat, export_file
from app.results.screening import answers as screening
from tests.factories.fieldwork import make_provider, make_wave
from tests.factories.responses import bring_in, cells, write_csv

HOSTILE = '=HYPERLINK("http://x")'
Rows = list[dict[str, str]]
_wave = Wave.__table__  # type: ignore[attr-defined]


@pytest.fixture
def folder(database: str, tmp_path: Path) -> Path:
    """A folder; five clients of one provider answered, one of them with words of her own."""
    make_wave("2022", date(2022, 1, 1), date(2022, 12, 31))
    make_provider("Werkpad")
    rows = [cells(case_ref=f"K{n}", grade="7,5", reason="other", reason__other=f"Omdat {n}") for n in range(4)]
    rows.append(cells(case_ref="K4", grade="", complaint="yes", complaint_text=HOSTILE, service="1"))
    bring_in(write_csv(tmp_path / "r.csv", *rows))
    return tmp_path


def export(path: Path, file_format: FileFormat, **choice: Any) -> Path:
    export_file(path, Choice("2022", "werkpad", **choice), file_format, actor="user:1", advance=lambda *_: None)
    return path


def exported(path: Path, **choice: Any) -> Rows:
    with export(path, "csv", **choice).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter=";"))


def read_spss(path: Path) -> tuple[Any, Any]:
    """The columns as they are stored, codes for missing included, and what is told about them."""
    return pyreadstat.read_sav(path, output_format="dict", user_missing=True)


def release(word: str) -> None:
    with writing() as connection:
        for answer in screening.open_answers(connection, "2022"):
            if word in answer.text:
                screening.decide(connection, "user:1", answer, answer.hash, (), is_released=True)


def test_an_export_names_nobody_unless_that_is_chosen(folder: Path) -> None:
    first, again = exported(folder / "a.csv"), exported(folder / "b.csv")
    assert first == again
    assert "case_ref" not in first[0]
    assert len({row["pseudonym"] for row in first}) == 5
    assert [row["pseudonym"] for row in first] == sorted(row["pseudonym"] for row in first)
    assert {row["completed_on"] for row in first} == {"2022-12-02"}
    content = (folder / "a.csv").read_text()
    with reading() as connection:
        ids = connection.scalars(sa.text("SELECT id FROM survey_case")).all()
    assert not [name for name in (*(f"K{n}" for n in range(5)), *map(str, ids)) if name in content]
    assert {row["case_ref"] for row in exported(folder / "c.csv", identity="reference")} == {f"K{n}" for n in range(5)}


def test_what_people_typed_is_exported_only_after_screening(folder: Path) -> None:
    assert "Omdat" not in (export(folder / "a.csv", "csv")).read_text()
    release("Omdat 2")
    release("Omdat 3")
    assert "Omdat" not in export(folder / "b.csv", "csv").read_text()  # fewer than five answered this question
    with writing() as connection:
        rules: Any = connection.scalar(sa.select(_wave.c.rules))
        connection.execute(sa.update(_wave).values(rules=rules | {"min_n": 2}))
    typed = {row["reason.other"] for row in exported(folder / "c.csv")}
    assert typed == {"", "Omdat 2", "Omdat 3"}
    assert {row["reason"] for row in exported(folder / "d.csv")} == {"other", ""}
    assert "reason.other" not in exported(folder / "e.csv", open_answers="none")[0]
    everything = {row["reason.other"] for row in exported(folder / "f.csv", open_answers="all")}
    assert everything == {"", *(f"Omdat {n}" for n in range(4))}


def test_excel_gets_its_byte_order_mark_and_decimal_commas(folder: Path) -> None:
    plain, excel = export(folder / "a.csv", "csv"), export(folder / "b.csv", "csv-excel")
    assert excel.read_bytes() == b"\xef\xbb\xbf" + plain.read_bytes()
    assert b";7,5;" in excel.read_bytes()


def test_an_spss_file_carries_labels_measures_and_missing_codes(folder: Path) -> None:
    export(folder / "a.sav", "sav", identity="reference", open_answers="all")
    columns, meta = read_spss(folder / "a.sav")
    assert (meta.number_rows, meta.file_encoding, meta.file_label) == (5, "UTF-8", "Peilwijs 2022")
    assert list(columns["case_ref"]) == [f"K{n}" for n in range(5)]
    assert list(columns["grade"]) == [7.5, 7.5, 7.5, 7.5, -9.0]
    assert columns["complaint_text"][4] == HOSTILE
    assert (meta.variable_measure["grade"], meta.variable_measure["intake"]) == ("scale", "ordinal")
    assert "cijfer" in meta.column_names_to_labels["grade"]
    labels = meta.variable_value_labels["intake"]
    assert (labels[-8.0], labels[-9.0], labels[2.0]) == ("niet gesteld", "niet beantwoord", "Tevreden")
    assert [found["lo"] for found in meta.missing_ranges["intake"]] == [-8.0, -9.0]
    assert list(columns["complaint_solved"])[:4] == [-8.0] * 4  # nobody asked them
    assert meta.variable_value_labels["service"][9.0] == "Toeleiden naar werk vanuit situatie geen werk"
    ordinary, _ = pyreadstat.read_sav(folder / "a.sav", output_format="dict")
    assert ordinary["grade"][4] is None


def test_an_spss_file_says_in_words_what_the_text_file_says_in_codes(folder: Path) -> None:
    rows = exported(folder / "a.csv", identity="reference", open_answers="all")
    export(folder / "a.sav", "sav", identity="reference", open_answers="all")
    coded, meta = read_spss(folder / "a.sav")
    codes = {value: code for code, value in numbers_of(["very_satisfied", "satisfied"]).items()}
    assert [codes.get(value, "") for value in coded["intake"]] == [row["intake"] for row in rows]
    assert len(coded) == len(rows[0])
    assert set(meta.column_names) == set(rows[0])


def test_names_that_spss_refuses_are_mended_and_stay_apart() -> None:
    long = "a" * 40 + "." + "b" * 40
    names = spss_names(["with", "case_ref", "x.", long, long + "c", "Q", "q"])
    assert names[:3] == ["with_", "case_ref", "x"]
    assert len({name.lower() for name in names}) == 7
    assert max(map(len, names)) <= 64


def test_numbers_stay_themselves_and_words_are_numbered_in_order() -> None:
    assert numbers_of(["1", "13", "0"]) == {"1": 1.0, "13": 13.0, "0": 0.0}
    assert numbers_of(["good", "01", "bad"]) == {"good": 1.0, "01": 2.0, "bad": 3.0}


def test_a_workbook_has_data_labels_and_codebook_and_no_formula(folder: Path) -> None:
    export(folder / "a.xlsx", "xlsx", identity="reference", open_answers="all")
    book = CalamineWorkbook.from_path(folder / "a.xlsx")
    assert book.sheet_names == ["Data", "Labels", "Codeboek"]
    data, labels, codebook = (book.get_sheet_by_name(name).to_python() for name in book.sheet_names)
    assert len(data) == len(labels) == 6
    place = data[0].index("intake")
    assert (data[1][place], labels[1][place]) == ("satisfied", "Tevreden")
    assert data[1][data[0].index("grade")] == 7.5
    assert data[5][data[0].index("complaint_text")] == HOSTILE
    assert ["intake", "satisfied", "Tevreden"] in [[line[0], line[5], line[6]] for line in codebook]
    with zipfile.ZipFile(folder / "a.xlsx") as parts:
        assert not [name for name in parts.namelist() if b"<f>" in parts.read(name)]


def test_every_export_is_in_the_audit_log_before_it_is_written(folder: Path) -> None:
    export(folder / "a.csv", "csv", identity="reference", open_answers="all")
    entry = AuditEntry.__table__  # type: ignore[attr-defined]
    with reading() as connection:
        last = connection.execute(sa.select(entry).order_by(entry.c.number.desc()).limit(1)).one()
    assert (last.actor, last.action, last.subject) == ("user:1", "responses.exported", "wave:2022")
    assert last.details == {
        "provider": "werkpad", "format": "csv", "identity": "reference", "open_answers": "all", "n_interviews": 5,
    }  # fmt: skip


def test_a_wave_without_interviews_gives_every_kind_of_file(folder: Path) -> None:
    make_provider("Leeg")
    make_wave("2023", date(2023, 1, 1), date(2023, 12, 31))
    formats: tuple[FileFormat, ...] = ("csv", "csv-excel", "json", "xlsx", "sav")
    for file_format in formats:
        path = folder / f"leeg.{file_format}"
        assert export_file(path, Choice("2023"), file_format, actor="command", advance=lambda *_: None) == 0
        assert path.stat().st_size
