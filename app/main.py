"""The web application: gathers the routes. Nothing imports this module.

Respondent pages and office pages are separate applications, so that they can be served on different hosts.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import anyio.to_thread
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from app.collection import entrance, routes
from app.collection.visitors import NotAVisitor
from app.database import reading
from app.errors import Conflict, Forbidden, Invalid, NotFound, PeilwijsError, Unavailable
from app.results import pages as results
from app.settings import settings
from app.simulation import pages as simulation
from app.web import static_files
from app.web.access import Access, access
from app.web.guards import App, Guards, Receive, Scope, Send, configure_logging, log_event
from app.web.pages import environment, page

MAX_IN_FLIGHT = 64
STATUS: dict[type[PeilwijsError], int] = {
    Invalid: 400,
    NotFound: 404,
    Conflict: 409,
    Forbidden: 403,
    Unavailable: 503,
}


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    anyio.to_thread.current_default_thread_limiter().total_tokens = settings().request_threads
    yield


def respondent_app() -> FastAPI:
    """The pages that clients and commissioners see; holds no staff route."""
    app = _empty_app()
    app.include_router(entrance.router)
    app.include_router(routes.router)
    app.add_api_route("/", front_door, methods=["GET"])
    _add_common(app, "error.html")
    return app


def office_app() -> FastAPI:
    """The pages that staff see, and the start page of the demo."""
    app = _empty_app()
    app.include_router(results.router)
    app.include_router(simulation.router)
    _add_common(app, "office_error.html")
    return app


class DemoApp:
    """Both applications at one address, which only the demo offers.

    Respondents and staff are kept apart by path here; the respondents' application itself holds no office route.
    """

    OFFICE = ("", "demo", "kantoor")  # first parts of the office's paths

    def __init__(self, respondents: App, office: App) -> None:
        self.respondents, self.office = respondents, office

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_office = scope["type"] == "http" and scope["path"].split("/")[1] in self.OFFICE
        await (self.office if is_office else self.respondents)(scope, receive, send)


def _empty_app() -> FastAPI:
    return FastAPI(openapi_url=None, docs_url=None, redoc_url=None, lifespan=_lifespan, redirect_slashes=False)


def _add_common(app: FastAPI, error_template: str) -> None:
    app.add_api_route("/gezond", health, methods=["GET"])
    app.router.routes.append(Route("/static/{hash}/{name}", access(Access.PUBLIC)(static_files.serve), methods=["GET"]))
    for kind, status in STATUS.items():
        app.add_exception_handler(kind, _error_handler(error_template, status))
    app.add_exception_handler(NotAVisitor, _not_a_visitor)
    app.add_exception_handler(HTTPException, _error_handler(error_template))
    app.add_exception_handler(RequestValidationError, _error_handler(error_template, 404))
    app.add_exception_handler(Exception, _error_handler(error_template, 500))


@access(Access.PUBLIC)
def front_door() -> Response:
    """Whoever comes without a link can type a code."""
    return RedirectResponse("/code", 303)


@access(Access.PUBLIC)
def health() -> Response:
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
        return page(request, template, context, status=code, headers=headers)

    return handle


def _not_a_visitor(request: Request, error: Exception) -> Response:
    return page(request, "code.html", {"typed": "", "problem": "", "group": None}, status=401)


def _plain_error(scope: Scope, status: int) -> bytes:
    """The error page when the application itself is out of reach."""
    context = {"status": status, "id": scope.get("state", {}).get("request_id", ""), "base": "page.html"}
    return environment("nl").get_template("error.html").render(context).encode()


def guarded(app: App) -> Guards:
    """An application behind the guards that every request passes."""
    return Guards(app, _plain_error, settings().max_body_kb * 1024, MAX_IN_FLIGHT, settings().is_https)


def create() -> Guards:
    """The application as uvicorn serves it."""
    configure_logging()
    respondents = respondent_app()
    return guarded(DemoApp(respondents, office_app()) if settings().is_demo else respondents)
