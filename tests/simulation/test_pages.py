"""The start page of the demo, for whoever wants to sit in another chair."""

from collections.abc import Iterator

import pytest

from app.settings import settings
from app.simulation.pages import COLLEAGUES
from app.web.access import Role
from tests.factories.office import Employee
from tests.surroundings.environment import SECRET, Environment


@pytest.fixture
def visitor(database: str) -> Iterator[Employee]:
    given = {"PEILWIJS_DATABASE_URL": database, "PEILWIJS_VAR_FOLDER": str(settings().var_folder)}
    with Environment(PEILWIJS_SECRET_KEY=SECRET, PEILWIJS_IS_DEMO="1", **given):
        yield Employee()


@pytest.mark.parametrize("role", list(COLLEAGUES))
def test_a_visitor_becomes_a_colleague_and_comes_back_by_signing_out(visitor: Employee, role: Role) -> None:
    for _ in range(2):  # the second time the colleague is there already
        visitor.get("/kantoor/nieuwe-meetperiode")
        visitor.post("/demo/als", rol=role.value).follow()
        assert visitor.status == 200
        assert visitor.get("/kantoor/beheer/gebruikers").status == 403
        visitor.get(COLLEAGUES[role][1]).post("/kantoor/uitloggen")
        assert visitor.response.headers["location"] == "/demo"
        assert visitor.get("/kantoor/beheer/gebruikers").status == 200


def test_nobody_becomes_a_researcher_of_flesh_and_blood(visitor: Employee) -> None:
    visitor.get("/kantoor/nieuwe-meetperiode")
    assert visitor.post("/demo/als", rol="provider").status == 404
