"""A sitting: one case with its questionnaire and answers as they stand, read in two prebuilt statements.

This is the hot path of every respondent request, hence Core statements and no entities.
"""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from app.clock import today
from app.collection import versions
from app.collection.tables import Answer, Interview
from app.collection.visitors import Caller, Visitor
from app.definition import languages
from app.definition.facts import Facts
from app.definition.load import Definition
from app.definition.questionnaire import Questionnaire
from app.engine.route import Route, route
from app.engine.screens import Screen, screens
from app.fieldwork.dispositions import OPTED_OUT, REFUSED
from app.fieldwork.rules import WaveRules
from app.fieldwork.tables import Case, Participation, Provider, Token, Wave
from app.language import SOURCE_LANGUAGE

case_table = Case.__table__  # type: ignore[attr-defined]
token_table = Token.__table__  # type: ignore[attr-defined]
interview_table = Interview.__table__  # type: ignore[attr-defined]
answer_table = Answer.__table__  # type: ignore[attr-defined]
_participation = Participation.__table__  # type: ignore[attr-defined]
_provider = Provider.__table__  # type: ignore[attr-defined]
_wave = Wave.__table__  # type: ignore[attr-defined]

_COLUMNS = (
    case_table.c.id,
    case_table.c.kind,
    case_table.c.service,
    case_table.c.learning_profile,
    case_table.c.wording,
    case_table.c.language,
    case_table.c.disposition,
    _provider.c.name.label("provider"),
    _wave.c.fieldwork_ends_on,
    sa.cast(_wave.c.rules, sa.Text).label("rules"),
    interview_table.c.version_hash,
    interview_table.c.wording.label("interview_wording"),
    interview_table.c.language.label("interview_language"),
    interview_table.c.mode,
    interview_table.c.started_at,
    interview_table.c.finished_at,
)
_CASES = (
    case_table.join(_participation, _participation.c.id == case_table.c.participation_id)
    .join(_provider, _provider.c.id == _participation.c.provider_id)
    .join(_wave, _wave.c.id == _participation.c.wave_id)
)
_CASE = sa.select(*_COLUMNS, token_table.c.id.label("token_id"), token_table.c.revoked_at).select_from(
    _CASES.join(token_table, token_table.c.case_id == case_table.c.id).outerjoin(
        interview_table, interview_table.c.case_id == case_table.c.id
    )
)
_BY_TOKEN_ID = _CASE.where(token_table.c.id == sa.bindparam("token_id"), case_table.c.id == sa.bindparam("case_id"))
_BY_TOKEN_HASH = _CASE.where(token_table.c.hash == sa.bindparam("hash"))
_BY_CASE_ID = (  # an interviewer needs no token
    sa.select(*_COLUMNS, sa.null().label("token_id"), sa.null().label("revoked_at"))
    .select_from(_CASES.outerjoin(interview_table, interview_table.c.case_id == case_table.c.id))
    .where(case_table.c.id == sa.bindparam("case_id"))
)
_ANSWERS = sa.select(answer_table.c.code, answer_table.c.value).where(answer_table.c.case_id == sa.bindparam("case_id"))
_LOCK = sa.select(case_table.c.id).where(case_table.c.id == sa.bindparam("case_id")).with_for_update()


@lru_cache(maxsize=256)
def _rules(text: str) -> WaveRules:
    return WaveRules.model_validate_json(text)


@dataclass(frozen=True)
class Closed:
    """Why the questionnaire does not open: revoked, expired, opted_out or finished."""

    reason: str
    language: str
    allows_drafts: bool = False


