"""Counts: a table of whole numbers, one per row; a row left blank is not answered."""

from typing import Any, Literal

from app.questions.number import Number
from app.questions.row_table import RowTable


class Counts(RowTable):
    """`high`: the largest number that a row accepts; the smallest is 0."""

    type: Literal["counts"]
    high: int = 99_999

    def model_post_init(self, context: Any, /) -> None:
        super().model_post_init(context)
        if not 0 < self.high <= 999_999_999:
            raise ValueError("«high» of a table of counts lies between 1 and 999999999")

    def one_by_one(self) -> tuple[Number, ...]:
        shared = self.shared_fields() | {"low": 0}
        return tuple(Number(type="number", code=row.code, text=row.text, **shared) for row in self.rows)
