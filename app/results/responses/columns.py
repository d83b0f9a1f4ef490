"""The columns of the responses file: seven about the interview, then one per variable of its questionnaires."""

from collections.abc import Iterable

from app.definition.load import Definition

CASE_REF, KIND, SERVICE = "case_ref", "kind", "service"
QUESTIONNAIRE, WORDING, MODE, COMPLETED_AT = "questionnaire", "wording", "mode", "completed_at"
FIXED = (CASE_REF, KIND, SERVICE, QUESTIONNAIRE, WORDING, MODE, COMPLETED_AT)
PROVIDER = "provider"  # only in an export of several providers together, where references may be equal


def variable_codes(definition: Definition) -> tuple[str, ...]:
    """Every variable of a questionnaire in order, whatever the wording."""
    return tuple(
        variable.code
        for block in definition.texts.blocks
        for question in block.questions
        for variable in question.variables()
    )


def all_columns(definitions: Iterable[Definition], *, has_provider: bool) -> tuple[str, ...]:
    """The header of an export; a code that several questionnaires share is one column."""
    codes = (code for definition in definitions for code in variable_codes(definition))
    return tuple(dict.fromkeys((*FIXED, *((PROVIDER,) if has_provider else ()), *codes)))
