"""What a researcher chose to try, and the address that says it: nothing in it is personal."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar
from urllib.parse import urlencode

from app.clock import today
from app.collection import versions
from app.definition.checks import questionnaire_folders
from app.definition.facts import FILTER_FACTS, Facts
from app.definition.filters import names_in
from app.definition.languages import easy_wording, in_language, languages_on_offer
from app.definition.load import Definition
from app.definition.questionnaire import Questionnaire
from app.errors import NotFound
from app.fieldwork.rules import INBURGERING, shipped_rules
from app.language import LANGUAGES, SOURCE_LANGUAGE
from app.settings import settings

START = "/kantoor/proef"
LOOK = f"{START}/bekijk"
STEP = f"{START}/stap"  # posts a form of a page
OPEN = f"{START}/open"  # follows a link of a page
PROVIDER = "Voorbeeldbedrijf"
MODES = ("web", "phone")
PROFILES = tuple(range(1, int(FILTER_FACTS["learning_profile"].high or 1) + 1))

Choice = TypeVar("Choice")


@dataclass(frozen=True)
class Setup:
    """One way to meet a questionnaire. `service` is None for commissioners, `learning_profile` where none counts.

    `wording` is that of the case; in another language one meets the wording that is translated, as respondents do.
    """

    questionnaire: str
    wording: str = "regular"
    language: str = SOURCE_LANGUAGE
    service: int | None = None
    learning_profile: int | None = None
    mode: str = "web"

    @property
    def definition(self) -> Definition:
        return versions.current(self.questionnaire)

    @property
    def met_wording(self) -> str:
        """The wording on the pages."""
        if self.language == SOURCE_LANGUAGE:
            return self.wording
        return easy_wording(self.definition) or self.wording

    @property
    def words(self) -> Questionnaire:
        """The questionnaire as it is on the pages."""
        return in_language(self.definition, self.met_wording, self.language)

    @property
    def in_dutch(self) -> "Setup":
        """The same pages in Dutch: codes and routes are equal."""
        return replace(self, wording=self.met_wording, language=SOURCE_LANGUAGE)

    @property
    def offered(self) -> tuple[str, ...]:
        """The languages in the menu of the page: those that a wave with drafts offers, and the chosen one."""
        offered = languages_on_offer(self.definition, allow_drafts=True)
        return tuple(one for one in LANGUAGES if one in offered or one == self.language)

    @property
    def facts(self) -> Facts:
        names = service_names()
        return Facts(
            service=self.service,
            learning_profile=self.learning_profile,
            wording=self.met_wording,
            mode=self.mode,
            provider=PROVIDER,
            service_name=names.get(self.service or 0, ""),
        )

    @property
    def query(self) -> str:
        """The choices as the query of an address, without those that do not apply."""
        fields = {
            "vragenlijst": self.questionnaire,
            "woorden": self.wording,
            "taal": self.language,
            "dienst": self.service,
            "profiel": self.learning_profile,
            "wijze": self.mode,
        }
        return urlencode({name: value for name, value in fields.items() if value is not None})

    def address(self, question: str = "", page: str = "") -> str:
        """Where this, at one question or page, can be opened again."""
        return f"{LOOK}?{self.query}" + (f"&vraag={question}" if question else f"&pagina={page}" if page else "")

    def but(self, **other: Any) -> "Setup":
        """The same with other choices, as far as the questionnaire has them."""
        return fitting(replace(self, **other))


def names() -> tuple[str, ...]:
    """The questionnaires that there are."""
    return tuple(folder.name for folder in questionnaire_folders(settings().questionnaires_folder))


def _newest() -> str:
    """What clients get in a wave of today; without it the first there is."""
    wanted = shipped_rules(today()).questionnaires.clients
    return wanted if wanted in names() else next(iter(names()), "")


def service_names() -> Mapping[int, str]:
    """The services by number, as the shipped rules of today call them."""
    return shipped_rules(today()).services


def uses_profile(definition: Definition) -> bool:
    """Whether a filter looks at the learning profile."""
    conditions = [
        condition
        for questionnaire in definition.wordings.values()
        for step in questionnaire.steps
        for condition in (step.condition, *step.option_conditions.values())
    ]
    return any("learning_profile" in names_in(condition) for condition in conditions if condition)


def read_setup(query: Mapping[str, str]) -> Setup:
    """The choices in an address. One that does not fit gives way to the first that does: old addresses go on working.

    Raises:
        NotFound: when there is no such questionnaire.
    """
    questionnaire = query.get("vragenlijst") or _newest()
    if questionnaire not in names():
        raise NotFound(f"there is no questionnaire «{questionnaire[:60]}» to try; choose one of {', '.join(names())}")
    return fitting(
        Setup(
            questionnaire,
            query.get("woorden", ""),
            query.get("taal", ""),
            _number(query.get("dienst", "")),
            _number(query.get("profiel", "")),
            query.get("wijze", ""),
        )
    )


def fitting(setup: Setup) -> Setup:
    """The choices, where the questionnaire does not have them replaced by its first."""
    definition = setup.definition
    services = definition.texts.services
    service = _among(services, setup.service)
    has_profile = service == INBURGERING and uses_profile(definition)
    return Setup(
        setup.questionnaire,
        _among(tuple(definition.wordings), setup.wording) or "regular",
        _among(tuple(LANGUAGES), setup.language) or SOURCE_LANGUAGE,
        service,
        _among(PROFILES, setup.learning_profile) if has_profile else None,
        _among(MODES, setup.mode) or "web",
    )


def _among(choices: tuple[Choice, ...], wanted: Choice | None) -> Choice | None:
    if wanted in choices:
        return wanted
    return choices[0] if choices else None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else None
