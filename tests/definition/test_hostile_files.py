"""Hostile and broken files: each refused in a second, with file, line and reason, and never with a crash."""

import os
import time
from pathlib import Path

import pytest

from app.definition.checks import check_folder
from app.definition.yaml_source import MAX_BYTES, MAX_DEPTH, Faulty, read_text, read_yaml
from tests.factories.written import REGULAR, WRITTEN

BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)

# the filter that is replaced, before what replaces it
AT_COUNT = "        options: yes_no\n        asked_if:"

# name → (contents of questionnaire.yaml, line of the fault or what begins there, part of the sentence)
HOSTILE: dict[str, tuple[str | bytes, int | str, str]] = {
    # YAML that an author never needs
    "alias bomb": (BOMB, 1, "anchors"),
    "anchor": ("name: &n example\n", 1, "anchors"),
    "alias": ("name: example\ntitle: *n\n", 2, "aliases"),
    "recursive alias": ("blocks: &b\n  - *b\n", 1, "anchors"),
    "anchored mapping": ("name: x\nphone: &p {a: b}\n", 2, "anchors"),
    "merge key": ("name: x\n<<: {title: y}\n", 2, "merging"),
    "merge key with alias": ("name: x\n<<: *base\n", 2, "merging"),
    "quoted merge key": ('name: x\n"<<": {title: y}\n', 2, "merging"),
    "python object": ("name: !!python/object/apply:os.system ['true']\n", 1, "tags"),
    "python name": ("name: x\ntitle: !!python/name:os.system\n", 2, "tags"),
    "custom tag": ("name: !env HOME\n", 1, "tags"),
    "binary tag": ("name: !!binary aGFsbG8=\n", 1, "tags"),
    "int tag": ("name: x\nminutes: !!int 5\n", 2, "tags"),
    "set tag": ("services: !!set {a, b}\n", 1, "tags"),
    "tag with a handle": ("%TAG ! tag:example.org,2000:\n---\nname: !x y\n", 3, "tags"),
    "unknown tag handle": ("name: !q!x y\n", 1, "not valid YAML"),
    "two documents": ("name: x\n---\nname: y\n", 2, "second document"),
    "three documents": ("---\nname: x\n---\n...\n---\nz: 1\n", 3, "second document"),
    "text after the document": ("name: x\n...\nname: y\n", 3, "outside the fields"),
    "unknown YAML version": ("%YAML 3.0\n---\nname: x\n", 1, "not valid YAML"),
    "duplicate key": ("name: x\ntitle: y\nname: z\n", 3, "a second time"),
    "duplicate nested key": ("name: x\nphone:\n  introduction: [a]\n  introduction: [b]\n", 4, "a second time"),
    "duplicate key in braces": ("name: x\nphone: {a: b, a: c}\n", 2, "a second time"),
    "list as key": ("? [a, b]\n: c\n", 1, "must be plain text"),
    "mapping as key": ("name: x\n? {a: b}\n: c\n", 2, "must be plain text"),
    # too much of it
    "deep flow lists": ("name: " + "[" * 5000 + "]" * 5000, 1, "nested too deeply"),
    "endless flow lists": ("name: " + "[" * 200_000, 1, "nested too deeply"),
    "deep flow mappings": ("name: x\ntitle: " + "{a: " * 5000 + "b" + "}" * 5000, 2, "nested too deeply"),
    "deep blocks": ("".join(" " * n + "a:\n" for n in range(200)), MAX_DEPTH, "nested too deeply"),
    "deep list items": ("name:\n  " + "- " * 5000 + "x\n", 2, "nested too deeply"),
    "too many entries": ("name: x\nblocks:\n" + "  - a\n" * 90_000, 59_998, "too many entries"),
    "too many keys": ("".join(f"k{n}: x\n" for n in range(40_000)), 30_000, "too many entries"),
    "huge scalar": ("name: x\ntitle: " + "a" * (MAX_BYTES + 1), 1, "larger than 1000 kB"),
    "huge text below the limit": ("name: x\ntitle: " + "a" * 900_000, 2, "too long"),
    "huge key": ("a" * 900_000 + ": b\n", 1, ""),
    "huge number": (REGULAR.replace("minutes: 5", "minutes: " + "9" * 5000), 7, "minutes"),
    "huge filter": (
        REGULAR.replace("contact_count > 0", "contact_count > 0 and " * 60 + "x"),
        AT_COUNT,
        "longer than 500",
    ),
    "deep filter": (REGULAR.replace("contact_count > 0", "(" * 240 + "a" + ")" * 240), AT_COUNT, "filter"),
    "deep negation": (REGULAR.replace("contact_count > 0", "not " * 100 + "a == 1"), AT_COUNT, "nested too deeply"),
    "thousand minuses": (REGULAR.replace("contact_count > 0", "-" * 490 + "1"), AT_COUNT, "not a comparison"),
    "filter that runs code": (
        REGULAR.replace("contact_count > 0", "__import__('os').getcwd() == 'x'"),
        AT_COUNT,
        "has a name",
    ),
    "a hundred thousand comment lines": ("# x\n" * 200_000 + "name: [\n", 200_001, "not valid YAML"),
    # not text
    "empty": ("", 1, "must start with named fields"),
    "only a comment": ("# later\n", 1, "must start with named fields"),
    "only a byte-order mark": ("\ufeff".encode(), 1, "must start with named fields"),
    "a list": ("- a\n- b\n", 1, "must start with named fields"),
    "a word": ("example\n", 1, "must start with named fields"),
    "NUL": ("name: x\ntitle: a\0b\n", 2, "U+0000"),
    "escaped NUL": ('name: x\ntitle: "a\\0b"\n', 2, "U+0000"),
    "escaped escape": ('name: x\ntitle: "a\\e[31mb"\n', 2, "U+001B"),
    "terminal escape": ("name: x\ntitle: a\x1b[31mb\n", 2, "U+001B"),
    "delete character": ("name: x\ntitle: a\x7fb\n", 2, "U+007F"),
    "next line": ("name: x\ntitle: a\x85b: c\n", 2, "U+0085"),
    "line separator": ("name: x\ntitle: a\u2028b: c\n", 2, "U+2028"),
    "text turned around": ("name: x\ntitle: abc\u202edef\n", 2, "U+202E"),
    "byte-order mark inside": ("name: x\ntitle: a\ufeffb\n", 2, "U+FEFF"),
    "no character": ("name: x\ntitle: a\uffffb\n", 2, "U+FFFF"),
    "invalid UTF-8": (b"name: x\ntitle: caf\xe9\n", 2, "not UTF-8"),
    "cut UTF-8": (b"name: x\n\n\ntitle: caf\xc3", 4, "not UTF-8"),
    "surrogate in UTF-8": (b"name: x\ntitle: \xed\xa0\x80\n", 2, "not UTF-8"),
    "overlong UTF-8": (b"name: \xc0\xaf\n", 1, "not UTF-8"),
    "UTF-16": ("name: x\ntitle: y\n".encode("utf-16"), 1, "not UTF-8"),
    "UTF-16 without a mark": ("name: x\n".encode("utf-16-le"), 1, "U+0000"),
    "UTF-32": ("name: x\n".encode("utf-32"), 1, "not UTF-8"),
    "a zip file": (b"PK\x03\x04\x14\x00\x08\x08", 1, "U+0003"),
    "random bytes": (bytes(range(256)), 2, "not UTF-8"),
    # slips
    "tab": ("name: x\nphone:\n\tintroduction: [a]\n", 3, "indent with spaces"),
    "tab before a list": ("name: x\nblocks:\n\t- a\n", 3, "indent with spaces"),
    "at sign": ("name: x\ntitle: @home\n", 2, "between quotes"),
    "colon too many": ("name: x\ntitle: Let op: dit\n", 2, "a colon too many"),
    "quote not closed": ('name: x\ntitle: "abc\n', 2, "never closed"),
    "bracket not closed": ("name: x\nservices: [1, 2\n", 2, "between [ and ]"),
    "brace not closed": ("name: x\nphone: {a: b\ntitle: c\n", 3, ""),
    "brace not opened": ("name: x\ntitle: a}\nphone: }\n", 3, ""),
    "wrong indentation": ("name: x\nphone:\n    a: b\n  c: d\n", 4, "indentation"),
    "no colon": ("name: x\ntitle\nminutes: 5\n", 3, ""),
    "percent sign": ("name: x\ntitle: %s\n", 2, ""),
    "unknown escape": ('name: x\ntitle: "a\\qb"\n', 2, "not valid YAML"),
    # the wrong things at the right places
    "blocks is a text": (REGULAR.split("blocks:")[0] + "blocks: none\n", "blocks:", "must be a list"),
    "blocks is a mapping": (REGULAR.split("blocks:")[0] + "blocks: {a: b}\n", "blocks:", "must be a list"),
    "block is a text": (REGULAR.split("blocks:")[0] + "blocks:\n  - one\n", "- one", "named fields"),
    "question is a list": (
        REGULAR.split("blocks:")[0] + "blocks:\n  - {code: a, title: b, questions: [[x]]}\n",
        "- {code: a",
        "the question type",
    ),
    "type is a mapping": (
        REGULAR.split("blocks:")[0] + "blocks:\n  - {code: a, title: b, questions: [{type: {a: b}}]}\n",
        "- {code: a",
        "the question type",
    ),
    "type in braces": (REGULAR.replace("type: open", 'type: "{0.__class__}"'), "- code: remarks", "{0.__class__}"),
    "option sets is a list": (
        REGULAR.replace("option_sets:", "option_sets: []\nx:"),
        "option_sets: []",
        "named fields",
    ),
    "option is a text": (REGULAR.replace("{code: yes, text: Ja}", "yes"), "- yes\n", "named fields"),
    "options is a mapping": (
        REGULAR.replace("options: yes_no", "options: {yes: Ja}", 1),
        "options: {yes",
        "must be a list",
    ),
    "code is a list": (REGULAR.replace("code: remarks", "code: [remarks]"), "- code: [rem", "must be a text"),
    "text is a mapping": (REGULAR.replace("text: Had u contact?", "text: {nl: Ja}"), "text: {nl", "must be a text"),
    "not_in is a text": (
        REGULAR.replace("not_in: [low_threshold]", "not_in: low_threshold"),
        "not_in: low",
        "must be a list",
    ),
    "everything is missing": ("x: y\n", 1, "«title» is missing here"),
    "a cycle of filters": (
        REGULAR.replace("text: Hoe vaak had u contact?", "text: Hoe vaak?\n        asked_if: count_opinion == 'yes'"),
        "asked_if: count_opinion",
        "asked later",
    ),
    "an unknown name": (REGULAR.replace("contact_count > 0", "nobody == 'x'"), AT_COUNT, "«nobody» is no question"),
    "a name that is a method": (REGULAR.replace("contact_count > 0", "__class__ == 'x'"), AT_COUNT, "is no question"),
    "piping an attribute": (REGULAR.replace("{contact_count}", "{contact_count.real}"), 'text: "U had', "a brace"),
    "piping a format": (REGULAR.replace("{contact_count}", "{contact_count!r:>99999}"), 'text: "U had', "a brace"),
    "name climbs out": (REGULAR.replace("name: example", "name: ../../etc"), 1, "small letters and digits"),
    "too long a code": (REGULAR.replace("code: remarks", f"code: {'r' * 41}"), "- code: rrr", "not a good code"),
    "letters that look alike": (
        REGULAR.replace("code: remarks", "code: rem\u0430rks"),
        "- code: rem",
        "not a good code",
    ),
}


