"""A filter told to somebody who does not program: each comparison in words, with the value it looked at."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from app.definition.facts import FILTER_FACTS
from app.definition.filters import And, Compare, Expression, Not, Values
from app.engine.route import Route
from app.errors import N_
from app.preview.setup import service_names

RELATIONS = {
    "==": N_("is"),
    "!=": N_("is niet"),
    "<": N_("is lager dan"),
    "<=": N_("is hoogstens"),
    ">": N_("is hoger dan"),
    ">=": N_("is minstens"),
    "in": N_("is een van"),
    "not in": N_("is geen van"),
}
INCLUDES = {"in": N_("bevat"), "not in": N_("bevat niet")}
FACTS = {
    "service": N_("de dienst"),
    "learning_profile": N_("het leerprofiel"),
    "wording": N_("de woorden"),
    "mode": N_("de manier van invullen"),
}
FACT_VALUES = {
    "regular": N_("gewone woorden"),
    "low_threshold": N_("makkelijke woorden"),
    "web": N_("op het scherm"),
    "phone": N_("aan de telefoon"),
    "paper": N_("op papier"),
}
OPEN = N_("nog geen antwoord")
PASSED = N_("overgeslagen")
NOT_ASKED = N_("niet gesteld")
WAITS = N_("nog niet te zeggen of deze vraag komt")
NO_VALUE = N_("niet van toepassing")


@dataclass(frozen=True)
class Check:
    """One comparison, or a group of them: `kind` is compare, all, any or not.

    `outcome` is None while it waits for an answer.
    """

    kind: str
    outcome: bool | None
    parts: tuple["Check", ...] = ()
    name: str = ""
    subject: str = ""  # the question's text, or a message for a fact
    relation: str = ""  # a message
    wanted: tuple[str, ...] = ()
    now: str = ""  # the value it looked at, or a message that says why there is none
    is_value: bool = False  # `now` is an answer, in the words of the questionnaire
    is_fact: bool = False


def values_of(route: Route) -> dict[str, str | int | Decimal | frozenset[str] | None]:
    """What filters see on this route: absent = not asked, None = no answer or not known yet."""
    values = route.facts.filter_values()
    for asked in route.asked:
        for code in asked.step.own_codes:
            stored = route.counted.get(code)
            values[code] = None if stored is None else asked.question.typed(code, stored)
    for question in route.undecided:
        values.update((code, None) for code in question.answer_codes())
    return values


class Teller:
    """Tells filters of one questionnaire about one route."""

    def __init__(self, route: Route) -> None:
        self.route = route
        self.values: Values = values_of(route)
        self.waiting = {code for question in route.undecided for code in question.answer_codes()}

    def told(self, expression: Expression) -> Check:
        outcome = expression.decide(self.values)
        if isinstance(expression, Compare):
            return self._compare(expression, outcome)
        parts = (expression.part,) if isinstance(expression, Not) else expression.parts
        kind = "not" if isinstance(expression, Not) else "all" if isinstance(expression, And) else "any"
        return Check(kind, outcome, tuple(self.told(part) for part in parts))

    def _compare(self, compare: Compare, outcome: bool | None) -> Check:
        name = compare.name
        labels = self._labels(name)
        relation = INCLUDES[compare.operator] if compare.flipped else RELATIONS[compare.operator]
        if compare.operator in ("in", "not in") and len(compare.literals) == 1 and not compare.flipped:
            relation = RELATIONS["==" if compare.operator == "in" else "!="]
        wanted = tuple(_worded(literal, labels) for literal in compare.literals)
        is_fact = name in FILTER_FACTS
        is_value = self.values.get(name) is not None and not is_fact
        return Check(
            "compare", outcome, (), name, self._subject(name), relation, wanted, self._now(name), is_value, is_fact
        )

    def _subject(self, name: str) -> str:
        if name in FACTS:
            return FACTS[name]
        question = self.route.questionnaire.by_answer.get(name)
        row = next((row.text for row in question.rows if row.code == name), "") if question else ""
        return self.route.pipe(row or question.text) if question else name

    def _labels(self, name: str) -> Mapping[str, str]:
        if name == "service":
            return {str(code): f"{code} ({text})" for code, text in service_names().items()}
        if name in FILTER_FACTS:
            return FACT_VALUES
        question = self.route.questionnaire.by_answer.get(name)
        return {option.code: self.route.pipe(option.text) for option in question.options} if question else {}

    def _now(self, name: str) -> str:
        if name not in self.values:
            return NO_VALUE if name in FILTER_FACTS else NOT_ASKED
        value = self.values[name]
        if value is None:
            return WAITS if name in self.waiting else PASSED if name in self.route.counted else OPEN
        labels = self._labels(name)
        if isinstance(value, frozenset):
            return ", ".join(labels.get(code, code) for code in sorted(value))
        return _worded(value, labels)


def _worded(value: object, labels: Mapping[str, str]) -> str:
    return labels.get(str(value), str(value))
