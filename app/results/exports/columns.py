"""What an export holds: columns about the interview, then the variables of its questionnaires, each with its labels."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from app.definition.load import Definition
from app.questions.question import N_, Variable
from app.results.responses.columns import (
    CASE_REF,
    COMPLETED_AT,
    KIND,
    MODE,
    PROVIDER,
    QUESTIONNAIRE,
    SERVICE,
    WORDING,
)

PSEUDONYM, COMPLETED_ON = "pseudonym", "completed_on"
Measure = Literal["nominal", "ordinal", "scale", "text"]
# Who an interview is of: the reference that its provider gave, or a name that says nothing.
Identity = Literal["reference", "pseudonym"]
_LABELS = {
    CASE_REF: N_("Klantnummer"),
    PSEUDONYM: N_("Pseudoniem"),
    KIND: N_("Soort respondent"),
    SERVICE: N_("Dienst"),
    QUESTIONNAIRE: N_("Vragenlijst"),
    WORDING: N_("Formulering"),
    MODE: N_("Afnamewijze"),
    COMPLETED_AT: N_("Afgerond op"),
    COMPLETED_ON: N_("Afgerond op"),
    PROVIDER: N_("Dienstverlener"),
}
_VALUES: dict[str, Mapping[str, str]] = {
    KIND: {"client": N_("Cliënt"), "commissioner": N_("Opdrachtgever")},
    WORDING: {"regular": N_("Regulier"), "low_threshold": N_("Laagdrempelig")},
    MODE: {"web": N_("Online"), "phone": N_("Telefonisch"), "paper": N_("Op papier")},
}


@dataclass(frozen=True)
class Column:
    """One column of an export; `values` are its codes with their labels."""

    code: str
    label: str
    measure: Measure
    values: Mapping[str, str] = field(default_factory=dict)
    question_type: str = ""  # "" = about the interview, not an answer
    asked_in: tuple[str, ...] = ()  # the questionnaires that have it

    @property
    def is_answer(self) -> bool:
        return bool(self.asked_in)

    @property
    def is_open(self) -> bool:
        """Words that somebody typed."""
        return self.is_answer and self.measure == "text"


def columns_of(
    definitions: Sequence[Definition], identity: Identity, services: Mapping[int, str], *, has_provider: bool
) -> tuple[Column, ...]:
    """The header of an export; a code that several questionnaires or versions share is one column.

    Args:
        definitions: the versions in use, of each questionnaire the newest first: its words win.
    """
    about: tuple[str, ...] = (KIND, SERVICE, QUESTIONNAIRE, WORDING, MODE)
    about = (CASE_REF, *about, COMPLETED_AT) if identity == "reference" else (PSEUDONYM, *about, COMPLETED_ON)
    if has_provider:
        about = (*about, PROVIDER)
    names = {definition.name: definition.texts.title for definition in reversed(definitions)}
    values: dict[str, Mapping[str, str]] = _VALUES | {
        SERVICE: {str(code): name for code, name in services.items()},
        QUESTIONNAIRE: names,
    }
    fixed = [Column(code, _LABELS[code], _measure(code, values), values.get(code, {})) for code in about]
    return (*fixed, *_variables(definitions))


def _measure(code: str, values: Mapping[str, object]) -> Measure:
    return "nominal" if code in values else "text"


def _variables(definitions: Iterable[Definition]) -> Iterable[Column]:
    found: dict[str, Column] = {}
    for definition in definitions:
        for block in definition.texts.blocks:
            for question in block.questions:
                for variable in question.variables():
                    known = found.get(variable.code)
                    new = _column(variable, question.type, definition.name)
                    found[variable.code] = _merged(known, new) if known else new
    return found.values()


def _column(variable: Variable, question_type: str, questionnaire: str) -> Column:
    return Column(
        variable.code, variable.label, variable.measure, dict(variable.values), question_type, (questionnaire,)
    )


def _merged(known: Column, other: Column) -> Column:
    """The known words, and codes that only the other has. A choice that was open text elsewhere is text."""
    names = tuple(dict.fromkeys((*known.asked_in, *other.asked_in)))
    measure = known.measure if known.measure == other.measure else "text"
    values = {} if measure == "text" else {**other.values, **known.values}
    order = [*known.values, *(code for code in other.values if code not in known.values)]
    return replace(
        known, measure=measure, asked_in=names, values={code: values[code] for code in order if code in values}
    )
