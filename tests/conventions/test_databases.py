"""A database that a test gets from another test is as empty as a new one."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from app.database import make_engine
from tests.surroundings.databases import SHAPE, PostgresDatabases


@pytest.fixture
def lender(postgres_server: sa.URL, postgres_template: str) -> Iterator[PostgresDatabases]:
    lender = PostgresDatabases(postgres_server)
    yield lender
    lender.close()


def say(lender: PostgresDatabases, name: str, *statements: str) -> list[object]:
    """The statements in one transaction; the first column of what the last one found."""
    engine = make_engine(lender.address(name))
    with engine.begin() as connection:
        for statement in statements:
            found = connection.exec_driver_sql(statement)
        rows = list(found.scalars()) if found.returns_rows else []
    engine.dispose()
    return rows


def test_a_database_that_came_back_is_lent_again_as_it_was(lender: PostgresDatabases, postgres_template: str) -> None:
    name = lender.lend(postgres_template)
    provider = "INSERT INTO provider (slug, name) VALUES ('a', 'A') RETURNING id"
    assert say(lender, name, "UPDATE audit_head SET id = 7", provider) == [1]
    lender.take_back(name)
    assert lender.lend(postgres_template) == name
    for look in ("SELECT count(*) FROM provider", "SELECT id FROM audit_head", SHAPE):
        assert say(lender, name, look) == say(lender, postgres_template, look)
    assert say(lender, name, provider) == [1]


@pytest.mark.parametrize(
    "change",
    ["CREATE TABLE more (id int)", "ALTER TABLE provider ADD more int", "ALTER TABLE provider DISABLE TRIGGER ALL"],
)
def test_a_database_of_another_shape_is_not_lent_again(
    lender: PostgresDatabases, postgres_template: str, change: str
) -> None:
    name = lender.lend(postgres_template)
    say(lender, name, change)
    lender.take_back(name)
    assert lender.lend(postgres_template) != name
