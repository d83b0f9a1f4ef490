"""Grid of grades: a rapportcijfer from 1 to 10 per row; a row left blank does not apply."""

from collections.abc import Mapping
from decimal import Decimal
from typing import ClassVar, Literal

from app.questions.grade import Grade
from app.questions.question import FilterValue, Form, Parsed, Part, Problem, Question, ValueType, Variable


class GradesGrid(Question):
    """`decimals`: 0 or 1 digits after the comma, for every row."""

    type: Literal["grades_grid"]
    template: ClassVar[str] = "grades_grid.html"
    takes: ClassVar[frozenset[Part]] = frozenset({"rows"})
    decimals: Literal["0", "1"] = "0"
    decimal_mark: Literal[",", "."] = ","

    def model_post_init(self, context: object, /) -> None:
        if not self.rows:
            raise ValueError("a grid of grades has at least one row")

    def answer_codes(self) -> tuple[str, ...]:
        return tuple(row.code for row in self.rows)

    def value_types(self) -> dict[str, ValueType]:
        return {code: kind for grade in self.one_by_one() for code, kind in grade.value_types().items()}

    def parse(self, form: Form) -> Parsed:
        answers: dict[str, str | None] = {}
        problems: list[Problem] = []
        for grade in self.one_by_one():
            parsed = grade.parse(form)
            answers.update(parsed.answers)
            problems += parsed.problems
        return Parsed({} if problems else answers, tuple(problems))

    def unanswered(self, answers: Mapping[str, str | None]) -> list[str]:
        """A blank row means something; only a table left blank as a whole is asked about."""
        return [] if any(answers.values()) else [self.rows[0].code]

    def typed(self, answer: str, stored: str) -> FilterValue:
        return Decimal(stored)

    def accepts(self, answer: str, stored: str) -> bool:
        return any(grade.code == answer and grade.accepts(answer, stored) for grade in self.one_by_one())

    def filled_in(self, answer: str, stored: str) -> tuple[str, ...]:
        return (stored.replace(".", self.decimal_mark),)

    def shown(self, answers: Mapping[str, str | None]) -> str:
        graded = ((row.text, answers.get(row.code)) for row in self.rows)
        return "; ".join(f"{text}: {stored.replace('.', self.decimal_mark)}" for text, stored in graded if stored)

    def one_by_one(self) -> tuple[Question, ...]:
        """A grade per row, under the row's own code; the grid's text becomes the statement above it."""
        shared = self.model_dump(exclude={"type", "code", "text", "lead_in", "rows"})
        shared["lead_in"] = f"{self.lead_in} {self.text}".strip()
        return tuple(Grade(type="grade", code=row.code, text=row.text, **shared) for row in self.rows)

    def variables(self) -> tuple[Variable, ...]:
        return tuple(Variable(row.code, f"{self.text} – {row.text}", "scale") for row in self.rows)

    def to_cells(self, answers: Mapping[str, str | None]) -> dict[str, str]:
        return {code: cell for grade in self.one_by_one() for code, cell in grade.to_cells(answers).items()}

    def from_cells(self, cells: Mapping[str, str]) -> dict[str, str | None]:
        return {code: stored for grade in self.one_by_one() for code, stored in grade.from_cells(cells).items()}