@dataclass
class Sitting:
    """One case and its interview, before and after an answer, in the language of its respondent."""

    row: Row[Any]
    answers: dict[str, str | None]
    definition: Definition
    questionnaire: Questionnaire
    language: str
    mode: str = "web"  # of who gives answers now: the respondent on a screen, or an interviewer

    @property
    def case_id(self) -> int:
        return int(self.row.id)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages this respondent may choose."""
        return languages.languages_on_offer(self.definition, _rules(self.row.rules).allow_drafted_translations)

    @property
    def is_started(self) -> bool:
        return self.row.started_at is not None

    @property
    def finished_at(self) -> datetime | None:
        return self.row.finished_at  # type: ignore[no-any-return]

    @property
    def wording(self) -> str:
        return self.questionnaire.wording

    @cached_property
    def facts(self) -> Facts:
        rules = _rules(self.row.rules)
        return Facts(
            service=self.row.service,
            learning_profile=self.row.learning_profile,
            wording=self.wording,
            mode=self.mode,
            provider=self.row.provider,
            service_name=rules.services.get(self.row.service or 0, ""),
        )

    @cached_property
    def route(self) -> Route:
        return route(self.questionnaire, self.answers, self.facts)

    @cached_property
    def screens(self) -> tuple[Screen, ...]:
        return screens(self.route)

    def with_answers(self, changes: dict[str, str | None]) -> "Sitting":
        """The sitting as it is after storing these answers."""
        answers = {**self.answers, **changes}
        return Sitting(self.row, answers, self.definition, self.questionnaire, self.language, self.mode)

    def shown_in(self, language: str) -> "Sitting":
        """The sitting in another language; itself when that language is not on offer, or is what it is in already."""
        if language == self.language or language not in self.languages:
            return self
        words = _words(self.definition, self.row, language, self.mode)
        return Sitting(self.row, self.answers, self.definition, words, language, self.mode)


def by_token(connection: Connection, token_hash: bytes) -> Row[Any] | None:
    """The case a token opens, with the state of its door; None for an unknown token."""
    return connection.execute(_BY_TOKEN_HASH, {"hash": token_hash}).first()


def door(row: Row[Any], on: date | None = None) -> Closed | None:
    """Whether this case may fill in now; None = come in."""
    if reason := _reason(row, on or today()):
        return Closed(reason, _language(row), _rules(row.rules).allow_drafted_translations)
    return None


def _language(row: Row[Any]) -> str:
    """The language wished for: of the interview while it lasts, else of the case."""
    return str(row.language if row.finished_at is not None else row.interview_language or row.language)


def _reason(row: Row[Any], on: date) -> str:
    """Why the door is shut; "" when it is open."""
    if row.revoked_at is not None:
        return "revoked"
    if row.disposition in (OPTED_OUT, REFUSED):
        return "opted_out"
    if row.finished_at is not None:
        return "finished"
    return "expired" if row.fieldwork_ends_on is not None and row.fieldwork_ends_on < on else ""


def sit_down(
    connection: Connection, who: Visitor | Caller, *, is_writing: bool = False, may_be_finished: bool = False
) -> Sitting | Closed:
    """Reads the case of a visitor or an interviewer, or why it is closed.

    Args:
        is_writing: takes the case's row lock first, so that two requests about one case follow each other.
        may_be_finished: lets a finished interview through, for the closing page.
    """
    if is_writing and connection.dialect.name == "postgresql":
        connection.execute(_LOCK, {"case_id": who.case_id})
    row = _row(connection, who)
    if row is None:
        return Closed("revoked", SOURCE_LANGUAGE)
    closed = door(row)
    if closed and not (closed.reason == "finished" and may_be_finished):
        return closed
    rules = _rules(row.rules)
    if row.version_hash is not None:
        definition = versions.by_hash(connection, row.version_hash)
    else:
        definition = versions.current(rules.questionnaire_for(row.kind, row.service))
    language = _language(row)
    if language not in languages.languages_on_offer(definition, rules.allow_drafted_translations):
        language = SOURCE_LANGUAGE
    stored = connection.execute(_ANSWERS, {"case_id": who.case_id}) if row.started_at is not None else ()
    answers = {answer.code: answer.value for answer in stored}
    return Sitting(row, answers, definition, _words(definition, row, language, who.mode), language, who.mode)


def _row(connection: Connection, who: Visitor | Caller) -> Row[Any] | None:
    if isinstance(who, Visitor):
        return connection.execute(_BY_TOKEN_ID, {"case_id": who.case_id, "token_id": who.token_id}).first()
    return connection.execute(_BY_CASE_ID, {"case_id": who.case_id}).first()


def _words(definition: Definition, row: Row[Any], language: str, mode: str) -> Questionnaire:
    """The questionnaire in a language on offer: other languages have easy words, Dutch those of the case."""
    if language != SOURCE_LANGUAGE:
        words = languages.in_language(definition, languages.easy_wording(definition) or "regular", language)
    else:
        wording = row.interview_wording if row.interview_language == SOURCE_LANGUAGE else row.wording
        words = definition.wordings[wording if wording in definition.wordings else "regular"]
    return words.spoken if mode == "phone" else words
