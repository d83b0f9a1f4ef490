"""The administrator's page of tokens."""

import re

import sqlalchemy as sa

from app.database import reading
from app.results.api import tokens
from app.web.access import Role
from tests.factories.office import Employee, signed_in_as

PAGE = "/kantoor/beheer/api"


def make(admin: Employee, **fields: str) -> Employee:
    given = {"naam": "Website", "mag": "grades", "dagen": "365"} | fields
    return admin.get(PAGE).post(PAGE, **given)


def test_a_token_is_shown_once_and_works(database: str) -> None:
    admin = signed_in_as(Role.ADMIN)
    assert "Er zijn nog geen tokens" in admin.get(PAGE).text
    made = re.search(r"pwl_[\w-]+", make(admin).text)
    assert made is not None
    with reading() as connection:
        found = tokens.find(connection, made[0])
        actions = connection.scalars(sa.text("SELECT action FROM audit_entry")).all()
    assert found is not None
    assert found[0].kinds == {"grades"}
    assert "api_token.made" in actions
    assert "Website" in admin.get(PAGE).text
    assert "pwl_" not in admin.text


def test_a_revoked_token_is_listed_as_such(database: str) -> None:
    admin = signed_in_as(Role.ADMIN)
    make(admin)
    admin.get(PAGE).post(f"{PAGE}/1/intrekken").follow()
    assert "ingetrokken" in admin.text
    assert admin.get(PAGE).post(f"{PAGE}/99/intrekken").status == 404


def test_what_is_missing_is_said_and_nothing_is_made(database: str) -> None:
    admin = signed_in_as(Role.ADMIN)
    wrong = ({"naam": " "}, {"mag": "everything"}, {"dagen": "0"}, {"dagen": "9999"}, {"golf": "1999"})
    for fields in wrong:
        assert make(admin, **fields).status == 422, fields
        assert 'role="alert"' in admin.text
    with reading() as connection:
        assert tokens.listed(connection) == []


def test_researchers_make_no_tokens(database: str) -> None:
    assert signed_in_as(Role.RESEARCHER).get(PAGE).status == 403
