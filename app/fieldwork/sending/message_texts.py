"""The words of a message for one case: in its wording and language, with everything filled in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from app.clock import local
from app.definition.languages import languages_on_offer
from app.definition.load import Definition
from app.definition.messages import Message
from app.definition.piping import pipe
from app.definition.translations import coverage, messages_to_translate, translated_wording
from app.errors import NotFound
from app.fieldwork.questionnaires import current
from app.fieldwork.sending.planning import SendingWave
from app.language import SOURCE_LANGUAGE, catalogue, long_date
from app.settings import settings

QUESTIONNAIRES = "questionnaires"
TIME_AFTER_LAST_STEP = timedelta(days=14)
_is_translated: dict[tuple[str, str, bool], bool] = {}  # by content hash: working it out takes milliseconds


@dataclass(frozen=True)
class Words:
    """A message in words. `code` and `link` were filled in where the text names them."""

    language: str
    subject: str
    paragraphs: tuple[str, ...]
    button: str
    until: str


@dataclass(frozen=True)
class Addressee:
    """What the words of a message depend on."""

    questionnaire: str
    wording: str
    language: str


def words(addressee: Addressee, kind: str, wave: SendingWave, *, provider: str, link: str, code: str = "") -> Words:
    """The text of a message: `invitation`, `reminder`, `last_reminder`, or `letter`.

    Raises:
        NotFound: when the questionnaire has no such message.
    """
    definition = current(addressee.questionnaire)
    language = message_language(definition, addressee.language, wave.rules.allow_drafted_translations)
    message = _message(definition, kind, addressee.wording, language)
    if language == SOURCE_LANGUAGE:  # the wave's own words are not translated
        message = wave.rules.own_message(definition.name, kind, addressee.wording) or message
    until = long_date(last_day(wave), language)
    values = {"provider": provider, "link": link, "code": code, "until": until, "phone": settings().help_phone}
    translate = catalogue(language, QUESTIONNAIRES).gettext

    def filled(text: str) -> str:
        return pipe(translate(text), values)

    return Words(
        language, filled(message.subject), tuple(filled(text) for text in message.text), filled(message.button), until
    )


def last_day(wave: SendingWave) -> date:
    """The day that messages name as the last one: that of the wave, else two weeks after the last step."""
    if wave.fieldwork_ends_on is not None:
        return wave.fieldwork_ends_on
    if wave.started_at is None:
        raise NotFound(f"the wave {wave.label} was not started and has no last day; start it with: peilwijs invite")
    n_days = max((step.day for _, step in wave.rules.scheme.steps()), default=0)
    return local(wave.started_at).date() + timedelta(days=n_days) + TIME_AFTER_LAST_STEP


def message_language(definition: Definition, language: str, allow_drafts: bool) -> str:
    """The language a message goes out in: that of the case where questionnaire and messages are in it, else Dutch."""
    if language == SOURCE_LANGUAGE or language not in languages_on_offer(definition, allow_drafts):
        return SOURCE_LANGUAGE
    key = (definition.content_hash, language, allow_drafts)
    if key not in _is_translated:
        texts = dict.fromkeys(passage.text for passage in messages_to_translate(definition))
        found = coverage(texts, catalogue(language, QUESTIONNAIRES).translations)
        _is_translated[key] = bool(texts) and found.is_complete(allow_drafts)
    return language if _is_translated[key] else SOURCE_LANGUAGE


def _message(definition: Definition, kind: str, wording: str, language: str) -> Message:
    kinds: Mapping[str, Mapping[Any, Message]] = definition.messages.messages if definition.messages else {}
    by_wording = kinds.get(kind)
    if not by_wording:
        raise NotFound(f"the questionnaire {definition.name} has no message «{kind}»; add it to its messages.yaml")
    if language != SOURCE_LANGUAGE:
        wording = translated_wording(definition) or wording
    return by_wording.get(wording) or next(iter(by_wording.values()))
