"""Which languages a respondent may choose, and the questionnaire in one of them. Worked out once per process."""

from functools import cache

from app.definition.load import Definition
from app.definition.questionnaire import Questionnaire
from app.definition.translations import coverage, texts_to_translate, translated, translated_wording
from app.language import LANGUAGES, SOURCE_LANGUAGE, catalogue, decimal_mark, respondent_texts

QUESTIONNAIRES = "questionnaires"
DUTCH_ONLY = (SOURCE_LANGUAGE,)
_offered: dict[tuple[str, str, bool], tuple[str, ...]] = {}
_translated: dict[tuple[str, str, str], Questionnaire] = {}
_easy_wordings: dict[str, str | None] = {}


def languages_on_offer(definition: Definition, allow_drafts: bool) -> tuple[str, ...]:
    """The languages a respondent may choose whatever the wording of the case: other languages have easy words only."""
    easy = easy_wording(definition)
    return offered_languages(definition, easy, allow_drafts) if easy else DUTCH_ONLY


def easy_wording(definition: Definition) -> str | None:
    """The wording that other languages are translations of; None when there is none."""
    if definition.content_hash not in _easy_wordings:
        _easy_wordings[definition.content_hash] = translated_wording(definition)
    return _easy_wordings[definition.content_hash]


@cache
def page_languages(allow_drafts: bool) -> tuple[str, ...]:
    """The languages of pages that no questionnaire is on, such as the one where a code is typed."""
    return tuple(language for language in LANGUAGES if _is_complete(language, (), allow_drafts))


def offered_languages(definition: Definition, wording: str, allow_drafts: bool) -> tuple[str, ...]:
    """The languages in which every text of this wording and every text of the pages exists; Dutch always.

    Args:
        allow_drafts: the wave's rule `allow_drafted_translations`; without it every text must have been reviewed.
    """
    key = (definition.content_hash, wording, allow_drafts)
    if key not in _offered:
        texts = texts_to_translate(definition.wordings[wording])
        _offered[key] = tuple(language for language in LANGUAGES if _is_complete(language, texts, allow_drafts))
    return _offered[key]


def in_language(definition: Definition, wording: str, language: str) -> Questionnaire:
    """A wording in another language; what has no translation stays Dutch."""
    if language == SOURCE_LANGUAGE:
        return definition.wordings[wording]
    key = (definition.content_hash, wording, language)
    if key not in _translated:
        translate = catalogue(language, QUESTIONNAIRES).gettext
        _translated[key] = translated(definition.wordings[wording], translate, decimal_mark(language))
    return _translated[key]


def _is_complete(language: str, texts: tuple[str, ...], allow_drafts: bool) -> bool:
    if language == SOURCE_LANGUAGE:
        return True
    parts = ((texts, QUESTIONNAIRES), (respondent_texts(), "interface"))
    return all(coverage(needed, catalogue(language, name).translations).is_complete(allow_drafts)
               for needed, name in parts)  # fmt: skip
