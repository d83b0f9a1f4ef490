"""The programming interface as an application of its own, beside those of respondents and office."""

from fastapi import Depends, FastAPI

from app.results.api import problems, routes
from app.results.api.admission import admitted

ABOUT = """Read-only. Every call carries a token that an administrator of the agency made.

Answers have an `ETag`: send it back in `If-None-Match` and get 304 as long as nothing changed. A token may call 120
times a minute. Errors are `application/problem+json`."""


def api_app() -> FastAPI:
    """Grades, response and figures as JSON."""
    app = FastAPI(
        title="Peilwijs",
        version="1",
        description=ABOUT,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        dependencies=[Depends(admitted)],
    )
    app.include_router(routes.router)
    problems.handle_all(app)
    app.add_api_route(
        f"{routes.ROOT}/openapi.json", routes.description(app.openapi), methods=["GET"], include_in_schema=False
    )
    return app
