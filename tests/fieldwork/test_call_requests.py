"""Requests to be called: one per case, readable for the call centre and for nobody else."""

import pytest
import sqlalchemy as sa

from app.database import reading, writing
from app.encryption import encrypt
from app.fieldwork import dispositions
from app.fieldwork.call_requests import OpenRequest, has_phone, open_requests, request_call, request_of, settle
from app.fieldwork.tables import CallRequest, Contact, Participation
from tests.factories.cases import make_case, make_participation

pytestmark = pytest.mark.usefixtures("database")
_contact = Contact.__table__  # type: ignore[attr-defined]
_request = CallRequest.__table__  # type: ignore[attr-defined]


def make_contact(case_id: int, participation_id: int, **numbers: str) -> None:
    row = {"case_id": case_id, "participation_id": participation_id}
    with writing() as connection:
        connection.execute(sa.insert(_contact).values(row | {name: encrypt(text) for name, text in numbers.items()}))


def ask(case_id: int, language: str = "ar", day_part: str = "morning", phone: str = "") -> None:
    with writing() as connection:
        request_call(connection, case_id, language, day_part, phone)  # type: ignore[arg-type]


def waiting(participation_id: int) -> tuple[OpenRequest, ...]:
    part = Participation.__table__  # type: ignore[attr-defined]
    with reading() as connection:
        wave_id = connection.scalar(sa.select(part.c.wave_id).where(part.c.id == participation_id))
        return open_requests(connection, wave_id)


def test_the_call_centre_reads_who_asked_when_and_on_which_number() -> None:
    here = make_participation()
    one, other = make_case(here).case_id, make_case(here).case_id
    make_contact(one, here, phone2="+31201234567")
    ask(one)
    ask(other, "nl", "any", "+31612345678")
    found = [(r.case_id, r.provider, r.language, r.day_part, r.phone) for r in waiting(here)]
    assert found == [
        (one, "Werkpad", "ar", "morning", "+31201234567"),
        (other, "Werkpad", "nl", "any", "+31612345678"),
    ]


def test_asking_again_replaces_the_request_but_keeps_the_number() -> None:
    here = make_participation()
    case_id = make_case(here).case_id
    make_contact(case_id, here, phone="+31201234567")
    ask(case_id, phone="+31612345678")
    ask(case_id, "tr", "evening")
    (request,) = waiting(here)
    assert (request.language, request.day_part, request.phone) == ("tr", "evening", "+31612345678")


def test_a_settled_request_is_gone_until_it_is_asked_again() -> None:
    here = make_participation()
    case_id = make_case(here).case_id
    ask(case_id)
    with writing() as connection:
        settle(connection, case_id)
        assert request_of(connection, case_id) is None
    assert waiting(here) == ()
    ask(case_id)
    assert len(waiting(here)) == 1


@pytest.mark.parametrize("disposition", [dispositions.OPTED_OUT, dispositions.REFUSED])
def test_nobody_is_called_who_does_not_want_to_take_part(disposition: str) -> None:
    here = make_participation()
    case_id = make_case(here).case_id
    ask(case_id)
    with writing() as connection:
        dispositions.report(connection, [case_id], disposition)
    assert waiting(here) == ()


def test_a_request_of_another_wave_is_not_listed() -> None:
    here, elsewhere = make_participation(), make_participation("2025", "Taalhuis")
    ask(make_case(elsewhere).case_id)
    assert waiting(here) == ()


def test_whether_there_is_a_number_counts_contact_and_request() -> None:
    here = make_participation()
    delivered, typed, none = (make_case(here).case_id for _ in range(3))
    make_contact(delivered, here, phone="+31201234567")
    make_contact(none, here, surname="Jansen")
    ask(typed, phone="+31612345678")
    with reading() as connection:
        assert [has_phone(connection, case_id) for case_id in (delivered, typed, none)] == [True, True, False]


def test_the_number_is_stored_encrypted() -> None:
    case_id = make_case().case_id
    ask(case_id, phone="+31612345678")
    with reading() as connection:
        stored = connection.scalar(sa.select(_request.c.phone))
    assert stored is not None and b"612345678" not in bytes(stored)
