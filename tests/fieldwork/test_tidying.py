"""Tokens go when they can open nothing any more, and not a day earlier."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from app.database import reading, writing
from app.fieldwork import tokens
from app.fieldwork.tidying import TOKENS_KEPT_DAYS, delete_old_tokens
from tests.factories.fieldwork import make_cases

TODAY = date(2026, 3, 31)


def make_token(label: str, fieldwork_ends_on: date | None) -> str:
    case_ids = make_cases(1, label=label)
    with writing() as connection:
        connection.execute(
            sa.text("UPDATE wave SET fieldwork_ends_on = :ends WHERE label = :label"),
            {"ends": fieldwork_ends_on, "label": label},
        )
        return tokens.issue(connection, case_ids, "link")[case_ids[0]]


@pytest.mark.parametrize(
    ("ends_on", "is_kept"),
    [
        (None, True),
        (TODAY + timedelta(days=1), True),
        (TODAY - timedelta(days=TOKENS_KEPT_DAYS), True),
        (TODAY - timedelta(days=TOKENS_KEPT_DAYS + 1), False),
    ],
)
def test_tokens_go_when_fieldwork_ended_more_than_thirty_days_ago(
    database: str, ends_on: date | None, is_kept: bool
) -> None:
    token = make_token("2024", ends_on)
    with writing() as connection:
        assert delete_old_tokens(connection, TODAY) == (0 if is_kept else 1)
    with reading() as connection:
        assert (tokens.find(connection, token) is not None) is is_kept


def test_tokens_of_other_waves_and_the_cases_themselves_stay(database: str) -> None:
    old, current = make_token("2024", date(2025, 1, 1)), make_token("2025", None)
    with writing() as connection:
        assert delete_old_tokens(connection, TODAY) == 1
    with reading() as connection:
        assert tokens.find(connection, old) is None
        assert tokens.find(connection, current) is not None
        assert connection.scalar(sa.text("SELECT count(*) FROM survey_case")) == 2
