"""The filter language ("asked if"): parsed once, typed, evaluated with three values.

A comparison with an unanswered question is *undecided* (None), and so is one with a question of which it is
not yet decided whether it is asked. With a question that is not on the route it is false, whatever the operator,
because there is nothing to compare. `not`, `and` and `or` follow Kleene's three-valued logic.
"""

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from app.questions.question import FilterValue, ValueType

Values = Mapping[str, FilterValue | None]  # absent = not on the route, None = unanswered
MAX_LENGTH = 500
MAX_DEPTH = 20


class FilterError(ValueError):
    """A filter that cannot be understood; the text is a sentence for a questionnaire author."""


@dataclass(frozen=True)
class Compare:
    """`name operator literals`; for `in` the literals are the listed codes. `flipped`: 'code' in name."""

    name: str
    operator: str
    literals: tuple[str | Decimal, ...]
    flipped: bool = False

    def decide(self, values: Values) -> bool | None:
        if self.name not in values:
            return False
        value = values[self.name]
        return None if value is None else _TESTS[self.operator](value, self.literals)


@dataclass(frozen=True)
class Not:
    part: "Expression"

    def decide(self, values: Values) -> bool | None:
        decided = self.part.decide(values)
        return None if decided is None else not decided


@dataclass(frozen=True)
class And:
    parts: "tuple[Expression, ...]"

    def decide(self, values: Values) -> bool | None:
        undecided = False
        for part in self.parts:
            decided = part.decide(values)
            if decided is False:
                return False
            undecided = undecided or decided is None
        return None if undecided else True


@dataclass(frozen=True)
class Or:
    parts: "tuple[Expression, ...]"

    def decide(self, values: Values) -> bool | None:
        undecided = False
        for part in self.parts:
            decided = part.decide(values)
            if decided is True:
                return True
            undecided = undecided or decided is None
        return None if undecided else False


Expression = Compare | Not | And | Or


def _has(value: FilterValue, codes: tuple[str | Decimal, ...]) -> bool:
    if isinstance(value, frozenset):
        return any(code in value for code in codes)
    return value in codes


def _equals(value: FilterValue, codes: tuple[str | Decimal, ...]) -> bool:
    return value == codes[0]


_TESTS: dict[str, Callable[[FilterValue, tuple[str | Decimal, ...]], bool]] = {
    "==": _equals,
    "!=": lambda value, codes: not _equals(value, codes),
    "<": lambda value, codes: value < codes[0],  # type: ignore[operator]
    "<=": lambda value, codes: value <= codes[0],  # type: ignore[operator]
    ">": lambda value, codes: value > codes[0],  # type: ignore[operator]
    ">=": lambda value, codes: value >= codes[0],  # type: ignore[operator]
    "in": _has,
    "not in": lambda value, codes: not _has(value, codes),
}
_OPERATORS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.In: "in",
    ast.NotIn: "not in",
}
_MIRRORED = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


