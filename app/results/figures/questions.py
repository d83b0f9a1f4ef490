"""Which questions become figures, of which kind, and in whose words: the newest version that the wave used."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from app.definition.load import Definition
from app.questions.counts import Counts
from app.questions.grade import Grade
from app.questions.grades_grid import GradesGrid
from app.questions.grid import Grid
from app.questions.multiple import MultipleChoice
from app.questions.number import Number
from app.questions.question import Question
from app.questions.satisfaction import SCALE, SatisfactionScale
from app.questions.single import SingleChoice
from app.results.figures.figure import Kind


@dataclass(frozen=True)
class Asked:
    """A question of which figures are made. `codes`: the answer codes that it counts."""

    code: str
    kind: Kind
    text: str
    options: tuple[tuple[str, str], ...]  # option or row code and its words
    codes: tuple[str, ...]
    is_overall: bool = False
    is_number: bool = False


def countable_codes(definition: Definition) -> frozenset[str]:
    """The answer codes of all wordings that figures count; open answers are never among them."""
    return frozenset(
        code
        for questionnaire in definition.wordings.values()
        for question in questionnaire.questions()
        for asked in _of(question, "")
        for code in asked.codes
    )


def tables_of_rows(definition: Definition) -> dict[str, tuple[str, ...]]:
    """Questions that are one figure with a bar per row, with the codes of their rows."""
    return {asked.code: asked.codes for asked in _all(definition) if asked.code not in asked.codes}


def asked_questions(versions: Sequence[Definition]) -> list[Asked]:
    """The questions of the first version, which is the newest; what only older ones have follows its own."""
    found: dict[str, Asked] = {}
    for definition in versions:
        for asked in _all(definition):
            known = found.get(asked.code)
            found[asked.code] = asked if known is None else _with_older(known, asked)
    return list(found.values())


def _all(definition: Definition) -> Iterator[Asked]:
    """As the regular wording has them: it asks every question that another wording asks."""
    questionnaire = definition.wordings["regular"]
    for question in questionnaire.questions():
        yield from _of(question, questionnaire.texts.overall_grade)


def _with_older(asked: Asked, older: Asked) -> Asked:
    known = {code for code, _ in asked.options}
    more = tuple(option for option in older.options if option[0] not in known)
    if not more or asked.kind not in ("choice", "choices") or older.kind != asked.kind:
        return asked
    return replace(asked, options=asked.options + more)


def _of(question: Question, overall_grade: str) -> Iterator[Asked]:
    """The figures of one question: none for texts, one for most, one per row for a grid."""
    options = tuple((option.code, option.text) for option in question.options)
    rows = tuple((row.code, row.text) for row in question.rows)
    own = (question.code,)
    match question:
        case SatisfactionScale():
            yield Asked(question.code, "satisfaction", question.text, options, own)
        case SingleChoice():
            yield Asked(question.code, "choice", question.text, options, own)
        case MultipleChoice():
            yield Asked(question.code, "choices", question.text, options, own)
        case Grade():
            yield Asked(question.code, "grade", question.text, (), own, question.code == overall_grade)
        case Number():
            yield Asked(question.code, "choice", question.text, (), own, is_number=True)
        case GradesGrid():
            yield Asked(question.code, "grade", question.text, rows, tuple(code for code, _ in rows))
        case Counts():
            yield Asked(question.code, "counts", question.text, rows, tuple(code for code, _ in rows))
        case Grid():
            kind: Kind = "satisfaction" if tuple(code for code, _ in options) == SCALE else "choice"
            for row in question.rows:
                yield Asked(row.code, kind, _joined(question.text, row.text), options, (row.code,))


def _joined(lead: str, row: str) -> str:
    """`Bent u tevreden over …` and `het respect` as one question, as it is heard on the telephone."""
    return f"{lead.rstrip(' .…')} {row}?" if lead.rstrip().endswith(("…", "...")) else f"{lead} {row}"
