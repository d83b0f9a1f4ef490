"""Opening delivered files: every shape that providers send, and every shape that nobody should."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.fieldwork.delivery import file as delivery_file
from app.fieldwork.delivery import xlsx_records as delivery_xlsx
from app.fieldwork.delivery.file import open_delivery
from app.fieldwork.delivery.reasons import Unreadable
from tests.factories.deliveries import judge, sample

pytestmark = pytest.mark.usefixtures("var_folder")
HEADER = "email;dienst;einddatum;achternaam"
ROW = "a@b.nl;9;1-2-2024;Jansen"


@pytest.fixture
def delivered(tmp_path: Path) -> Callable[[bytes | str], Path]:
    """Writes a file as it was delivered."""

    def write(content: bytes | str, name: str = "delivery.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def workbook(*rows: list[object], first_row: int = 0, sheets: int = 1) -> bytes:
    """An XLSX file; dates as dates, numbers as numbers."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, "default_date_format": "dd-mm-yyyy"}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows, first_row):
            sheet.write_row(number, 0, row)
        for _ in range(sheets - 1):
            book.add_worksheet().write_row(0, 0, ["more"])
    return content.getvalue()


def repacked(content: bytes, replace: dict[str, bytes]) -> bytes:
    """The workbook with some of its parts replaced."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, replace.get(name, old.read(name)))
    return target.getvalue()


def refusal(path: Path) -> str:
    """The one sentence with which a file is refused."""
    with pytest.raises(Unreadable) as refused:
        judge(path)
    sentence = str(refused.value)
    assert sentence.endswith(".") and "\n" not in sentence and len(sentence) < 300
    return sentence


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_delimiter_encoding_and_line_ends_are_found(
    delivered: Callable[..., Path], delimiter: str, encoding: str, line_end: str
) -> None:
    text = line_end.join([HEADER, "a@b.nl;9;1-2-2024;Çelik-Müller", ""]).replace(";", delimiter)
    (checked,) = judge(delivered(text.encode(encoding)))
    assert checked.verdict.verdict == "accepted"
    assert checked.case.contact.surname == "Çelik-Müller"


def test_header_names_are_found_in_any_order_case_and_accent(delivered: Callable[..., Path]) -> None:
    file = open_delivery(delivered('EINDDATUM;Dienst;"E-mail ";Áchternaam;BSN;kleur\n1-2-2024;9;a@b.nl;Jansen;1;x\n'))
    assert [one.verdict.verdict for one in judge(file)] == ["accepted"]
    assert file.columns.unknown == ("BSN", "kleur")
    assert "BSN, kleur" in file.notes[0].text()


def test_a_quoted_cell_may_hold_the_delimiter_quotes_and_line_breaks(delivered: Callable[..., Path]) -> None:
    (checked,) = judge(delivered(f'{HEADER}\na@b.nl;9;1-2-2024;"Jan;""x""\r\nsen"\n'))
    assert checked.case.contact.surname == 'Jan;"x" sen'


def test_a_workbook_is_read_with_its_dates_numbers_and_choices(delivered: Callable[..., Path]) -> None:
    header = ["klantnummer", "email", "dienst", "einddatum", "huisnummer", "telefonisch", "telefoon"]
    rows: list[list[object]] = [
        [1001.0, "a@b.nl", 9, date(2024, 2, 1), 12, True, 612345678],
        ["1002", "c@b.nl", "9", datetime(2024, 2, 1, 13, 30), "12a", "nee", ""],
        ["1003", "d@b.nl", 9.0, 45323, "", "", ""],
        ["1004", "e@b.nl", 9.5, "1-2-2024", "", "", ""],
    ]
    checked = judge(delivered(workbook(header, *rows), "delivery.xlsx"))
    assert [one.verdict.columns for one in checked] == [(), (), (), ("dienst",)]
    assert {one.case.ended_on for one in checked} == {date(2024, 2, 1)}
    first = checked[0].case
    assert (first.contact.reference, first.contact.house_number, first.wants_phone) == ("1001", "12", True)
    assert first.contact.phone == "+31612345678"


def test_what_is_in_the_file_counts_not_its_name(delivered: Callable[..., Path]) -> None:
    book = workbook(["email", "dienst", "einddatum"], ["a@b.nl", 9, date(2024, 2, 1)])
    assert len(judge(delivered(book, "renamed.csv"))) == 1
    assert len(judge(delivered(f"{HEADER}\n{ROW}\n", "renamed.xlsx"))) == 1


def test_rows_of_a_workbook_keep_their_numbers_over_empty_ones(delivered: Callable[..., Path]) -> None:
    row: list[object] = ["a@b.nl", 9, date(2024, 2, 1)]
    found = judge(delivered(workbook(["email", "dienst", "einddatum"], [], row, ["", "", " "], row)))
    assert [one.verdict.row for one in found] == [3, 5]


def test_further_worksheets_are_not_read_and_that_is_said(delivered: Callable[..., Path]) -> None:
    file = open_delivery(delivered(workbook(["email"], ["a@b.nl"], sheets=2)))
    assert "Sheet1" in file.notes[0].text()


@pytest.mark.parametrize(
    ("content", "part"),
    [
        ("", "leeg"),
        (b"\xef\xbb\xbf\r\n \n", "leeg"),
        (f"\n{HEADER}\n{ROW}\n", "kolomnamen"),
        ("Lijst van cliënten 2024\n\n" + HEADER, "kolomnamen"),
        (ROW, "kolomnamen"),
        ("x", "kolomnamen"),
        (HEADER + "\n", "geen regels"),
        ("email;E-MAIL;dienst\na;b;c", "twee keer"),
        (";".join(["x"] * 600) + ";email\n", "600|601"),
        (f"{HEADER}\n{ROW}\n".encode("utf-16"), "UTF-16"),
        (f"{HEADER}\na@b.nl;9;1-2-2024;Jan\0sen\n", "geen CSV"),
        (f"{HEADER}\n".encode() + b"a@b.nl;9;1-2-2024;\x81\xff\n", "letters"),
        (f"{HEADER}\n{ROW}é\n".encode() + b"a@b.nl;9;1-2-2024;Andr\xe9\n", "letters"),
        (f'{HEADER}\na@b.nl;9;1-2-2024;"Jansen\n{ROW}\n', "aanhalingsteken"),
        (f'{HEADER}\na@b.nl;9;1-2-2024;"Jan"sen\n', "aanhalingsteken"),
        (f"{HEADER}\na@b.nl;9;1-2-2024;{'x' * 200_000}\n", "te lang"),
        (b"%PDF-1.7\n", "geen CSV"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "beveiligd"),
        (bytes(range(256)) * 40, "geen CSV"),
        (b"PK\x03\x04 and nothing more", "beschadigd"),
        (workbook(), "kolomnamen"),
        (workbook(["email", "dienst"]), "geen regels"),
        (workbook(["email", "dienst"], ["a@b.nl", 9], first_row=2), "kolomnamen"),
        (workbook(["email"], ["a@b.nl"])[:-300], "beschadigd"),
        (workbook(["email"], ["a@b.nl"])[:900], "beschadigd"),
    ],
)  # fmt: skip
def test_what_is_no_delivery_is_refused_with_one_sentence(
    delivered: Callable[..., Path], content: bytes | str, part: str
) -> None:
    assert any(one in refusal(delivered(content)) for one in part.split("|"))


def test_a_path_that_is_no_file_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nothing.csv", Path("/dev/zero"), Path("/proc/self/mem"), Path("a\0b")):
        with pytest.raises(Unreadable):
            open_delivery(path)


def test_a_zip_that_is_no_workbook_is_refused(delivered: Callable[..., Path]) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("delivery.csv", f"{HEADER}\n{ROW}\n")
    assert "beschadigd" in refusal(delivered(content.getvalue()))


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "docProps/app.xml"])
def test_a_zip_bomb_is_refused_before_it_unfolds(delivered: Callable[..., Path], part: str) -> None:
    book = repacked(workbook(["email"], ["a@b.nl"]), {part: b"<x>" + b" " * 80_000_000})
    assert len(book) < 100_000
    assert "te groot" in refusal(delivered(book))


def test_a_zip_bomb_that_lies_about_its_size_is_refused(delivered: Callable[..., Path]) -> None:
    name, true_size, claimed = b"xl/sharedStrings.xml", 80_000_000, 100
    book = repacked(workbook(["email"], ["a@b.nl"]), {name.decode(): b" " * true_size})
    lying = book.replace(struct.pack("<L", true_size), struct.pack("<L", claimed))
    lying = lying.replace(
        struct.pack("<L", zlib.crc32(b" " * true_size)), struct.pack("<L", zlib.crc32(b" " * claimed))
    )
    assert lying != book
    assert "te groot" in refusal(delivered(lying))


def test_a_tiny_workbook_that_claims_a_huge_grid_is_refused(delivered: Callable[..., Path]) -> None:
    for place in ("XFD1000000", "A999999999", "ZZZZZZZ1"):
        sheet = (
            '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
            f'<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c  r = "{place}"><v>1</v></c></row>'
            "</sheetData></worksheet>"
        )
        book = repacked(workbook(["email"], ["a@b.nl"]), {"xl/worksheets/sheet1.xml": sheet.encode()})
        refusal(delivered(book))


def test_an_encrypted_part_is_refused(delivered: Callable[..., Path]) -> None:
    book = bytearray(workbook(["email"], ["a@b.nl"]))
    at = book.index(b"PK\x01\x02")
    book[at + 8] |= 1
    assert "wachtwoord" in refusal(delivered(bytes(book)))


def test_entities_in_a_workbook_reach_no_other_file(delivered: Callable[..., Path], tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("TOPSECRET")
    sheet = (
        f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file://{tmp_path}/secret">]>'
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        '<row r="1"><c r="A1" t="inlineStr"><is><t>email &e;</t></is></c></row></sheetData></worksheet>'
    )
    book = repacked(workbook(["email"], ["a@b.nl"]), {"xl/worksheets/sheet1.xml": sheet.encode()})
    assert "TOPSECRET" not in refusal(delivered(book))


def test_limits_hold_for_size_and_records(delivered: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    path = delivered(f"{HEADER}\n" + f"{ROW}\n" * 3)
    monkeypatch.setattr(delivery_file, "MAX_RECORDS", 2)
    assert "1.000.000" in refusal(path)
    monkeypatch.setattr(delivery_file, "MAX_MB", 0)
    assert "0 MB" in refusal(path)


def test_a_million_and_one_rows_in_a_workbook_are_refused(delivered: Callable[..., Path]) -> None:
    sheet = delivery_xlsx.MAX_ROW + 1
    book = repacked(workbook(["email"], ["a@b.nl"]), {"xl/worksheets/sheet1.xml": f'<c r="A{sheet}"/>'.encode()})
    assert "1.000.000" in refusal(delivered(book))


def read_or_refuse(path: Path) -> None:
    """What may happen to any file: verdicts, one per record, or one refusal."""
    try:
        checked = judge(path)
    except Unreadable as refused:
        assert str(refused)
    else:
        rows = [one.verdict.row for one in checked]
        assert len(rows) == len(set(rows))
        assert all(bool(one.verdict.reasons) == (one.verdict.verdict != "accepted") for one in checked)
        assert all(reason.text() for one in checked for reason in one.verdict.reasons)


cells = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        ["client", "opdrachtgever", "9", "11", "1-2-2024", "a@b.nl", "06 12345678", "3511 AB", "ja", '"', ""]
    ),
)
names = st.sampled_from(
    ["soort", "klantnummer", "email", "telefoon", "dienst", "einddatum", "postcode", "taal", "x", ""]
)


@settings(max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    header=st.lists(names, min_size=1, max_size=8),
    rows=st.lists(st.lists(cells, max_size=9), max_size=5),
    delimiter=st.sampled_from(";,\t"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "cp1252"]),
)
def test_any_text_file_is_judged_or_refused(
    tmp_path: Path, header: list[str], rows: list[list[str]], delimiter: str, encoding: str
) -> None:
    path = tmp_path / "any.csv"
    lines = [delimiter.join(header), *(delimiter.join(row) for row in rows)]
    path.write_bytes("\n".join(lines).encode(encoding, "replace"))
    read_or_refuse(path)


@settings(max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=300), start=st.sampled_from([b"", b"email;dienst\n", b"PK\x03\x04", b"\xef\xbb\xbf"]))
def test_any_bytes_are_judged_or_refused(tmp_path: Path, content: bytes, start: bytes) -> None:
    path = tmp_path / "any"
    path.write_bytes(start + content)
    read_or_refuse(path)


WORKBOOK = sample("loopbaan-zuid").read_bytes()


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_workbook_is_judged_or_refused(tmp_path: Path, data: st.DataObject) -> None:
    content = bytearray(WORKBOOK)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at] = data.draw(st.integers(0, 255))
    if data.draw(st.booleans()):
        del content[data.draw(st.integers(1, len(content) - 1)) :]
    path = tmp_path / "any.xlsx"
    path.write_bytes(content)
    read_or_refuse(path)
