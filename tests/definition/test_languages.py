"""A language is offered when every text of the questionnaire and of the pages exists in it."""

import pytest

from app.definition.languages import in_language, offered_languages
from app.definition.load import Definition, load_folder
from app.definition.translations import coverage, texts_to_translate, translated_wording
from app.language import LANGUAGES, catalogue, respondent_texts
from app.settings import ROOT
from tests.factories.questionnaires import defined, yes_no

SHIPPED = sorted(path for path in (ROOT / "questionnaires").iterdir() if path.is_dir())


@pytest.mark.parametrize("allow_drafts", [False, True])
def test_a_questionnaire_without_translations_is_offered_in_dutch(allow_drafts: bool) -> None:
    assert offered_languages(defined(yes_no("a"), easy_pages=True), "regular", allow_drafts) == ("nl",)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
@pytest.mark.parametrize("allow_drafts", [False, True])
def test_a_language_is_offered_only_when_no_text_is_missing(path: str, allow_drafts: bool) -> None:
    definition: Definition = load_folder(ROOT / "questionnaires" / path)
    for wording, questionnaire in definition.wordings.items():
        texts = texts_to_translate(questionnaire)
        expected = ["nl"]
        for language in LANGUAGES:
            ready = coverage(texts, catalogue(language, "questionnaires").translations)
            pages = coverage(respondent_texts(), catalogue(language).translations)
            if language != "nl" and ready.is_complete(allow_drafts) and pages.is_complete(allow_drafts):
                expected.append(language)
        assert offered_languages(definition, wording, allow_drafts) == tuple(expected)


def test_the_easy_questionnaires_are_offered_in_reviewed_english() -> None:
    for name in ("arbeid-2018", "arbeid-2022", "inburgeren"):
        definition = load_folder(ROOT / "questionnaires" / name)
        assert "en" in offered_languages(definition, translated_wording(definition) or "", allow_drafts=False)


def test_regular_wordings_with_an_easy_one_exist_in_dutch_only() -> None:
    definition = load_folder(ROOT / "questionnaires" / "arbeid-2022")
    assert translated_wording(definition) == "low_threshold"
    assert offered_languages(definition, "regular", allow_drafts=True) == ("nl",)


def test_dutch_is_the_questionnaire_itself() -> None:
    definition = defined(yes_no("a"))
    assert in_language(definition, "regular", "nl") is definition.wordings["regular"]


def test_a_questionnaire_is_translated_once() -> None:
    definition = load_folder(ROOT / "questionnaires" / "inburgeren")
    arabic = in_language(definition, "regular", "ar")
    assert in_language(definition, "regular", "ar") is arabic
    assert arabic.wording == "regular"
    assert arabic.by_answer.keys() == definition.wordings["regular"].by_answer.keys()
