"""Every route declares who may use it."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI
from starlette.routing import Mount, Route

from app import main
from app.web.access import ROLES, Access, Role, access, declared
from tests.factories.cases import make_participation
from tests.factories.office import Employee, signed_in_as


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


def office_pages() -> list[tuple[str, str, Access]]:
    """Method, address and declared access of every office route of our own."""
    found = []
    for route in main.office_app().routes:
        inner = getattr(route, "original_router", route)
        for one in getattr(inner, "routes", None) or [route]:
            level = declared(getattr(one, "endpoint", None))
            address = re.sub(r"\{\w*_?id\}", "1", getattr(one, "path", ""))
            address = re.sub(r"\{[^}]+\}", "x", address)
            found += [(method, address, level) for method in getattr(one, "methods", None) or () if level]
    return found


@pytest.mark.parametrize("role", [None, *Role])
def test_each_role_gets_in_where_it_is_declared_and_nowhere_else(role: Role | None, database: str) -> None:
    """The matrix of role and route, made from the routes themselves. A POST without token never gets further than
    403, so for those the difference is between 403 and the way to the sign-in page."""
    make_participation("2026", "Werkpad")
    visitor = signed_in_as(role, 1 if role is Role.PROVIDER else None) if role else Employee()
    wrong = []
    for method, address, level in office_pages():
        if level is Access.PUBLIC or method == "HEAD":
            continue
        answer = visitor.client.request(method, address)
        if role is None:
            is_right = answer.status_code == 303 and answer.headers["location"] == "/kantoor/inloggen"
        elif role in ROLES[level]:
            is_right = answer.status_code == 403 if method == "POST" else answer.status_code in (200, 303, 404, 422)
        else:
            is_right = answer.status_code == 403
        if not is_right:
            wrong.append((method, address, level, answer.status_code))
    assert wrong == []
    assert len(office_pages()) > 20


def test_a_route_that_declares_nothing_is_refused_to_everybody(database: str) -> None:
    app = main.office_app()
    app.add_api_route("/kantoor/vergeten", lambda: "oops")
    admin = signed_in_as(Role.ADMIN, app=main.guarded(app))
    assert admin.get("/kantoor/vergeten").status == 403
    assert admin.get("/kantoor/golven").status == 200


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