def last_line_of(text: str, part: str) -> int:
    """The line on which the last line of a part stands; the part must be there once."""
    assert text.count(part) == 1, part
    return text[: text.index(part) + len(part.rstrip("\n"))].count("\n") + 1


def test_there_are_at_least_fifty_hostile_files() -> None:
    assert len(HOSTILE) >= 50


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_a_second_with_file_line_and_reason(name: str, tmp_path: Path) -> None:
    contents, line, reason = HOSTILE[name]
    folder = tmp_path / "example"
    folder.mkdir()
    for file, text in WRITTEN.items():
        (folder / file).write_text(text, "utf-8")
    if isinstance(line, str) and isinstance(contents, str):
        line = last_line_of(contents, line)
    path = folder / "questionnaire.yaml"
    path.write_bytes(contents if isinstance(contents, bytes) else contents.encode())
    started = time.process_time()
    faults = check_folder(folder)
    assert time.process_time() - started < 1
    assert [fault for fault in faults if (fault.file, fault.line) == (str(path), line) and reason in fault.sentence], (
        "\n".join(str(fault)[:300] for fault in faults)
    )
    for fault in faults:
        assert len(fault.sentence) < 700
        assert "\n" not in str(fault)
        assert str(fault).isprintable()


def test_a_byte_order_mark_and_windows_line_ends_are_accepted(tmp_path: Path) -> None:
    folder = tmp_path / "example"
    folder.mkdir()
    for file, text in WRITTEN.items():
        (folder / file).write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert check_folder(folder) == []


