"""Number: a whole number between two bounds, typed."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import ClassVar, Literal

from app.questions.digits import latin_digits
from app.questions.question import (
    N_,
    FilterValue,
    Form,
    Parsed,
    Problem,
    Question,
    ValueType,
    Variable,
    first,
)

NOT_WHOLE = N_("Vul een heel getal in van %(low)s tot en met %(high)s, bijvoorbeeld %(low)s.")


class Number(Question):
    type: Literal["number"]
    template: ClassVar[str] = "number.html"
    low: int = 0
    high: int = 99

    def model_post_init(self, context: object, /) -> None:
        if not 0 <= self.low < self.high <= 999_999_999:
            raise ValueError("a number runs from «low» (0 or more) to a larger «high» (at most 999999999)")

    def value_types(self) -> dict[str, ValueType]:
        return {self.code: ValueType("number", None, Decimal(self.low), Decimal(self.high), Decimal(1))}

    def parse(self, form: Form) -> Parsed:
        text = latin_digits(re.sub(r"\s", "", first(form, self.code)))
        if not text:
            return Parsed({self.code: None})
        # 9 digits are more than any bound needs and keep int() cheap on hostile input
        if re.fullmatch(r"[0-9]{1,9}", text) and self.low <= int(text) <= self.high:
            return Parsed({self.code: str(int(text))})
        return Parsed({}, (Problem(self.code, NOT_WHOLE, {"low": self.low, "high": self.high}),))

    def typed(self, answer: str, stored: str) -> FilterValue:
        return Decimal(stored)

    def accepts(self, answer: str, stored: str) -> bool:
        return self.parse({self.code: [stored]}).answers == {self.code: stored}

    def shown(self, answers: Mapping[str, str | None]) -> str:
        return answers.get(self.code) or ""

    def variables(self) -> tuple[Variable, ...]:
        return (Variable(self.code, self.text, "scale"),)
