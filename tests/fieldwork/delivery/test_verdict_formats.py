"""Verdicts as people and spreadsheets get them: explained, marked, and nothing that calculates."""

import csv
import io
import zipfile
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from app.fieldwork.delivery.file import open_delivery
from app.fieldwork.delivery.marked_workbook import write_marked
from app.fieldwork.delivery.preview import Preview, preview
from app.fieldwork.delivery.verdict_formats import as_csv, as_json, as_text
from tests.factories.deliveries import client, deliver, judge, sample, write_csv
from tests.factories.fieldwork import make_provider, make_wave

HOSTILE = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "＝1+1", "'=1", "https://evil.example", "{=1}"]


def previewed(path: Path) -> Preview:
    return preview(open_delivery(path), "werkpad", "2024")


@pytest.fixture(autouse=True)
def _ground(database: str) -> None:
    make_wave(), make_provider()


def marked(shown: Preview, folder: Path) -> tuple[Path, list[list[object]]]:
    """The marked workbook and its rows."""
    path = folder / "marked.xlsx"
    write_marked(shown, path)
    return path, CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python(skip_empty_area=False)


def test_the_summary_counts_groups_and_shows_the_first_rows() -> None:
    text = as_text(previewed(sample("werkpad")))
    assert text.startswith("werkpad.csv for werkpad, wave 2024: 420 records\n")
    assert "      336  accepted\n" in text
    assert "12  postcode: «…» is geen Nederlandse postcode. Schrijf het zo: 1234 AB. (rows 12, 19, 65," in text
    assert "       12  rejected  postcode: «0123 AB» is geen" in text
    assert "… and 64 more; --format csv, json or xlsx gives all\n" in text


def test_the_summary_says_what_is_known_already(tmp_path: Path) -> None:
    rows = [client(kleur="rood"), client(kleur="")]
    deliver(tmp_path, *rows)
    text = as_text(previewed(write_csv(tmp_path, rows)))
    assert "2  of the accepted renew" in text and "stored before" in text and "kleur" in text
    assert "Reasons" not in text


def test_no_format_repeats_a_burgerservicenummer(tmp_path: Path) -> None:
    shown = previewed(write_csv(tmp_path, [client(klantnummer="229498425", BSN="229 498 425")]))
    for text in (as_text(shown), as_json(shown), as_csv(shown)):
        assert "229" not in text and "425" in text
    path, _ = marked(shown, tmp_path)
    with zipfile.ZipFile(path) as archive:
        parts = b"".join(archive.read(name) for name in archive.namelist())
    assert b"229498425" not in parts and b"229 498 425" not in parts


def test_reasons_are_csv_that_never_calculates(tmp_path: Path) -> None:
    rows = [client(email=text, achternaam=text, postcode=text) for text in HOSTILE]
    table = list(csv.reader(io.StringIO(as_csv(previewed(write_csv(tmp_path, rows))))))
    assert table[0] == ["row", "verdict", "columns", "reasons"]
    assert len(table) == len(rows) + 1
    assert not [cell for row in table for cell in row if cell[:1] in "=+-@\t＝" and cell]


def test_the_marked_workbook_gives_the_file_back_row_by_row_with_verdicts(tmp_path: Path) -> None:
    good, bad = client(kleur="rood"), client(postcode="12345", dienst="99", kleur="")
    path = write_csv(tmp_path, [good, bad, good])
    workbook, rows = marked(previewed(path), tmp_path)
    with path.open(encoding="utf-8") as file:
        delivered = list(csv.reader(file, delimiter=";"))
    assert [row[: len(delivered[0])] for row in rows] == delivered
    assert rows[0][-2:] == ["oordeel", "uitleg"]
    assert [row[-2] for row in rows[1:]] == ["akkoord", "afgekeurd", "dubbel"]
    assert rows[2][-1].startswith("«12345» is geen Nederlandse postcode")
    with zipfile.ZipFile(workbook) as archive:
        notes = archive.read("xl/comments1.xml").decode()
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    places = {name: chr(ord("A") + place) for place, name in enumerate(delivered[0])}
    for name, row in (("postcode", 3), ("dienst", 3), ("klantnummer", 4)):
        assert f'ref="{places[name]}{row}"' in notes
        assert f'<c r="{places[name]}{row}" s="' in sheet
    assert f'<c r="{places["email"]}3" s="' not in sheet


def test_no_cell_of_the_marked_workbook_is_a_formula_or_a_link(tmp_path: Path) -> None:
    rows = [client(achternaam=text, straat=text, email=text, **{f"={text}": text}) for text in HOSTILE]
    path, table = marked(previewed(write_csv(tmp_path, rows)), tmp_path)
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet and "<hyperlink" not in sheet
        assert not [name for name in archive.namelist() if "externalLink" in name]
    assert "=1+1" in [cell for row in table for cell in row]


def test_a_marked_workbook_can_be_mended_and_delivered_again(tmp_path: Path) -> None:
    path, _ = marked(previewed(sample("werkpad")), tmp_path)
    file = open_delivery(path)
    assert file.columns.unknown == ()
    again = preview(file, "werkpad", "2024")
    assert again.counts == previewed(sample("werkpad")).counts
    (tmp_path / "twice").mkdir()
    _, rows = marked(again, tmp_path / "twice")
    assert rows[0].count("oordeel") == 1


def test_a_masked_burgerservicenummer_that_comes_back_is_refused(tmp_path: Path) -> None:
    path, _ = marked(previewed(write_csv(tmp_path, [client(klantnummer="229498425")])), tmp_path)
    assert [one.verdict.columns for one in judge(path)] == [("klantnummer",)]
