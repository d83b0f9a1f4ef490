"""Batches of letters: nobody twice, secrets kept, printed and returned booked."""

import csv
import io
import stat
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import sqlalchemy as sa

from app import clock, tasks
from app.audit.tables import AuditEntry
from app.database import reading, writing
from app.errors import Conflict
from app.fieldwork import tokens
from app.fieldwork.letters import batches as letter_batches
from app.fieldwork.letters import making as letters
from app.fieldwork.letters.returned_post import book
from app.fieldwork.sending.planning import sending_wave
from app.fieldwork.tables import Case, Contact, Wave
from app.settings import settings
from app.web.access import Role
from tests.factories.letters import queue_letters, states, waiting_letters, wave_id
from tests.factories.office import signed_in_as

PAGE = "/kantoor/brieven/2024"


def take() -> int | None:
    with writing() as connection:
        return letter_batches.take(connection, sending_wave(connection, wave_id()), "user:1")


def printed() -> tuple[int, list[Any]]:
    batch_id = take()
    assert batch_id is not None
    _, made = letters.compose(batch_id)
    with writing() as connection:
        letter_batches.book_printed(connection, "user:1", batch_id)
    return batch_id, made


def returned(typed: str) -> Any:
    with writing() as connection:
        return book(connection, "user:1", wave_id(), typed)


def disposition(case_id: int) -> str:
    with reading() as connection:
        return str(connection.scalar(sa.select(Case.__table__.c.disposition).where(Case.__table__.c.id == case_id)))


def actions() -> list[str]:
    with reading() as connection:
        return list(
            connection.scalars(sa.select(AuditEntry.__table__.c.action).order_by(AuditEntry.__table__.c.number))
        )


def change(table: Any, **values: Any) -> None:
    with writing() as connection:
        connection.execute(sa.update(table.__table__).values(values))


