"""Questionnaires for tests: written in a few words, or drawn at random, and answers to them."""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import combinations
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from app.definition.facts import MODES, Facts
from app.definition.load import Definition, load
from app.definition.questionnaire import Questionnaire
from app.questions.question import Question

Tree = dict[str, Any]
SCALE = ("very_satisfied", "satisfied", "dissatisfied", "very_dissatisfied", "no_opinion")
PAGES: Tree = {
    "title": "Vragen",
    "introduction": {"title": "Hallo", "text": ["Welkom"]},
    "closing": {"title": "Dank u", "text": ["Klaar"]},
    "phone": {"introduction": ["Goedemiddag"]},
}


def question(code: str, kind: str = "single", options: str | Sequence[Tree] = "", **fields: Any) -> Tree:
    """A question; options as codes ("yes no"), or written out."""
    listed = [{"code": o, "text": o} for o in options.split()] if isinstance(options, str) else list(options)
    if kind == "satisfaction":
        listed = [{"code": o, "text": o} for o in SCALE]
    return {"code": code, "type": kind, "text": f"{code}?", **({"options": listed} if listed else {}), **fields}


def yes_no(code: str, asked_if: str = "", **fields: Any) -> Tree:
    return question(code, "single", "yes no", asked_if=asked_if, **fields)


def block(code: str, *questions: Tree, **fields: Any) -> Tree:
    return {"code": code, "title": code, "questions": list(questions), **fields}


def tree(*blocks: Tree, **fields: Any) -> Tree:
    """A whole questionnaire; blocks that are questions form one block."""
    if all("questions" not in part for part in blocks):
        blocks = (block("all", *blocks),)
    return {
        **PAGES,
        "name": "specimen",
        "audience": "clients",
        "services": [1, 2],
        "required_for_usable": [],
        "blocks": list(blocks),
        **fields,
    }


def defined(*blocks: Tree, **fields: Any) -> Definition:
    """The definition of such a questionnaire, with a second wording when `wordings` lists it."""
    written = tree(*blocks, **fields)
    files = {"questionnaire.yaml": json.dumps(written, indent=1)}
    if "low_threshold" in written.get("wordings", ()):
        files["low_threshold.yaml"] = json.dumps(easy(written), indent=1)
    return load(files)


def easy(written: Tree) -> Tree:
    """The low-threshold texts of a questionnaire."""
    questions = [
        question
        for part in written["blocks"]
        for question in part["questions"]
        if "low_threshold" not in question.get("not_in", ())
    ]
    return {
        **PAGES,
        "blocks": {part["code"]: {"title": "Makkelijk"} for part in written["blocks"]},
        "questions": {
            question["code"]: {
                "text": f"{question['code']}, makkelijk?",
                **{key: "makkelijk" for key in ("lead_in", "hint") if question.get(key)},
                **{
                    part: {item["code"]: f"{item['code']}, makkelijk" for item in question[part]}
                    for part in ("options", "rows")
                    if part in question
                },
            }
            for question in questions
        },
    }


def questionnaire(*blocks: Tree, wording: str = "regular", **fields: Any) -> Questionnaire:
    return defined(*blocks, **fields).wordings[wording]


# --- at random ---

NUMBERS = (0, 3)
WORDS = ("ja", "nee")


@st.composite
def definitions(draw: DrawFn, n_questions: int = 9, is_small: bool = False, is_wild: bool = False) -> Definition:
    """A questionnaire with filters of all sorts on earlier answers and case facts.

    `is_small`: few answers per question, for trying them all. `is_wild`: filters may look at later questions,
    which the checks refuse but the proof must survive.
    """
    kinds = ["single", "single", "multiple", "number", "grid", "open", "information"]
    kinds += [] if is_small else ["grade", "satisfaction"]
    chosen = [draw(st.sampled_from(kinds)) for _ in range(draw(st.integers(1, n_questions)))]
    names = {f"q{n}": _values(kind) for n, kind in enumerate(chosen)}
    known: dict[str, Tree] = {}
    questions = []
    for number, kind in enumerate(chosen):
        code = f"q{number}"
        later = {name: value for name, value in names.items() if name != code} if is_wild else {}
        written = _question(draw, code, kind, {**_by_name(later), **known}, is_small)
        known |= _by_name({code: _values(kind)})
        questions.append(written)
    blocks = _blocks(draw, questions, known)
    asking = [code for code, value in known.items() if value["kind"] != "none"]
    return defined(
        *blocks,
        services=draw(st.sampled_from([[1, 2], [1, 11], [3]])),
        wordings=draw(st.sampled_from([["regular"], ["regular", "low_threshold"]])),
        required_for_usable=draw(st.lists(st.sampled_from(asking), unique=True, max_size=3)) if asking else [],
    )


