"""Who opted out stays so, whatever is delivered."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from app.database import writing
from app.errors import NotFound
from app.fieldwork.contact_keys import reference_key
from app.fieldwork.opt_outs import opt_out
from app.fieldwork.tables import Case, Contact, OptOut
from tests.factories.deliveries import case_of, client, deliver
from tests.factories.fieldwork import make_provider, make_wave

_case = Case.__table__  # type: ignore[attr-defined]
_contact = Contact.__table__  # type: ignore[attr-defined]
_opt_out = OptOut.__table__  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def _ground(database: str) -> None:
    make_wave(), make_provider()


def opted_out(reference: str) -> None:
    with writing() as connection:
        opt_out(connection, case_of(reference)["id"])


def test_an_opt_out_survives_every_re_delivery(tmp_path: Path) -> None:
    row = client(klantnummer="A1", email="weg@voorbeeld.nl", telefoon="0612345678", telefoon2="0201234567")
    deliver(tmp_path, row, client(klantnummer="A2"))
    opted_out("A1")
    deliver(tmp_path, row | {"email": "nieuw@voorbeeld.nl"}, client(klantnummer="A3"))
    assert [case_of(reference)["disposition"] for reference in ("A1", "A2", "A3")] == ["opted_out", "open", "open"]


@pytest.mark.parametrize("cells", [{"klantnummer": "A1"}, {"email": "WEG@voorbeeld.nl"}, {"telefoon": "+31612345678"},
                                   {"telefoon2": "020-1234567"}])  # fmt: skip
def test_an_opt_out_is_known_by_reference_address_and_number_when_the_case_is_gone(
    tmp_path: Path, cells: dict[str, str]
) -> None:
    deliver(tmp_path, client(klantnummer="A1", email="weg@voorbeeld.nl", telefoon="0612345678", telefoon2="0201234567"))
    opted_out("A1")
    with writing() as connection:  # as a purge does
        connection.execute(sa.delete(_contact))
        connection.execute(sa.delete(_case))
    row = {"klantnummer": "B1"} | cells
    done = deliver(tmp_path, client(**row), client(klantnummer="B2"))
    assert done.n_opted_out == 1
    assert case_of(row["klantnummer"])["disposition"] == "opted_out"
    assert case_of("B2")["disposition"] == "open"


def test_a_known_case_that_gets_an_opted_out_address_is_opted_out_too(tmp_path: Path) -> None:
    deliver(tmp_path, client(klantnummer="A1", email="weg@voorbeeld.nl"), client(klantnummer="A2"))
    opted_out("A1")
    with writing() as connection:
        connection.execute(sa.delete(_contact).where(_contact.c.reference_key == reference_key("A1")))
    deliver(tmp_path, client(klantnummer="A2", email="weg@voorbeeld.nl"))
    assert case_of("A2")["disposition"] == "opted_out"


def test_opting_out_twice_is_booked_once_and_an_unknown_case_is_refused(tmp_path: Path) -> None:
    deliver(tmp_path, client(klantnummer="A1"))
    opted_out("A1"), opted_out("A1")
    with writing() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(_opt_out)) == 2
        with pytest.raises(NotFound):
            opt_out(connection, 1)
