"""The interviews of a wave as rows of cells, read in pieces of one moment's database, so that memory stays bounded.

By reference, rows are in order of provider and reference: equal answers give equal files wherever they are stored.
By pseudonym, the order is that of the pseudonyms, so that it tells nothing either.
"""

import base64
import hmac
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.clock import local
from app.collection import versions
from app.collection.tables import QuestionnaireVersion
from app.database import reading
from app.definition.facts import Facts
from app.definition.load import Definition
from app.encryption import decrypt, key
from app.fieldwork.tables import Participation, Provider
from app.fieldwork.waves import KnownWave, find_provider, find_wave
from app.results.exports.cells import UNANSWERED, OneWording
from app.results.exports.columns import Column, Identity, columns_of
from app.results.responses.interviews_found import answer_table, case_table, contact_table, interview_table
from app.results.screening.answers import released
from app.results.screening.tables import ScreenedAnswer
from app.settings import settings

CHUNK = 1_000
PSEUDONYM_BYTES = 10
# Words that people typed: all, what a researcher released, or none.
OpenAnswers = Literal["all", "released", "none"]
Advance = Callable[[int, int], object]  # n done, n in total
_participation = Participation.__table__  # type: ignore[attr-defined]
_provider = Provider.__table__  # type: ignore[attr-defined]
_version = QuestionnaireVersion.__table__  # type: ignore[attr-defined]
_screened = ScreenedAnswer.__table__  # type: ignore[attr-defined]
_JOINED = (
    _participation.join(_provider, _provider.c.id == _participation.c.provider_id)
    .join(case_table, case_table.c.participation_id == _participation.c.id)
    .join(interview_table, interview_table.c.case_id == case_table.c.id)
)


@dataclass(frozen=True)
class Choice:
    """What is to be exported of a wave; `provider` None = all of them."""

    wave: str
    provider: str | None = None
    identity: Identity = "pseudonym"
    open_answers: OpenAnswers = "released"
    marks_unanswered: bool = False  # cells of what was asked and not answered hold `cells.UNANSWERED`


@dataclass(frozen=True, order=True)
class _Place:
    """Where an interview comes in the file."""

    provider: str
    name: str  # reference or pseudonym
    case_id: int


@dataclass(frozen=True)
class Interviews:
    """The interviews that were chosen: their columns, how many, and the rows, which can be walked once."""

    wave: KnownWave
    columns: tuple[Column, ...]
    definitions: tuple[Definition, ...]
    n: int
    rows: Iterator[list[str]]
    widths: Mapping[str, int]  # per column with typed words: the bytes of the longest, or more


@contextmanager
def opened(choice: Choice, advance: Advance) -> Iterator[Interviews]:
    """The interviews as they are now.

    Raises:
        NotFound: when there is no such wave or provider.
    """
    with reading() as connection:
        if connection.dialect.name == "postgresql":  # one moment for all statements, as SQLite has of itself
            connection.execution_options(isolation_level="REPEATABLE READ")
        wave = find_wave(connection, choice.wave)
        which = _participation.c.wave_id == wave.id
        if choice.provider is not None:
            which &= _participation.c.provider_id == find_provider(connection, choice.provider).id
        yield _Reader(connection, choice, wave, which).interviews(advance)


