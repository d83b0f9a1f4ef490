"""Filling in over HTTP, without JavaScript."""

import pytest

from tests.factories.cases import make_case
from tests.factories.respondent import Respondent
from tests.factories.stored import answers_of, interview_of

pytestmark = pytest.mark.usefixtures("database")


def begun(**case: object) -> tuple[Respondent, int]:
    invited = make_case(**case)
    return Respondent().open(invited.token).send(), invited.case_id


@pytest.mark.parametrize("wording", ["regular", "low_threshold"])
@pytest.mark.parametrize("service", [1, 3, 6, 9, 11])
def test_a_client_goes_from_introduction_to_thanks(wording: str, service: int) -> None:
    someone, case_id = begun(wording=wording, service=service)
    someone.go_on_until("/overzicht").send()
    assert someone.path == "/bedankt"
    interview = interview_of(case_id)
    assert interview.finished_at is not None and interview.is_usable
    assert interview.grade_tenths == 10
    assert interview.role == (None if service == 11 else "promoter")


def test_looking_at_the_introduction_starts_nothing() -> None:
    invited = make_case()
    Respondent().open(invited.token)
    assert interview_of(invited.case_id) is None


def test_beginning_twice_keeps_one_interview() -> None:
    invited = make_case()
    someone = Respondent().open(invited.token)
    fields = someone.filled_in()
    for _ in range(2):
        someone.client.post("/begin", data=fields)
    assert interview_of(invited.case_id) is not None


def test_an_answer_is_stored_before_the_next_page_shows() -> None:
    someone, case_id = begun(service=6)
    assert someone.path == "/vragenlijst/had_contact"
    someone.send({"had_contact": "yes"})
    assert answers_of(case_id) == {"had_contact": "yes"}
    assert someone.path == "/vragenlijst/contact_frequency"


def test_sending_the_same_page_twice_stores_one_answer() -> None:
    someone, case_id = begun(service=6)
    page = someone.response
    someone.send({"had_contact": "yes"})
    someone.response = page
    someone.send({"had_contact": "yes"})
    assert answers_of(case_id) == {"had_contact": "yes"}
    assert someone.path == "/vragenlijst/contact_frequency"


def test_an_unanswered_question_is_asked_about_once_and_may_then_be_passed() -> None:
    someone, case_id = begun(service=6)
    someone.send()
    assert someone.response.status_code == 422
    assert someone.title.startswith("Let op:") and "error-summary" not in someone.text
    assert "Verder zonder antwoord" in someone.text
    assert answers_of(case_id) == {}
    someone.send(action="skip")
    assert answers_of(case_id) == {"had_contact": None}
    assert someone.path != "/vragenlijst/had_contact"


def test_good_answers_are_kept_when_another_on_the_page_is_missing() -> None:
    someone, case_id = begun(service=6)
    someone.send({"had_contact": "yes"}).send({"contact_frequency": "2_3"})
    assert someone.response.status_code == 422
    assert answers_of(case_id)["contact_frequency"] == "2_3"


def reach_grade() -> tuple[Respondent, int]:
    someone, case_id = begun(service=6)
    someone.send({"had_contact": "no"})
    return someone.go_on_until("/vragenlijst/grade"), case_id


def test_a_wrong_grade_is_explained_and_stays_on_the_page() -> None:
    someone, case_id = reach_grade()
    someone.send({"grade.typed": "elf"})
    assert someone.response.status_code == 422
    assert someone.title.startswith("Fout:") and "error-summary" in someone.text
    assert "Geef een cijfer van 1 tot en met 10" in someone.text
    assert 'value="elf"' in someone.text
    assert 'href="#v-grade"' in someone.text
    assert "grade" not in answers_of(case_id)


@pytest.mark.parametrize("typed", ["7,5", "7.5", " 7 , 5 ", "7,5 "])
def test_a_grade_takes_comma_point_and_spaces(typed: str) -> None:
    someone, case_id = reach_grade()
    someone.send({"grade.typed": typed})
    assert answers_of(case_id)["grade"] == "7.5"
    assert interview_of(case_id).grade_tenths == 75


def test_two_different_grades_are_asked_about() -> None:
    someone, case_id = reach_grade()
    someone.send({"grade": "8", "grade.typed": "7,5"})
    assert "U gaf twee cijfers: 8 en 7,5" in someone.text
    assert "grade" not in answers_of(case_id)


def test_going_back_keeps_what_was_just_entered() -> None:
    someone, case_id = begun(service=6)
    someone.send({"had_contact": "yes"}).send({"contact_frequency": "4"}, action="previous")
    assert someone.path == "/vragenlijst/had_contact"
    assert answers_of(case_id)["contact_frequency"] == "4"


