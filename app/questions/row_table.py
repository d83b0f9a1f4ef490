"""What tables of rows share: each row is a small question under its own code, and a blank one means something."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property
from typing import Any, ClassVar

from app.questions.question import FilterValue, Form, Parsed, Part, Problem, Question, ValueType, Variable


class RowTable(Question, ABC):
    """A table with a field per row. Subclasses say which question a row is."""

    template: ClassVar[str] = "row_table.html"
    takes: ClassVar[frozenset[Part]] = frozenset({"rows"})
    input_mode: ClassVar[str] = "numeric"  # the keys that a telephone shows

    def model_post_init(self, context: Any, /) -> None:
        if not self.rows:
            raise ValueError(f"a question of type {self.type} has at least one row")

    @abstractmethod
    def one_by_one(self) -> tuple[Question, ...]:
        """The rows as questions; the table's text becomes the statement above each."""

    @cached_property
    def parts(self) -> tuple[Question, ...]:
        """The rows as questions, made once."""
        return self.one_by_one()

    def shared_fields(self) -> dict[str, Any]:
        """What every row has from the table."""
        own = self.model_dump(exclude={"type", "code", "text", "lead_in", "rows"})
        return own | {"lead_in": f"{self.lead_in} {self.text}".strip()}

    def answer_codes(self) -> tuple[str, ...]:
        return tuple(row.code for row in self.rows)

    def value_types(self) -> dict[str, ValueType]:
        return {code: kind for part in self.parts for code, kind in part.value_types().items()}

    def parse(self, form: Form) -> Parsed:
        answers: dict[str, str | None] = {}
        problems: list[Problem] = []
        for part in self.parts:
            parsed = part.parse(form)
            answers.update(parsed.answers)
            problems += parsed.problems
        return Parsed({} if problems else answers, tuple(problems))

    def unanswered(self, answers: Mapping[str, str | None]) -> list[str]:
        """Only a table left blank as a whole is asked about."""
        return [] if any(answers.values()) else [self.rows[0].code]

    def typed(self, answer: str, stored: str) -> FilterValue:
        return Decimal(stored)

    def accepts(self, answer: str, stored: str) -> bool:
        return any(part.code == answer and part.accepts(answer, stored) for part in self.parts)

    def shown(self, answers: Mapping[str, str | None]) -> str:
        filled = ((row, answers.get(row.code)) for row in self.rows)
        return "; ".join(f"{row.text}: {self.filled_in(row.code, stored)[0]}" for row, stored in filled if stored)

    def variables(self) -> tuple[Variable, ...]:
        return tuple(Variable(row.code, f"{self.text} – {row.text}", "scale") for row in self.rows)
