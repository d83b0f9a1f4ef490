"""Who finishes gets no more messages: fieldwork hears it in the same unit of work."""

import pytest
import sqlalchemy as sa

from app.database import reading
from app.fieldwork.tables import Case
from tests.factories.cases import make_case
from tests.factories.respondent import Respondent

pytestmark = pytest.mark.usefixtures("database")
case_table = Case.__table__


def disposition(case_id: int) -> str:
    with reading() as connection:
        return str(connection.scalar(sa.select(case_table.c.disposition).where(case_table.c.id == case_id)))


@pytest.mark.parametrize(
    ("before", "after"), [("open", "finished"), ("undeliverable", "finished"), ("not_sampled", "not_sampled")]
)
def test_finishing_is_reported(before: str, after: str) -> None:
    invited = make_case(service=9, disposition=before)
    someone = Respondent().open(invited.token).send().go_on_until("/overzicht")
    assert disposition(invited.case_id) == before
    someone.send()
    assert someone.path == "/bedankt"
    assert disposition(invited.case_id) == after
