"""The ways in: a link with a token, a typed code."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.engine import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.clock import now
from app.collection.language_choice import BUTTON, language_of, remember
from app.collection.sittings import Closed, by_token, case_table, door
from app.collection.visitors import visitor, welcome
from app.database import reading
from app.definition.languages import page_languages
from app.encryption import token_hash
from app.errors import Unavailable
from app.fieldwork.tokens import read_code
from app.group_commit import write_together
from app.settings import settings
from app.web import attempts
from app.web.access import Access
from app.web.desk import Desk
from app.web.forms import Form
from app.web.pages import page

desk = Desk(visitor)
# Per address: enough for somebody with a letter and bad eyes, too few to guess 60 bits.
LIMITS = (attempts.per_minute(10), attempts.per_hour(60))
MAX_TOKEN_LENGTH = 64


@desk.get("/v/{token}", Access.PUBLIC)
def open_link(request: Request, token: str) -> Response:
    """Exchanges the token for a cookie and leads to an address without it."""
    return _open(request, token)


def _open(request: Request, token: str) -> Response:
    with reading() as connection:
        row = by_token(connection, token_hash(token)) if len(token) <= MAX_TOKEN_LENGTH else None
        is_first_time = row is not None and not _was_opened(connection, row.id)
    if row is None:
        return without_case(request, "closed.html", {"reason": "unknown"}, 404)
    closed = door(row)
    if closed and closed.reason != "finished":
        return closed_page(request, closed)
    if is_first_time:
        _note_opened(row.id)
    response = RedirectResponse("/vragenlijst", 303)
    welcome(response, row.id, row.token_id)
    remember(response, row.interview_language or row.language)
    return response


def _was_opened(connection: Connection, case_id: int) -> bool:
    return connection.scalar(select(case_table.c.opened_at).where(case_table.c.id == case_id)) is not None


def _note_opened(case_id: int) -> None:
    """Notes when a link or code was first used. Nobody is kept out because that cannot be stored."""
    is_first = case_table.c.opened_at.is_(None)
    opened = update(case_table).where(case_table.c.id == case_id, is_first).values(opened_at=now())
    with suppress(Unavailable):
        write_together(lambda connection: connection.execute(opened).rowcount)


def closed_page(request: Request, closed: Closed) -> Response:
    """Why the door stays shut, in the language of the case where we have it."""
    offered = page_languages(closed.allows_drafts)
    language = language_of(request, offered, otherwise=closed.language)
    context = {
        "reason": closed.reason,
        "offered": offered,
        "language_links": f"{request.url.path if request.method == 'GET' else '/vragenlijst'}?{BUTTON}=",
    }
    return page(request, "closed.html", context, language=language, status=200 if closed.reason == "finished" else 410)


def without_case(
    request: Request,
    template: str,
    context: Mapping[str, Any],
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A page for somebody of whom no case is known, with links to the same in other languages."""
    offered = page_languages(settings().is_demo)
    known = {"offered": offered, "language_links": f"{request.url.path}?{BUTTON}="} if request.method == "GET" else {}
    language = language_of(request, offered)
    return page(request, template, {**known, **context}, language=language, status=status, headers=headers)


@desk.get("/code", Access.PUBLIC)
def show_code_page(request: Request) -> Response:
    """Where the code from the letter is typed."""
    return code_page(request)


@desk.post("/code", Access.PUBLIC)
def open_code(request: Request, form: Form) -> Response:
    """Opens a typed code; forgives case, spaces and dashes."""
    typed = form.get("code", [""])[0][:MAX_TOKEN_LENGTH]
    address = request.client.host if request.client else "unknown"
    if not attempts.allowed(*((limit, ("code", address)) for limit in LIMITS)):
        return code_page(request, typed, "limited", status=429)
    read = read_code(typed)
    if read.problem:
        return code_page(request, typed, read.problem, read.wrong_group, status=422)
    with reading() as connection:
        row = by_token(connection, token_hash(read.code))
    return code_page(request, typed, "unknown", status=422) if row is None else _open(request, read.code)


def code_page(
    request: Request, typed: str = "", problem: str = "", group: int | None = None, status: int = 200
) -> Response:
    """The code page with what was typed, and in which group the slip is when that can be told."""
    context = {
        "typed": typed,
        "problem": problem,
        "group": group,
        "offered": page_languages(settings().is_demo),
        "language_links": f"/code?{BUTTON}=",
    }
    return without_case(request, "code.html", context, status)
