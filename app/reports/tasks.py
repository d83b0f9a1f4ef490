"""All reports of a wave as one background task, with its progress and what went wrong."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app import tasks
from app.database import reading
from app.reports import editions
from app.reports.workshop import make_all
from app.tasks import Advance, background

MAKE = "reports.make"
_task = tasks.Task.__table__  # type: ignore[attr-defined]


@background(MAKE)
def make(parameters: Mapping[str, Any], advance: Advance) -> dict[str, Any]:
    """Drafts of all reports that are not final. Done twice, the later ones replace the earlier."""
    wave, actor = str(parameters["wave"]), str(parameters["actor"])
    with reading() as connection:
        providers = [line.slug for line in editions.lines(connection, wave) if _is_open(line)]
    n_done = 0

    def one_more() -> None:
        nonlocal n_done
        n_done += 1
        advance(n_done, len(providers))

    advance(0, len(providers))
    problems = make_all(wave, providers, actor, one_more)
    return {"n_made": len(providers) - len(problems), "problems": problems}


def last_task(connection: Connection, wave: str) -> tasks.Progress | None:
    """How far the making of the reports of a wave is, whoever started it."""
    rows = connection.execute(
        sa.select(_task.c.id, _task.c.owner, _task.c.parameters)
        .where(_task.c.kind == MAKE)
        .order_by(_task.c.made_at.desc())
        .limit(50)
    )
    found = next((row for row in rows if row.parameters["wave"] == wave), None)
    return tasks.progress(connection, found.id, found.owner) if found else None


def _is_open(line: editions.Line) -> bool:
    return line.report is None or line.report.state != "final"
