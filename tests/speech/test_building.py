"""Building clips: several at once, resumed after a break, never over a recording."""

import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import ClassVar

import pytest

from app.speech import building
from app.speech.building import GIVES_UP_AFTER, build, lacking, prune
from app.speech.manifest import Kind, Manifest, load
from app.speech.spoken import NAME, Utterance, Utterances
from app.speech.voices.voice import Voice, VoiceFailed
from tests.factories.clips import keep_clip, murmur


class Murmur(Voice):
    """A voice of tests; `hears` is called with every text."""

    name: ClassVar[str] = "murmur"
    kind: ClassVar[Kind] = "voice"
    languages: ClassVar[Mapping[str, str]] = {"nl": "nl"}
    at_once: ClassVar[int] = 3

    def __init__(self, hears: Callable[[str], None] = lambda words: None) -> None:
        self.hears = hears
        self.said: list[str] = []

    def speak(self, words: str, language: str) -> bytes:
        self.said.append(words)
        self.hears(words)
        return murmur(0.6, seed=hash(words) % 1000)


def needed(*texts: str) -> Utterances:
    return {one.hash: one for text in texts for one in [Utterance(text, text, f"place of {text}")]}


def built(folder: Path, utterances: Utterances, voice: Voice) -> building.Outcome:
    return build(folder, "nl", lacking(folder, utterances, load(folder), voice), voice)


TEXTS = [f"Tekst {number}" for number in range(12)]


def test_everything_missing_is_made_and_kept(tmp_path: Path) -> None:
    told: list[int] = []
    outcome = build(tmp_path, "nl", list(needed(*TEXTS).values()), Murmur(), told.append)
    assert (outcome.n_made, outcome.failures) == (12, [])
    assert sum(told) == 12
    entry = load(tmp_path).find("Tekst 3")
    assert entry and (entry.voice, entry.kind, entry.place) == ("murmur", "voice", "place of Tekst 3")
    assert (tmp_path / entry.file).is_file()


def test_several_are_spoken_at_once_and_no_more_than_the_voice_can(tmp_path: Path) -> None:
    together = threading.Barrier(3, timeout=20)  # breaks unless three come at once
    build(tmp_path, "nl", list(needed(*TEXTS).values()), Murmur(lambda words: together.wait() and None))


def test_a_second_build_has_nothing_to_do(tmp_path: Path) -> None:
    built(tmp_path, needed(*TEXTS), Murmur())
    again = Murmur()
    assert built(tmp_path, needed(*TEXTS), again).n_made == 0
    assert again.said == []


def test_a_build_that_is_broken_off_goes_on_where_it_stopped(tmp_path: Path) -> None:
    def stop(words: str) -> None:
        if words == "Tekst 7":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        built(tmp_path, needed(*TEXTS), Murmur(stop))
    n_kept = len(load(tmp_path).entries)
    assert 0 < n_kept < 12
    again = Murmur()
    assert built(tmp_path, needed(*TEXTS), again).n_made == 12 - n_kept == len(again.said)
    assert len(load(tmp_path).entries) == 12


def test_one_text_that_fails_does_not_stop_the_others(tmp_path: Path) -> None:
    def fail(words: str) -> None:
        if words == "Tekst 5":
            raise VoiceFailed("no sound today")

    outcome = built(tmp_path, needed(*TEXTS), Murmur(fail))
    assert (outcome.n_made, outcome.gave_up) == (11, False)
    assert outcome.failures == ["place of Tekst 5: no sound today"]


def test_a_voice_that_is_out_of_order_is_not_asked_for_hours(tmp_path: Path) -> None:
    def fail(words: str) -> None:
        raise VoiceFailed("no sound today")

    voice = Murmur(fail)
    outcome = built(tmp_path, needed(*[f"Tekst {number}" for number in range(60)]), voice)
    assert outcome.gave_up
    assert GIVES_UP_AFTER <= len(voice.said) <= GIVES_UP_AFTER + 2 * Murmur.at_once


def test_a_voice_that_gives_silence_is_told(tmp_path: Path) -> None:
    class Silent(Murmur):
        def speak(self, words: str, language: str) -> bytes:
            return murmur(0, before=1)

    assert "silence" in built(tmp_path, needed("Ja"), Silent()).failures[0]
    assert load(tmp_path).entries == {}


def test_a_sentence_that_comes_out_as_half_a_second_is_not_kept(tmp_path: Path) -> None:
    outcome = built(tmp_path, needed("Hoe tevreden bent u over de begeleiding door uw coach?"), Murmur())
    assert "fit these words" in outcome.failures[0]
    assert load(tmp_path).entries == {}


def test_a_language_that_the_voice_does_not_speak_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(VoiceFailed, match="does not speak «ti»"):
        build(tmp_path, "ti", list(needed("Ja").values()), Murmur())


def test_a_recording_is_never_spoken_over(tmp_path: Path) -> None:
    recorded = keep_clip(tmp_path, "Ja", kind="human")
    voice = Murmur()
    assert built(tmp_path, needed("Ja"), voice).n_made == 0
    (tmp_path / recorded.file).unlink()
    assert built(tmp_path, needed("Ja"), voice).n_made == 0, "not even when its file is lost: a person decides"
    assert voice.said == []


def test_a_recording_that_comes_while_the_voice_speaks_wins(tmp_path: Path) -> None:
    voice = Murmur(lambda words: keep_clip(tmp_path, words, kind="human") and None)
    assert built(tmp_path, needed("Ja"), voice).n_made == 0
    assert load(tmp_path).find("Ja").kind == "human"  # type: ignore[union-attr]


@pytest.mark.parametrize(("kind", "n_made"), [("draft", 1), ("voice", 0), ("human", 0)])
def test_a_better_voice_takes_the_place_of_a_draft_only(tmp_path: Path, kind: str, n_made: int) -> None:
    keep_clip(tmp_path, "Ja", kind=kind)
    assert built(tmp_path, needed("Ja"), Murmur()).n_made == n_made


def test_a_damaged_clip_is_made_again(tmp_path: Path) -> None:
    entry = keep_clip(tmp_path, "Ja", kind="voice")
    (tmp_path / entry.file).write_bytes(b"damaged")
    assert built(tmp_path, needed("Ja"), Murmur()).n_made == 1


def test_pruning_takes_machine_clips_without_text_and_leaves_people_and_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = [
        keep_clip(tmp_path, "Ja"),
        keep_clip(tmp_path, "Oud", kind="human", seed=2),
        keep_clip(tmp_path, "Werkpad", place=NAME, seed=3),
    ]
    gone = keep_clip(tmp_path, "Weg", seed=4)
    assert prune(tmp_path, needed("Ja")) == (1, 0)
    assert (tmp_path / gone.file).exists(), "somebody may be building at this moment"
    monkeypatch.setattr(building, "LEFT_ALONE_SECONDS", -1)
    assert prune(tmp_path, needed("Ja")) == (0, 1)
    assert {path.name for path in tmp_path.glob("*.mp3")} == {entry.file for entry in kept}
    assert isinstance(load(tmp_path), Manifest) and len(load(tmp_path).entries) == 3