def _values(kind: str) -> Tree:
    """What filters can compare an answer of this kind with."""
    if kind in ("single", "grid"):
        return {"kind": kind, "codes": ("a", "b", "c")[: 2 if kind == "grid" else 3]}
    if kind == "multiple":
        return {"kind": "multiple", "codes": ("a", "b", "none")}
    if kind == "satisfaction":
        return {"kind": "single", "codes": SCALE}
    if kind in ("number", "grade"):
        return {
            "kind": "number",
            "low": 1 if kind == "grade" else NUMBERS[0],
            "high": 10 if kind == "grade" else NUMBERS[1],
        }
    return {"kind": "open" if kind == "open" else "none"}


def _by_name(values: Mapping[str, Tree]) -> dict[str, Tree]:
    """Names usable in filters: a grid's are its rows."""
    found = {}
    for code, value in values.items():
        for name in (f"{code}_r1", f"{code}_r2") if value["kind"] == "grid" else (code,):
            found[name] = value
    return found


def _question(draw: DrawFn, code: str, kind: str, known: Mapping[str, Tree], is_small: bool) -> Tree:
    fields: Tree = {"asked_if": _maybe_filter(draw, known)}
    options: list[Tree] = []
    if kind in ("single", "multiple", "grid"):
        options = [{"code": c, "text": c} for c in _values(kind)["codes"]]
        hidden = draw(st.none() | st.integers(0, len(options) - 1))
        if hidden is not None:
            options[hidden]["asked_if"] = _filter(draw, known)
        if kind == "multiple":
            options[-1]["exclusive"] = "true"
        if kind == "single" and draw(st.booleans()):
            options[0]["other"] = "true"
    if kind == "grid":
        fields["rows"] = [{"code": f"{code}_r1", "text": "een"}, {"code": f"{code}_r2", "text": "twee"}]
    if kind == "number":
        fields |= {"low": NUMBERS[0], "high": NUMBERS[1]}
    if kind == "grade" and not is_small:
        fields["decimals"] = draw(st.sampled_from(["0", "1"]))
    if not is_small and code != "q0" and draw(st.integers(0, 9)) == 0:
        fields["not_in"] = ["low_threshold"]
    if not is_small and known and draw(st.booleans()):
        fields["lead_in"] = f"U zei {{{draw(st.sampled_from(sorted(known)))}}}."
    return question(code, kind, options, **fields)


def _blocks(draw: DrawFn, questions: list[Tree], known: Mapping[str, Tree]) -> list[Tree]:
    """Cuts questions into blocks; a block's filter looks at earlier blocks only."""
    blocks = []
    start = 0
    while start < len(questions):
        end = start + draw(st.integers(1, len(questions) - start))
        before = {question["code"] for question in questions[:start]}
        earlier = {name: value for name, value in known.items() if name.split("_")[0] in before}
        blocks.append(
            block(
                f"b{len(blocks)}",
                *questions[start:end],
                together=str(draw(st.booleans())).lower(),
                asked_if=_maybe_filter(draw, earlier),
            )
        )
        start = end
    return blocks


def _maybe_filter(draw: DrawFn, known: Mapping[str, Tree]) -> str:
    return _filter(draw, known) if draw(st.booleans()) else ""


