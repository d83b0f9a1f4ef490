"""Deliveries over HTTP, without JavaScript: send, look, download, store or discard; and the reserve."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from app.audit.tables import AuditEntry
from app.database import reading, writing
from app.fieldwork.delivery import uploads
from app.fieldwork.delivery.check import VERDICTS
from app.fieldwork.delivery.file import open_delivery
from app.fieldwork.opt_outs import opt_out
from app.fieldwork.tables import Case, Delivery
from app.tasks import run_one
from app.web.access import Role
from tests.factories.deliveries import SAMPLES, client, expected, sample, write_csv
from tests.factories.fieldwork import make_provider, make_wave
from tests.factories.office import Employee, signed_in_as

ADDRESS = "/kantoor/aanlevering/2024/werkpad"
_case, _delivery, _entry = Case.__table__, Delivery.__table__, AuditEntry.__table__  # type: ignore[attr-defined]


@pytest.fixture
def researcher(database: str) -> Employee:
    make_wave(rules={"max_sample": {"9": 3}}, seed=7)
    make_provider()
    return signed_in_as(Role.RESEARCHER)


def send(who: Employee, file: Path | bytes, name: str = "lijst.csv") -> Employee:
    """Chooses a file on the provider's page and presses the button."""
    token = re.search(r'name="token" value="([0-9a-f]+)"', who.get(ADDRESS).text)
    assert token
    content = file if isinstance(file, bytes) else file.read_bytes()
    name = name if isinstance(file, bytes) else file.name
    who.response = who.client.post(ADDRESS, data={"token": token[1]}, files={"bestand": (name, content)})
    return who


def looked_at(who: Employee, file: Path | bytes) -> Employee:
    """Sends a file, lets the check run and opens the preview."""
    send(who, file).follow()
    assert run_one()
    return who.get(str(who.response.url.path))


def stored(who: Employee) -> Employee:
    """Confirms the preview that is open, lets the work run and opens the result."""
    who.post(f"{who.response.url.path}/opnemen").follow()
    assert run_one()
    return who.get(str(who.response.url.path))


def shown_rows(who: Employee) -> list[tuple[int, str, str]]:
    """Row, verdict and columns of every record, page after page of every verdict."""
    address, found = who.response.url.path, []
    for verdict in VERDICTS:
        number = 1
        while True:
            who.get(f"{address}?oordeel={verdict}&pagina={number}")
            rows = re.findall(r'<tr data-row="(\d+)" data-columns="([^"]*)">', who.text)
            found += [(int(row), verdict, columns) for row, columns in rows]
            if "Volgende pagina" not in who.text:
                break
            number += 1
    return sorted(found)


def dispositions() -> list[str]:
    with reading() as connection:
        return sorted(connection.scalars(sa.select(_case.c.disposition)))


def actions() -> list[str]:
    with reading() as connection:
        return list(connection.scalars(sa.select(_entry.c.action).order_by(_entry.c.number)))


def csv_of(folder: Path, rows: Sequence[Mapping[str, str]]) -> bytes:
    return write_csv(folder, rows).read_bytes()


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_shows_exactly_the_expected_verdicts_and_is_stored(name: str, researcher: Employee) -> None:
    looked_at(researcher, sample(name))
    address = researcher.response.url.path
    assert shown_rows(researcher) == expected(name)
    n_accepted = sum(verdict == "accepted" for _, verdict, _ in expected(name))
    assert f"{n_accepted} van {len(expected(name))} regels akkoord" in researcher.get(address).words
    assert dispositions() == []
    assert f"Opgenomen: {n_accepted} nieuw, 0 bijgewerkt" in stored(researcher).words
    assert len(dispositions()) == n_accepted


def test_the_same_file_again_changes_nothing_and_says_so(researcher: Employee, tmp_path: Path) -> None:
    file = csv_of(tmp_path, [client(), client()])
    stored(looked_at(researcher, file))
    before = dispositions()
    assert "Precies dit bestand is al opgenomen" in looked_at(researcher, file).words
    assert "Dit bestand was er al: er is niets veranderd" in stored(researcher).words
    assert dispositions() == before
    assert researcher.get(ADDRESS).text.count('<th scope="row">') == 2  # the sample's service and one delivery


def test_pressing_twice_stores_once(researcher: Employee, tmp_path: Path) -> None:
    looked_at(researcher, csv_of(tmp_path, [client()]))
    address, page = researcher.response.url.path, researcher.response
    researcher.post(f"{address}/opnemen")
    researcher.response = page
    researcher.post(f"{address}/opnemen").follow()
    assert run_one()
    assert not run_one()
    assert len(dispositions()) == 1


