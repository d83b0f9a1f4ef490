"""Exports of many interviews, as the background task makes them, and what pages feel of it."""

from itertools import cycle, islice
from random import Random
from typing import Any

import sqlalchemy as sa

from app.collection.tables import Answer, Interview
from app.database import not_waiting_for_disk, reading, writing
from app.encryption import encrypt
from app.fieldwork.contact_keys import reference_key
from app.fieldwork.tables import Case, Contact, random_id
from app.simulation.simulate import plan, simulate
from bench.stage import WAVE, make_cases, make_participation, make_wave

N_PROVIDERS = 20
N_PATTERNS = 200  # interviews that made-up people really walk through; the others repeat their answers
CHUNK = 2_000
_case = Case.__table__  # type: ignore[attr-defined]
_contact = Contact.__table__  # type: ignore[attr-defined]
_interview = Interview.__table__  # type: ignore[attr-defined]
_answer = Answer.__table__  # type: ignore[attr-defined]


def fill(n_interviews: int) -> None:
    """A wave of several providers with as many interviews as asked."""
    make_wave()
    participations = [make_participation(f"Provider {number}") for number in range(N_PROVIDERS)]
    make_cases(participations[0], N_PATTERNS)
    simulate(plan(WAVE, 1).invitees, 1.0)
    with reading() as connection:
        patterns = _patterns(connection)
    random = Random(1)
    wanted = islice(cycle(patterns), n_interviews - len(patterns))
    with not_waiting_for_disk():
        while copies := list(islice(wanted, CHUNK)):
            _copy(copies, participations, random)


Row = dict[str, Any]


def _patterns(connection: sa.Connection) -> list[tuple[Row, Row, list[Row]]]:
    """Case, interview and answers of everybody who began."""
    answers: dict[int, list[Row]] = {}
    for row in connection.execute(sa.select(_answer)).mappings():
        answers.setdefault(row["case_id"], []).append(dict(row))
    cases = {row["id"]: dict(row) for row in connection.execute(sa.select(_case)).mappings()}
    interviews = connection.execute(sa.select(_interview)).mappings()
    return [(cases[row["case_id"]], dict(row), answers.get(row["case_id"], [])) for row in interviews]


def _copy(patterns: list[tuple[Row, Row, list[Row]]], participations: list[int], random: Random) -> None:
    cases, contacts, interviews, answers = [], [], [], []
    for case, interview, given in patterns:
        case_id, participation_id = random_id(), random.choice(participations)
        reference = f"K{random.randrange(10**9):09}"
        cases.append(case | {"id": case_id, "participation_id": participation_id})
        contacts.append(
            {
                "case_id": case_id,
                "participation_id": participation_id,
                "reference": encrypt(reference),
                "reference_key": reference_key(reference),
            }
        )
        interviews.append(interview | {"case_id": case_id})
        answers += [answer | {"case_id": case_id} for answer in given]
    with writing() as connection:
        for table, rows in ((_case, cases), (_contact, contacts), (_interview, interviews), (_answer, answers)):
            connection.execute(sa.insert(table), rows)
