"""The clips of a language: found by their exact text, written whole or not at all."""

import json
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Invalid
from app.speech.manifest import NAME, Entry, content_hash, current, editing, load, put, put_file, text_hash


def entry(text: str, **fields: object) -> Entry:
    given = {"file": "0123456789abcdef.mp3", "voice": "espeak", "kind": "draft", "seconds": 1.0, "lufs": -19.0}
    return Entry.model_validate({"text": text, **given, **fields})


@given(st.text(min_size=1), st.text(min_size=1))
def test_only_the_same_text_has_the_same_clip(one: str, other: str) -> None:
    assert (text_hash(one) == text_hash(other)) is (one.strip() == other.strip())
    assert len({text_hash(one), text_hash(one, 0), text_hash(one, 2)}) == 3


def test_a_comma_more_is_another_text() -> None:
    assert text_hash("Kies een antwoord, of ga verder.") != text_hash("Kies een antwoord of ga verder.")


def test_what_is_kept_is_found_again(tmp_path: Path) -> None:
    kept = put(tmp_path / "nl", entry("Ja", place="somewhere", approved=True), b"sound")
    assert load(tmp_path / "nl").find("Ja") == kept
    assert (tmp_path / "nl" / kept.file).read_bytes() == b"sound"
    assert kept.file == f"{content_hash(b'sound')}.mp3"
    assert load(tmp_path / "nl").find("Nee") is None


def test_a_folder_without_clips_has_an_empty_manifest(tmp_path: Path) -> None:
    assert load(tmp_path / "nl").entries == {}
    assert current(tmp_path / "nl").entries == {}


@pytest.mark.parametrize("text", ["", "{", "[]", '{"clips": {"x": {}}}', '{"clips": {}, "more": 1}'])
def test_a_damaged_manifest_is_refused_with_its_place(tmp_path: Path, text: str) -> None:
    (tmp_path / NAME).write_text(text)
    with pytest.raises(Invalid, match=NAME):
        load(tmp_path)


def test_a_clip_entered_under_another_text_is_refused(tmp_path: Path) -> None:
    put(tmp_path, entry("Ja"), b"sound")
    path = tmp_path / NAME
    path.write_text(path.read_text().replace('"text": "Ja"', '"text": "Nee"'))
    with pytest.raises(Invalid, match="not that of its text"):
        load(tmp_path)


def test_pages_go_on_with_the_last_good_manifest(tmp_path: Path) -> None:
    put(tmp_path, entry("Ja"), b"sound")
    good = current(tmp_path)
    assert good.find("Ja")
    (tmp_path / NAME).write_text("{")
    assert current(tmp_path).entries == good.entries
    (tmp_path / NAME).unlink()
    assert current(tmp_path).entries == {}


def test_a_change_is_seen_at_once_and_changes_the_version(tmp_path: Path) -> None:
    put(tmp_path, entry("Ja"), b"sound")
    before = current(tmp_path)
    assert current(tmp_path) is before
    put(tmp_path, entry("Nee"), b"other sound")
    assert current(tmp_path).find("Nee")
    assert current(tmp_path).version != before.version


def test_an_editor_that_fails_changes_nothing(tmp_path: Path) -> None:
    put(tmp_path, entry("Ja"), b"sound")
    before = (tmp_path / NAME).read_bytes()
    with pytest.raises(RuntimeError), editing(tmp_path) as entries:
        entries.clear()
        raise RuntimeError
    assert (tmp_path / NAME).read_bytes() == before
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".part"] == []


def test_equal_clips_are_written_equally(tmp_path: Path) -> None:
    for name, texts in (("a", ("Ja", "Nee")), ("b", ("Nee", "Ja"))):
        for text in texts:
            put(tmp_path / name, entry(text), text.encode())
    assert (tmp_path / "a" / NAME).read_bytes() == (tmp_path / "b" / NAME).read_bytes()
    assert json.loads((tmp_path / "a" / NAME).read_text())["clips"][text_hash("Ja")]["text"] == "Ja"


def _keep_some(folder: Path, first: int) -> None:
    for number in range(first, first + 15):
        put(folder, entry(f"Tekst {number}"), str(number).encode())


def test_two_processes_at_once_lose_no_clip(tmp_path: Path) -> None:
    with ProcessPoolExecutor(2) as pool:
        for done in [pool.submit(_keep_some, tmp_path, first) for first in (0, 15)]:
            done.result()
    assert {one.text for one in load(tmp_path).entries.values()} == {f"Tekst {number}" for number in range(30)}


def test_a_file_is_named_after_what_is_in_it(tmp_path: Path) -> None:
    assert put_file(tmp_path, b"a") == put_file(tmp_path, b"a") != put_file(tmp_path, b"b")
