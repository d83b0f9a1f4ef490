"""The filter language: what it reads, what it refuses, and its three values."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.definition.filters import (
    MAX_LENGTH,
    And,
    FilterError,
    Not,
    Or,
    comparisons,
    names_in,
    parse_filter,
    type_fault,
)
from app.questions.question import ValueType

YES_NO = ValueType("choice", ("yes", "no"))
WAYS = ValueType("choices", ("phone", "email"))
GRADE = ValueType("number", None, Decimal(1), Decimal(10), Decimal(1))


def decide(source: str, **values: object) -> bool | None:
    return parse_filter(source).decide(values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("source", "values", "decided"),
    [
        ("a == 'yes'", {"a": "yes"}, True),
        ("a == 'yes'", {"a": "no"}, False),
        ("'yes' == a", {"a": "yes"}, True),
        ("a != 'yes'", {"a": "no"}, True),
        ("a in ['yes', 'no']", {"a": "no"}, True),
        ("a not in ['yes', 'no']", {"a": "no"}, False),
        ("n > 5", {"n": Decimal("5.5")}, True),
        ("5 < n", {"n": Decimal(5)}, False),
        ("2 <= n < 4", {"n": Decimal(4)}, False),
        ("2 <= n < 4", {"n": Decimal(2)}, True),
        ("n == 7.5", {"n": Decimal("7.5")}, True),
        ("n == 7", {"n": Decimal("7.0")}, True),
        ("'phone' in w", {"w": frozenset({"phone", "email"})}, True),
        ("'phone' not in w", {"w": frozenset({"email"})}, True),
        ("a == 'yes' and n > 5 or a == 'no'", {"a": "no", "n": Decimal(1)}, True),
        ("not a == 'yes'", {"a": "no"}, True),
    ],
)
def test_a_filter_compares_as_it_reads(source: str, values: dict[str, object], decided: bool) -> None:
    assert decide(source, **values) is decided


@pytest.mark.parametrize("source", ["a == 'x'", "a != 'x'", "a in ['x']", "a not in ['x']", "a < 3", "'x' not in a"])
def test_a_comparison_with_what_is_not_on_the_route_is_false_whatever_the_operator(source: str) -> None:
    assert decide(source) is False


@pytest.mark.parametrize("source", ["a == 'x'", "a != 'x'", "a in ['x']", "not a == 'x'", "not a != 'x'"])
def test_a_comparison_with_an_unanswered_question_is_undecided_also_when_denied(source: str) -> None:
    assert decide(source, a=None) is None


def test_one_false_part_decides_an_and_and_one_true_part_an_or_whatever_is_still_open() -> None:
    assert decide("a == 'x' and b == 'x'", a=None, b="y") is False
    assert decide("b == 'x' and a == 'x'", a=None, b="y") is False
    assert decide("a == 'x' or b == 'x'", a=None, b="x") is True
    assert decide("a == 'x' and b == 'x'", a=None, b="x") is None
    assert decide("a == 'x' or b == 'x'", a=None, b="y") is None


NAMES = ("a", "b", "c")
TRUTH = {"x": True, "y": False}
expressions = st.recursive(
    st.sampled_from([f"{name} == 'x'" for name in NAMES]),
    lambda parts: (
        st.builds("not ({})".format, parts)
        | st.builds("({}) and ({})".format, parts, parts)
        | st.builds("({}) or ({})".format, parts, parts)
    ),
    max_leaves=6,
)


@given(expressions, st.fixed_dictionaries({name: st.sampled_from(["x", "y"]) for name in NAMES}))
def test_with_every_answer_given_filters_are_ordinary_logic(source: str, values: dict[str, str]) -> None:
    plain = source
    for name in NAMES:
        plain = plain.replace(f"{name} == 'x'", str(TRUTH[values[name]]))
    assert decide(source, **values) is eval(plain)


@given(expressions, st.fixed_dictionaries({name: st.sampled_from(["x", "y", None]) for name in NAMES}))
def test_what_is_decided_stays_so_whatever_is_answered_later(source: str, values: dict[str, str | None]) -> None:
    decided = decide(source, **values)
    if decided is not None:
        for filled in ("x", "y"):
            assert decide(source, **{name: value or filled for name, value in values.items()}) is decided


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("", "is not complete"),
        ("had_contact ==", "is not complete"),
        ("had_contact = 'yes'", "is not complete"),
        ("had_contact", "is not a comparison"),
        ("__import__('os')", "is not a comparison"),
        ("a.b == 'x'", "a name on one side"),
        ("a == b", "a name on one side"),
        ("'x' == 'x'", "a name on one side"),
        ("a is 'x'", "an operator that filters do not have"),
        ("a == True", "not a code in quotes or a number"),
        ("a == None", "not a code in quotes or a number"),
        ("a == 1j", "not a code in quotes or a number"),
        ("a == f'{b}'", "not a code in quotes or a number"),
        ("a == ['x']", "one code or number"),
        ("a in 'x'", "a list like"),
        ("a in []", "at least one code"),
        ("a in [['x']]", "not a code in quotes or a number"),
        ("['x', 'y'] == a", "stands one code or number"),
        ("['x', 'y'] in a", "stands one code or number"),
        ("a + 1 == 2", "a name on one side"),
        ("lambda: a", "is not a comparison"),
        ("(" * 300 + "a == 'x'" + ")" * 300, "longer than"),
        ("(" * 150 + "a == 'x'" + ")" * 150, ""),
        ("not " * 30 + "a == 'x'", "nested too deeply"),
        ("a == '" + "x" * MAX_LENGTH + "'", "longer than"),
        ("a == 'x'\0", ""),
    ],
)
def test_what_is_no_filter_is_refused_with_a_sentence(source: str, said: str) -> None:
    if source.startswith("(((") and said == "":
        assert names_in(parse_filter(source)) == {"a"}  # brackets alone are no nesting
        return
    with pytest.raises(FilterError) as refused:
        parse_filter(source)
    assert said in str(refused.value)
    assert len(str(refused.value)) < 2 * MAX_LENGTH


@given(st.text(max_size=60) | st.text("abx'\"[]()<>=! notiadr0.,", max_size=60))
def test_no_text_makes_the_parser_fail_otherwise(source: str) -> None:
    try:
        parsed = parse_filter(source)
    except FilterError:
        return
    assert all(isinstance(name, str) for name in names_in(parsed))


def test_names_and_comparisons_of_a_filter_are_known() -> None:
    parsed = parse_filter("not (a == 'x') and ('p' in w or 1 <= n <= 3)")
    assert names_in(parsed) == {"a", "w", "n"}
    assert [compare.name for compare in comparisons(parsed)] == ["a", "w", "n", "n"]
    assert isinstance(parsed, And)
    assert isinstance(parsed.parts[0], Not)
    assert isinstance(parsed.parts[1], Or)


@pytest.mark.parametrize(
    ("source", "value_type", "said"),
    [
        ("a == 'yes'", YES_NO, None),
        ("a in ['yes', 'no']", YES_NO, None),
        ("a == 'maybe'", YES_NO, "has no code «maybe»; it has yes, no"),
        ("a == 1", YES_NO, "a code in quotes"),
        ("a < 'yes'", YES_NO, "is not a number"),
        ("'yes' in a", YES_NO, "holds one value"),
        ("'phone' in a", WAYS, None),
        ("a == 'phone'", WAYS, "holds several choices"),
        ("a in ['phone']", WAYS, "holds several choices"),
        ("'fax' in a", WAYS, "has no code «fax»"),
        ("a >= 6", GRADE, None),
        ("a in [6, 7]", GRADE, None),
        ("a == '6'", GRADE, "a number without quotes"),
        ("a > 11", GRADE, "runs from 1 to 10; 11 lies outside"),
        ("a > 1e999", GRADE, "lies outside"),
        ("a == 'anything'", ValueType("text"), None),
    ],
)
def test_a_comparison_that_makes_no_sense_for_its_question_is_named(
    source: str, value_type: ValueType, said: str | None
) -> None:
    fault = type_fault(comparisons(parse_filter(source))[0], value_type)
    assert (fault is None) if said is None else (fault is not None and said in fault)