def test_a_second_file_is_guarded_as_the_first(tmp_path: Path) -> None:
    folder = tmp_path / "example"
    folder.mkdir()
    for file, text in {**WRITTEN, "low_threshold.yaml": BOMB, "messages.yaml": "x: *y\n"}.items():
        (folder / file).write_text(text, "utf-8")
    assert [(Path(fault.file).name, fault.line) for fault in check_folder(folder)] == [
        ("low_threshold.yaml", 1),
        ("messages.yaml", 1),
    ]


def test_a_folder_or_pipe_named_like_a_file_is_not_read(tmp_path: Path) -> None:
    folder = tmp_path / "example"
    folder.mkdir()
    for file, text in WRITTEN.items():
        (folder / file).write_text(text, "utf-8")
    (folder / "folder.yaml").mkdir()
    os.mkfifo(folder / "pipe.yaml")
    assert check_folder(folder) == []


def test_a_file_that_is_gone_is_named(tmp_path: Path) -> None:
    with pytest.raises(Faulty, match="cannot be read"):
        read_text(tmp_path / "gone.yaml")


def test_every_scalar_is_text() -> None:
    text = "a: no\nb: 1\nc: ~\nd: 2020-01-01\ne:\nf: 0x10\ng: 'q'\nh: |\n  i\n  j\n"
    assert read_yaml("x.yaml", text).tree == {
        "a": "no",
        "b": "1",
        "c": "~",
        "d": "2020-01-01",
        "e": "",
        "f": "0x10",
        "g": "q",
        "h": "i\nj\n",
    }


def test_every_path_knows_its_line() -> None:
    source = read_yaml("x.yaml", "a:\n  - b: 1\n    c:\n      - 2\n\nd: {e: 3,\n  f: 4}\n")
    assert source.lines == {
        (): 1,
        ("a",): 1,
        ("a", 0): 2,
        ("a", 0, "b"): 2,
        ("a", 0, "c"): 3,
        ("a", 0, "c", 0): 4,
        ("d",): 6,
        ("d", "e"): 6,
        ("d", "f"): 7,
    }
    assert source.line(("a", 0, "c", 9, "z")) == 3
