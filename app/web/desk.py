"""Routes of the respondents' pages: plain Starlette, one wrapper that admits, reads the form and checks its token.

These pages need none of what FastAPI adds (typed parameters, generated schemas), and that was a sixth of the cost of
an answer. An endpoint is a plain function, run in the thread pool: `f(request, who, form, **path parameters)`, with
`who` on respondent routes and `form` on POST only.
"""

from collections.abc import Callable
from typing import Any, Protocol

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.web.access import Access, access
from app.web.forms import check_token, posted

Endpoint = Callable[..., Response]


class Admitted(Protocol):
    """Somebody who may use a respondent route; their forms carry the token."""

    @property
    def form_token(self) -> str: ...


class Desk:
    """Collects routes. `admit` reads who is there from a request, and raises when nobody may be let in."""

    def __init__(self, admit: Callable[[Request], Admitted]) -> None:
        self.admit = admit
        self.routes: list[Route] = []

    def get(self, path: str, level: Access) -> Callable[[Endpoint], Endpoint]:
        return self._route("GET", path, level)

    def post(self, path: str, level: Access) -> Callable[[Endpoint], Endpoint]:
        return self._route("POST", path, level)

    def post_with_proof(self, path: str) -> Callable[[Endpoint], Endpoint]:
        """A public POST that no page of ours sends: `f(request, body, **path parameters)`.

        It has no form token, so the request must prove itself that it may do what it does: by a signed address that
        only one person has, or by a signed body. The body is whatever the sender made of it.
        """

        def add(endpoint: Endpoint) -> Endpoint:
            async def handle(request: Request) -> Response:
                body = await request.body()
                return await run_in_threadpool(endpoint, request, body, **request.path_params)

            self.routes.append(Route(path, access(Access.PUBLIC)(handle), methods=["POST"], name=endpoint.__name__))
            return endpoint

        return add

    def _route(self, method: str, path: str, level: Access) -> Callable[[Endpoint], Endpoint]:
        def add(endpoint: Endpoint) -> Endpoint:
            async def handle(request: Request) -> Response:
                arguments: list[Any] = [request]
                who = self.admit(request) if level is Access.RESPONDENT else None
                if who is not None:
                    arguments.append(who)
                if method == "POST":
                    form = await posted(request)
                    if who is not None:
                        check_token(form, who.form_token)
                    arguments.append(form)
                return await run_in_threadpool(endpoint, *arguments, **request.path_params)

            self.routes.append(Route(path, access(level)(handle), methods=[method], name=endpoint.__name__))
            return endpoint

        return add
