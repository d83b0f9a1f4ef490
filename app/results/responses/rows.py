"""One row of the responses file → one typed response, or the column that is wrong and why."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from sys import intern

from app.collection import versions
from app.definition.facts import MODES
from app.definition.load import Definition
from app.definition.questionnaire import Questionnaire
from app.errors import PeilwijsError
from app.fieldwork.delivery.cells import is_bsn
from app.fieldwork.rules import WaveRules
from app.questions.question import Question, Variable
from app.results.responses.columns import (
    CASE_REF,
    COMPLETED_AT,
    FIXED,
    KIND,
    MODE,
    PROVIDER,
    QUESTIONNAIRE,
    SERVICE,
    WORDING,
)
from app.results.tallies import CLIENT, COMMISSIONER

AUDIENCES = {CLIENT: "clients", COMMISSIONER: "commissioners"}
MAX_REFERENCE = 200
MAX_TEXT = 10_000  # as on the web
CHOSEN, NOT_CHOSEN = "1", "0"  # a choice of a multiple-choice question
YEARS = (1990, 2100)  # outside these a date is a slip of the keyboard


class RowRefused(Exception):
    """Why one row cannot be accepted."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(f"column «{column}»: {reason}")


@dataclass(frozen=True, slots=True)
class Response:
    """One interview as the file has it; `answers` in canonical text by answer code, on and off the route."""

    row: int
    case_ref: str
    kind: str
    service: int | None
    definition: Definition
    questionnaire: Questionnaire
    mode: str
    finished_at: datetime | None
    answers: Mapping[str, str]


def read_row(row: int, cells: Mapping[str, str], rules: WaveRules, provider: str) -> Response:
    """Checks every cell of a row.

    Raises:
        RowRefused: naming the first column that is wrong.
    """
    kind = _one_of(cells, KIND, tuple(AUDIENCES))
    service = _service(cells, kind, rules)
    definition = _definition(cells, kind, service)
    wording = _one_of(cells, WORDING, tuple(definition.wordings))
    if cells.get(PROVIDER, provider) not in ("", provider):
        raise RowRefused(PROVIDER, f"this row is of «{cells[PROVIDER][:80]}», the import is for «{provider}»")
    questionnaire = definition.wordings[wording]
    return Response(
        row,
        _case_ref(cells),
        kind,
        service,
        definition,
        questionnaire,
        _one_of(cells, MODE, MODES),
        _moment(cells),
        _answers(cells, definition, questionnaire),
    )


def _one_of(cells: Mapping[str, str], column: str, allowed: tuple[str, ...]) -> str:
    cell = cells.get(column, "")
    if cell not in allowed:
        raise RowRefused(column, f"«{cell[:60]}» is not known; write {' or '.join(allowed)}")
    return cell


def _case_ref(cells: Mapping[str, str]) -> str:
    cell = unicodedata.normalize("NFC", " ".join(cells.get(CASE_REF, "").split()))  # as in a delivery
    if not 0 < len(cell) <= MAX_REFERENCE:
        raise RowRefused(CASE_REF, f"the reference must have 1 to {MAX_REFERENCE} characters")
    if is_bsn(cell):
        raise RowRefused(CASE_REF, "this is a citizen service number (BSN), which is never stored; use another one")
    return cell


def _service(cells: Mapping[str, str], kind: str, rules: WaveRules) -> int | None:
    cell = cells.get(SERVICE, "")
    if kind == COMMISSIONER:
        if cell:
            raise RowRefused(SERVICE, "a commissioner has no service; leave the cell empty")
        return None
    code = int(cell) if cell.isascii() and cell.isdigit() and len(cell) < 4 else None
    if code not in rules.services:
        known = ", ".join(map(str, sorted(rules.services)))
        raise RowRefused(SERVICE, f"«{cell[:60]}» is no service of this wave; write one of {known}")
    return code


