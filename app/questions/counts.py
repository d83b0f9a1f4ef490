"""Counts: a table of whole numbers, one per row; a row left blank is not answered."""

from collections.abc import Mapping
from decimal import Decimal
from typing import ClassVar, Literal

from app.questions.number import Number
from app.questions.question import FilterValue, Form, Parsed, Part, Problem, Question, ValueType, Variable


class Counts(Question):
    """`high`: the largest number that a row accepts; the smallest is 0."""

    type: Literal["counts"]
    template: ClassVar[str] = "counts.html"
    takes: ClassVar[frozenset[Part]] = frozenset({"rows"})
    high: int = 99_999

    def model_post_init(self, context: object, /) -> None:
        if not self.rows:
            raise ValueError("a table of counts has at least one row")
        if not 0 < self.high <= 999_999_999:
            raise ValueError("«high» of a table of counts lies between 1 and 999999999")

    def answer_codes(self) -> tuple[str, ...]:
        return tuple(row.code for row in self.rows)

    def value_types(self) -> dict[str, ValueType]:
        return {row.code: ValueType("number", None, Decimal(0), Decimal(self.high), Decimal(1)) for row in self.rows}

    def parse(self, form: Form) -> Parsed:
        answers: dict[str, str | None] = {}
        problems: list[Problem] = []
        for number in self.one_by_one():
            parsed = number.parse(form)
            answers.update(parsed.answers)
            problems += parsed.problems
        return Parsed({} if problems else answers, tuple(problems))

    def unanswered(self, answers: Mapping[str, str | None]) -> list[str]:
        """A blank row means something; only a table left blank as a whole is asked about."""
        return [] if any(answers.values()) else [self.rows[0].code]

    def typed(self, answer: str, stored: str) -> FilterValue:
        return Decimal(stored)

    def accepts(self, answer: str, stored: str) -> bool:
        return any(number.code == answer and number.accepts(answer, stored) for number in self.one_by_one())

    def shown(self, answers: Mapping[str, str | None]) -> str:
        return "; ".join(f"{row.text}: {stored}" for row in self.rows if (stored := answers.get(row.code)))

    def one_by_one(self) -> tuple[Question, ...]:
        """A number per row, under the row's own code; the table's text becomes the statement above it."""
        shared = self.model_dump(exclude={"type", "code", "text", "lead_in", "rows", "high"})
        shared |= {"lead_in": f"{self.lead_in} {self.text}".strip(), "low": 0, "high": self.high}
        return tuple(Number(type="number", code=row.code, text=row.text, **shared) for row in self.rows)

    def variables(self) -> tuple[Variable, ...]:
        return tuple(Variable(row.code, f"{self.text} – {row.text}", "scale") for row in self.rows)
