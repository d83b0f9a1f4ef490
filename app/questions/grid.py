"""Grid: several rows that share one set of options; each row is an answer of its own."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from app.questions.question import FilterValue, Form, Parsed, Part, Problem, Question, ValueType, Variable, first
from app.questions.satisfaction import SCALE, SatisfactionScale
from app.questions.single import UNKNOWN_OPTION, SingleChoice


class Grid(Question):
    type: Literal["grid"]
    template: ClassVar[str] = "grid.html"
    takes: ClassVar[frozenset[Part]] = frozenset({"options", "option filters", "rows"})

    def model_post_init(self, context: object, /) -> None:
        if not self.rows:
            raise ValueError("a grid has at least one row")

    def answer_codes(self) -> tuple[str, ...]:
        return tuple(row.code for row in self.rows)

    def value_types(self) -> dict[str, ValueType]:
        codes = tuple(option.code for option in self.options)
        return {row.code: ValueType("choice", codes) for row in self.rows}

    def parse(self, form: Form) -> Parsed:
        answers: dict[str, str | None] = {}
        problems = []
        for row in self.rows:
            chosen = first(form, row.code)
            if chosen and self.option(chosen) is None:
                problems.append(Problem(row.code, UNKNOWN_OPTION))
            answers[row.code] = chosen or None
        return Parsed({} if problems else answers, tuple(problems))

    def typed(self, answer: str, stored: str) -> FilterValue:
        return stored

    def accepts(self, answer: str, stored: str) -> bool:
        return self.option(stored) is not None

    def shown(self, answers: Mapping[str, str | None]) -> str:
        words = []
        for row in self.rows:
            if option := self.option(answers.get(row.code) or ""):
                words.append(f"{row.text}: {option.text}")
        return "; ".join(words)

    def one_by_one(self) -> tuple[Question, ...]:
        """A question per row, under the row's own code; the grid's text becomes the statement above it."""
        is_scale = tuple(option.code for option in self.options) == SCALE
        shared = self.model_dump(exclude={"type", "code", "text", "lead_in", "rows"})
        shared["lead_in"] = f"{self.lead_in} {self.text}".strip()
        if is_scale:
            return tuple(
                SatisfactionScale(type="satisfaction", code=row.code, text=row.text, **shared) for row in self.rows
            )
        return tuple(SingleChoice(type="single", code=row.code, text=row.text, **shared) for row in self.rows)

    def variables(self) -> tuple[Variable, ...]:
        labels = {option.code: option.text for option in self.options}
        return tuple(Variable(row.code, f"{self.text} – {row.text}", "ordinal", labels) for row in self.rows)
