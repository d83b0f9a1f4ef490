"""A filter in words: `had_contact == 'yes'` → had_contact is «Ja»."""

from collections.abc import Mapping
from decimal import Decimal

from app.definition.filters import And, Compare, Expression, Not
from app.definition.questionnaire import Questionnaire

Labels = Mapping[str, Mapping[str, str]]  # name in filters → option code → text

_WORDS = {"==": "is", "!=": "is not", "<": "is below", "<=": "is at most", ">": "is above", ">=": "is at least"}


def option_labels(questionnaire: Questionnaire) -> Labels:
    """The texts of the options that a name in a filter can be compared with."""
    return {
        name: {option.code: option.text for option in question.options}
        for block in questionnaire.texts.blocks
        for question in block.questions
        for name in question.value_types()
    }


def in_words(expression: Expression, labels: Labels) -> str:
    """The filter as a person would say it."""
    if isinstance(expression, Compare):
        return _comparison(expression, labels.get(expression.name, {}))
    if isinstance(expression, Not):
        return f"not ({in_words(expression.part, labels)})"
    word = " and " if isinstance(expression, And) else " or "
    return word.join(_bracketed(part, labels) for part in expression.parts)


def _bracketed(part: Expression, labels: Labels) -> str:
    words = in_words(part, labels)
    return words if isinstance(part, Compare | Not) else f"({words})"


def _comparison(compare: Compare, labels: Mapping[str, str]) -> str:
    values = " or ".join(_value(literal, labels) for literal in compare.literals)
    if compare.flipped:
        return f"{compare.name} {'includes' if compare.operator == 'in' else 'does not include'} {values}"
    if compare.operator == "not in":
        return f"{compare.name} is not {values}"
    return f"{compare.name} {_WORDS.get(compare.operator, 'is')} {values}"


def _value(literal: str | Decimal, labels: Mapping[str, str]) -> str:
    if isinstance(literal, Decimal):
        return str(literal)
    return f"«{labels[literal]}»" if literal in labels else f"«{literal}»"
