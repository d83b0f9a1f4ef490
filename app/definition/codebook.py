"""The codebook: every variable of a responses file, with its texts, codes and who was asked."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from app.definition.filter_words import Labels, in_words, option_labels
from app.definition.filters import parse_filter
from app.definition.load import Definition
from app.definition.questionnaire import Block
from app.questions.question import Question, Variable

NOT_ANSWERED = "not answered"
NOT_ASKED = "not asked: a filter did not hold, or the wording leaves the question out"


@dataclass(frozen=True)
class AskedIf:
    """One filter that decides about a variable, as written and in words."""

    of: str  # block, question, option
    code: str
    source: str
    words: str


@dataclass(frozen=True)
class CodebookRow:
    """One variable: a column of the responses file."""

    variable: str
    label: str
    question: str
    question_type: str
    block: str
    measure: str
    texts: Mapping[str, str]  # wording → question text; a wording that leaves it out is absent
    codes: Mapping[str, Mapping[str, str]]  # code → wording → label
    missing: Mapping[str, tuple[str, ...]]  # code → what it can mean
    asked_if: tuple[AskedIf, ...]
    not_in: tuple[str, ...]
    required_for_usable: bool


@dataclass(frozen=True)
class Codebook:
    """All variables of one questionnaire version, in order."""

    questionnaire: str
    title: str
    version: str  # content hash, as stored with every interview
    wordings: tuple[str, ...]
    rows: tuple[CodebookRow, ...]

    def as_data(self) -> dict[str, Any]:
        return asdict(self)


def codebook(definition: Definition) -> Codebook:
    """The codebook of a questionnaire that has passed its checks."""
    return Codebook(
        definition.name,
        definition.texts.title,
        definition.content_hash,
        tuple(definition.wordings),
        tuple(_rows(definition)),
    )


def _rows(definition: Definition) -> Iterator[CodebookRow]:
    labels = option_labels(definition.wordings["regular"])
    for b, block in enumerate(definition.texts.blocks):
        for q, question in enumerate(block.questions):
            worded = {
                wording: questionnaire.texts.blocks[b].questions[q]
                for wording, questionnaire in definition.wordings.items()
                if wording not in question.not_in
            }
            # a question left out of the regular wording still has its words there
            of_each = {w: other.variables() for w, other in (worded or {"regular": question}).items()}
            for n, variable in enumerate(question.variables()):
                same = {wording: variables[n] for wording, variables in of_each.items()}
                yield _row(variable, same, question, block, definition, labels)


def _row(
    variable: Variable,
    same: Mapping[str, Variable],
    question: Question,
    block: Block,
    definition: Definition,
    labels: Labels,
) -> CodebookRow:
    asked_if = tuple(_asked_if(variable, question, block, labels))
    can_be_off = bool(question.not_in) or any(filtered.of != "option" for filtered in asked_if)
    return CodebookRow(
        variable=variable.code,
        label=variable.label,
        question=question.code,
        question_type=question.type,
        block=block.code,
        measure=variable.measure,
        texts={wording: other.label for wording, other in same.items()},
        codes={code: {wording: other.values[code] for wording, other in same.items()} for code in variable.values},
        missing={"": (NOT_ANSWERED, NOT_ASKED) if can_be_off else (NOT_ANSWERED,)},
        asked_if=asked_if,
        not_in=tuple(question.not_in),
        required_for_usable=variable.code.split(".")[0] in definition.texts.required_for_usable,
    )


def _asked_if(variable: Variable, question: Question, block: Block, labels: Labels) -> Iterator[AskedIf]:
    filters = [("block", block.code, block.asked_if), ("question", question.code, question.asked_if)]
    filters += [
        ("option", option.code, option.asked_if)
        for option in question.options
        if option.code in variable.values or variable.code.startswith(f"{question.code}.{option.code}")
    ]
    for of, code, source in filters:
        if source:
            yield AskedIf(of, code, source, in_words(parse_filter(source), labels))