def test_stopping_keeps_everything_and_another_device_goes_on() -> None:
    invited = make_case(service=6)
    phone = Respondent().open(invited.token).send().send({"had_contact": "yes"})
    phone.send({"contact_frequency": "4"}, action="stop")
    assert "Uw antwoorden zijn bewaard" in phone.text
    laptop = Respondent().open(invited.token)
    assert laptop.path == "/vragenlijst/contact_frequency"
    assert laptop.filled_in()["contact_frequency"] == ["4"]


def test_changing_the_gate_takes_answers_out_of_the_count_and_says_so() -> None:
    someone, case_id = begun(service=6)
    someone.send({"had_contact": "yes"}).go_on_until("/vragenlijst/expectation")
    someone.get("/vragenlijst/had_contact").send({"had_contact": "no"})
    assert "tellen 18 andere antwoorden niet meer mee" in someone.text
    assert answers_of(case_id)["respect"] == "very_satisfied"
    someone.get("/vragenlijst/had_contact").send({"had_contact": "yes"})
    assert "niet meer mee" not in someone.text
    someone.go_on_until("/overzicht").send()
    assert interview_of(case_id).is_usable


def test_the_overview_leads_to_a_question_and_back() -> None:
    someone, _ = begun(service=6, wording="low_threshold")
    someone.send({"had_contact": "no"})
    assert someone.path == "/overzicht/contact"
    someone.get("/vragenlijst/had_contact?terug=contact").send({"had_contact": "yes"})
    assert someone.path == "/vragenlijst/contact_frequency"  # the change opened new questions
    someone.get("/vragenlijst/had_contact?terug=contact").send({"had_contact": "no"})
    assert someone.path == "/overzicht/contact"


def test_nobody_jumps_ahead_of_an_open_question() -> None:
    someone, _ = begun(service=6)
    assert someone.get("/vragenlijst/remarks").path == "/vragenlijst/had_contact"
    assert someone.get("/overzicht").path == "/vragenlijst/had_contact"


def test_finishing_early_changes_nothing() -> None:
    someone, case_id = begun(service=6)
    someone.client.post("/klaar", data={"token": someone.filled_in()["token"]})
    assert interview_of(case_id).finished_at is None


def test_an_answer_from_another_tab_is_not_lost_when_the_route_has_changed() -> None:
    someone, case_id = begun(service=6)
    someone.send({"had_contact": "yes"})
    second_tab = someone.response
    someone.get("/vragenlijst/had_contact").send({"had_contact": "no"})
    someone.response = second_tab
    someone.send({"contact_frequency": "4"})
    assert answers_of(case_id)["contact_frequency"] == "4"
    assert someone.response.status_code == 200


def test_after_finishing_another_tab_cannot_change_an_answer() -> None:
    someone, case_id = begun(service=6)
    someone.go_on_until("/vragenlijst/grade")
    old_tab = someone.response
    someone.go_on_until("/overzicht").send()
    someone.response = old_tab
    someone.send({"grade": "9"})
    assert "U hebt de vragenlijst al ingevuld" in someone.text
    assert answers_of(case_id)["grade"] == "1"


def test_htmx_gets_only_the_part_that_changes() -> None:
    someone, _ = begun(service=6)
    someone.send({"had_contact": "yes"}, **{"HX-Request": "true"})
    assert "<html" not in someone.text and '<main id="scherm"' in someone.text
    assert someone.response.headers["HX-Push-Url"] == "/vragenlijst/contact_frequency"


def test_hostile_text_is_shown_as_text() -> None:
    someone, case_id = begun(service=6)
    someone.send({"had_contact": "no"}).go_on_until("/vragenlijst/remarks")
    hostile = "<script>alert(1)</script>{{ 7*7 }}{provider}%(x)s"
    someone.send({"remarks": hostile})
    assert answers_of(case_id)["remarks"] == hostile
    assert "<script>alert" not in someone.text and "{{ 7*7 }}" in someone.text


def test_a_commissioner_fills_in_counts_and_grades_and_leaves_rows_blank() -> None:
    invited = make_case(kind="commissioner", service=None)
    someone = Respondent().open(invited.token).send().go_on_until_name("persons_1")
    someone.send({"persons_1": "12", "persons_3": "geen"})
    assert someone.response.status_code == 422 and 'href="#v-persons_3"' in someone.text
    someone.send({"persons_1": "12", "persons_3": ""})
    stored = answers_of(invited.case_id)
    assert stored["persons_1"] == "12" and stored["persons_3"] is None
    someone.go_on_until("/overzicht").send()
    assert someone.path == "/bedankt"


def test_a_table_left_blank_is_asked_about_once() -> None:
    invited = make_case(kind="commissioner", service=None)
    someone = Respondent().open(invited.token).send().go_on_until_name("persons_1").send()
    assert someone.response.status_code == 422
    assert "Verder zonder antwoord" in someone.text
