"""The words of a message for one case: in its wording and language, with everything filled in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from app.clock import local
from app.definition.load import Definition, load_folder
from app.definition.messages import Message
from app.definition.translations import coverage, messages_to_translate, texts_to_translate, translated_wording
from app.errors import NotFound
from app.fieldwork.planning import SendingWave
from app.language import LANGUAGES, SOURCE_LANGUAGE, catalogue, long_date
from app.settings import settings

QUESTIONNAIRES = "questionnaires"
TIME_AFTER_LAST_STEP = timedelta(days=14)
_languages: dict[tuple[str, str, bool], str] = {}  # by content hash: working it out takes milliseconds
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


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
    definition = _definition(settings().questionnaires_folder, addressee.questionnaire)
    language = message_language(definition, addressee.language, wave.rules.allow_drafted_translations)
    message = _message(definition, kind, addressee.wording, language)
    until = long_date(last_day(wave), language)
    values = {"provider": provider, "link": link, "code": code, "until": until, "phone": settings().help_phone}
    translate = catalogue(language, QUESTIONNAIRES).gettext

    def filled(text: str) -> str:
        return _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), translate(text))

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
    """The language a message goes out in: that of the case where messages and questionnaire are, else Dutch."""
    key = (definition.content_hash, language, allow_drafts)
    if key not in _languages:
        is_ready = (
            language in LANGUAGES and language != SOURCE_LANGUAGE and _is_ready(definition, language, allow_drafts)
        )
        _languages[key] = language if is_ready else SOURCE_LANGUAGE
    return _languages[key]


def _is_ready(definition: Definition, language: str, allow_drafts: bool) -> bool:
    easy = translated_wording(definition)
    messages = [passage.text for passage in messages_to_translate(definition)]
    if easy is None or not messages:
        return False
    texts = dict.fromkeys((*messages, *texts_to_translate(definition.wordings[easy])))
    return coverage(texts, catalogue(language, QUESTIONNAIRES).translations).is_complete(allow_drafts)


def _message(definition: Definition, kind: str, wording: str, language: str) -> Message:
    kinds: Mapping[str, Mapping[Any, Message]] = definition.messages.messages if definition.messages else {}
    by_wording = kinds.get(kind)
    if not by_wording:
        raise NotFound(f"the questionnaire {definition.name} has no message «{kind}»; add it to its messages.yaml")
    if language != SOURCE_LANGUAGE:
        wording = translated_wording(definition) or wording
    return by_wording.get(wording) or next(iter(by_wording.values()))


@cache
def _definition(folder: Path, name: str) -> Definition:
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,59}", name) or not (folder / name).is_dir():
        raise NotFound(f"there is no questionnaire «{name[:60]}» in {folder}; check the name of the folder")
    return load_folder(folder / name)
