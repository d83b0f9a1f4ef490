"""A call centre for tests: a wave that is called, agents, and cases with a telephone number."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.accounts.tables import user_table
from app.callcentre import attempts, enrolment, queue
from app.callcentre.agents import set_languages
from app.callcentre.tables import attempt_table, state_table
from app.clock import AMSTERDAM
from app.database import reading, writing
from app.encryption import encrypt
from app.fieldwork.rules import shipped_rules
from app.fieldwork.tables import Case, Contact, Participation
from tests.factories.cases import make_case, make_participation

_contact = Contact.__table__
_participation = Participation.__table__
_case = Case.__table__
STARTED = datetime(2026, 11, 2, 8, tzinfo=UTC)  # Monday, nine in the morning
PHONE, SECOND = "+31201234567", "+31612345678"


def dutch(text: str) -> datetime:
    """`11-03 18:30` of 2026, by the clock on the wall; UTC."""
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=AMSTERDAM).astimezone(UTC)


def called_participation(name: str = "Werkpad", option: str = "all", quota: int = 50, **calls: Any) -> int:
    """A provider that bought telephone, in a wave that was started."""
    rules = shipped_rules(date(2026, 1, 1)).model_dump(mode="json") | {"calls": calls, "phone_quota": quota}
    here = make_participation(name=name, rules=rules, invited_at=STARTED)
    with writing() as connection:
        connection.execute(sa.update(_participation).where(_participation.c.id == here).values(phone_option=option))
    return here


def phone_case(participation_id: int, phone: str = PHONE, phone2: str = "", **case: Any) -> int:
    """A client with a number, not in the queue yet."""
    email = case.pop("email", "")
    made = make_case(participation_id, **case).case_id
    numbers = {"phone": encrypt(phone), "phone2": encrypt(phone2), "email": encrypt(email)}
    with writing() as connection:
        connection.execute(sa.insert(_contact).values(case_id=made, participation_id=participation_id, **numbers))
    return made


def make_agent(name: str = "Anna", *languages: str) -> int:
    """Somebody who calls; speaks Dutch unless told otherwise."""
    row = {"email": f"{name.lower()}@bel.example", "name": name, "role": "agent", "made_at": STARTED}
    with writing() as connection:
        made = connection.execute(sa.insert(user_table).values(**row, language="nl", totp_step=0)).inserted_primary_key
        assert made is not None
        if languages:
            set_languages(connection, made[0], languages)
    return int(made[0])


def queued(participation_id: int, n_cases: int, at: datetime = STARTED, **case: Any) -> list[int]:
    """Cases that wait for their first attempt."""
    made = [phone_case(participation_id, **case) for _ in range(n_cases)]
    enrolment.refresh(at)
    return made


def state(case_id: int) -> Any:
    """Where a case stands in the call centre."""
    with reading() as connection:
        return connection.execute(sa.select(state_table).where(state_table.c.case_id == case_id)).one()


def case_row(case_id: int) -> Any:
    """Where a case stands in fieldwork."""
    with reading() as connection:
        return connection.execute(sa.select(_case).where(_case.c.id == case_id)).one()


def set_state(case_id: int, **values: Any) -> None:
    """Puts a case where a test wants it."""
    with writing() as connection:
        connection.execute(sa.update(state_table).where(state_table.c.case_id == case_id).values(values))


def call(user_id: int, outcome: str, **closing: Any) -> int:
    """Takes the next case, dials and books an outcome; the case."""
    handed = queue.next_case(user_id)
    assert handed is not None
    attempts.close(user_id, attempts.dial(user_id, handed.case_id), outcome, **closing)
    return handed.case_id


def next_of(user_id: int) -> int | None:
    """The case that this agent is handed."""
    handed = queue.next_case(user_id)
    return handed.case_id if handed else None


def give_back(user_id: int, case_id: int | None) -> None:
    assert case_id is not None
    queue.release(user_id, case_id)


def n_attempts() -> int:
    with reading() as connection:
        return int(connection.scalar(sa.select(sa.func.count()).select_from(attempt_table)) or 0)


MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
