"""Working links of a handful of open demo cases, kept in var/demo-links.json so that the start page can offer them.

Only the demo does this: tokens are stored hashed, and nobody but their receiver can read them.
"""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from app.collection.tables import Answer, Interview
from app.database import reading, writing
from app.encryption import token_hash
from app.fieldwork import dispositions, tokens
from app.fieldwork.rules import INBURGERING
from app.fieldwork.tables import Case, Participation, Provider, Token, Wave
from app.settings import settings

Audience = Literal["regular", "low_threshold", "inburgering", "commissioner"]
State = Literal["new", "half_way", "finished"]
AUDIENCES: tuple[Audience, ...] = ("regular", "low_threshold", "inburgering", "commissioner")
N_NEW, N_HALF_WAY = 3, 2  # per audience: several people may want to try
_case = Case.__table__  # type: ignore[attr-defined]
_answer = Answer.__table__  # type: ignore[attr-defined]
_interview = Interview.__table__  # type: ignore[attr-defined]
_participation = Participation.__table__  # type: ignore[attr-defined]
_provider = Provider.__table__  # type: ignore[attr-defined]
_token = Token.__table__  # type: ignore[attr-defined]
_wave = Wave.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class DemoLink:
    """One open case with the token that opens it and a code to type."""

    audience: Audience
    provider: str
    token: str
    code: str


def read_links() -> list[DemoLink]:
    """The links as they were made; empty when there are none."""
    try:
        return [DemoLink(**link) for link in json.loads(_path().read_text())]
    except (OSError, ValueError, TypeError):
        return []


def make_links(wave_label: str) -> None:
    """Makes the links, unless those that are there open something in this database."""
    kept = read_links()
    with writing() as connection:
        if kept and all(_row(connection, link) for link in kept):
            return
        chosen = _chosen(connection.execute(_open_cases(wave_label)).all())
        case_ids = [row.id for row in chosen]
        links, codes = tokens.issue(connection, case_ids, "link"), tokens.issue(connection, case_ids, "code")
    made = [DemoLink(_audience(row), row.provider, links[row.id], tokens.grouped(codes[row.id])) for row in chosen]
    text = json.dumps([asdict(link) for link in made], ensure_ascii=False, indent=1)
    with os.fdopen(os.open(_path(), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text + "\n")


def states(links: Sequence[DemoLink]) -> dict[DemoLink, State]:
    """How far each case is now; a link that opens nothing is left out."""
    found: dict[DemoLink, State] = {}
    with reading() as connection:
        for link in links:
            if row := _row(connection, link):
                found[link] = "finished" if row.finished_at else "half_way" if row.started_at else "new"
    return found


def _path() -> Path:
    return settings().var_folder / "demo-links.json"


def _row(connection: Connection, link: DemoLink) -> Row[Any] | None:
    return connection.execute(
        sa.select(_token.c.id, _interview.c.started_at, _interview.c.finished_at)
        .outerjoin(_interview, _interview.c.case_id == _token.c.case_id)
        .where(_token.c.hash == token_hash(link.token))
    ).first()


def _open_cases(wave_label: str) -> sa.Select[Any]:
    """Cases that are not finished, the furthest first."""
    n_answers = sa.select(sa.func.count()).where(_answer.c.case_id == _case.c.id).scalar_subquery()
    return (
        sa.select(
            _case.c.id,
            _case.c.kind,
            _case.c.service,
            _case.c.wording,
            _provider.c.name.label("provider"),
            _interview.c.started_at,
        )
        .select_from(
            _case.join(_participation, _participation.c.id == _case.c.participation_id)
            .join(_provider, _provider.c.id == _participation.c.provider_id)
            .join(_wave, _wave.c.id == _participation.c.wave_id)
            .outerjoin(_interview, _interview.c.case_id == _case.c.id)
        )
        .where(_wave.c.label == wave_label, _case.c.disposition == dispositions.OPEN)
        .where(_interview.c.finished_at.is_(None))
        .order_by(n_answers.desc(), _case.c.id)
    )


def _chosen(rows: Sequence[Row[Any]]) -> list[Row[Any]]:
    chosen: list[Row[Any]] = []
    for audience in AUDIENCES:
        mine = [row for row in rows if _audience(row) == audience]
        chosen += [row for row in mine if row.started_at is None][:N_NEW]
        chosen += [row for row in mine if row.started_at is not None][:N_HALF_WAY]
    return chosen


def _audience(row: Row[Any]) -> Audience:
    if row.kind == "commissioner":
        return "commissioner"
    if row.service == INBURGERING:
        return "inburgering"
    return "low_threshold" if row.wording == "low_threshold" else "regular"
