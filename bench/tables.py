"""Keurmerk tables of 500 providers over 100,000 interviews with 3,000,000 answers."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from random import Random
from typing import Any

import sqlalchemy as sa

from app.collection import versions
from app.collection.tables import Answer, Interview
from app.collection.versions import store_version
from app.database import not_waiting_for_disk, reading, writing
from app.fieldwork.tables import Case, random_id
from app.results.wave_results import table_of, tables_of
from bench.figures import Figure
from bench.stage import WAVE, make_participation, make_wave, stage

N_PROVIDERS = 500
N_INTERVIEWS = 200  # per provider
N_ANSWERS = 30  # per interview
SERVICES = (1, 3, 5, 8, 9, 11)
MOMENT = datetime(2026, 6, 1, tzinfo=UTC)
_case = Case.__table__  # type: ignore[attr-defined]
_interview = Interview.__table__  # type: ignore[attr-defined]
_answer = Answer.__table__  # type: ignore[attr-defined]


def run(full: bool) -> Iterator[Figure]:
    """All tables at once, and one table, from a database of that size."""
    with stage("tables"):
        make_wave()
        with not_waiting_for_disk():
            _fill(Random(1))
        with reading() as connection:
            n_interviews, n_answers = (
                connection.scalar(sa.select(sa.func.count()).select_from(table)) for table in (_interview, _answer)
            )
            all_seconds = _best(lambda: tables_of(connection, WAVE), 3)
            one_seconds = _best(lambda: table_of(connection, "provider-250", WAVE), 10)
    detail = {"n_interviews": n_interviews, "n_answers": n_answers, "n_providers": N_PROVIDERS}
    yield Figure(f"keurmerk tables of {N_PROVIDERS} providers", all_seconds, "s", "at most", 5, detail)
    yield Figure("keurmerk table of one of them", one_seconds * 1000, "ms", "at most", 100, detail)


def _best(work: Callable[[], object], n_times: int) -> float:
    def seconds() -> float:
        began = time.perf_counter()
        work()
        return time.perf_counter() - began

    return min(seconds() for _ in range(n_times))


def _fill(random: Random) -> None:
    with writing() as connection:
        version = store_version(connection, versions.current("arbeid-2022"))
    for number in range(N_PROVIDERS):
        participation_id = make_participation(f"Provider {number}")
        cases = [_case_row(participation_id, random) for _ in range(N_INTERVIEWS)]
        with writing() as connection:
            connection.execute(sa.insert(_case), cases)
            connection.execute(sa.insert(_interview), [_interview_row(case["id"], version, random) for case in cases])
            answers = [row for case in cases for row in _answer_rows(case["id"])]
            connection.execute(sa.insert(_answer), answers)


def _case_row(participation_id: int, random: Random) -> dict[str, Any]:
    return {
        "id": random_id(),
        "participation_id": participation_id,
        "kind": "client",
        "service": random.choice(SERVICES),
        "wording": "regular",
        "language": "nl",
        "wants_phone": False,
        "is_self_reporter": False,
        "disposition": "open",
    }


def _interview_row(case_id: int, version: str, random: Random) -> dict[str, Any]:
    return {
        "case_id": case_id,
        "version_hash": version,
        "wording": "regular",
        "mode": "web",
        "language": "nl",
        "started_at": MOMENT,
        "changed_at": MOMENT,
        "finished_at": MOMENT,
        "is_usable": random.random() < 0.9,
        "grade_tenths": random.randint(40, 100),
        "role": random.choice(("promoter", "neutral", "detractor")),
    }


def _answer_rows(case_id: int) -> Iterator[dict[str, Any]]:
    shared = {"mode": "web", "language": "nl", "wording": "regular", "answered_at": MOMENT, "value": "satisfied"}
    return ({"case_id": case_id, "code": f"question_{number}", **shared} for number in range(N_ANSWERS))