def test_a_later_file_is_compared_with_what_is_known(researcher: Employee, tmp_path: Path) -> None:
    same, other = client(), client()
    stored(looked_at(researcher, csv_of(tmp_path, [same, other])))
    looked_at(researcher, csv_of(tmp_path, [same, other | {"email": "nieuw@voorbeeld.example"}, client()]))
    text = researcher.words
    assert "1 persoon is nieuw." in text
    assert "1 bekende persoon krijgt nieuwe gegevens." in text
    assert "1 bekende persoon blijft gelijk." in text


def test_the_marked_file_explains_every_row(researcher: Employee, tmp_path: Path) -> None:
    looked_at(researcher, csv_of(tmp_path, [client(email="geen adres"), client()]))
    researcher.get(f"{researcher.response.url.path}/bestand")
    assert researcher.response.headers["content-disposition"].endswith('"aanlevering-werkpad-2024-beoordeeld.xlsx"')
    (tmp_path / "marked.xlsx").write_bytes(researcher.response.content)
    records = list(open_delivery(tmp_path / "marked.xlsx").records())
    assert [(row, cells[-2]) for row, cells in records] == [(2, "afgekeurd"), (3, "akkoord")]
    assert "geen e-mailadres" in records[0][1][-1]
    assert "delivery.downloaded" in actions()


def test_what_stood_in_a_faulty_cell_is_shown_and_escaped(researcher: Employee, tmp_path: Path) -> None:
    looked_at(researcher, csv_of(tmp_path, [client(email="<script>alert(1)</script>")]))
    assert "<script>alert" not in researcher.text
    assert "<script>alert(1)</script>" in researcher.words.replace(" ", "") or "alert(1)" in researcher.text


def test_a_burgerservicenummer_is_not_repeated_on_the_page(researcher: Employee, tmp_path: Path) -> None:
    looked_at(researcher, csv_of(tmp_path, [client(klantnummer="111222333")]))
    assert "111222333" not in researcher.text
    assert "••••••333" in researcher.text


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"%PDF-1.7 hello", "Dit is geen CSV- of Excel-bestand"),
        (b"naam;leeftijd\nJan;3\n", "De eerste regel heeft geen kolomnamen die wij kennen"),
        (b"PK\x03\x04 not a zip", "Excel"),
        (b"", "leeg"),
        (b"klantnummer;email\n", "geen regels onder de kolomnamen"),
    ],
)
def test_a_bad_file_gives_one_sentence_and_nothing_is_kept(content: bytes, sentence: str, researcher: Employee) -> None:
    text = looked_at(researcher, content).words
    assert "Dit bestand kunnen wij niet gebruiken" in text
    assert sentence in text
    assert dispositions() == []
    assert [path.name for folder in uploads.uploads_folder().iterdir() for path in folder.iterdir()] == ["about.json"]


def test_without_a_file_the_form_says_what_to_do(researcher: Employee) -> None:
    researcher.get(ADDRESS).post(ADDRESS)
    assert researcher.status == 422
    assert "Kies eerst een bestand" in researcher.words
    assert "<title>Fout:" in researcher.text


def test_discarding_takes_the_file_away(researcher: Employee, tmp_path: Path) -> None:
    looked_at(researcher, csv_of(tmp_path, [client()]))
    address = researcher.response.url.path
    researcher.post(f"{address}/weg").follow()
    assert list(uploads.uploads_folder().iterdir()) == []
    assert researcher.get(address).status == 404
    assert dispositions() == []


def test_a_stored_file_is_taken_away_too_and_others_on_the_machine_never_could_read_it(
    researcher: Employee, tmp_path: Path
) -> None:
    looked_at(researcher, csv_of(tmp_path, [client()]))
    folder = next(uploads.uploads_folder().iterdir())
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert folder.stat().st_mode & 0o777 == 0o700
    stored(researcher)
    assert [path.name for path in folder.iterdir()] == ["about.json"]


def test_what_nobody_stored_is_taken_away_after_a_day(researcher: Employee, tmp_path: Path) -> None:
    looked_at(researcher, csv_of(tmp_path, [client()]))
    assert uploads.delete_old() == 0
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=25)):
        assert uploads.delete_old() == 1
    assert list(uploads.uploads_folder().iterdir()) == []


def test_an_upload_may_be_left_and_found_again_by_its_sender_only(researcher: Employee, tmp_path: Path) -> None:
    send(researcher, csv_of(tmp_path, [client()])).follow()
    address = researcher.response.url.path
    assert "Wij controleren het bestand" in researcher.words
    assert 'hx-trigger="every 1s"' in researcher.text
    assert address in researcher.get(ADDRESS).text
    other = signed_in_as(Role.ADMIN)
    assert other.get(address).status == 404
    assert other.get(f"{address}/bestand").status == 404
    assert address not in other.get(ADDRESS).text


