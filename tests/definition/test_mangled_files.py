"""Mangled questionnaires: whatever stands in a file, its author gets faults with a line, never a crash."""

import json
import os
from typing import Any

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from app.definition.checks import check_files
from app.definition.filters import FilterError, comparisons, names_in, parse_filter
from app.definition.load import load
from app.definition.yaml_source import Faulty, read_yaml
from tests.factories.written import REGULAR, WRITTEN

# The bar asks for 10,000 per parser: MANGLED_EXAMPLES=10000 pytest tests/definition/test_mangled_files.py
N_EXAMPLES = int(os.environ.get("MANGLED_EXAMPLES", "150"))
many = settings(max_examples=N_EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])

FILES = sorted(WRITTEN)
TREES: dict[str, Any] = {name: yaml.load(text, yaml.BaseLoader) for name, text in WRITTEN.items()}
WORDS = [
    *(
        "and",
        "or",
        "not",
        "in",
        "not in",
        "==",
        "!=",
        "<",
        ">",
        "<=",
        ">=",
        "(",
        ")",
        "[",
        "]",
        ",",
        "{",
        "}",
        ":",
        "-",
    ),
    *(
        "'yes'",
        "'ww'",
        '"a"',
        "1",
        "2.5",
        "1e999",
        "0x1",
        "1_0",
        "-1",
        "True",
        "None",
        "...",
        "lambda",
        "if",
        "else",
        "*",
    ),
    *("had_contact", "benefit", "contact_count", "coach", "listened", "remarks", "service", "mode", "wording", "zzz"),
    *("is", ".", "()", "\\", "#", "\n", "\t", "'", "f''", "b''", "'x' 'y'", "not not", "é", "@", "|", "~", "="),
]
SCALARS = st.one_of(
    st.text(max_size=20),
    st.sampled_from(["", "yes", "regular", "low_threshold", "single", "grid", "open", "yes_no", "0", "-1", "9" * 30]),
    st.sampled_from(["{grade}", "{", "{provider}", "had_contact == 'yes'", "x", "a b", "grade", "none", "promoter"]),
)
VALUES = st.recursive(
    SCALARS, lambda deeper: st.lists(deeper, max_size=3) | st.dictionaries(SCALARS, deeper, max_size=3)
)


def assert_author_is_helped(files: dict[str, str]) -> None:
    """Every fault names a file that is there and a line of it; without a fault the questionnaire loads."""
    faults = check_files(files)
    if not faults:
        assert load(files).content_hash
    for fault in faults:
        assert fault.file in files or fault.file == "low_threshold.yaml"
        n_lines = files.get(fault.file, "").replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
        assert 1 <= fault.line <= n_lines
        assert fault.sentence.strip()
        assert "\n" not in str(fault)


@many
@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        assert isinstance(read_yaml("x.yaml", text).tree, dict)
    except Faulty as faulty:
        assert [fault.file for fault in faulty.faults] == ["x.yaml"]
    assert_author_is_helped({"questionnaire.yaml": text})


@many
@given(st.text("ab:- \n\t{}[],'\"#&*!|>%@`?~<.0", max_size=60))
def test_any_yaml_like_text_is_read_or_refused(text: str) -> None:
    assert_author_is_helped({"questionnaire.yaml": text})
    assert_author_is_helped({"questionnaire.yaml": REGULAR + text})


@st.composite
def mangled(draw: DrawFn) -> dict[str, str]:
    """The example with lines lost, doubled, moved, indented or overwritten in one of its files."""
    name = draw(st.sampled_from(FILES))
    lines = WRITTEN[name].split("\n")
    for _ in range(draw(st.integers(1, 3))):
        place, other = (draw(st.integers(0, len(lines) - 1)) for _ in range(2))
        lines[place : place + 1] = draw(
            st.sampled_from(
                [
                    [],
                    [lines[place]] * 2,
                    [lines[place], lines[other]],
                    [f"  {lines[place]}"],
                    [lines[place][2:]],
                    [lines[place].replace(":", "", 1)],
                    [lines[place].replace("code", "text", 1)],
                    [lines[place][: draw(st.integers(0, 30))]],
                    [lines[place] + draw(st.text(max_size=5))],
                ]
            )
        )
        lines = lines or [""]
    return {**WRITTEN, name: "\n".join(lines)}


@many
@given(mangled())
def test_mangled_lines_give_faults_or_a_questionnaire(files: dict[str, str]) -> None:
    assert_author_is_helped(files)


@st.composite
def grafted(draw: DrawFn) -> dict[str, str]:
    """The example with any value at any place of one of its files."""
    name = draw(st.sampled_from(FILES))
    tree = json.loads(json.dumps(TREES[name]))
    for _ in range(draw(st.integers(1, 3))):
        _graft(draw, tree)
    return {**WRITTEN, name: json.dumps(tree, indent=1)}


def _graft(draw: DrawFn, node: Any) -> None:
    """Goes down from a node by chance and puts something else there."""
    while node:
        key = draw(st.sampled_from(sorted(node) if isinstance(node, dict) else range(len(node))))
        if not isinstance(node[key], dict | list) or not node[key] or draw(st.integers(0, 3)) == 0:
            action = draw(st.sampled_from(["value", "value", "drop", "add"]))
            if action == "value":
                node[key] = draw(VALUES)
            elif action == "drop":
                del node[key]
            elif isinstance(node, dict):
                node[draw(st.sampled_from(["asked_if", "options", "rows", "required", "not_in", "low", "x"]))] = draw(
                    VALUES
                )
            else:
                node.append(draw(VALUES))
            return
        node = node[key]


@many
@given(grafted())
def test_any_value_at_any_place_gives_faults_or_a_questionnaire(files: dict[str, str]) -> None:
    assert_author_is_helped(files)


@many
@given(st.lists(st.sampled_from(WORDS) | st.text(max_size=3), max_size=25).map(" ".join) | st.text(max_size=600))
def test_any_text_is_a_filter_or_refused_with_a_sentence(source: str) -> None:
    try:
        expression = parse_filter(source)
    except FilterError as error:
        assert str(error).strip()
        return
    assert names_in(expression) == {compare.name for compare in comparisons(expression)}
    assert expression.decide({}) in (True, False)
    assert expression.decide(dict.fromkeys(names_in(expression))) in (True, False, None)


@many
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(" ".join))
def test_any_filter_in_a_questionnaire_gives_faults_or_a_questionnaire(source: str) -> None:
    text = REGULAR.replace("asked_if: contact_count > 0", f"asked_if: {json.dumps(source)}")
    assert_author_is_helped({**WRITTEN, "questionnaire.yaml": text})
