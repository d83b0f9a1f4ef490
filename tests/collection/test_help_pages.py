"""Help: what was filled in is kept, a call can be asked for, and the way leads back to the same question."""

import re

import pytest
import sqlalchemy as sa

from app.database import reading, writing
from app.encryption import decrypt, encrypt
from app.fieldwork import dispositions
from app.fieldwork.tables import CallRequest, Contact
from tests.factories.cases import make_case, make_participation
from tests.factories.respondent import Respondent
from tests.factories.stored import answers_of, interview_of

pytestmark = pytest.mark.usefixtures("database")
_request = CallRequest.__table__  # type: ignore[attr-defined]
PHONE = "+31612345678"


def begun(phone: str = PHONE, **case: object) -> tuple[Respondent, int]:
    here = make_participation()
    invited = make_case(here, **({"service": 6, "wording": "low_threshold"} | case))
    with writing() as connection:
        row = {"case_id": invited.case_id, "participation_id": here, "phone": encrypt(phone)}
        connection.execute(sa.insert(Contact.__table__).values(row))  # type: ignore[attr-defined]
    return Respondent().open(invited.token).send(), invited.case_id


def requests() -> list[tuple[int, str, str, str]]:
    with reading() as connection:
        rows = connection.execute(sa.select(_request))
        return [(row.case_id, row.language, row.day_part, decrypt(row.phone)) for row in rows]


def calling(someone: Respondent) -> Respondent:
    """On the page where a call is asked for, coming from the question."""
    return someone.send(action="help").send(action="bel")


@pytest.mark.parametrize("wording", ["regular", "low_threshold"])
def test_asking_for_help_keeps_what_was_filled_in_and_leads_back_to_it(wording: str) -> None:
    someone, case_id = begun(wording=wording)
    someone.send({"had_contact": "yes"}).send({"contact_frequency": "4"}, action="help")
    assert someone.path == "/hulp" and "088 000 1234" in someone.text
    assert answers_of(case_id)["contact_frequency"] == "4"
    someone.get(back_of(someone))
    assert someone.path == "/vragenlijst/contact_frequency"
    assert someone.filled_in()["contact_frequency"] == ["4"]


def back_of(someone: Respondent) -> str:
    """Where the button on a help page leads back to."""
    links = re.findall(r'<a class="button primary" href="(/[^"]*)"', someone.text)
    assert links, someone.text
    return str(links[-1])


def test_an_open_question_is_not_passed_by_asking_for_help() -> None:
    someone, case_id = begun()
    someone.send(action="help")
    assert answers_of(case_id) == {}
    assert someone.get(back_of(someone)).path == "/vragenlijst/had_contact"


def test_who_came_from_an_overview_goes_back_with_it() -> None:
    someone, _ = begun()
    someone.send({"had_contact": "no"}).get("/vragenlijst/had_contact?terug=contact").send(action="help")
    assert back_of(someone) == "/vragenlijst/had_contact?terug=contact"


def test_help_on_the_introduction_begins_nothing() -> None:
    invited = make_case(service=11)
    someone = Respondent().open(invited.token).send(action="help")
    assert someone.path == "/hulp" and back_of(someone) == "/vragenlijst"
    assert interview_of(invited.case_id) is None


def test_help_on_the_last_overview_sends_nothing_off() -> None:
    someone, case_id = begun()
    someone.go_on_until("/overzicht").send(action="help")
    assert back_of(someone) == "/overzicht"
    assert interview_of(case_id).finished_at is None


def test_a_call_is_noted_for_the_call_centre() -> None:
    someone, case_id = begun()
    calling(someone).send({"wanneer": "evening", "spreektaal": "ti"})
    assert someone.path == "/hulp/genoteerd"
    assert "In de avond" in someone.text and "ትግርኛ" in someone.text
    assert requests() == [(case_id, "ti", "evening", "")]
    assert someone.get(back_of(someone)).path == "/vragenlijst/had_contact"


def test_language_and_part_of_the_day_are_filled_in_beforehand() -> None:
    someone, case_id = begun()
    assert len(calling(someone).choices()["spreektaal"]) == 10
    someone.send()
    assert requests() == [(case_id, "nl", "any", "")]


def test_asking_again_replaces_the_request() -> None:
    someone, case_id = begun()
    calling(someone).send({"wanneer": "evening", "telefoon": "020 123 4567"})
    someone.get("/hulp/bel-mij").send({"wanneer": "morning", "spreektaal": "ar"})
    assert requests() == [(case_id, "ar", "morning", "+31201234567")]
    assert "In de ochtend" in someone.get("/hulp").text


def test_without_a_number_one_is_asked_for() -> None:
    someone, _ = begun(phone="")
    calling(someone).send({"spreektaal": "pl"})
    assert someone.response.status_code == 422 and someone.title.startswith("Fout:")
    assert "Wij hebben uw nummer nog niet" in someone.text and 'href="#telefoon"' in someone.text
    assert someone.filled_in()["spreektaal"] == ["pl"]
    someone.send({"telefoon": "06-1234 5678"})
    assert requests()[0][3] == PHONE


@pytest.mark.parametrize("typed", ["12", "nul zes", "06 1234 567<script>", "0" * 500])
def test_a_number_that_cannot_be_called_is_asked_again(typed: str) -> None:
    someone, _ = begun()
    calling(someone).send({"telefoon": typed})
    assert someone.response.status_code == 422
    assert "Dit nummer klopt niet" in someone.text and "<script>" not in someone.text
    assert requests() == []


def test_a_language_or_time_that_we_did_not_offer_is_not_stored() -> None:
    someone, case_id = begun()
    calling(someone).send({"spreektaal": "xx' --", "wanneer": "night"})
    assert requests() == [(case_id, "nl", "any", "")]


@pytest.mark.parametrize("address", ["https://elsewhere.example", "//elsewhere.example", "/v/x", "/vragenlijst/../x"])
def test_the_way_back_never_leads_to_another_site(address: str) -> None:
    someone, _ = begun()
    assert back_of(someone.get("/hulp?van=" + address)) == "/vragenlijst"


@pytest.mark.parametrize("address", ["/hulp", "/hulp/bel-mij", "/hulp/genoteerd"])
def test_whoever_opted_out_gets_the_phone_number_and_no_form(address: str) -> None:
    someone, case_id = begun()
    with writing() as connection:
        dispositions.report(connection, [case_id], dispositions.OPTED_OUT)
    someone.get(address)
    assert someone.response.status_code == 410 and "088 000 1234" in someone.text and "<form" not in someone.text


@pytest.mark.parametrize("address", ["/hulp", "/hulp/bel-mij", "/oefenen"])
def test_without_a_case_there_is_the_code_page(address: str) -> None:
    assert Respondent().get(address).response.status_code == 401


def test_the_number_is_in_no_log(capfd: pytest.CaptureFixture[str]) -> None:
    someone, _ = begun(phone="")
    calling(someone).send({"telefoon": "0612345678"})
    assert "12345678" not in "".join(capfd.readouterr())
