"""Information page: text only, nothing to answer."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from app.questions.question import FilterValue, Form, Parsed, Question, ValueType, Variable


class Information(Question):
    """Passing the page is stored like an unanswered question, so that resuming skips what was read."""

    type: Literal["information"]
    template: ClassVar[str] = "information.html"
    asks: ClassVar[bool] = False

    def value_types(self) -> dict[str, ValueType]:
        return {}

    def parse(self, form: Form) -> Parsed:
        return Parsed({self.code: None})

    def typed(self, answer: str, stored: str) -> FilterValue:
        return stored

    def accepts(self, answer: str, stored: str) -> bool:
        return False

    def shown(self, answers: Mapping[str, str | None]) -> str:
        return ""

    def variables(self) -> tuple[Variable, ...]:
        return ()
