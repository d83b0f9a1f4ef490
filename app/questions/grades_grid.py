"""Grid of grades: a rapportcijfer from 1 to 10 per row; a row left blank does not apply."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from app.questions.grade import Grade
from app.questions.row_table import RowTable


class GradesGrid(RowTable):
    """`decimals`: 0 or 1 digits after the comma, for every row."""

    type: Literal["grades_grid"]
    input_mode: ClassVar[str] = "decimal"
    decimals: Literal["0", "1"] = "0"
    decimal_mark: Literal[",", "."] = ","

    def filled_in(self, answer: str, stored: str) -> tuple[str, ...]:
        return (stored.replace(".", self.decimal_mark),)

    def one_by_one(self) -> tuple[Grade, ...]:
        return tuple(Grade(type="grade", code=row.code, text=row.text, **self.shared_fields()) for row in self.rows)

    def to_cells(self, answers: Mapping[str, str | None]) -> dict[str, str]:
        return {code: cell for grade in self.parts for code, cell in grade.to_cells(answers).items()}

    def from_cells(self, cells: Mapping[str, str]) -> dict[str, str | None]:
        return {code: stored for grade in self.parts for code, stored in grade.from_cells(cells).items()}
