"""No more messages: the page behind the link in every e-mail, and the one-click way of mail programs (RFC 8058)."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Row
from starlette.requests import Request
from starlette.responses import Response

from app.collection.entrance import without_case
from app.collection.language_choice import BUTTON, language_of
from app.collection.visitors import visitor
from app.database import reading
from app.definition.languages import page_languages
from app.fieldwork import opt_outs
from app.fieldwork.rules import WaveRules
from app.fieldwork.sending.opt_out_links import PATH, case_of
from app.fieldwork.tables import Case, Participation, Wave
from app.group_commit import write_together
from app.web.access import Access
from app.web.desk import Desk
from app.web.pages import page

desk = Desk(visitor)
ADDRESS = f"{PATH}/{{signed}}"
_case = Case.__table__  # type: ignore[attr-defined]
_participation = Participation.__table__  # type: ignore[attr-defined]
_wave = Wave.__table__  # type: ignore[attr-defined]


@desk.get(ADDRESS, Access.PUBLIC)
def ask(request: Request, signed: str) -> Response:
    """One button. Opening the link changes nothing: programs that check mail for viruses open every link."""
    row = _row(signed)
    if row is None:
        return _unknown(request)
    with reading() as connection:
        is_out = opt_outs.has_opted_out(connection, row.id)
    return _shown(request, row, is_out=is_out)


@desk.post_with_proof(ADDRESS)
def opt_out(request: Request, body: bytes, signed: str) -> Response:
    """Opts out. The signed address is the proof, so a mail program may do it too: without page, cookie or form."""
    row = _row(signed)
    if row is None:
        return _unknown(request)
    write_together(lambda connection: opt_outs.opt_out_by_link(connection, row.id))
    return _shown(request, row, is_out=True)  # not a redirect: programs do not follow those after a POST


def _row(signed: str) -> Row[Any] | None:
    case_id = case_of(signed)
    if case_id is None:
        return None
    with reading() as connection:
        return connection.execute(
            sa.select(_case.c.id, _case.c.language, _wave.c.rules)
            .join(_participation, _participation.c.id == _case.c.participation_id)
            .join(_wave, _wave.c.id == _participation.c.wave_id)
            .where(_case.c.id == case_id)
        ).first()


def _shown(request: Request, row: Row[Any], *, is_out: bool) -> Response:
    offered = page_languages(WaveRules.model_validate(row.rules).allow_drafted_translations)
    language = language_of(request, offered, otherwise=row.language)
    context = {
        "reason": "opted_out",
        "offered": offered,
        "language_links": f"{request.url.path}?{BUTTON}=",
        "address": f"{request.url.path}?{BUTTON}={language}",
    }
    return page(request, "closed.html" if is_out else "opt_out.html", context, language=language)


def _unknown(request: Request) -> Response:
    return without_case(request, "closed.html", {"reason": "unknown"}, 404)