def test_two_batches_at_once_never_hold_the_same_letter(database: str) -> None:
    case_ids = waiting_letters(40)
    made: list[int | None] = []
    threads = [Thread(target=lambda: made.append(take())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with reading() as connection:
        batches = letter_batches.batches(connection, wave_id())
    assert sum(one.n_letters for one in batches) == len(case_ids)
    assert {one.id for one in batches} == {batch_id for batch_id in made if batch_id}


def test_every_letter_has_a_link_and_a_code_of_its_own_that_open_its_case(database: str) -> None:
    case_ids = waiting_letters(5)
    batch_id = take()
    assert batch_id is not None
    _, made = letters.compose(batch_id)
    assert {one.case_id for one in made} == set(case_ids)
    with reading() as connection:
        for one in made:
            for token in (one.code, one.link.rpartition("/")[2]):
                found = tokens.find(connection, token)
                assert found and found.case_id == one.case_id
    assert len({one.code for one in made} | {one.link for one in made}) == 10


def test_who_finished_or_lost_the_address_is_withdrawn_and_gets_no_letter(database: str) -> None:
    done, moved, opted_out, left = waiting_letters(4)
    with writing() as connection:
        for case_id, new in ((done, "finished"), (opted_out, "opted_out")):
            connection.execute(sa.update(Case.__table__).where(Case.__table__.c.id == case_id).values(disposition=new))
        gone = sa.update(Contact.__table__).where(Contact.__table__.c.case_id == moved)
        connection.execute(gone.values(post_failed_at=clock.now()))
    with reading() as connection:
        assert letter_batches.n_waiting(connection, wave_id()) == 1
    take()
    assert states() == {done: "withdrawn", moved: "withdrawn", opted_out: "withdrawn", left: "claimed"}


def test_who_opts_out_after_the_claim_is_left_out_of_the_pdf(database: str) -> None:
    first, second = waiting_letters(2)
    batch_id = take()
    assert batch_id is not None
    with writing() as connection:
        connection.execute(
            sa.update(Case.__table__).where(Case.__table__.c.id == first).values(disposition="opted_out")
        )
    _, made = letters.compose(batch_id)
    assert [one.case_id for one in made] == [second]
    assert states()[first] == "withdrawn"


@pytest.mark.parametrize(
    "values", [{"paused_at": clock.now()}, {"fieldwork_ends_on": clock.today().replace(year=2020)}]
)
def test_a_paused_or_closed_wave_sends_no_letters(database: str, values: dict[str, Any]) -> None:
    waiting_letters(1)
    change(Wave, **values)
    with pytest.raises(Conflict):
        take()
    assert set(states().values()) == {"queued"}


def test_a_batch_is_printed_once(database: str) -> None:
    case_ids = waiting_letters(2)
    batch_id, _ = printed()
    assert states() == dict.fromkeys(case_ids, "printed")
    for again in (letter_batches.book_printed, letter_batches.give_up):
        with writing() as connection, pytest.raises(Conflict):
            again(connection, "user:1", batch_id)
    assert states() == dict.fromkeys(case_ids, "printed")


def test_a_batch_that_is_given_up_leaves_its_letters_for_the_next(database: str) -> None:
    case_ids = waiting_letters(2)
    batch_id = take()
    assert batch_id is not None
    with writing() as connection:
        letter_batches.give_up(connection, "user:1", batch_id)
    assert states() == dict.fromkeys(case_ids, "queued")
    assert take() is not None


def test_returned_post_is_booked_once_by_code_or_by_link(database: str) -> None:
    waiting_letters(2)
    _, (first, second) = printed()
    assert returned(tokens.grouped(first.code).lower().replace("-", " ")).is_booked
    assert not returned(first.code).is_booked
    assert returned(second.link).is_booked
    assert set(states().values()) == {"returned"}
    assert {disposition(first.case_id), disposition(second.case_id)} == {"undeliverable"}
    assert actions().count("post.returned") == 2


def test_who_has_a_phone_or_e_mail_stays_in_when_a_letter_comes_back(database: str) -> None:
    waiting_letters(1, contact={"phone": "+31612345678"})
    _, (one,) = printed()
    assert returned(one.code).is_booked
    assert disposition(one.case_id) == "open"


def test_the_answer_names_the_group_with_the_slip(database: str) -> None:
    waiting_letters(1)
    _, (one,) = printed()
    groups = tokens.grouped(one.code).split("-")
    groups[2] = groups[2][:3] + ("A" if groups[2][3] != "A" else "C")
    answer = returned("-".join(groups))
    assert (answer.is_booked, answer.group) == (False, 3)
    assert set(states().values()) == {"printed"}


def test_a_letter_that_was_not_printed_cannot_come_back(database: str) -> None:
    waiting_letters(1)
    batch_id = take()
    assert batch_id is not None
    _, (one,) = letters.compose(batch_id)
    assert not returned(one.code).is_booked
    assert set(states().values()) == {"claimed"}


def test_the_list_for_the_print_shop_holds_no_formulas(database: str) -> None:
    waiting_letters(1, contact={"salutation": "=1+1", "street": "@SUM(A1)", "place": "-Utrecht"}, provider="+Plus")
    batch_id = take()
    assert batch_id is not None
    _, made = letters.compose(batch_id)
    rows = list(csv.DictReader(io.StringIO(letters.as_csv(made).decode("utf-8-sig")), delimiter=";"))
    assert rows[0]["adresregel1"].startswith("'=1+1") and rows[0]["adresregel2"].startswith("'@SUM")
    assert rows[0]["dienstverlener"] == "'+Plus"
    assert rows[0]["code"] == tokens.grouped(made[0].code)
    assert not any(cell[:1] in ("=", "+", "-", "@") for row in rows for cell in row.values())


def test_the_command_writes_a_private_pdf_and_list_and_books_them(
    database: str, cli: Callable[..., Any], tmp_path: Path
) -> None:
    case_ids = waiting_letters(2)
    pdf, table = tmp_path / "brieven.pdf", tmp_path / "brieven.csv"
    done = cli("letters", "--wave", "2024", "-o", pdf, "--csv", table)
    assert done.exit_code == 0, done.stderr
    assert pdf.read_bytes().startswith(b"%PDF") and len(table.read_text().splitlines()) == 3
    assert {stat.S_IMODE(path.stat().st_mode) for path in (pdf, table)} == {0o600}
    assert states() == dict.fromkeys(case_ids, "printed")
    again = cli("letters", "--wave", "2024", "-o", tmp_path / "none.pdf")
    assert (again.exit_code, (tmp_path / "none.pdf").exists()) == (0, False)


def test_the_command_gives_the_letters_back_when_it_cannot_write(
    database: str, cli: Callable[..., Any], tmp_path: Path
) -> None:
    case_ids = waiting_letters(1)
    assert cli("letters", "--wave", "2024", "-o", tmp_path / "no" / "folder.pdf").exit_code == 1
    assert states() == dict.fromkeys(case_ids, "queued")


def test_a_batch_from_the_office_pages_until_post_comes_back(database: str) -> None:
    waiting_letters(2)
    somebody = signed_in_as(Role.RESEARCHER)
    assert "2 brieven wachten" in somebody.get(PAGE).text
    somebody.post(PAGE).follow()
    assert "<progress" in somebody.text
    address = str(somebody.response.url.path)
    assert tasks.run_one()
    assert "klaar om te drukken" in somebody.get(address).text
    stored = next((settings().var_folder / "letters").iterdir())
    assert stat.S_IMODE(stored.stat().st_mode) == 0o600 and b"Kerkstraat" not in stored.read_bytes()
    pdf = somebody.client.get(f"{address}/brieven.pdf")
    assert pdf.content.startswith(b"%PDF") and pdf.headers["cache-control"] == "no-store"
    table = somebody.client.get(f"{address}/brieven.csv").content.decode("utf-8-sig")
    code = next(csv.DictReader(io.StringIO(table), delimiter=";"))["code"]
    somebody.get(address).post(f"{address}/gedrukt").follow()
    assert "verwijderd" in somebody.text
    assert somebody.client.get(f"{address}/brieven.pdf").status_code == 404
    assert not list((settings().var_folder / "letters").iterdir())
    somebody.get(f"{PAGE}/post").post(f"{PAGE}/post", code=code)
    assert 'role="status"' in somebody.text and "autofocus" in somebody.text
    somebody.post(f"{PAGE}/post", code="AAAA")
    assert (somebody.status, 'role="alert"' in somebody.text) == (422, True)
    wanted = {"letters.batch", "letters.made", "letters.downloaded", "letters.printed", "post.returned"}
    assert wanted <= set(actions())


def test_a_batch_whose_making_failed_can_be_made_again_or_given_up(database: str) -> None:
    case_ids = waiting_letters(1)
    batch_id = take()
    somebody = signed_in_as(Role.RESEARCHER)
    assert "opnieuw" in somebody.get(f"{PAGE}/{batch_id}").text
    somebody.post(f"{PAGE}/{batch_id}/opnieuw").follow()
    assert tasks.run_one() and letters.is_made(batch_id or 0)
    somebody.get(f"{PAGE}/{batch_id}").post(f"{PAGE}/{batch_id}/ongedaan").follow()
    assert states() == dict.fromkeys(case_ids, "queued") and not letters.is_made(batch_id or 0)


def test_a_reminder_by_letter_waits_like_an_invitation(database: str) -> None:
    case_ids = waiting_letters(1)
    printed()
    with writing() as connection:
        queue_letters(connection, case_ids, "14-letter-reminder")
    _, (one,) = printed()
    assert returned(one.code).is_booked
    assert states() == {case_ids[0]: "returned"}
