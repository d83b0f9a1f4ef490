"""The web application: gathers the routes. Nothing imports this module.

Respondent pages and office pages are separate applications, so that they can be served on different hosts.
"""

import gc
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import anyio.to_thread
from fastapi import Depends, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from app.accounts import forgotten_pages as forgotten
from app.accounts import own_pages as own_account
from app.accounts import pages as accounts
from app.accounts import single_sign_on_pages as single_sign_on
from app.accounts import user_pages as users
from app.accounts.admission import NotSignedIn, admitted
from app.callcentre import agent_pages as calling
from app.callcentre import case_pages as call_cards
from app.callcentre import history as call_history
from app.callcentre import interview_pages as call_interviews
from app.callcentre import outcome_pages as call_outcomes
from app.callcentre import team_pages as call_team
from app.collection import entrance, help_pages, opt_out_pages, practice, routes, statement
from app.collection.language_choice import language_of
from app.collection.visitors import NotAVisitor, visitor
from app.database import reading
from app.errors import Conflict, Forbidden, Invalid, NotFound, PeilwijsError, Unavailable
from app.fieldwork import case_history
from app.fieldwork.delivery import pages as deliveries
from app.fieldwork.letters import pages as letter_pages
from app.fieldwork.sending import bounce_hook, message_pages
from app.fieldwork.sending import pages as invitation_pages
from app.fieldwork.wave_choice import wave_labels
from app.fieldwork.wave_setup import pages as wave_settings
from app.jobs import Company
from app.preview import pages as preview
from app.reports import pages as reports
from app.results import pages as results
from app.results.api import pages as api_pages
from app.results.api.application import api_app
from app.results.desk import pages as results_desk
from app.results.exports import pages as export_pages
from app.results.monitor import case_pages as monitor_cases
from app.results.monitor import pages as monitor
from app.results.screening import pages as screening
from app.settings import settings
from app.simulation import mailbox_pages as mailbox
from app.simulation import pages as simulation
from app.speech import clips, controls, serving
from app.studio import pages as studio
from app.studio.posting import UPLOAD
from app.web import static_files
from app.web.access import Access, access
from app.web.desk import Desk
from app.web.guards import App, Guards, Receive, Scope, Send, configure_logging, log_event
from app.web.hosts import host_in, host_of
from app.web.pages import environment, offer, page

MAX_IN_FLIGHT = 64
OFFICE_PAGES = (
    accounts,
    forgotten,
    single_sign_on,
    own_account,
    users,
    deliveries,
    wave_settings,
    invitation_pages,
    message_pages,
    letter_pages,
    results,
    results_desk,
    screening,
    reports,
    monitor,
    monitor_cases,
    export_pages,
    api_pages,
    studio,
    preview,
    calling,
    call_cards,
    call_interviews,
    call_outcomes,
    call_team,
)
RESPONDENT_PAGES = (routes, entrance, help_pages, opt_out_pages, practice, statement, bounce_hook)
LARGER = (UPLOAD, deliveries.UPLOAD)
STATUS: dict[type[PeilwijsError], int] = {
    Invalid: 400,
    NotFound: 404,
    Conflict: 409,
    Forbidden: 403,
    Unavailable: 503,
}
STATIC = Route("/static/{hash}/{name}", access(Access.PUBLIC)(static_files.serve), methods=["GET"])
SOUND = Route("/geluid/{language}/{name}", access(Access.PUBLIC)(serving.serve), methods=["GET"])
offer("clip", clips.finder)
offer("sound", controls.maker)
case_history.add_source(call_history.lines)
offer("wave_labels", lambda language: wave_labels)


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    anyio.to_thread.current_default_thread_limiter().total_tokens = settings().request_threads
    # what is loaded now stays: the collector need not walk it again and again while people wait
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    yield


@asynccontextmanager
async def _with_company(app: Starlette) -> AsyncIterator[None]:
    """Where no worker runs beside the served app, each of its processes does background tasks and sends."""
    company = Company() if settings().runs_tasks else None
    async with _lifespan(app):
        if company:
            company.begin()
        yield
        if company:
            await anyio.to_thread.run_sync(company.end)