@lru_cache(maxsize=4096)
def parse_filter(source: str) -> Expression:
    """Parses a filter; never evaluates it.

    Raises:
        FilterError: with a sentence that says what is wrong and how to write it.
    """
    if len(source) > MAX_LENGTH:
        raise FilterError(f"the filter is longer than {MAX_LENGTH} characters; split the question or the block")
    if "\\" in source:
        raise FilterError("a backslash means nothing in a filter; write codes between plain quotes, like 'yes'")
    try:
        tree = ast.parse(source.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise FilterError(
            f"the filter «{source.strip()[:80]}» is not complete; "
            "write for example had_contact == 'yes' or service in [1, 3]"
        ) from None
    return _expression(tree.body, 0)


def _expression(node: ast.expr, depth: int) -> Expression:
    if depth > MAX_DEPTH:
        raise FilterError("the filter is nested too deeply; write it with fewer brackets")
    if isinstance(node, ast.BoolOp):
        parts = tuple(_expression(part, depth + 1) for part in node.values)
        return And(parts) if isinstance(node.op, ast.And) else Or(parts)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return Not(_expression(node.operand, depth + 1))
    if isinstance(node, ast.Compare):
        return _comparison(node)
    raise FilterError(
        f"«{_shown(node)}» is not a comparison; write a name, an operator and a code, like had_contact == 'yes'"
    )


def _comparison(node: ast.Compare) -> Compare | And:
    operands = [node.left, *node.comparators]
    pairs = []
    for left, operator, right in zip(operands, node.ops, operands[1:], strict=False):
        if type(operator) not in _OPERATORS:
            raise FilterError(f"«{_shown(node)}» uses an operator that filters do not have")
        pairs.append(_pair(left, _OPERATORS[type(operator)], right))
    return pairs[0] if len(pairs) == 1 else And(tuple(pairs))


def _pair(left: ast.expr, operator: str, right: ast.expr) -> Compare:
    if isinstance(left, ast.Name) and not isinstance(right, ast.Name):
        literals = _literals(right)
        if (operator in ("in", "not in")) != isinstance(right, ast.List | ast.Tuple | ast.Set):
            raise FilterError(
                f"after «{left.id} {operator}» comes "
                + ("a list like ['a', 'b']" if "in" in operator else "one code or number")
            )
        return Compare(left.id, operator, literals)
    if isinstance(right, ast.Name) and not isinstance(left, ast.Name):
        literals = _literals(left)
        if isinstance(left, ast.List | ast.Tuple | ast.Set):
            raise FilterError(
                f"before «{operator} {right.id}» stands one code or number; "
                f"write for example 'a' {operator} {right.id} or 'b' {operator} {right.id}"
            )
        if operator in ("in", "not in"):
            return Compare(right.id, operator, literals, flipped=True)
        return Compare(right.id, _MIRRORED[operator], literals)
    raise FilterError(
        "a comparison has a name on one side and a code or number on the other, like had_contact == 'yes'"
    )


def _literals(node: ast.expr) -> tuple[str | Decimal, ...]:
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        if not node.elts:
            raise FilterError("a list in a filter holds at least one code")
        return tuple(_literal(element) for element in node.elts)
    return (_literal(node),)


def _literal(node: ast.expr) -> str | Decimal:
    if (
        isinstance(node, ast.Constant)
        and isinstance(node.value, str | int | float)
        and not isinstance(node.value, bool)
    ):
        return node.value if isinstance(node.value, str) else Decimal(str(node.value))
    raise FilterError(f"«{_shown(node)}» is not a code in quotes or a number")


def _shown(node: ast.AST) -> str:
    """The part of a filter that is wrong, as its author may recognise it."""
    try:
        return ast.unparse(node)[:80]
    except (RecursionError, ValueError):
        return "this filter"


def names_in(expression: Expression) -> frozenset[str]:
    """The questions and case facts a filter looks at."""
    return frozenset(compare.name for compare in comparisons(expression))


def comparisons(expression: Expression) -> tuple[Compare, ...]:
    """Every single comparison of a filter."""
    if isinstance(expression, Compare):
        return (expression,)
    parts = (expression.part,) if isinstance(expression, Not) else expression.parts
    return tuple(compare for part in parts for compare in comparisons(part))


def type_fault(compare: Compare, value_type: ValueType) -> str | None:
    """Why this comparison makes no sense for what the name holds, as a sentence; None when it does."""
    is_number = value_type.kind == "number"
    if any(isinstance(literal, Decimal) != is_number for literal in compare.literals):
        wanted = "a number without quotes" if is_number else "a code in quotes"
        return f"«{compare.name}» must be compared with {wanted}"
    if compare.operator in ("<", "<=", ">", ">=") and not is_number:
        return f"«{compare.name}» is not a number, so «{compare.operator}» means nothing; use ==, != or in"
    if value_type.kind == "choices" and not compare.flipped:
        return f"«{compare.name}» holds several choices; write 'code' in {compare.name}"
    if value_type.kind != "choices" and compare.flipped:
        return f"«{compare.name}» holds one value; write {compare.name} == 'code' or {compare.name} in ['a', 'b']"
    return _unknown_literal(compare, value_type)


def _unknown_literal(compare: Compare, value_type: ValueType) -> str | None:
    for literal in compare.literals:
        if value_type.codes is not None and str(literal) not in value_type.codes:
            return f"«{compare.name}» has no code «{literal}»; it has {', '.join(value_type.codes)}"
        if isinstance(literal, Decimal) and not _in_range(literal, value_type):
            return f"«{compare.name}» runs from {value_type.low} to {value_type.high}; {literal} lies outside"
    return None


def _in_range(number: Decimal, value_type: ValueType) -> bool:
    return (value_type.low is None or value_type.low <= number) and (
        value_type.high is None or number <= value_type.high
    )
