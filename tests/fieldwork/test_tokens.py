"""Tokens: issued in bulk, kept as hashes, found again, closed."""

import sqlalchemy as sa

from app.database import reading, writing
from app.fieldwork import tokens
from app.fieldwork.tables import Token
from tests.factories.fieldwork import make_cases

_table = Token.__table__  # type: ignore[attr-defined]


def test_a_link_token_holds_128_random_bits_and_fits_in_an_address(database: str) -> None:
    case_ids = make_cases(3)
    with writing() as connection:
        issued = tokens.issue(connection, case_ids, "link")
    assert list(issued) == case_ids
    assert len(set(issued.values())) == 3
    assert all(len(token) == 22 and token.replace("-", "a").replace("_", "a").isalnum() for token in issued.values())


def test_a_token_opens_its_own_case_only_and_is_stored_as_a_hash(database: str) -> None:
    one, other = make_cases(2)
    with writing() as connection:
        links = tokens.issue(connection, [one, other], "link")
        codes = tokens.issue(connection, [one, other], "code")
    with reading() as connection:
        found = tokens.find(connection, links[one])
        assert found and (found.case_id, found.kind, found.revoked_at) == (one, "link", None)
        found = tokens.find(connection, tokens.normalise_code(tokens.grouped(codes[other]).lower()))
        assert found and (found.case_id, found.kind) == (other, "code")
        assert tokens.find(connection, links[one][:-1] + "!") is None
        stored = b"".join(connection.scalars(sa.select(_table.c.hash)))
    assert not any(token.encode() in stored for token in [*links.values(), *codes.values()])


def test_a_second_token_leaves_the_first_valid(database: str) -> None:
    (case_id,) = make_cases(1)
    with writing() as connection:
        first = tokens.issue(connection, [case_id], "link")[case_id]
        tokens.issue(connection, [case_id], "link")
    with reading() as connection:
        found = tokens.find(connection, first)
    assert found and found.revoked_at is None


def test_revoking_closes_every_token_of_a_case_and_of_no_other(database: str) -> None:
    one, other = make_cases(2)
    with writing() as connection:
        links = tokens.issue(connection, [one, other], "link")
        codes = tokens.issue(connection, [one], "code")
    with writing() as connection:
        tokens.revoke(connection, [one])
    with reading() as connection:
        for token, is_closed in ((links[one], True), (codes[one], True), (links[other], False)):
            found = tokens.find(connection, token)
            assert found and (found.revoked_at is not None) == is_closed


def test_no_cases_no_tokens(database: str) -> None:
    with writing() as connection:
        assert tokens.issue(connection, [], "link") == {}
        tokens.revoke(connection, [])
