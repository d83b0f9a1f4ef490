"""What the start page of the preview offers to choose from."""

from dataclasses import dataclass, replace

from app.definition.languages import QUESTIONNAIRES, offered_languages
from app.definition.translations import coverage, texts_to_translate
from app.errors import N_, Invalid
from app.language import LANGUAGES, SOURCE_LANGUAGE, catalogue
from app.preview.filters_told import FACT_VALUES
from app.preview.setup import MODES, PROFILES, START, Setup, fitting, names, service_names, uses_profile

REVIEWED = N_("nagekeken")
DRAFTED = N_("concept, nog niet nagekeken")
PARTLY = N_("%(n)s van %(all)s teksten vertaald")


@dataclass(frozen=True)
class Choice:
    """One thing to choose. `note` is a message that takes `values`."""

    value: str
    text: str
    is_chosen: bool
    note: str = ""
    values: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class QuestionnaireLink:
    """A questionnaire to choose from here; with a fault it is not served to anybody."""

    name: str
    title: str
    address: str
    is_chosen: bool
    fault: str = ""


@dataclass(frozen=True)
class StartPage:
    """What there is to choose for one questionnaire, with the choices in the address chosen."""

    setup: Setup
    title: str
    questionnaires: tuple[QuestionnaireLink, ...]
    wordings: tuple[Choice, ...]
    languages: tuple[Choice, ...]
    services: tuple[Choice, ...]
    profiles: tuple[Choice, ...]
    modes: tuple[Choice, ...]


def start_page(setup: Setup) -> StartPage:
    """The start page with these choices."""
    definition = setup.definition
    known = service_names()
    return StartPage(
        setup,
        definition.texts.title,
        tuple(_link(setup, name) for name in names()),
        tuple(Choice(name, FACT_VALUES[name], name == setup.wording) for name in definition.wordings),
        tuple(_language(setup, language) for language in LANGUAGES),
        tuple(Choice(str(s), f"{s}. {known.get(s, '')}", s == setup.service) for s in definition.texts.services),
        tuple(Choice(str(p), str(p), p == setup.learning_profile) for p in PROFILES if uses_profile(definition)),
        tuple(Choice(mode, FACT_VALUES[mode], mode == setup.mode) for mode in MODES),
    )


def _link(setup: Setup, name: str) -> QuestionnaireLink:
    try:
        other = fitting(replace(setup, questionnaire=name))
    except Invalid as fault:
        return QuestionnaireLink(name, name, "", False, str(fault))
    return QuestionnaireLink(name, other.definition.texts.title, f"{START}?{other.query}", name == setup.questionnaire)


def _language(setup: Setup, language: str) -> Choice:
    definition, is_chosen = setup.definition, language == setup.language
    blank = Choice(language, LANGUAGES[language], is_chosen)
    if language == SOURCE_LANGUAGE:
        return blank
    if language in offered_languages(definition, setup.wording, False):
        return replace(blank, note=REVIEWED)
    if language in offered_languages(definition, setup.wording, True):
        return replace(blank, note=DRAFTED)
    texts = texts_to_translate(definition.wordings[setup.wording])
    found = coverage(texts, catalogue(language, QUESTIONNAIRES).translations)
    return replace(blank, note=PARTLY, values=(("n", found.n_reviewed + found.n_drafted), ("all", found.n_texts)))
