"""The administrator's page of tokens for the programming interface."""

from typing import Annotated

import sqlalchemy as sa
from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from app.accounts.admission import signed_in
from app.database import reading, writing
from app.errors import PeilwijsError
from app.fieldwork.tables import Provider
from app.fieldwork.wave_choice import wave_labels
from app.results.api import tokens
from app.results.api.routes import ROOT
from app.web.access import Access, access
from app.web.pages import page

START = "/kantoor/beheer/api"
router = APIRouter(prefix=START)
Text = Annotated[str, Form(max_length=100)]
Kinds = Annotated[list[str] | None, Form(max_length=10)]
EMPTY: dict[str, object] = {"naam": "", "mag": (tokens.GRADES,), "golf": "", "dienstverlener": "", "dagen": "365"}
_provider = Provider.__table__  # type: ignore[attr-defined]


@router.get("")
@access(Access.ADMIN)
def everything(request: Request) -> Response:
    """All tokens, and a form for a new one."""
    return _show(request)


@router.post("")
@access(Access.ADMIN)
def make(
    request: Request, mag: Kinds = None, naam: Text = "", golf: Text = "", dienstverlener: Text = "", dagen: Text = ""
) -> Response:
    """Makes a token and shows it, this once."""
    typed: dict[str, object] = {
        "naam": naam, "mag": tuple(mag or ()), "golf": golf, "dienstverlener": dienstverlener, "dagen": dagen,
    }  # fmt: skip
    try:
        with writing() as connection:
            token = tokens.make(
                connection, signed_in(request).actor, naam, mag or (), golf, dienstverlener, dagen.strip()
            )
    except PeilwijsError as problem:
        return _show(request, str(problem), typed=typed)
    return _show(request, token=token)


@router.post("/{token_id}/intrekken")
@access(Access.ADMIN)
def revoke(request: Request, token_id: int) -> Response:
    """From now on the token opens nothing."""
    with writing() as connection:
        tokens.revoke(connection, signed_in(request).actor, token_id)
    return RedirectResponse(START, 303)


def _show(request: Request, problem: str = "", token: str = "", typed: dict[str, object] | None = None) -> Response:
    with reading() as connection:
        known = tokens.listed(connection)
        providers = connection.execute(sa.select(_provider.c.slug, _provider.c.name).order_by(_provider.c.name)).all()
    context = {
        "tokens": known,
        "kinds": tokens.KINDS,
        "waves": wave_labels(),
        "providers": providers,
        "problem": problem,
        "token": token,
        "typed": typed or EMPTY,
        "start": START,
        "description_address": f"{ROOT}/openapi.json",
    }
    return page(request, "office/api_tokens.html", context, status=422 if problem else 200)
