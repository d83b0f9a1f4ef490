"""No more messages: two steps by hand, one by a mail program, and nothing by only looking."""

import re

import pytest
import sqlalchemy as sa

from app.database import reading, writing
from app.fieldwork import dispositions
from app.fieldwork.opt_outs import has_opted_out
from app.fieldwork.sending.opt_out_links import case_of, opt_out_link
from app.fieldwork.tables import Case, CaseEvent, OptOut
from tests.factories.people import make_people
from tests.factories.respondent import Respondent


def path(case_id: int) -> str:
    return opt_out_link(case_id).removeprefix("http://localhost:8000")


def disposition(case_id: int) -> str:
    table = Case.__table__
    with reading() as connection:
        return str(connection.scalar(sa.select(table.c.disposition).where(table.c.id == case_id)))


def n_rows(table: type) -> int:
    with reading() as connection:
        return int(connection.scalar(sa.select(sa.func.count()).select_from(table.__table__)) or 0)


def test_looking_changes_nothing_and_one_button_opts_out(database: str) -> None:
    (case_id,) = make_people(1)
    person = Respondent().get(path(case_id))
    assert (person.response.status_code, disposition(case_id)) == (200, "open")
    assert person.title.startswith("Wilt u geen berichten meer van ons?")
    person.send()
    assert person.response.status_code == 200
    assert "U krijgt geen berichten meer van ons." in person.text
    assert "Wilt u toch meedoen? Bel ons dan." in person.text
    assert disposition(case_id) == "opted_out"


def test_a_second_time_says_the_same_and_changes_nothing(database: str) -> None:
    (case_id,) = make_people(1)
    person = Respondent()
    for _ in range(2):
        person.response = person.client.post(path(case_id))
        assert "U krijgt geen berichten meer van ons." in person.text
    assert "U krijgt geen berichten meer van ons." in person.get(path(case_id)).text
    assert (n_rows(CaseEvent), n_rows(OptOut)) == (1, 1)


@pytest.mark.parametrize("form", ["urlencoded", "multipart", "empty"])
def test_a_mail_program_opts_out_with_one_request_without_page_cookie_or_token(form: str, database: str) -> None:
    (case_id,) = make_people(1)
    given = {"urlencoded": {"data": {"List-Unsubscribe": "One-Click"}}, "empty": {},
             "multipart": {"files": {"List-Unsubscribe": (None, "One-Click")}}}[form]  # fmt: skip
    answer = Respondent().client.post(path(case_id), follow_redirects=False, **given)
    assert (answer.status_code, disposition(case_id)) == (200, "opted_out")
    assert "set-cookie" not in answer.headers


def test_another_site_cannot_make_a_browser_opt_somebody_out(database: str) -> None:
    (case_id,) = make_people(1)
    answer = Respondent().client.post(path(case_id), headers={"origin": "https://elsewhere.example"})
    assert (answer.status_code, disposition(case_id)) == (403, "open")


@pytest.mark.parametrize("change", ["x", "", "MTIz", "\u0661", "a" * 5000])
def test_a_link_that_was_not_made_here_opens_and_changes_nothing(change: str, database: str) -> None:
    (case_id,) = make_people(1)
    address = f"/afmelden/{change or path(case_id).split('/')[-1][:-1]}"
    person = Respondent()
    assert person.get(address).response.status_code == 404
    assert person.client.post(address).status_code == 404
    assert disposition(case_id) == "open"


def test_the_link_of_one_case_is_never_that_of_another(database: str) -> None:
    assert case_of(path(12).split("/")[-1]) == 12
    first, second = (path(number).split("/")[-1].split(".") for number in (12, 13))
    assert case_of(f"{first[0]}.{second[1]}") is None


def test_the_page_comes_in_the_language_of_the_case_where_drafts_may_be_shown(database: str) -> None:
    (case_id,) = make_people(1, language="ar")
    assert 'lang="nl"' in Respondent().get(path(case_id)).text
    with writing() as connection:
        rules = connection.scalar(sa.text("SELECT rules FROM wave"))
        rules = re.sub(r'"allow_drafted_translations": false', '"allow_drafted_translations": true',
                       rules if isinstance(rules, str) else __import__("json").dumps(rules))  # fmt: skip
        connection.execute(sa.text("UPDATE wave SET rules = :rules"), {"rules": rules})
    person = Respondent().get(path(case_id))
    assert 'lang="ar" dir="rtl"' in person.text
    assert 'dir="rtl"' in person.send().text


def test_who_has_finished_still_counts_and_is_known_to_want_no_more(database: str) -> None:
    (case_id,) = make_people(1)
    with writing() as connection:
        dispositions.report_finished(connection, [case_id])
    Respondent().client.post(path(case_id))
    assert disposition(case_id) == "finished"
    with reading() as connection:
        assert has_opted_out(connection, case_id)
