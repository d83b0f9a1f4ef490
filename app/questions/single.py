"""Single choice: one option of a list, possibly with *other, namely*."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from app.questions.question import (
    N_,
    FilterValue,
    Form,
    Parsed,
    Part,
    Problem,
    Question,
    ValueType,
    Variable,
    first,
)

UNKNOWN_OPTION = N_("Dit antwoord hoort niet bij de vraag. Kies een antwoord uit de lijst.")


class SingleChoice(Question):
    type: Literal["single"]
    template: ClassVar[str] = "single.html"
    takes: ClassVar[frozenset[Part]] = frozenset({"options", "option filters", "other", "role"})

    def value_types(self) -> dict[str, ValueType]:
        return {self.code: ValueType("choice", tuple(option.code for option in self.options))}

    def parse(self, form: Form) -> Parsed:
        chosen = first(form, self.code)
        other = next((option for option in self.options if option.other), None)
        other_text = first(form, f"{self.code}.other") if other else ""
        if other and other_text and not chosen:
            chosen = other.code
        if chosen and self.option(chosen) is None:
            return Parsed({}, (Problem(self.code, UNKNOWN_OPTION),))
        answers: dict[str, str | None] = {self.code: chosen or None}
        if other:
            answers[f"{self.code}.other"] = other_text if chosen == other.code and other_text else None
        return Parsed(answers)

    def typed(self, answer: str, stored: str) -> FilterValue:
        return stored

    def accepts(self, answer: str, stored: str) -> bool:
        return answer != self.code or self.option(stored) is not None

    def shown(self, answers: Mapping[str, str | None]) -> str:
        option = self.option(answers.get(self.code) or "")
        if option is None:
            return ""
        other_text = answers.get(f"{self.code}.other") if option.other else None
        return f"{option.text}: {other_text}" if other_text else option.text

    def variables(self) -> tuple[Variable, ...]:
        own = Variable(self.code, self.text, "nominal", {option.code: option.text for option in self.options})
        others = tuple(
            Variable(f"{self.code}.other", f"{self.text} – {option.text}", "text")
            for option in self.options
            if option.other
        )
        return (own, *others)
