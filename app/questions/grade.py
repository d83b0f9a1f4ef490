"""Grade: a rapportcijfer from 1 to 10, as ten buttons or typed with one decimal, comma or point."""

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

NOT_A_GRADE = N_("Geef een cijfer van 1 tot en met 10, bijvoorbeeld 7.")
NOT_A_DECIMAL_GRADE = N_("Geef een cijfer van 1 tot en met 10, met hoogstens één cijfer na de komma, bijvoorbeeld 7,5.")

TWO_GRADES = N_("U gaf twee cijfers: %(button)s en %(typed)s. Kies een knop of typ een cijfer, niet allebei.")


class Grade(Question):
    """`decimals`: 0 or 1 digits after `decimal_mark`. `low_label`, `high_label`: words at both ends."""

    type: Literal["grade"]
    template: ClassVar[str] = "grade.html"
    text_fields: ClassVar[tuple[str, ...]] = (*Question.text_fields, "low_label", "high_label")
    decimals: Literal["0", "1"] = "0"
    decimal_mark: Literal[",", "."] = ","  # as the language of the texts has it; entries may have either
    low_label: str = ""
    high_label: str = ""

    def value_types(self) -> dict[str, ValueType]:
        step = Decimal(1) if self.decimals == "0" else Decimal("0.1")
        return {self.code: ValueType("number", None, Decimal(1), Decimal(10), step)}

    def parse(self, form: Form) -> Parsed:
        button, typed = (_tidy(first(form, name)) for name in (self.code, f"{self.code}.typed"))
        if button and typed and button != typed:
            values = {"button": self._written(button), "typed": self._written(typed)}
            return Parsed({}, (Problem(self.code, TWO_GRADES, values),))
        text = typed or button
        if not text:
            return Parsed({self.code: None})
        pattern = r"[0-9]{1,2}(\.[0-9]?)?" if self.decimals == "1" else r"[0-9]{1,2}(\.0?)?"
        if re.fullmatch(pattern, text) and 1 <= Decimal(text.rstrip(".")) <= 10:
            return Parsed({self.code: canonical(Decimal(text.rstrip(".")))})
        message = NOT_A_DECIMAL_GRADE if self.decimals == "1" else NOT_A_GRADE
        return Parsed({}, (Problem(self.code, message),))

    def typed(self, answer: str, stored: str) -> FilterValue:
        return Decimal(stored)

    def accepts(self, answer: str, stored: str) -> bool:
        return self.parse({self.code: [stored]}).answers == {self.code: stored}

    def filled_in(self, answer: str, stored: str) -> tuple[str, ...]:
        return (self._written(stored),)

    def shown(self, answers: Mapping[str, str | None]) -> str:
        return self._written(answers.get(self.code) or "")

    def variables(self) -> tuple[Variable, ...]:
        return (Variable(self.code, self.text, "scale"),)

    def to_cells(self, answers: Mapping[str, str | None]) -> dict[str, str]:
        return {self.code: (answers.get(self.code) or "").replace(".", ",")}

    def from_cells(self, cells: Mapping[str, str]) -> dict[str, str | None]:
        if not (cell := cells.get(self.code)):
            return {}
        parsed = self.parse({self.code: [cell]})
        return {self.code: parsed.answers.get(self.code) or cell}

    def _written(self, grade: str) -> str:
        return grade.replace(".", self.decimal_mark)


def _tidy(text: str) -> str:
    return latin_digits(re.sub(r"\s", "", text)).replace(",", ".")


def canonical(grade: Decimal) -> str:
    """`7`, `7.5`: no trailing zero, so that equal grades are equal text."""
    return f"{grade:.1f}".removesuffix(".0")