def test_another_delivery_in_between_means_checking_again(researcher: Employee, tmp_path: Path) -> None:
    looked_at(researcher, csv_of(tmp_path, [client()]))
    first = researcher.response
    stored(looked_at(researcher, csv_of(tmp_path, [client()])))
    researcher.response = first
    researcher.post(f"{first.url.path}/opnemen").follow()
    assert "Wij controleren het bestand" in researcher.words
    assert run_one()
    stored(researcher.get(first.url.path))
    assert len(dispositions()) == 2


def test_the_preview_says_who_would_be_drawn_and_the_reserve_follows_one_order(
    researcher: Employee, tmp_path: Path
) -> None:
    rows = [client() for _ in range(8)]
    text = looked_at(researcher, csv_of(tmp_path, rows)).words
    assert "9 Toeleiden naar werk vanuit situatie geen werk 3 0 8 3 5" in text
    stored(researcher)
    assert dispositions() == ["not_sampled"] * 5 + ["open"] * 3
    researcher.get(ADDRESS).post(f"{ADDRESS}/reserve/9", aantal="2")
    assert "2 cliënten uit de reserve toevoegen?" in researcher.words
    assert dispositions().count("open") == 3
    researcher.post(f"{ADDRESS}/reserve/9", aantal="2", zeker="ja").follow()
    assert "Er zijn 2 cliënten uit de reserve toegevoegd." in researcher.words
    assert dispositions() == ["not_sampled"] * 3 + ["open"] * 5
    assert "reserve.drawn" in actions()


@pytest.mark.parametrize("aantal", ["", "0", "-1", "veel", "99"])
def test_a_number_that_cannot_be_drawn_is_refused_beside_its_field(
    aantal: str, researcher: Employee, tmp_path: Path
) -> None:
    stored(looked_at(researcher, csv_of(tmp_path, [client() for _ in range(5)])))
    researcher.get(ADDRESS).post(f"{ADDRESS}/reserve/9", aantal=aantal, zeker="ja")
    assert researcher.status == 422
    assert 'id="e-aantal-9"' in researcher.text
    assert dispositions().count("open") == 3


def test_who_opted_out_is_drawn_and_gets_nothing(researcher: Employee, tmp_path: Path) -> None:
    stored(looked_at(researcher, csv_of(tmp_path, [client() for _ in range(4)])))
    with writing() as connection:
        waiting = connection.scalar(sa.select(_case.c.id).where(_case.c.disposition == "not_sampled"))
        assert waiting
        opt_out(connection, waiting)
    researcher.get(ADDRESS).post(f"{ADDRESS}/reserve/9", aantal="1", zeker="ja")
    assert dispositions() == ["open"] * 3 + ["opted_out"]


def test_every_sight_and_import_is_in_the_audit_log(researcher: Employee, tmp_path: Path) -> None:
    stored(looked_at(researcher, csv_of(tmp_path, [client()])))
    assert [action for action in actions() if action.startswith("delivery.")] == ["delivery.seen", "delivery.imported"]
    with reading() as connection:
        entry: Any = connection.execute(sa.select(_entry).where(_entry.c.action == "delivery.imported")).one()
    assert entry.actor.startswith("user:")
    assert entry.details["n_new"] == 1


def test_the_list_leads_from_the_newest_wave_to_the_provider(researcher: Employee, tmp_path: Path) -> None:
    stored(looked_at(researcher, csv_of(tmp_path, [client()])))
    researcher.get("/kantoor/aanlevering").follow()
    assert ADDRESS in researcher.text
    assert "Werkpad 1 1" in researcher.words


def test_without_a_wave_the_page_says_what_to_do(database: str) -> None:
    assert "Er is nog geen meetperiode" in signed_in_as(Role.RESEARCHER).get("/kantoor/aanlevering").words


def test_a_file_that_is_too_large_is_refused_on_a_page_of_the_office(researcher: Employee) -> None:
    researcher.response = researcher.client.post(ADDRESS, headers={"content-length": "100100000"})
    assert researcher.status == 413
    assert "aanlevering van hoogstens 100 MB" in researcher.words


def test_elsewhere_a_large_form_is_still_refused(researcher: Employee) -> None:
    for path in (f"{ADDRESS}/{'0' * 32}/opnemen", "/kantoor/aanlevering/2024"):
        assert researcher.client.post(path, headers={"content-length": "70000"}).status_code == 413
