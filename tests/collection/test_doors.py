"""Tokens, codes and closed doors."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from app.clock import now
from app.database import reading, writing
from app.fieldwork.tables import Case, Token
from app.fieldwork.tokens import issue
from tests.factories.cases import make_case, make_participation
from tests.factories.respondent import Respondent

pytestmark = pytest.mark.usefixtures("database")


def change(table: type, case_id: int, column: str, **values: object) -> None:
    with writing() as connection:
        connection.execute(sa.update(table.__table__).where(table.__table__.c[column] == case_id).values(values))  # type: ignore[attr-defined]


def test_a_link_becomes_a_cookie_and_an_address_without_the_token() -> None:
    invited = make_case()
    client = Respondent().client
    response = client.get(f"/v/{invited.token}", follow_redirects=False)
    assert response.status_code == 303
    assert response.headers["location"] == "/vragenlijst"
    cookie = response.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie
    assert invited.token not in cookie


def test_the_cookie_is_host_bound_behind_https(monkeypatch: pytest.MonkeyPatch) -> None:
    from app.settings import settings

    invited = make_case()
    monkeypatch.setenv("PEILWIJS_PUBLIC_URL", "https://meedoen.example")
    settings.cache_clear()
    host = {"host": "meedoen.example"}
    response = Respondent().client.get(f"/v/{invited.token}", follow_redirects=False, headers=host)
    assert response.headers["set-cookie"].startswith("__Host-peilwijs=")
    assert "Secure" in response.headers["set-cookie"]
    assert "strict-transport-security" in response.headers


def test_an_unknown_link_gets_a_friendly_page_with_the_help_number() -> None:
    someone = Respondent().open("dit-bestaat-niet")
    assert someone.response.status_code == 404
    assert "Wij kennen deze link niet" in someone.text
    assert "088 000 1234" in someone.text


def test_a_revoked_link_stays_shut() -> None:
    invited = make_case()
    change(Token, invited.case_id, "case_id", revoked_at=now())
    someone = Respondent().open(invited.token)
    assert someone.response.status_code == 410
    assert "Deze link werkt niet meer" in someone.text


def test_a_link_revoked_while_somebody_answers_stays_shut_too() -> None:
    invited = make_case()
    someone = Respondent().open(invited.token).send()
    change(Token, invited.case_id, "case_id", revoked_at=now())
    assert "Deze link werkt niet meer" in someone.answer_anything().text


def opened_at(case_id: int) -> object:
    with reading() as connection:
        return connection.scalar(sa.select(Case.__table__.c.opened_at).where(Case.__table__.c.id == case_id))  # type: ignore[attr-defined]


def test_the_first_use_of_a_link_is_noted_once() -> None:
    invited = make_case()
    assert opened_at(invited.case_id) is None
    with time_machine.travel("2026-11-02 10:00 +0000", tick=False):
        Respondent().open(invited.token)
        first = now()
    with time_machine.travel("2026-11-03 10:00 +0000", tick=False):
        Respondent().open(invited.token)
    assert opened_at(invited.case_id) == first


def test_a_link_that_opens_nothing_counts_as_unused() -> None:
    invited = make_case()
    change(Token, invited.case_id, "case_id", revoked_at=now())
    Respondent().open(invited.token)
    assert opened_at(invited.case_id) is None


def test_after_the_fieldwork_the_questionnaire_is_closed() -> None:
    invited = make_case(make_participation(label="oud", fieldwork_ends_on=date(2020, 1, 1)))
    assert "Deze vragenlijst is gesloten" in Respondent().open(invited.token).text


def test_who_opted_out_reads_so_in_the_language_of_the_case() -> None:
    dutch = make_case(disposition="opted_out")
    assert "U doet niet mee" in Respondent().open(dutch.token).text


def test_a_closed_page_tells_a_stranger_nothing() -> None:
    invited = make_case(make_participation(name="Geheime Naam"), disposition="opted_out")
    assert "Geheime Naam" not in Respondent().open(invited.token).text


def test_without_a_cookie_the_code_page_is_the_way_in() -> None:
    someone = Respondent().get("/vragenlijst/grade")
    assert someone.response.status_code == 401
    assert "Typ de code uit de brief" in someone.text


def test_a_forged_cookie_opens_nothing() -> None:
    invited = make_case()
    someone = Respondent()
    someone.client.cookies.set("peilwijs", f"[{invited.case_id}, 1].forged.cookie")
    assert someone.get("/vragenlijst").response.status_code == 401


def test_a_cookie_is_too_old_after_its_hours() -> None:
    invited = make_case()
    with time_machine.travel("2026-06-01 09:00 +0000", tick=False) as clock:
        someone = Respondent().open(invited.token)
        assert someone.get("/vragenlijst").response.status_code == 200
        clock.shift(timedelta(hours=11))
        assert someone.get("/vragenlijst").response.status_code == 200
        clock.shift(timedelta(hours=2))
        assert someone.get("/vragenlijst", Cookie=cookie_of(someone)).response.status_code == 401


def cookie_of(someone: Respondent) -> str:
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in someone.client.cookies.jar)


def test_an_unknown_code_is_refused_and_kept_in_the_field() -> None:
    someone = Respondent().get("/code").send({"code": "abcd efgh jkmn"})
    assert someone.response.status_code == 422
    assert someone.title.startswith("Fout:")
    assert 'value="abcd efgh jkmn"' in someone.text


def issue_code(case_id: int) -> str:
    with writing() as connection:
        return issue(connection, [case_id], "code")[case_id]


def test_a_typed_code_opens_whatever_its_case_spaces_and_dashes() -> None:
    code = issue_code(make_case().case_id)
    someone = Respondent().get("/code").send({"code": f" {code[:4].lower()} {code[4:8]}-{code[8:]} "})
    assert someone.path == "/vragenlijst"


def test_a_slip_in_a_code_is_pointed_at_by_its_group() -> None:
    code = issue_code(make_case().case_id)
    wrong = code[:9] + ("2" if code[9] != "2" else "3") + code[10:]
    assert "In groepje 3 staat een fout" in Respondent().get("/code").send({"code": wrong}).text


def test_guessing_codes_is_stopped() -> None:
    someone = Respondent().get("/code")
    for _ in range(10):
        someone.send({"code": "abcd efgh jkmn"})
    assert someone.send({"code": "abcd efgh jkmn"}).response.status_code == 429


def test_a_finished_questionnaire_says_thank_you_when_opened_again() -> None:
    invited = make_case(service=6)
    Respondent().open(invited.token).send().go_on_until("/overzicht").send()
    again = Respondent().open(invited.token)
    assert "U hebt de vragenlijst al ingevuld" in again.text


def test_a_case_whose_state_is_refused_stays_shut() -> None:
    invited = make_case()
    change(Case, invited.case_id, "id", disposition="refused")
    assert Respondent().open(invited.token).response.status_code == 410
