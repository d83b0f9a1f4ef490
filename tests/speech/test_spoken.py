"""Which texts must have a clip: everything that somebody meets on easy pages."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from babel.messages.catalog import Message

from app.definition.checks import questionnaire_folders
from app.definition.load import Definition, load, load_folder
from app.errors import Invalid
from app.language import catalogue, respondent_texts
from app.settings import ROOT
from app.speech.fillings import MOST_DROPPED, SILENT_TEXTS, fillings, is_heard
from app.speech.spoken import Utterances, named, utterances


@pytest.fixture(scope="module")
def shipped() -> list[Definition]:
    return [load_folder(folder) for folder in questionnaire_folders(ROOT / "questionnaires")]


def words(found: Utterances) -> list[str]:
    return [one.words for one in found.values()]


def test_every_text_of_an_easy_screen_is_heard(shipped: list[Definition]) -> None:
    heard = set(words(utterances(shipped, "nl")))
    for definition in shipped:
        for questionnaire in definition.wordings.values():
            for question in questionnaire.questions() if questionnaire.is_low_threshold else ():
                texts = [question.lead_in, question.text, question.hint, *(o.text for o in question.options)]
                assert {text for text in texts if text and "{" not in text} <= heard, question.code


def test_grades_are_heard_as_numbers(shipped: list[Definition]) -> None:
    assert {str(grade) for grade in range(1, 11)} <= set(words(utterances(shipped, "nl")))


def test_nothing_is_heard_that_only_regular_wordings_say(shipped: list[Definition]) -> None:
    regular = [one for one in shipped if not any(w.is_low_threshold for w in one.wordings.values())]
    assert [one.name for one in regular] == ["opdrachtgevers"]
    assert utterances(regular, "nl") == {}


def test_a_text_around_a_name_is_cut_at_the_name(shipped: list[Definition]) -> None:
    pieces = [one for one in utterances(shipped, "nl").values() if one.piece is not None]
    assert pieces
    assert all("{" in one.text and "{" not in one.words for one in pieces)
    assert {"dit bedrijf", "de school"} <= set(words(utterances(shipped, "nl")))


def test_every_place_stands_for_one_text_at_most(shipped: list[Definition]) -> None:
    whole = [one.place for one in utterances(shipped, "nl").values() if one.piece is None]
    assert len(whole) == len(set(whole))


def test_an_error_is_heard_with_the_numbers_that_it_may_show(shipped: list[Definition]) -> None:
    heard = words(utterances(shipped, "nl"))
    assert any("van 0 tot en met 99" in one for one in heard)
    assert not any("%(" in one for one in heard)
    assert sum("telt 1 ander antwoord" in one for one in heard) == 1
    assert sum(f"tellen {MOST_DROPPED} andere antwoorden" in one for one in heard) == 1


def test_another_language_is_heard_only_when_all_of_it_is_translated(shipped: list[Definition]) -> None:
    for language in ("en", "ti"):
        found = utterances(shipped, language)
        texts = catalogue(language, "questionnaires").translations
        for definition in shipped:
            is_there = any(one.place.startswith(f"{definition.name}/") for one in found.values())
            assert not is_there or any(text in texts for text in (definition.texts.title, "Ja"))


@pytest.mark.parametrize(("old", "new"), [("Ging het", "Ging, het"), ("Ja hoor", "Ja, hoor"), ("Dank u", "Dank, u")])
def test_a_comma_more_asks_for_another_clip(old: str, new: str) -> None:
    files = specimen_files()
    before, after = utterances([load(files)], "nl"), utterances([load(changed(files, old, new))], "nl")
    gone, come = set(before) - set(after), set(after) - set(before)
    assert len(gone) == len(come) == 1
    assert before[gone.pop()].place == after[come.pop()].place, "so that the old clip is recognised as stale"


def specimen_files() -> dict[str, str]:
    return {"questionnaire.yaml": EASY}


def changed(files: Mapping[str, str], old: str, new: str) -> dict[str, str]:
    assert any(old in text for text in files.values())
    return {name: text.replace(old, new) for name, text in files.items()}


EASY = """
name: easy
title: Titel
audience: clients
services: [11]
easy_pages: true
required_for_usable: [grade]
introduction: {title: Hallo, text: ["U had les bij {provider}."]}
closing: {title: Klaar, text: ["Dank u wel."]}
phone: {introduction: [Goedemiddag]}
blocks:
  - code: all
    title: Alles
    questions:
      - code: well
        type: single
        text: Ging het goed?
        options: [{code: yes, text: "Ja hoor"}, {code: no, text: Nee}]
      - {code: grade, type: grade, text: Welk cijfer?}
"""


def test_what_stands_on_no_easy_screen_is_not_heard() -> None:
    heard = words(utterances([load(specimen_files())], "nl"))
    assert not {"Titel", "Alles", "Goedemiddag"} & set(heard)
    assert {"Hallo", "U had les bij", "Klaar", "Welk cijfer?"} <= set(heard)


def test_a_field_without_rule_is_refused_with_what_to_do() -> None:
    with pytest.raises(Invalid, match=r"fillings\.py .*'colour'"):
        list(fillings("Het is %(colour)s.", []))


def test_controls_and_names_of_parts_are_not_heard() -> None:
    assert is_heard(Message("Volgende", locations=[("app/templates/question.html", 0)]))
    assert not is_heard(Message("Langzamer", locations=[("app/templates/player.html", 0)]))
    assert not is_heard(Message("Hoe ver u bent", locations=[("app/templates/question.html", 0)]))


def test_the_silent_texts_are_still_texts_of_the_pages() -> None:
    assert set(respondent_texts()) >= SILENT_TEXTS


def test_names_are_heard_once_each(tmp_path: Path) -> None:
    assert words(named(["Taalhuis Noord ", "", "Werkpad", "Taalhuis Noord"])) == ["Taalhuis Noord", "Werkpad"]
