"""What respondents were told about their answers, and whether the database agrees."""

import threading
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from app.collection.tables import Answer
from app.database import reading

_answer = Answer.__table__  # type: ignore[attr-defined]
Key = tuple[int, str]  # case id, answer code


class Journal:
    """Answers by case and code: the value last acknowledged, and values sent since then without an answer.

    Args:
        is_early: the negative control. Counts an answer as stored when it is sent, which a kill must disprove.
    """

    def __init__(self, is_early: bool = False) -> None:
        self.is_early = is_early
        self.acknowledged: dict[Key, str] = {}
        self._pending: dict[Key, set[str]] = {}
        self._lock = threading.Lock()
        self.n_acknowledged = 0

    def sent(self, case_id: int, answers: Mapping[str, str]) -> None:
        with self._lock:
            for code, value in answers.items():
                self._pending.setdefault((case_id, code), set()).add(value)
            if self.is_early:
                self._accept(case_id, answers)

    def answered(self, case_id: int, answers: Mapping[str, str]) -> None:
        with self._lock:
            if not self.is_early:
                self._accept(case_id, answers)

    def _accept(self, case_id: int, answers: Mapping[str, str]) -> None:
        for code, value in answers.items():
            self.acknowledged[case_id, code] = value
            self._pending.pop((case_id, code), None)
        self.n_acknowledged += len(answers)

    def lost(self) -> set[Key]:
        """I1: acknowledged answers that the database does not have, neither with that value nor a later one."""
        with reading() as connection, self._lock:
            rows = connection.execute(sa.select(_answer.c.case_id, _answer.c.code, _answer.c.value))
            stored = {(row.case_id, row.code): row.value for row in rows}
            return {
                key
                for key, value in self.acknowledged.items()
                if stored.get(key) not in {value, *self._pending.get(key, ())}
            }


def database_faults() -> list[Any]:
    """I2 and I3: duplicates, a damaged file, rows that refer to nothing."""
    with reading() as connection:
        keys = [_answer.c.case_id, _answer.c.code]
        twice = connection.execute(sa.select(*keys).group_by(*keys).having(sa.func.count() > 1)).all()
        damage = [row for row in connection.exec_driver_sql("PRAGMA integrity_check") if row[0] != "ok"]
        return [*twice, *damage, *connection.exec_driver_sql("PRAGMA foreign_key_check")]
