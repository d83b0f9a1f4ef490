"""Screening of open answers: a researcher reads them before anybody else, and releases or withholds each.

Screened is what somebody typed: open questions and "other, namely". A decision holds for the words that were read. A
name can be blacked out: only what is left is stored as the released text, and only released texts leave the office.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.audit.log import record
from app.clock import now
from app.collection import versions
from app.collection.tables import Answer, Interview
from app.database import insert
from app.definition.load import Definition
from app.definition.piping import pipe
from app.errors import N_, Conflict
from app.fieldwork.dispositions import in_net_sample
from app.fieldwork.rules import INBURGERING
from app.fieldwork.tables import Case, Participation, Provider
from app.fieldwork.waves import find_wave
from app.results.figures.figure import SectionGroup
from app.results.responses.interviews_found import Found, by_id
from app.results.screening.tables import ScreenedAnswer

CHUNK = 500
BLACKED_OUT = "[…]"
OTHER = ".other"
CHANGED = N_("Dit antwoord is intussen veranderd. Lees het opnieuw en kies dan nog een keer.")
State = Literal["waiting", "released", "withheld"]
_case = Case.__table__  # type: ignore[attr-defined]
_interview = Interview.__table__  # type: ignore[attr-defined]
_answer = Answer.__table__  # type: ignore[attr-defined]
_screened = ScreenedAnswer.__table__  # type: ignore[attr-defined]
_participation = Participation.__table__  # type: ignore[attr-defined]
_provider = Provider.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class OpenAnswer:
    """Something that a respondent typed, and what was decided about it."""

    provider: str  # slug
    provider_name: str
    group: SectionGroup
    case_id: int
    code: str
    question: str  # as asked, piped
    text: str
    state: State
    released_text: str  # "" unless released

    @property
    def hash(self) -> str:
        return _hash(self.text)

    @property
    def words(self) -> tuple[str, ...]:
        """The words that can be blacked out, each by its number."""
        return tuple(self.text.split())


@dataclass(frozen=True)
class ReleasedAnswer:
    """A text that may be shown and exported."""

    provider: str  # slug
    group: SectionGroup
    case_id: int
    code: str
    question: str
    text: str


def open_answers(connection: Connection, wave: str, provider: str | None = None) -> list[OpenAnswer]:
    """Every open answer that counts: on the route of a usable interview in the net sample; in order of question.

    Raises:
        NotFound: when there is no such wave.
    """
    rows = connection.execute(_typed(connection, find_wave(connection, wave).id, provider)).all()
    found = list(_counting(connection, rows))
    return sorted(found, key=lambda one: (one.provider, one.group, one.code, one.case_id))


def released(connection: Connection, wave: str, provider: str | None = None) -> list[ReleasedAnswer]:
    """What a researcher released, of questions that at least `min_n` people of the provider answered.

    Raises:
        NotFound: when there is no such wave.
    """
    return released_of(open_answers(connection, wave, provider), find_wave(connection, wave).rules.min_n)


def released_of(answers: Collection[OpenAnswer], min_n: int) -> list[ReleasedAnswer]:
    """The released ones among open answers: of questions that at least `min_n` people of the provider answered."""
    n_answered = Counter((one.provider, one.group, one.code) for one in answers)
    return [
        ReleasedAnswer(one.provider, one.group, one.case_id, one.code, one.question, one.released_text)
        for one in answers
        if one.state == "released" and n_answered[one.provider, one.group, one.code] >= min_n
    ]


def n_waiting(connection: Connection, wave: str) -> Counter[str]:
    """How many open answers nobody screened yet, by provider."""
    return Counter(one.provider for one in open_answers(connection, wave) if one.state == "waiting")


def decide(
    connection: Connection,
    actor: str,
    answer: OpenAnswer,
    read: str,
    blacked_out: Collection[int],
    *,
    is_released: bool,
) -> None:
    """Releases an answer, without the words at these places, or withholds it. A later decision replaces an earlier.

    Args:
        read: the hash of the words that the researcher had before them.
    Raises:
        Conflict: when the answer changed since it was read.
    """
    if read != answer.hash:
        raise Conflict(CHANGED)
    text = redacted(answer.text, blacked_out) if is_released else None
    values = {"answer_hash": answer.hash, "text": text, "screened_at": now(), "screened_by": actor}
    row = {"case_id": answer.case_id, "code": answer.code} | values
    keys = (_screened.c.case_id, _screened.c.code)
    connection.execute(
        insert(connection, _screened).values(row).on_conflict_do_update(index_elements=keys, set_=values)
    )
    action = "open_answer.released" if is_released else "open_answer.withheld"
    n_words = len(set(blacked_out)) if is_released else None
    record(connection, actor, action, f"case:{answer.case_id}", question=answer.code, n_blacked_out=n_words)


def redacted(text: str, blacked_out: Collection[int]) -> str:
    """The text with words taken out by their number; neighbours become one gap. Line ends stay."""
    parts = re.split(r"(\s+)", text.strip())
    kept = [BLACKED_OUT if n % 2 == 0 and n // 2 in blacked_out else part for n, part in enumerate(parts)]
    gap = re.escape(BLACKED_OUT)
    return re.sub(rf"{gap}(\s+{gap})+", BLACKED_OUT, "".join(kept))


def _typed(connection: Connection, wave_id: int, provider: str | None) -> sa.Select[tuple[object, ...]]:
    """Everything typed in a wave that can be an open answer, with the decision about it."""
    joined = (
        _case.join(_participation, _participation.c.id == _case.c.participation_id)
        .join(_provider, _provider.c.id == _participation.c.provider_id)
        .join(_interview, _interview.c.case_id == _case.c.id)
    )
    which = (_participation.c.wave_id == wave_id) & _interview.c.is_usable & in_net_sample()
    which &= (_case.c.kind == "client") | sa.not_(_case.c.is_self_reporter)
    if provider is not None:
        which &= _provider.c.slug == provider
    used = connection.scalars(sa.select(_interview.c.version_hash).select_from(joined).where(which).distinct())
    open_codes = {code for version in used for code in _open_codes(versions.by_hash(connection, version))}
    is_open = _answer.c.code.in_(open_codes) | _answer.c.code.endswith(OTHER, autoescape=True)
    columns = (_case.c.id, _provider.c.slug, _provider.c.name, _answer.c.code)
    decision = (_screened.c.answer_hash, _screened.c.text.label("released"))
    both = (_screened.c.case_id == _case.c.id) & (_screened.c.code == _answer.c.code)
    typed = joined.join(_answer, _answer.c.case_id == _case.c.id).outerjoin(_screened, both)
    return sa.select(*columns, *decision).select_from(typed).where(which, is_open, _answer.c.value != "")


def _open_codes(definition: Definition) -> Iterator[str]:
    for questionnaire in definition.wordings.values():
        yield from (step.question.code for step in questionnaire.steps if step.question.type == "open")


def _counting(connection: Connection, rows: Sequence[Any]) -> Iterator[OpenAnswer]:
    """Those that the route of their interview counts."""
    for start in range(0, len(rows), CHUNK):
        chunk = rows[start : start + CHUNK]
        found = by_id(connection, {row.id for row in chunk})
        routes = {case_id: one.route(connection) for case_id, one in found.items()}
        for row in chunk:
            text = (routes[row.id].counted.get(row.code) or "").strip()
            if text:
                definition = versions.by_hash(connection, found[row.id].version_hash or "")
                yield _open_answer(row, found[row.id], definition, text)


def _open_answer(row: Any, found: Found, definition: Definition, text: str) -> OpenAnswer:
    is_screened = row.answer_hash == _hash(text)
    state: State = "waiting" if not is_screened else "withheld" if row.released is None else "released"
    group: SectionGroup = "inburgering" if found.service == INBURGERING else "clients"
    return OpenAnswer(
        provider=row.slug,
        provider_name=row.name,
        group="commissioners" if found.kind == "commissioner" else group,
        case_id=row.id,
        code=row.code,
        question=_question(definition, found.wording, row.code, row.name),
        text=text,
        state=state,
        released_text=row.released if state == "released" else "",
    )


def _question(definition: Definition, wording: str, code: str, provider: str) -> str:
    """As asked in regular wording, for all who answered it are read together."""
    regular, own = definition.wordings["regular"].by_answer, definition.wordings[wording].by_answer
    question = regular.get(code) or own[code]
    words = question.text
    if code.endswith(OTHER):
        words += " – " + next(option.text for option in question.options if option.other)
    return str(pipe(words, {"provider": provider}))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
