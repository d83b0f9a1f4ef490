"""Looking changes nothing: what a link, a picture or a program that checks links can set off is only looking."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel

from app.database import reading
from app.web.access import Role
from tests.conventions.test_access import office_pages
from tests.factories.cases import make_case
from tests.factories.office import signed_in_as
from tests.factories.respondent import Respondent

# That somebody looked may be noted: when a session was last used, who saw what, how often something was tried.
NOTES = {"office_session", "audit_entry", "audit_head", "attempt"}


def contents() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table but those of notes."""
    with reading() as connection:
        return {
            name: sorted((tuple(row) for row in connection.execute(sa.select(table))), key=repr)
            for name, table in SQLModel.metadata.tables.items()
            if name not in NOTES
        }


def test_looking_at_every_page_of_the_office_changes_nothing(database: str) -> None:
    make_case()
    visitor = signed_in_as(Role.ADMIN)
    before = contents()
    assert before["survey_case"]
    for method, address, _ in office_pages():
        if method == "GET":
            visitor.client.get(address)
            assert contents() == before, address


def test_looking_at_a_question_changes_no_answer(database: str) -> None:
    someone = Respondent().open(make_case().token).send()
    before = contents()
    for path in ("/vragenlijst", someone.path, "/overzicht", "/stoppen", "/code", "/toegankelijkheid", "/nergens"):
        someone.get(path)
        assert contents() == before, path
