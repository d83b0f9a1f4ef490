"""Office pages of the preview: choose what to try, walk the real pages, jump, and see which filter decided."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.collection import versions
from app.definition.codebook import codebook
from app.definition.codebook_formats import as_xlsx
from app.definition.diagram import diagram
from app.definition.routing import prove
from app.errors import NotFound
from app.language import SOURCE_LANGUAGE
from app.preview import frame
from app.preview.choices import start_page
from app.preview.jumps import aim, landed, passed
from app.preview.setup import START, read_setup
from app.preview.trial import Trial, unsealed
from app.preview.walk import Shown, opened, posted, show
from app.preview.within import FIELD
from app.web.access import Access, access
from app.web.forms import MAX_FIELDS, Form
from app.web.pages import page

router = APIRouter(prefix=START)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


async def posted_form(request: Request) -> Form:
    """Dependency: the fields of a posted form."""
    fields = await request.form(max_fields=MAX_FIELDS)
    return {name: [str(value) for value in fields.getlist(name)] for name in fields}


Posted = Annotated[Form, Depends(posted_form)]


@router.get("")
@access(Access.OFFICE)
def start(request: Request) -> Response:
    """Where one chooses what to try."""
    setup = read_setup(request.query_params)
    return page(request, "office/preview_start.html", {"s": start_page(setup)})


@router.get("/bekijk")
@access(Access.OFFICE)
def look(request: Request) -> Response:
    """The first page, or the question or page in the address."""
    trial = Trial(read_setup(request.query_params), {}, _form_token(request))
    if wanted := request.query_params.get("vraag", ""):
        return _framed(request, _jumped(trial, wanted))
    return _framed(request, _at(trial, request.query_params.get("pagina", "")))


@router.post("/naar")
@access(Access.OFFICE)
def jump(request: Request, form: Posted) -> Response:
    """To any question or page, with the answers so far where they allow it."""
    trial = _trial(request, form)
    wanted = _first(form, "vraag")
    if wanted.startswith("/"):
        return _framed(request, _at(trial, wanted))
    return _framed(request, _jumped(trial, wanted, _first(form, "nu")))


@router.post("/stap/{path:path}")
@access(Access.OFFICE)
def step(request: Request, form: Posted, path: str) -> Response:
    """A posted page of the walk."""
    return _framed(request, posted(_trial(request, form), path, form))


@router.post("/open/{path:path}")
@access(Access.OFFICE)
def follow(request: Request, form: Posted, path: str) -> Response:
    """A followed link of the walk."""
    return _framed(request, opened(_trial(request, form), f"{path}?{request.url.query}"))


@router.get("/stap/{path:path}")
@router.get("/open/{path:path}")
@router.get("/naar")
@access(Access.OFFICE)
def no_longer(path: str = "") -> Response:
    """A step opened as an address holds no answers: begin again."""
    return RedirectResponse(START, 303)


@router.get("/routeschema/{questionnaire}/{wording}")
@access(Access.OFFICE)
def routes(request: Request, questionnaire: str, wording: str) -> Response:
    """Who is asked what, drawn."""
    setup = read_setup({**request.query_params, "vragenlijst": questionnaire, "woorden": wording})
    service = setup.service if request.query_params.get("dienst") == str(setup.service) else None
    context = {"setup": setup, "title": setup.definition.texts.title, "service": service}
    return page(request, "office/preview_routes.html", context)


@router.get("/routeschema/{questionnaire}/{wording}/{service}.svg")
@access(Access.OFFICE)
def routes_drawn(questionnaire: str, wording: str, service: str) -> Response:
    """The diagram itself; `alle` for all services."""
    definition = versions.current(questionnaire)
    number = int(service) if service.isascii() and service.isdigit() else None
    if number not in (None, *definition.texts.services) or wording not in definition.wordings:
        raise NotFound(f"«{questionnaire}» has no wording «{wording[:40]}» for service {service[:10]}")
    return Response(diagram(definition, prove(definition, wording, number)), media_type="image/svg+xml")


@router.get("/codeboek/{questionnaire}.xlsx")
@access(Access.OFFICE)
def book(questionnaire: str) -> Response:
    """The codebook as a workbook."""
    content = as_xlsx(codebook(versions.current(questionnaire)))
    disposition = f'attachment; filename="codeboek-{questionnaire}.xlsx"'
    return Response(content, headers={"Content-Disposition": disposition}, media_type=XLSX)


def _at(trial: Trial, page_name: str) -> Shown:
    """One of the pages without a question; on the way to an overview what is still open is passed."""
    return opened(passed(trial) if page_name.strip("/").startswith("overzicht") else trial, page_name or "/vragenlijst")


def _jumped(trial: Trial, code: str, current: str = "") -> Shown:
    """A question, or where one was with the reason why it cannot be reached."""
    there = aim(trial.setup, code)
    if there is None:
        return opened(trial, "/vragenlijst")
    if there.obstacle:
        here = opened(trial, f"/vragenlijst/{current}" if current else "/vragenlijst")
        return replace(here, aim=there)
    arrived = landed(trial, there)
    return replace(show(arrived, code), aim=there)


def _framed(request: Request, shown: Shown) -> Response:
    account = getattr(request.state, "account", None)
    return HTMLResponse(frame.framed(shown, account.language if account else SOURCE_LANGUAGE), shown.status)


def _trial(request: Request, form: Form) -> Trial:
    return unsealed(_first(form, FIELD), _form_token(request))


def _form_token(request: Request) -> str:
    """What forms of the office carry, once there are accounts."""
    account = getattr(request.state, "account", None)
    return str(account.form_token) if account else ""


def _first(form: Form, name: str) -> str:
    return form.get(name, [""])[0]