def _filter(draw: DrawFn, known: Mapping[str, Tree], depth: int = 0) -> str:
    """A filter of up to four comparisons."""
    shape = draw(st.sampled_from(["", "", "", "not", "and", "or"])) if depth < 2 else ""
    if not shape:
        return _comparison(draw, known)
    if shape == "not":
        return f"not ({_filter(draw, known, depth + 1)})"
    return f"({_filter(draw, known, depth + 1)} {shape} {_filter(draw, known, depth + 1)})"


def _comparison(draw: DrawFn, known: Mapping[str, Tree]) -> str:
    usable = [name for name, value in known.items() if value["kind"] != "none"]
    facts = ["service", "learning_profile", "mode", "wording"]
    name = draw(st.sampled_from(usable * 3 + facts))
    value = known.get(name) or _FACTS[name]
    if value["kind"] == "number":
        operator = draw(st.sampled_from(["==", "!=", "<", "<=", ">", ">="]))
        return f"{name} {operator} {draw(st.integers(value['low'], value['high']))}"
    if value["kind"] == "open":
        return f"{name} {draw(st.sampled_from(['==', '!=']))} '{draw(st.sampled_from(WORDS))}'"
    code = draw(st.sampled_from(value["codes"]))
    if value["kind"] == "multiple":
        return f"'{code}' {draw(st.sampled_from(['in', 'not in']))} {name}"
    codes = sorted({code, draw(st.sampled_from(value["codes"]))})
    operator = draw(st.sampled_from(["==", "!=", "in", "not in"]))
    return f"{name} {operator} " + (repr(codes) if "in" in operator else repr(code))


_FACTS: Mapping[str, Tree] = {
    "service": {"kind": "number", "low": 1, "high": 13},
    "learning_profile": {"kind": "number", "low": 1, "high": 4},
    "mode": {"kind": "single", "codes": MODES},
    "wording": {"kind": "single", "codes": ("regular", "low_threshold")},
}


def every_answer(question: Question, name: str) -> list[str]:
    """All canonical answers under one answer code, in order; of open text the words that filters use and one more."""
    kind = (value_type := question.value_types().get(name)) and value_type.kind
    if kind == "choice":
        return [option.code for option in question.options]
    if kind == "choices":
        alone = [option.code for option in question.options]
        rest = [option.code for option in question.options if not option.exclusive]
        return alone + [" ".join(codes) for n in range(2, len(rest) + 1) for codes in combinations(rest, n)]
    if kind == "number":
        assert value_type and value_type.low is not None and value_type.high is not None and value_type.step
        n_steps = int((value_type.high - value_type.low) / value_type.step)
        numbers = [value_type.low + n * value_type.step for n in range(n_steps + 1)]
        return [f"{Decimal(number).normalize():f}" for number in numbers]
    return [*WORDS, "iets anders"] if kind == "text" else []


@st.composite
def answers_to(draw: DrawFn, of: Questionnaire) -> dict[str, str | None]:
    """Answers as they may stand in the store: to some questions, some passed without one, off the route or not."""
    found: dict[str, str | None] = {}
    for asked in of.questions():
        for name in asked.answer_codes():
            if name.endswith(".other"):
                choice = draw(st.sampled_from([None, "zelf"]))
            else:
                choice = draw(st.sampled_from([*every_answer(asked, name), None]))
            if draw(st.integers(0, 3)):
                found[name] = choice
    return found


@st.composite
def facts_of(draw: DrawFn, of: Questionnaire) -> Facts:
    """A case that this questionnaire may be asked of."""
    service = draw(st.sampled_from(of.texts.services or (None,)))
    profile = draw(st.integers(1, 4)) if service == 11 else None
    return Facts(service, profile, of.wording, draw(st.sampled_from(MODES)), "Voorbeeld", "Scholing")


@st.composite
def sittings(draw: DrawFn, n_questions: int = 9) -> tuple[Questionnaire, dict[str, str | None], Facts]:
    """A questionnaire in one of its wordings, answers and a case."""
    definition = draw(definitions(n_questions))
    of = draw(st.sampled_from(list(definition.wordings.values())))
    return of, draw(answers_to(of)), draw(facts_of(of))