class _Reader:
    def __init__(self, connection: Connection, choice: Choice, wave: KnownWave, which: sa.ColumnElement[bool]) -> None:
        self.connection, self.choice, self.wave, self.which = connection, choice, wave, which
        self.wordings: dict[tuple[str, str], OneWording] = {}
        self.positions: dict[str, int] = {}
        self.released: dict[int, dict[str, str]] = {}  # of the provider under way: case → answer code → text

    def interviews(self, advance: Advance) -> Interviews:
        places = self._places()
        definitions = self._definitions()
        has_provider = self.choice.provider is None and self._n_participations() > 1
        columns = columns_of(definitions, self.choice.identity, self.wave.rules.services, has_provider=has_provider)
        if self.choice.open_answers == "none":
            columns = tuple(column for column in columns if not column.is_open)
        self.positions = {column.code: place for place, column in enumerate(columns) if column.is_answer}
        rows = self._rows(places, advance, has_provider=has_provider)
        widths = self._widths(columns, definitions)
        return Interviews(self.wave, columns, tuple(definitions), len(places), rows, widths)

    def _n_participations(self) -> int:
        n = self.connection.scalar(sa.select(sa.func.count()).where(_participation.c.wave_id == self.wave.id))
        return int(n or 0)

    def _places(self) -> list[_Place]:
        """Every interview by provider and name; after a purge the random id of the case is its reference."""
        columns = (_provider.c.slug, case_table.c.id)
        if self.choice.identity == "pseudonym":
            rows = self.connection.execute(sa.select(*columns).select_from(_JOINED).where(self.which))
            secret = key("pseudonym", settings().secret)
            return sorted(_Place(slug, _pseudonym(secret, case_id), case_id) for slug, case_id in rows)
        with_contact = _JOINED.outerjoin(contact_table, contact_table.c.case_id == case_table.c.id)
        named = self.connection.execute(
            sa.select(*columns, contact_table.c.reference).select_from(with_contact).where(self.which)
        )
        return sorted(_Place(slug, decrypt(reference) or str(case_id), case_id) for slug, case_id, reference in named)

    def _definitions(self) -> list[Definition]:
        """The questionnaire versions in use, by name and the newest first."""
        used = sa.select(interview_table.c.version_hash).select_from(_JOINED).where(self.which)
        order = (_version.c.name, _version.c.stored_at.desc(), _version.c.hash)
        hashes = self.connection.scalars(sa.select(_version.c.hash).where(_version.c.hash.in_(used)).order_by(*order))
        return [versions.by_hash(self.connection, version) for version in hashes.all()]

    def _widths(self, columns: Sequence[Column], definitions: Sequence[Definition]) -> dict[str, int]:
        """Per column with typed words the bytes of the longest, off the route too: never too few."""
        typed = {column.code for column in columns if column.is_open}
        if not typed:
            return {}
        codes = {variable: code for one in definitions for variable, code in _typed_codes(one) if variable in typed}
        stored = self._longest(answer_table, answer_table.c.value, codes.values())
        if self.choice.open_answers == "released":  # a word blacked out may be longer than it was
            shown = self._longest(_screened, _screened.c.text, codes.values())
            stored = {code: max(stored.get(code, 0), shown.get(code, 0)) for code in stored | shown}
        return {variable: stored.get(code, 0) for variable, code in codes.items()}

    def _longest(self, table: sa.Table, text: sa.Column[str], codes: Iterable[str]) -> dict[str, int]:
        is_postgresql = self.connection.dialect.name == "postgresql"
        size = sa.func.octet_length(text) if is_postgresql else sa.func.length(sa.cast(text, sa.BLOB))
        rows = self.connection.execute(
            sa.select(table.c.code, sa.func.max(size))
            .select_from(_JOINED.join(table, table.c.case_id == case_table.c.id))
            .where(self.which, table.c.code.in_(set(codes)), text.is_not(None))
            .group_by(table.c.code)
        )
        return {code: int(most) for code, most in rows}

    def _rows(self, places: Sequence[_Place], advance: Advance, *, has_provider: bool) -> Iterator[list[str]]:
        n_done = 0
        for provider, of_provider in groupby(places, key=lambda place: place.provider):
            ordered = list(of_provider)
            self.released = self._released(provider)
            for start in range(0, len(ordered), CHUNK):
                part = ordered[start : start + CHUNK]
                found = self._found([place.case_id for place in part])
                for place in part:
                    yield self._row(place, found[place.case_id], has_provider=has_provider)
                n_done += len(part)
                advance(n_done, len(places))

    def _released(self, provider: str) -> dict[int, dict[str, str]]:
        texts: dict[int, dict[str, str]] = {}
        if self.choice.open_answers == "released":
            cases = _JOINED.join(_screened, _screened.c.case_id == case_table.c.id)
            screened = sa.select(_screened.c.case_id).select_from(cases).where(self.which, _provider.c.slug == provider)
            if self.connection.execute(screened.limit(1)).first():
                for answer in released(self.connection, self.wave.label, provider):
                    texts.setdefault(answer.case_id, {})[answer.code] = answer.text
        return texts

    def _found(self, case_ids: Sequence[int]) -> dict[int, Any]:
        """Interviews with their answers as one JSON object each: a row per answer costs many times as much."""
        made = sa.func.json_group_object if self.connection.dialect.name == "sqlite" else sa.func.json_object_agg
        given = answer_table.c.case_id == interview_table.c.case_id, answer_table.c.value.is_not(None)
        answers = sa.select(sa.cast(made(answer_table.c.code, answer_table.c.value), sa.Text)).where(*given)
        columns = (
            case_table.c.kind,
            case_table.c.service,
            case_table.c.learning_profile,
            interview_table.c.version_hash,
            interview_table.c.wording,
            interview_table.c.mode,
            interview_table.c.finished_at,
        )
        joined = case_table.join(interview_table, interview_table.c.case_id == case_table.c.id)
        statement = sa.select(case_table.c.id, *columns, answers.scalar_subquery().label("answers"))
        rows = self.connection.execute(statement.select_from(joined).where(case_table.c.id.in_(case_ids)))
        return {row.id: row for row in rows}

    def _row(self, place: _Place, found: Any, *, has_provider: bool) -> list[str]:
        wording = self._wording(found.version_hash, found.wording)
        at = local(found.finished_at) if found.finished_at else None
        is_named = self.choice.identity == "reference"
        row = [
            place.name,
            found.kind,
            "" if found.service is None else str(found.service),
            wording.questionnaire.name,
            found.wording,
            found.mode,
            "" if at is None else at.isoformat() if is_named else at.date().isoformat(),
        ]
        if has_provider:
            row.append(place.provider)
        row += [""] * len(self.positions)
        answers: dict[str, str] = json.loads(found.answers or "{}")
        shown = answers
        if self.choice.open_answers == "released":
            shown = {code: value for code, value in answers.items() if code not in wording.typed}
            shown |= self.released.get(place.case_id, {})
        facts = Facts(found.service, found.learning_profile, found.wording, found.mode)
        wording.fill(row, answers, facts, shown)
        return row

    def _wording(self, version: str, wording: str) -> OneWording:
        if (version, wording) not in self.wordings:
            definition = versions.by_hash(self.connection, version)
            blank = UNANSWERED if self.choice.marks_unanswered else ""
            self.wordings[version, wording] = OneWording(definition.wordings[wording], self.positions, blank)
        return self.wordings[version, wording]


def _typed_codes(definition: Definition) -> Iterator[tuple[str, str]]:
    """Per column with typed words the answer code that they are stored under."""
    for block in definition.texts.blocks:
        for question in block.questions:
            codes = question.answer_codes()
            other = next((code for code in codes if code.endswith(".other")), question.code)
            for variable in question.variables():
                if variable.measure == "text":
                    yield variable.code, variable.code if variable.code in codes else other


def _pseudonym(secret: bytes, case_id: int) -> str:
    """The same at every export of this installation, so that files can be laid side by side."""
    digest = hmac.digest(secret, str(case_id).encode(), "sha256")[:PSEUDONYM_BYTES]
    return base64.b32encode(digest).decode().lower()