def _definition(cells: Mapping[str, str], kind: str, service: int | None) -> Definition:
    name = cells.get(QUESTIONNAIRE, "")
    try:
        definition = versions.current(name)
    except PeilwijsError as error:
        raise RowRefused(QUESTIONNAIRE, str(error)) from None
    texts = definition.texts
    if texts.audience != AUDIENCES[kind]:
        raise RowRefused(QUESTIONNAIRE, f"«{name}» is for {texts.audience}, this row is about a {kind}")
    if service is not None and texts.services and service not in texts.services:
        raise RowRefused(QUESTIONNAIRE, f"«{name}» is not for service {service}")
    return definition


def _moment(cells: Mapping[str, str]) -> datetime | None:
    cell = cells.get(COMPLETED_AT, "")
    if not cell:
        return None
    try:
        moment = datetime.fromisoformat(cell)
    except ValueError:
        raise RowRefused(
            COMPLETED_AT, f"«{cell[:60]}» is no moment; write it like 2024-12-31T16:30:00+01:00, or leave it empty"
        ) from None
    if moment.tzinfo is None:
        raise RowRefused(COMPLETED_AT, f"«{cell[:60]}» has no time zone; add +01:00 (winter) or +02:00 (summer)")
    if not YEARS[0] <= moment.year < YEARS[1]:
        raise RowRefused(COMPLETED_AT, f"«{cell[:60]}» is not in the years {YEARS[0]}-{YEARS[1] - 1}")
    return moment


_laid_out: dict[tuple[str, str], tuple[tuple[Question, tuple[Variable, ...]], ...]] = {}


def _layout(definition: Definition, questionnaire: Questionnaire) -> tuple[tuple[Question, tuple[Variable, ...]], ...]:
    """Every question with its columns; made once per version and wording, because every row asks for it."""
    key = (definition.content_hash, questionnaire.wording)
    if key not in _laid_out:
        _laid_out[key] = tuple((question, question.variables()) for question in questionnaire.questions())
    return _laid_out[key]


def _answers(cells: Mapping[str, str], definition: Definition, questionnaire: Questionnaire) -> dict[str, str]:
    filled = {column: cell for column, cell in cells.items() if cell and column not in FIXED and column != PROVIDER}
    answers: dict[str, str] = {}
    for question, variables in _layout(definition, questionnaire):
        own = {variable.code: filled.pop(variable.code, "") for variable in variables}
        if any(own.values()):
            answers |= _answer(question, variables, own)
    for column in filled:
        raise RowRefused(
            column, f"«{questionnaire.name}» in {questionnaire.wording} wording has no such question; empty the cell"
        )
    return answers


def _answer(question: Question, variables: Sequence[Variable], own: Mapping[str, str]) -> dict[str, str]:
    """The answers of one question; the cells they would give again must be the cells that were given."""
    for column, cell in own.items():
        if len(cell) > MAX_TEXT:
            raise RowRefused(column, f"this text has {len(cell)} characters; {MAX_TEXT} is the most")
    # the same few codes come back in every row: kept once, they fit in memory however long the file is
    answers = {code: intern(value) for code, value in question.from_cells(own).items() if value is not None}
    again = question.to_cells(answers)
    for variable in variables:
        if (cell := own[variable.code]) and not _same(cell, again.get(variable.code, ""), variable):
            raise _refused(variable, cell)
    for code, value in answers.items():
        if not question.accepts(code, value):
            for variable in variables:
                if variable.code == code:
                    raise _refused(variable, own[code])
            chosen = [column for column, cell in own.items() if cell == CHOSEN]
            raise RowRefused(chosen[0], f"this choice does not go together with {' and '.join(chosen[1:])}")
    return answers


def _same(cell: str, again: str, variable: Variable) -> bool:
    """Equal, or another way to write it: `7.5` and `7,50`; `0` where nothing at all was chosen."""
    if cell == again or (cell == NOT_CHOSEN and set(variable.values) == {CHOSEN, NOT_CHOSEN}):
        return True
    try:
        return variable.measure == "scale" and Decimal(cell.replace(",", ".")) == Decimal(again.replace(",", "."))
    except InvalidOperation:
        return False


def _refused(variable: Variable, cell: str) -> RowRefused:
    wanted = f"write {', '.join(variable.values)}" if variable.values else "write a number that the question allows"
    return RowRefused(variable.code, f"«{cell[:60]}» is not an answer to this question; {wanted}, or leave it empty")
