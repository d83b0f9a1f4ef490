"""Satisfaction scale: the five codes of the keurmerk, best to worst, "no opinion" apart."""

from typing import ClassVar, Literal

from app.questions.question import Part, Variable
from app.questions.single import SingleChoice

SCALE = ("very_satisfied", "satisfied", "dissatisfied", "very_dissatisfied", "no_opinion")


class SatisfactionScale(SingleChoice):
    type: Literal["satisfaction"]  # type: ignore[assignment]
    template: ClassVar[str] = "satisfaction.html"
    takes: ClassVar[frozenset[Part]] = frozenset({"options"})

    def model_post_init(self, context: object, /) -> None:
        if tuple(option.code for option in self.options) != SCALE:
            raise ValueError(f"a satisfaction scale has exactly the options {', '.join(SCALE)}, in this order")

    def picture(self, stored: str) -> str:
        """The face of an answer; "no opinion" has none."""
        return stored if stored in SCALE[:4] else ""

    def variables(self) -> tuple[Variable, ...]:
        return (Variable(self.code, self.text, "ordinal", {option.code: option.text for option in self.options}),)
