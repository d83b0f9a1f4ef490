"""Reading and writing the responses file, before anybody asks what it means."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Invalid
from app.questions.question import clean
from app.results.exports.text_files import TextFormat, write
from app.results.responses.file import opened
from tests.factories.responses import write_csv

ROWS = [{"a": "1", "b": 'é; "x"\ntwee'}, {"a": "", "b": "2"}]


def read(path: Path) -> list[tuple[int, dict[str, str]]]:
    with opened(path) as records:
        return [(row, dict(cells)) for row, cells in records.rows]


def written(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_delimiters_and_encodings_are_recognised(tmp_path: Path, delimiter: str, encoding: str) -> None:
    path = write_csv(tmp_path / "r.csv", *ROWS, delimiter=delimiter, encoding=encoding)
    assert read(path) == [(2, ROWS[0]), (3, ROWS[1])]


def test_empty_lines_are_passed_over_and_rows_keep_their_number(tmp_path: Path) -> None:
    assert read(written(tmp_path / "r.csv", "a;b\r\n1;2\r\n\r\n;\r\n3;4\r\n")) == [
        (2, {"a": "1", "b": "2"}),
        (5, {"a": "3", "b": "4"}),
    ]


def test_json_keeps_numbers_as_they_were_written(tmp_path: Path) -> None:
    path = written(tmp_path / "r.json", '[{"a": 7.10, "b": null}, {"b": "x", "c": 123456789012345678901234567890}]')
    assert read(path) == [(1, {"a": "7.10", "b": ""}), (2, {"b": "x", "c": "123456789012345678901234567890"})]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "is empty; the first row must hold the names of the columns"),
        ("a;;b\n1;2;3\n", "has a column without a name"),
        ("a;b;a\n1;2;3\n", "has two columns «a»"),
        ("a;b\n1;2;3\n", "row 2 has 3 cells under 2 columns"),
        ('a;b\n1;"2\n', "row 2 cannot be read"),
        ('a;b\n1;"2"x\n', "row 2 cannot be read"),
        (b"a;b\n\x81;1\n", "cannot be read"),
        ("[{]", "is not valid JSON"),
        ("[" * 100_000, "is not valid JSON"),
        ('{"a": 1}', "must hold a list of objects"),
        ("[1]", "must hold a list of objects"),
        ("[]", "is empty"),
        ('[{"a": NaN}]', "is not valid JSON (NaN is not a value)"),
        ('[{"a": true}]', "row 1, column «a» must be text, a number or null"),
        ('[{"a": {"b": 1}}]', "row 1, column «a» must be text, a number or null"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(
    tmp_path: Path, content: str | bytes, reason: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        read(written(tmp_path / "r.csv", content))
    assert reason in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"none.csv cannot be read \(No such file"):
        read(tmp_path / "none.csv")
    with pytest.raises(Invalid, match="cannot be read"):
        read(tmp_path)


texts = st.text(max_size=30).map(clean)


@given(rows=st.lists(st.fixed_dictionaries({"a": st.just("x"), "b": texts, "c": texts}), max_size=5))
@pytest.mark.parametrize("file_format", ["csv", "csv-excel", "json"])
def test_what_is_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, file_format: TextFormat, rows: list[dict[str, str]]
) -> None:
    path = tmp_path_factory.getbasetemp() / f"round.{file_format}"
    assert write(path, file_format, ("a", "b", "c"), [[row[name] for name in "abc"] for row in rows]) == len(rows)
    if file_format != "json" or rows:
        assert [cells for _, cells in read(path)] == rows


@given(st.binary(max_size=200))
def test_no_bytes_whatever_give_another_error_than_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(content)
    try:
        read(path)
    except Invalid as refusal:
        assert str(path) in str(refusal)


def test_cells_that_look_like_formulas_are_guarded_in_csv_and_bare_in_json(tmp_path: Path) -> None:
    write(tmp_path / "r.csv", "csv", ("a",), [["=1+1"]])
    write(tmp_path / "r.json", "json", ("a",), [["=1+1"]])
    assert (tmp_path / "r.csv").read_text() == "a\n'=1+1\n"
    assert json.loads((tmp_path / "r.json").read_text()) == [{"a": "=1+1"}]


def test_a_failed_export_leaves_no_half_file(tmp_path: Path) -> None:
    target = written(tmp_path / "r.csv", "old")

    def breaks() -> object:
        yield ["1"]
        raise RuntimeError("gone")

    with pytest.raises(RuntimeError):
        write(target, "csv", ("a",), breaks())
    assert [path.name for path in tmp_path.iterdir()] == ["r.csv"]
    assert target.read_text() == "old"
    with pytest.raises(Invalid, match="cannot be written"):
        write(tmp_path / "none" / "r.csv", "csv", ("a",), [])
    with pytest.raises(Invalid, match="cannot be written"):
        write(tmp_path, "csv", ("a",), [])
