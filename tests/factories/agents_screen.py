"""An agent at the screen: takes a case, dials, asks, and types what is said."""

import re

import sqlalchemy as sa

from app.accounts.tables import user_table
from app.database import reading, writing
from app.fieldwork import tokens
from tests.factories.office import Employee

START = "/kantoor/bellen"


def link_of(case_id: int) -> str:
    """A link token of the case."""
    with writing() as connection:
        return tokens.issue(connection, [case_id], "link")[case_id]


def user_id() -> int:
    with reading() as connection:
        return int(connection.scalar(sa.select(user_table.c.id).where(user_table.c.email == "agent@example.nl")) or 0)


def take(agent: Employee) -> Employee:
    """The next case, on the screen."""
    return agent.get(START).post(f"{START}/volgende").follow()


def dial(agent: Employee, case_id: int) -> Employee:
    return take(agent).post(f"{START}/{case_id}/bel").follow()


def begin(agent: Employee, case_id: int) -> Employee:
    dial(agent, case_id).post(f"{START}/{case_id}/begin").follow()
    return agent


def question(agent: Employee) -> str:
    """The code of the question on the screen."""
    found = re.search(r'action="/kantoor/bellen/\d+/vraag/([a-z0-9_]+)"', agent.text)
    return found[1] if found else ""


def say(agent: Employee, case_id: int, answer: str, action: str = "next") -> Employee:
    code = question(agent)
    agent.post(f"{START}/{case_id}/vraag/{code}", **{code: answer, "actie": action})
    return agent.follow() if agent.status == 303 else agent


def ask_everything(agent: Employee, case_id: int) -> Employee:
    for _ in range(60):
        if "/klaar" in agent.text:
            return agent
        offered = re.findall(r'<input type="(?:radio|checkbox)" name="[a-z0-9_]+" value="([a-z0-9_]+)"', agent.text)
        say(agent, case_id, offered[0] if offered else "8", "next" if offered else "skip")
    raise AssertionError("the interview has no end")
