"""Every route declares who may use it."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI
from starlette.routing import Mount, Route

from app import main
from app.web.access import Access, access, declared


def endpoints(routes: Any) -> Iterator[tuple[str, object]]:
    """Path and endpoint of every route, also of included routers and mounted applications."""
    for route in routes:
        inner = getattr(route, "original_router", route)
        if getattr(inner, "routes", None):
            yield from endpoints(inner.routes)
        else:
            yield getattr(route, "path", repr(route)), getattr(route, "endpoint", route)


def undeclared(app: FastAPI) -> list[str]:
    return [path for path, endpoint in endpoints(app.routes) if declared(endpoint) is None]


def applications() -> dict[str, FastAPI]:
    """Every application that main can make: functions named `…_app` that need nothing."""
    makers = {name: make for name, make in vars(main).items() if name.endswith("_app") and not name.startswith("_")}
    return {name: make() for name, make in makers.items()}


def test_every_route_declares_its_access(var_folder: object) -> None:
    found = applications()
    assert "respondent_app" in found
    for name, app in found.items():
        assert undeclared(app) == [], name
        assert len(list(endpoints(app.routes))) > 2, name


def test_the_respondents_application_carries_no_office_route(var_folder: object) -> None:
    levels = {path: declared(endpoint) for path, endpoint in endpoints(main.respondent_app().routes)}
    assert [path for path, level in levels.items() if level not in (Access.PUBLIC, Access.RESPONDENT)] == []


@pytest.mark.parametrize("way", ["route", "router", "mount", "plain"])
def test_a_route_without_access_is_found_however_it_was_added(way: str) -> None:
    app = FastAPI(openapi_url=None)
    app.add_api_route("/open", access(Access.PUBLIC)(lambda: "ok"))
    assert undeclared(app) == []
    if way == "route":
        app.add_api_route("/forgotten", lambda: "oops")
    elif way == "router":
        router = APIRouter()
        router.add_api_route("/forgotten", lambda: "oops")
        app.include_router(router)
    elif way == "mount":
        app.router.routes.append(Mount("/deep", routes=[Route("/forgotten", lambda request: None)]))
    else:
        app.router.routes.append(Route("/forgotten", lambda request: None))
    assert undeclared(app) == ["/forgotten"]
