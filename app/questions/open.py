"""Open text: the respondent's own words."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from app.questions.question import FilterValue, Form, Parsed, Question, ValueType, Variable, first


class OpenText(Question):
    type: Literal["open"]
    template: ClassVar[str] = "open.html"

    def value_types(self) -> dict[str, ValueType]:
        return {self.code: ValueType("text")}

    def parse(self, form: Form) -> Parsed:
        return Parsed({self.code: first(form, self.code) or None})

    def typed(self, answer: str, stored: str) -> FilterValue:
        return stored

    def accepts(self, answer: str, stored: str) -> bool:
        return len(stored) <= 10_000

    def shown(self, answers: Mapping[str, str | None]) -> str:
        return answers.get(self.code) or ""

    def variables(self) -> tuple[Variable, ...]:
        return (Variable(self.code, self.text, "text"),)
