"""The clip of a text as pages ask for it."""

from pathlib import Path

import pytest

from app.definition.nameless import Name
from app.definition.piping import pipe
from app.speech.clips import MAX_JOINED, Clip, finder, version
from tests.factories.clips import keep_clip

SENTENCE = "U had les bij {provider}. Was dat goed?"


def heard(clip: Clip | None) -> list[str]:
    """The files of an address."""
    return clip.address.rpartition("/")[2].removesuffix(".mp3").split("+") if clip else []


def name_of(entry: object) -> str:
    return str(getattr(entry, "file", "")).removesuffix(".mp3")


def test_a_text_has_its_clip_and_another_text_has_none(audio_folder: Path) -> None:
    entry = keep_clip(audio_folder / "nl", "Ja")
    clip = finder("nl")("Ja")
    assert clip == Clip(f"/geluid/nl/{entry.file}", entry.seconds, is_draft=True)
    assert finder("nl")("Ja.") is None
    assert finder("nl")("") is None
    assert finder("en")("Ja") is None


@pytest.mark.parametrize(("kind", "is_draft"), [("human", False), ("voice", False), ("draft", True)])
def test_only_a_machine_of_which_there_may_be_better_is_a_draft(audio_folder: Path, kind: str, is_draft: bool) -> None:
    keep_clip(audio_folder / "nl", "Ja", kind=kind)
    assert finder("nl")("Ja").is_draft is is_draft  # type: ignore[union-attr]


def test_a_name_is_heard_between_the_pieces_of_its_sentence(audio_folder: Path) -> None:
    folder = audio_folder / "nl"
    before, after = (keep_clip(folder, SENTENCE, piece=piece, seed=piece + 1) for piece in (0, 2))
    name = keep_clip(folder, "Taalhuis Noord", seed=7, kind="human")
    clip = finder("nl")(pipe(SENTENCE, {"provider": Name("Taalhuis Noord", "de school")}))
    assert heard(clip) == [name_of(before), name_of(name), name_of(after)]
    assert clip and clip.is_draft
    assert clip.seconds == pytest.approx(before.seconds + name.seconds + after.seconds)


def test_a_name_without_clip_is_left_nameless(audio_folder: Path) -> None:
    folder = audio_folder / "nl"
    pieces = [keep_clip(folder, SENTENCE, piece=piece, seed=piece + 1) for piece in (0, 2)]
    text = pipe(SENTENCE, {"provider": Name("Taalhuis Noord", "de school")})
    assert finder("nl")(text) is None, "nothing to say in the place of the name"
    school = keep_clip(folder, "de school", seed=8)
    assert heard(finder("nl")(text)) == [name_of(pieces[0]), name_of(school), name_of(pieces[1])]


def test_the_nameless_words_are_those_of_the_language(audio_folder: Path) -> None:
    folder = audio_folder / "en"
    keep_clip(folder, "You had lessons at {provider}", piece=0)
    text = pipe("You had lessons at {provider}", {"provider": Name("Taalhuis Noord", "Ja, ga verder")})
    assert finder("en")(text) is None
    from app.language import catalogue

    keep_clip(folder, catalogue("en").gettext("Ja, ga verder"), seed=3)
    assert catalogue("en").gettext("Ja, ga verder") != "Ja, ga verder"
    assert len(heard(finder("en")(text))) == 2


def test_a_changed_comma_leaves_a_filled_in_text_without_clip(audio_folder: Path) -> None:
    folder = audio_folder / "nl"
    for piece in (0, 2):
        keep_clip(folder, SENTENCE, piece=piece)
    keep_clip(folder, "Noord")
    assert finder("nl")(pipe(SENTENCE, {"provider": "Noord"}))
    assert finder("nl")(pipe(SENTENCE.replace(". Was", ", was"), {"provider": "Noord"})) is None


def test_an_earlier_answer_is_heard_in_the_words_of_its_option(audio_folder: Path) -> None:
    folder = audio_folder / "nl"
    template = "U zei: {had_contact}"
    entries = [keep_clip(folder, template, piece=0), keep_clip(folder, "Soms", seed=2)]
    assert heard(finder("nl")(pipe(template, {"had_contact": "Soms"}))) == [name_of(entry) for entry in entries]
    assert finder("nl")(pipe(template, {"had_contact": "iets in eigen woorden"})) is None
    assert heard(finder("nl")(pipe(template, {}))) == [name_of(entries[0])], "not answered: nothing is said there"


def test_several_chosen_options_are_heard_one_after_the_other(audio_folder: Path) -> None:
    entries = [keep_clip(audio_folder / "nl", text, seed=seed) for seed, text in enumerate(("Bellen", "Mailen"))]
    assert heard(finder("nl")("Bellen; Mailen")) == [name_of(entry) for entry in entries]
    assert finder("nl")("Bellen; Anders: met een duif") is None


def test_more_parts_than_an_address_may_have_are_not_offered(audio_folder: Path) -> None:
    keep_clip(audio_folder / "nl", "Ja")
    assert finder("nl")("; ".join(["Ja"] * MAX_JOINED))
    assert finder("nl")("; ".join(["Ja"] * (MAX_JOINED + 1))) is None


def test_a_new_clip_is_found_without_a_restart(audio_folder: Path) -> None:
    clip = finder("nl")
    assert clip("Ja") is None
    before = version("nl")
    keep_clip(audio_folder / "nl", "Ja")
    assert clip("Ja") is not None
    assert version("nl") != before