def respondent_app(lifespan: Callable[..., Any] = _lifespan) -> Starlette:
    """The pages that clients and commissioners see; holds no staff route."""
    desk = Desk(visitor)
    desk.get("/", Access.PUBLIC)(front_door)
    desk.get("/gezond", Access.PUBLIC)(health)
    app = Starlette(
        routes=[
            *(route for pages in RESPONDENT_PAGES for route in pages.desk.routes),
            *desk.routes,
            STATIC,
            SOUND,
        ],
        exception_handlers=_error_handlers("error.html") | {NotAVisitor: _not_a_visitor},
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False
    return app


def office_app() -> FastAPI:
    """The pages that staff see, and the start page of the demo."""
    app = FastAPI(
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
        redirect_slashes=False,
        dependencies=[Depends(admitted)],
    )
    for part in (*OFFICE_PAGES, *([simulation, mailbox] if settings().is_demo else [])):
        app.include_router(part.router)
    app.add_exception_handler(NotSignedIn, _not_signed_in)
    app.add_api_route("/gezond", access(Access.PUBLIC)(health), methods=["GET"])
    app.router.routes += [STATIC, SOUND]
    for kind, handler in _error_handlers("office/error.html").items():
        app.add_exception_handler(kind, handler)
    app.add_exception_handler(RequestValidationError, _error_handler("office/error.html", 404))
    return app


class House:
    """The applications behind one port: the office at its own host where it has one, else at its own paths.

    The respondents' application itself holds no office route.
    """

    def __init__(self, respondents: App, office: App, interface: App) -> None:
        self.respondents, self.office, self.interface = respondents, office, interface
        public, own = host_in(settings().public_url), host_in(settings().office_address)
        self.office_host = own if own != public else None
        self.office_paths = ("", "demo", "kantoor") if settings().is_demo else ("kantoor",)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._application(scope)(scope, receive, send)

    def _application(self, scope: Scope) -> App:
        if scope["type"] == "http" and scope["path"].startswith("/api/"):
            return self.interface
        return self.office if self._is_for_office(scope) else self.respondents

    def _is_for_office(self, scope: Scope) -> bool:
        if scope["type"] != "http":
            return False
        if self.office_host is not None:
            return host_of(scope) == self.office_host
        return scope["path"].split("/")[1] in self.office_paths


def _error_handlers(template: str) -> dict[Any, Any]:
    handlers: dict[Any, Any] = {kind: _error_handler(template, status) for kind, status in STATUS.items()}
    return handlers | {HTTPException: _error_handler(template), Exception: _error_handler(template, 500)}


def front_door(request: Request) -> Response:
    """Whoever comes without a link can type a code."""
    return RedirectResponse("/code", 303)


def health(request: Request) -> Response:
    """For the load balancer: answers only when the database does."""
    with reading() as connection:
        connection.exec_driver_sql("SELECT 1")
    return PlainTextResponse("ok")


def _error_handler(template: str, status: int | None = None) -> Callable[[Request, Exception], Response]:
    """Answers an error with a page; without a status, with that of the error itself."""

    def handle(request: Request, error: Exception) -> Response:
        code = status or (error.status_code if isinstance(error, HTTPException) else 500)
        if code == 503:
            log_event("unavailable", id=request.state.request_id, kind=type(error).__name__)
        headers = {"Retry-After": "5"} if code == 503 else {}
        context = {"status": code, "id": getattr(request.state, "request_id", "")}
        if template == "error.html":
            return entrance.without_case(request, template, context, code, headers)
        return page(request, template, context, status=code, headers=headers)

    return handle


def _not_a_visitor(request: Request, error: Exception) -> Response:
    return entrance.code_page(request, status=401)


def _not_signed_in(request: Request, error: Exception) -> Response:
    needs_code = isinstance(error, NotSignedIn) and error.needs_code
    return RedirectResponse("/kantoor/inloggen/code" if needs_code else "/kantoor/inloggen", 303)


def _plain_error(scope: Scope, status: int) -> bytes:
    """The error page when the application itself is out of reach."""
    context = {"status": status, "id": scope.get("state", {}).get("request_id", ""), "base": "page.html"}
    is_office = scope["path"].startswith("/kantoor/")
    template, language = ("office/error.html", "nl") if is_office else ("error.html", language_of(Request(scope)))
    return environment(language).get_template(template).render(context, account=None).encode()


def guarded(app: App) -> Guards:
    """An application behind the guards that every request passes."""
    return Guards(app, _plain_error, settings().max_body_kb * 1024, MAX_IN_FLIGHT, settings().is_https, LARGER)


def create() -> Guards:
    """The application as uvicorn serves it."""
    configure_logging()
    return guarded(House(respondent_app(_with_company), office_app(), api_app()))
