"""Storing deliveries: all or nothing, once, renewing and never losing; nobody readable in the database."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel

from app.database import engine, reading
from app.errors import Conflict, NotFound
from app.fieldwork import dispositions
from app.fieldwork.delivery import rows as delivery_rows
from app.fieldwork.delivery.file import open_delivery
from app.fieldwork.delivery.preview import preview
from app.fieldwork.delivery.reasons import Unreadable
from app.fieldwork.delivery.storing import import_delivery
from app.fieldwork.tables import Case, Contact, Delivery
from tests.factories.deliveries import ADDRESS, case_of, client, commissioner, deliver, everything, sample, write_csv
from tests.factories.fieldwork import make_provider, make_wave

_case = Case.__table__  # type: ignore[attr-defined]
_contact = Contact.__table__  # type: ignore[attr-defined]
_delivery = Delivery.__table__  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def _ground(database: str) -> None:
    make_wave(), make_provider()


def test_an_accepted_row_becomes_a_case_with_its_facts_and_contact_data(tmp_path: Path) -> None:
    row = client(klantnummer="A1", email="Jan@Voorbeeld.nl", dienst="11", leerprofiel="2", einddatum="", taal="TI",
                 telefonisch="ja", zelfmelder="ja", telefoon="06 12345678", aanhef="dhr.", voorletters="J.",
                 tussenvoegsel="de", achternaam="Vries", toevoeging="2hoog", **ADDRESS)  # fmt: skip
    deliver(tmp_path, row)
    case = case_of("A1")
    facts = {"kind": "client", "service": 11, "learning_profile": 2, "wording": "regular", "language": "ti",
             "wants_phone": True, "is_self_reporter": True, "ended_on": None, "province": "Utrecht",
             "disposition": "open"}  # fmt: skip
    contact = {"reference": "A1", "salutation": "dhr.", "initials": "J.", "infix": "de", "surname": "Vries",
               "email": "Jan@voorbeeld.nl", "phone": "+31612345678", "phone2": None, "street": "Kerkstraat",
               "house_number": "1", "addition": "2hoog", "postcode": "3511 AB", "place": "Utrecht",
               "organisation": None, "job_title": None}  # fmt: skip
    assert {name: case[name] for name in (*facts, *contact)} == facts | contact


def test_defaults_hold_for_what_was_not_delivered(tmp_path: Path) -> None:
    deliver(tmp_path, client(klantnummer="A1"), client(klantnummer="A2", vragenlijst="laagdrempelig"))
    case = case_of("A1")
    assert (case["wording"], case["language"], case["wants_phone"], case["province"]) == ("regular", "nl", False, None)
    assert case["ended_on"] == date(2024, 12, 31)
    assert case_of("A2")["wording"] == "low_threshold"


def test_only_accepted_rows_become_cases(tmp_path: Path) -> None:
    twice = client()
    done = deliver(tmp_path, twice, twice, client(dienst="99"), commissioner(), commissioner(email=twice["email"]))
    assert done.counts == {"accepted": 2, "rejected": 1, "duplicate": 1, "self_reporter": 1}
    with reading() as connection:
        kinds = sorted(connection.scalars(sa.select(_case.c.kind)))
        delivery = connection.execute(sa.select(_delivery)).one()
    assert kinds == ["client", "commissioner"]
    assert (delivery.n_rows, delivery.n_accepted, delivery.n_rejected, delivery.n_duplicate) == (5, 2, 1, 1)
    assert (delivery.n_self_reporter, delivery.n_new, delivery.n_updated) == (1, 2, 0)


def test_a_second_identical_import_changes_nothing(tmp_path: Path) -> None:
    rows = [client(), client(klantnummer=""), commissioner()]
    assert deliver(tmp_path, *rows).n_new == 3
    before = everything()
    again = deliver(tmp_path, *rows)
    assert again.same_file_at is not None and again.n_new == again.n_updated == 0
    assert everything() == before


def test_an_older_file_stored_again_does_not_undo_a_newer_one(tmp_path: Path) -> None:
    first = client(klantnummer="A1", email="oud@voorbeeld.nl")
    deliver(tmp_path, first)
    deliver(tmp_path, first | {"email": "nieuw@voorbeeld.nl"})
    assert deliver(tmp_path, first).same_file_at is not None
    assert case_of("A1")["email"] == "nieuw@voorbeeld.nl"


def test_a_known_reference_renews_contact_data_and_loses_nothing(tmp_path: Path) -> None:
    row = client(klantnummer="A1", email="oud@voorbeeld.nl", telefoon="0612345678", taal="tr", dienst="9", **ADDRESS)
    deliver(tmp_path, row)
    before = case_of("A1")
    done = deliver(tmp_path, row | {"email": "nieuw@voorbeeld.nl", "telefoon": "", "taal": "", "dienst": "8",
                                    "postcode": "9711 AB", "plaats": "Groningen"}, client())  # fmt: skip
    after = case_of("A1")
    assert (done.n_new, done.n_updated, done.n_other_service) == (1, 1, 1)
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"email", "email_key", "postcode", "place", "province", "household_key"}
    assert (after["email"], after["province"]) == ("nieuw@voorbeeld.nl", "Groningen")


def test_a_new_reference_with_the_address_of_a_stored_case_is_a_duplicate(tmp_path: Path) -> None:
    house = ADDRESS | {"achternaam": "Jansen"}
    deliver(tmp_path, client(klantnummer="A1", email="een@voorbeeld.nl", **house), client(klantnummer="A2"))
    rows = [client(email="EEN@voorbeeld.nl"), client(**house), client(klantnummer="A2", email="een@voorbeeld.nl"),
            commissioner(klantnummer="A2"), commissioner(email="een@voorbeeld.nl")]  # fmt: skip
    file = open_delivery(write_csv(tmp_path, rows))
    found = preview(file, "werkpad", "2024").verdicts
    assert [(one.verdict, " ".join(one.columns)) for one in found] == [
        ("duplicate", "email"),
        ("duplicate", "achternaam huisnummer postcode dienst"),
        ("duplicate", "email"),
        ("duplicate", "klantnummer"),
        ("self_reporter", "email"),
    ]
    assert all("eerdere aanlevering" in one.reasons[0].text() for one in found[:4])
    assert deliver(tmp_path, *rows).n_new == 0


def test_deliveries_of_other_providers_and_waves_are_strangers(tmp_path: Path) -> None:
    make_provider("Taalhuis"), make_wave("2024-najaar")
    row = client(klantnummer="A1")
    assert deliver(tmp_path, row).n_new == 1
    assert deliver(tmp_path, row, provider="taalhuis").n_new == 1
    assert deliver(tmp_path, row, wave="2024-najaar").n_new == 1


def test_a_commissioner_who_turns_up_as_client_later_leaves_the_net_sample(tmp_path: Path) -> None:
    deliver(tmp_path, commissioner(klantnummer="O1", email="zelf@voorbeeld.nl"), commissioner(klantnummer="O2"))
    deliver(tmp_path, client(klantnummer="A1", email="zelf@voorbeeld.nl"))
    assert case_of("O1")["disposition"] == dispositions.SELF_REPORTER
    assert case_of("O2")["disposition"] == case_of("A1")["disposition"] == "open"
    with reading() as connection:
        condition = dispositions.in_net_sample()
        assert connection.scalar(sa.select(sa.func.count()).select_from(_case).where(condition)) == 2


def test_an_unknown_provider_or_wave_is_refused_and_nothing_is_stored(tmp_path: Path) -> None:
    before = everything()
    for provider, wave in (("nobody", "2024"), ("werkpad", "1999")):
        with pytest.raises(NotFound):
            deliver(tmp_path, client(), provider=provider, wave=wave)
    assert everything() == before


def test_a_file_that_breaks_off_stores_nothing(tmp_path: Path) -> None:
    path = write_csv(tmp_path, [client() for _ in range(50)])
    with path.open("a") as file:
        file.write('"unclosed')
    before = everything()
    with pytest.raises(Unreadable):
        import_delivery(open_delivery(path), "werkpad", "2024")
    assert everything() == before


def test_a_failure_half_way_stores_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery_rows, "BATCH", 2)
    before = everything()

    def stop(n_rows: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_delivery(
            open_delivery(write_csv(tmp_path, [client() for _ in range(5)])), "werkpad", "2024", stored=stop
        )
    assert everything() == before


def test_a_delivery_that_another_overtook_is_refused(tmp_path: Path) -> None:
    rows = [client() for _ in range(1000)]

    def overtake(n_rows: int) -> None:
        (tmp_path / "other").mkdir()
        deliver(tmp_path / "other", client())

    with pytest.raises(Conflict, match="try again"):
        import_delivery(open_delivery(write_csv(tmp_path, rows)), "werkpad", "2024", judged=overtake)
    with reading() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(_case)) == 1


def test_a_preview_stores_nothing_and_agrees_with_the_import(tmp_path: Path) -> None:
    before = everything()
    shown = preview(open_delivery(sample("werkpad")), "werkpad", "2024")
    assert everything() == before
    assert import_delivery(open_delivery(sample("werkpad")), "werkpad", "2024").counts == shown.counts


SENTINELS = {
    "klantnummer": "ZXREFERENTIE77", "aanhef": "ZXAANHEF", "voorletters": "ZXV.", "tussenvoegsel": "zxvander",
    "achternaam": "Zxsentinelnaam", "email": "zxsentinel@zxdomein.nl", "telefoon": "0687654321",
    "telefoon2": "0201239876", "straat": "Zxstraatweg", "huisnummer": "98761", "toevoeging": "zxhoog",
    "postcode": "9876 ZX", "plaats": "Zxplaats", "organisatie": "Zxorganisatie", "functie": "Zxfunctie",
}  # fmt: skip


def stored_bytes(tmp_path: Path) -> Iterator[bytes]:
    """Everything that a thief of the database would hold."""
    if engine().dialect.name == "sqlite":
        for path in tmp_path.glob("peilwijs.sqlite3*"):
            yield path.read_bytes()
    with reading() as connection:
        for table in SQLModel.metadata.sorted_tables:
            for row in connection.execute(sa.select(table)):
                for value in row:
                    yield bytes(value) if isinstance(value, bytes | memoryview) else repr(value).encode()


def readable(tmp_path: Path) -> set[str]:
    """The contact data of the sentinel that can be read without the secret."""
    deliver(tmp_path, client(**SENTINELS), client())
    (tmp_path / "delivery.csv").unlink()
    found = b"\n".join(stored_bytes(tmp_path)).lower()
    needles = {*SENTINELS.values(), "+31687654321", "+31201239876", "9876ZX", "687654321", "201239876"}
    return {needle for needle in needles if needle.lower().encode() in found}


def test_no_contact_data_can_be_read_in_the_database(tmp_path: Path) -> None:
    assert readable(tmp_path) == set()
    assert case_of(SENTINELS["klantnummer"])["surname"] == "Zxsentinelnaam"


def test_without_encryption_the_search_finds_all_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery_rows, "encrypt_each", lambda texts: tuple(text.encode() or None for text in texts))
    assert len(readable(tmp_path)) >= len(SENTINELS)
