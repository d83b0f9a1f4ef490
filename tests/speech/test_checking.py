"""What is wrong with clips: told per clip, with what to do."""

from pathlib import Path

import pytest

from app.speech.checking import problems, unused
from app.speech.manifest import Entry, Manifest, editing, load
from app.speech.spoken import NAME, Utterance
from tests.factories.clips import keep_clip, murmur

TEXT = "Hoe tevreden bent u over de hulp?"
PLACE = "easy/regular: help.text"


def needed(*texts: str, piece: int | None = None, place: str = PLACE) -> dict[str, Utterance]:
    return {one.hash: one for text in texts for one in [Utterance(text, text, place, piece)]}


def told(folder: Path, listens: bool = False, text: str = TEXT) -> list[str]:
    return list(problems(folder, needed(text), load(folder), listens))


def change(folder: Path, **fields: object) -> None:
    with editing(folder) as entries:
        for key, entry in entries.items():
            entries[key] = Entry.model_validate(entry.model_dump() | fields)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One good clip, long enough for its text."""
    keep_clip(tmp_path, TEXT, seconds=2.5, place=PLACE)
    return tmp_path


@pytest.mark.parametrize("listens", [False, True])
def test_a_good_clip_is_not_mentioned(folder: Path, listens: bool) -> None:
    assert told(folder, listens) == []


def test_a_missing_clip_is_named_with_its_place(tmp_path: Path) -> None:
    assert told(tmp_path) == [f"{PLACE}: the clip «{TEXT}» is missing; run: peilwijs audio build"]


def test_a_clip_whose_text_changed_by_a_comma_is_stale(folder: Path) -> None:
    [problem] = told(folder, text=TEXT.replace(" over", ", over"))
    assert "is stale: it still says «Hoe tevreden bent u over de hulp?»" in problem


def test_a_piece_is_stale_when_the_text_beyond_the_name_changed(tmp_path: Path) -> None:
    keep_clip(tmp_path, "U had hulp van {provider}. Ja?", piece=0, place=PLACE)
    changed = {one.hash: one for one in [Utterance("U had hulp van {provider}. Nee?", "U had hulp van", PLACE, 0)]}
    assert "the text around it changed" in next(problems(tmp_path, changed, load(tmp_path)))


@pytest.mark.parametrize("kind", ["draft", "human"])
def test_a_lost_file_is_told(folder: Path, kind: str) -> None:
    change(folder, kind=kind)
    for path in folder.glob("*.mp3"):
        path.unlink()
    assert "lost its file" in told(folder)[0]


def test_a_single_changed_byte_is_damage(folder: Path) -> None:
    [path] = folder.glob("*.mp3")
    mp3 = bytearray(path.read_bytes())
    mp3[len(mp3) // 2] ^= 1
    path.write_bytes(mp3)
    assert "is damaged" in told(folder)[0]


@pytest.mark.parametrize(("lufs", "word"), [(-16.0, "loud"), (-23.0, "quiet"), (-70.0, "quiet")])
def test_too_loud_and_too_quiet_are_told(folder: Path, lufs: float, word: str) -> None:
    change(folder, lufs=lufs)
    assert f"is too {word}" in told(folder)[0]


@pytest.mark.parametrize("seconds", [0.3, 60.0])
def test_a_length_that_cannot_be_this_text_is_told(folder: Path, seconds: float) -> None:
    change(folder, seconds=seconds)
    assert "fit these words" in told(folder)[0]


def test_listening_measures_what_the_manifest_only_says(folder: Path) -> None:
    change(folder, lufs=-30.0)
    assert told(folder) != []
    assert told(folder, listens=True) == []


def test_listening_finds_a_file_that_is_no_sound(folder: Path) -> None:
    from app.speech.manifest import put_file

    change(folder, file=put_file(folder, b"not a sound"))
    assert told(folder) == []
    assert "is damaged" in told(folder, listens=True)[0]


def test_a_word_or_two_may_take_its_time(tmp_path: Path) -> None:
    keep_clip(tmp_path, "Ja", seconds=2.5, place=PLACE)
    assert told(tmp_path, text="Ja") == []


def test_clips_of_texts_that_are_gone_are_told_apart_from_names(folder: Path) -> None:
    keep_clip(folder, "Werkpad", place=NAME)
    assert [entry.text for entry in unused({}, load(folder))] == [TEXT]
    assert unused(needed(TEXT), load(folder)) == ()
    assert unused({}, Manifest({})) == ()


def test_the_murmur_of_these_tests_is_as_long_as_asked() -> None:
    assert len(murmur(1)) == 44 + 2 * 22_050
