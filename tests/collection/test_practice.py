"""The practice question: offered first on easy pages, answered with feedback, never stored."""

import pytest

from tests.factories.cases import make_case
from tests.factories.respondent import Respondent
from tests.factories.stored import answers_of, interview_of

pytestmark = pytest.mark.usefixtures("database")


def practising() -> tuple[Respondent, int]:
    invited = make_case(service=6, wording="low_threshold")
    return Respondent().open(invited.token).get("/oefenen"), invited.case_id


@pytest.mark.parametrize("case", [{"service": 11}, {"service": 6, "wording": "low_threshold"}])
def test_easy_pages_offer_to_practise(case: dict[str, object]) -> None:
    assert 'href="/oefenen"' in Respondent().open(make_case(**case).token).text


def test_what_was_chosen_is_said_back_and_nothing_is_stored() -> None:
    someone, case_id = practising()
    assert someone.choices()["oefening"] == ["sun", "cloud", "rain", "other"]
    someone.send({"oefening": "rain"})
    assert someone.response.status_code == 200
    assert "U koos:" in someone.text and "Het regent" in someone.text and "De zon schijnt" not in someone.text
    assert interview_of(case_id) is None and answers_of(case_id) == {}


def test_after_practising_one_begins() -> None:
    someone, case_id = practising()
    someone.send({"oefening": "sun"}).send()
    assert someone.path == "/vragenlijst/had_contact"
    assert interview_of(case_id) is not None and answers_of(case_id) == {}


@pytest.mark.parametrize("posted", [{}, {"oefening": "snow"}], ids=["nothing", "no option"])
def test_whoever_chooses_nothing_is_shown_how(posted: dict[str, str | list[str]]) -> None:
    someone, _ = practising()
    someone.send(posted)
    assert someone.response.status_code == 422
    assert "Tik op een van de antwoorden" in someone.text
    assert someone.send({"oefening": "sun"}).response.status_code == 200


def test_there_is_no_practising_in_regular_wording() -> None:
    someone = Respondent().open(make_case(service=6).token)
    assert "/oefenen" not in someone.text
    assert someone.get("/oefenen").path == "/vragenlijst"


def test_who_has_begun_goes_on_instead_of_practising() -> None:
    someone, _ = practising()
    someone.send({"oefening": "sun"}).send()
    assert someone.get("/oefenen").path == "/vragenlijst/had_contact"


def test_help_on_the_practice_page_leads_back_to_it() -> None:
    someone, _ = practising()
    someone.send(action="help")
    assert someone.path == "/hulp" and 'href="/oefenen"' in someone.text


def test_htmx_gets_the_feedback_as_a_part_of_the_page() -> None:
    someone, _ = practising()
    someone.send({"oefening": "sun"}, **{"HX-Request": "true"})
    assert "<html" not in someone.text and "Goed zo!" in someone.text
