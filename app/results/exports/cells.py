"""From stored answers to the cells of an export, for many interviews.

What is asked follows from the case and the few answers that filters look at, so that is worked out once for all who
gave those. Cells of a question are kept per answer: nearly everybody chooses from the same few.
"""

from collections.abc import Collection, Mapping
from functools import cached_property

from app.definition.facts import Facts
from app.definition.filters import names_in
from app.definition.questionnaire import Questionnaire
from app.engine.route import Asked, count_one, route

MOST_KEPT = 5_000  # per question; above it, cells are worked out again
LONGEST_KEPT = 60  # characters: what people type themselves seldom comes back
UNANSWERED = "\x1a"  # in a cell, where that is asked for: the question was asked, nothing was answered
Answers = Mapping[str, str]
Cells = tuple[tuple[int, str], ...]  # position in the row, text; empty cells are left out


class OneWording:
    """A questionnaire version in one wording, with the places of its variables in a row.

    Args:
        positions: column code → place; a variable without a place is left out.
        blank: what stands in the cells of a question that was asked and not answered.
    """

    def __init__(self, questionnaire: Questionnaire, positions: Mapping[str, int], blank: str = "") -> None:
        self.questionnaire = questionnaire
        self.positions = positions
        self.blank = blank
        self._asked: dict[tuple[object, ...], tuple[_Part, ...]] = {}
        self._parts: dict[tuple[str, tuple[str, ...]], _Part] = {}

    @cached_property
    def _steering(self) -> tuple[str, ...]:
        """The answers that any filter looks at."""
        conditions = [
            condition
            for step in self.questionnaire.steps
            for condition in (step.condition, *step.option_conditions.values())
            if condition is not None
        ]
        named: Collection[str] = {name for condition in conditions for name in names_in(condition)}
        return tuple(code for code in self.questionnaire.by_answer if code in named)

    @cached_property
    def typed(self) -> frozenset[str]:
        """The answer codes of words that people typed."""
        return frozenset(
            code
            for step in self.questionnaire.steps
            for code in step.codes
            if code == step.other_code or step.question.type == "open"
        )

    def fill(self, row: list[str], answers: Answers, facts: Facts, shown: Answers | None = None) -> None:
        """Puts the answers that count into the row.

        Args:
            shown: the answers as they may be seen, when that is not all of them.
        """
        if shown is None:
            shown = answers
        key = (facts.service, facts.learning_profile, facts.mode, *map(answers.get, self._steering))
        parts = self._asked.get(key)
        if parts is None:
            asked = route(self.questionnaire, answers, facts).asked
            parts = self._asked[key] = tuple(part for part in map(self._part, asked) if part.positions)
        for part in parts:
            for position, text in part.cells(shown):
                row[position] = text

    def _part(self, asked: Asked) -> "_Part":
        key = asked.question.code, tuple(option.code for option in asked.options)
        if key not in self._parts:
            self._parts[key] = _Part(asked, self.positions, self.blank)
        return self._parts[key]


class _Part:
    """One question as it was asked, with the options that were on offer."""

    def __init__(self, asked: Asked, positions: Mapping[str, int], blank: str) -> None:
        self.asked = asked
        self.blank = blank
        self.codes = asked.step.codes
        variables = (variable.code for variable in asked.question.variables())
        self.positions = {code: positions[code] for code in variables if code in positions}
        self._kept: dict[tuple[str | None, ...], Cells] = {}

    def cells(self, answers: Answers) -> Cells:
        given = tuple(map(answers.get, self.codes))
        cells = self._kept.get(given)
        if cells is None:
            cells = self._made(dict(zip(self.codes, given, strict=True)))
            if len(self._kept) < MOST_KEPT and all(one is None or len(one) <= LONGEST_KEPT for one in given):
                self._kept[given] = cells
        return cells

    def _made(self, given: Mapping[str, str | None]) -> Cells:
        made = self.asked.question.to_cells(count_one(self.asked, given))
        texts = ((place, made.get(code) or self.blank) for code, place in self.positions.items())
        return tuple((place, text) for place, text in texts if text)
