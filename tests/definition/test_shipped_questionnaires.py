"""The questionnaires we ship ask what the specification lists: codes, options, order and routing."""

import pytest

from app.definition.facts import Facts
from app.definition.load import Definition, load_folder
from app.engine.route import route
from app.questions.satisfaction import SCALE
from app.settings import ROOT

ASPECTS_2022 = (
    "first_meeting_speed intake reachability response_speed meeting_place "
    "kept_agreements wishes rights duties next_step situation respect information what_matters"
)
GRIDS_2018 = {
    "contact": "information what_matters respect",
    "office": "first_meeting_speed intake phone_reachability response_speed meeting_place",
    "guidance": "kept_agreements wishes rights duties next_step situation",
}
ABOUT_YOU = "gender education benefit remarks"


def shipped(name: str) -> Definition:
    return load_folder(ROOT / "questionnaires" / name)


def asked(name: str, wording: str, service: int, **answers: str) -> str:
    """The codes on the route when every other question is passed without an answer."""
    questionnaire = shipped(name).wordings[wording]
    passed: dict[str, str | None] = dict.fromkeys(questionnaire.by_answer)
    walked = route(questionnaire, passed | answers, Facts(service=service, wording=wording))
    return " ".join(step.question.code for step in walked.asked)


def options(name: str, code: str) -> str:
    question = shipped(name).wordings["regular"].by_answer[code]
    return " ".join(option.code for option in question.options)


CONTACT_2022 = f"contact_frequency contact_ways contact_enough same_coach {ASPECTS_2022}"


@pytest.mark.parametrize(
    ("service", "before", "work"),
    [
        (1, "training_kind training_form reason ", " has_work led_to_work"),
        (2, "reason ", ""),
        (3, "diagnosis_kind reason ", ""),
        (6, "", " has_work led_to_work"),
        (12, "reason ", ""),
        (13, "reason ", " has_work led_to_work"),
    ],
)
def test_the_edition_of_2022_asks_each_service_its_own_questions(service: int, before: str, work: str) -> None:
    end = f"recommended grade {ABOUT_YOU}"
    without = f"{before}had_contact expectation{work} complaint {end}"
    assert asked("arbeid-2022", "regular", service, had_contact="no", complaint="no") == without
    everything = f"{before}had_contact {CONTACT_2022} expectation{work} complaint complaint_solved complaint_text {end}"
    assert asked("arbeid-2022", "regular", service, had_contact="yes", complaint="yes") == everything
    easy = everything.replace("training_kind ", "")
    assert asked("arbeid-2022", "low_threshold", service, had_contact="yes", complaint="yes") == easy


def test_the_edition_of_2018_has_three_grids_and_asks_them_row_by_row_in_low_threshold() -> None:
    regular = asked("arbeid-2018", "regular", 2, complaint="yes", complaint_submitted="yes")
    complaint = "complaint complaint_submitted complaint_solved complaint_text"
    end = f"expectation {complaint} recommended grade {ABOUT_YOU}"
    start = "reason contact_count contact_opinion fixed_contact"
    assert regular == f"{start} {' '.join(GRIDS_2018)} {end}"
    easy = asked("arbeid-2018", "low_threshold", 2, complaint="yes", complaint_submitted="yes")
    assert easy == f"{start} {' '.join(GRIDS_2018.values())} {end}"
    unsubmitted = asked("arbeid-2018", "regular", 2, complaint="yes", complaint_submitted="no")
    assert "complaint_solved" not in unsubmitted
    assert "complaint_text" in unsubmitted


def test_civic_integration_asks_what_happens_when_the_teacher_is_ill_only_if_that_happens() -> None:
    codes = (
        "following_now teacher_teaches teacher_answers teacher_ill {}speak_outside read_outside someone_helps material "
        "practises_exam homework_place feels_safe school_opinion grade"
    )
    assert asked("inburgeren", "regular", 11, teacher_ill="never") == codes.format("")
    assert asked("inburgeren", "regular", 11, teacher_ill="often") == codes.format("when_ill ")


def test_commissioners_get_a_table_of_counts_and_a_table_of_grades() -> None:
    questionnaire = shipped("opdrachtgevers").wordings["regular"]
    passed: dict[str, str | None] = dict.fromkeys(questionnaire.by_answer)
    for complaint, solved in (("no", ""), ("yes", "complaint_solved ")):
        walked = route(questionnaire, passed | {"complaint": complaint}, Facts())
        codes = " ".join(step.question.code for step in walked.asked)
        assert codes == f"grade recommended persons grades_items complaint {solved}remarks"
    tables = {step.question.code: step.question.answer_codes() for step in questionnaire.steps if step.question.rows}
    assert tables == {
        "persons": tuple(f"persons_{service}" for service in range(1, 14)),
        "grades_items": ("contact", "reachability", "speed", "expertise", "reporting", "result", "price_quality"),
    }


@pytest.mark.parametrize(
    ("name", "required"),
    [
        ("arbeid-2022", ASPECTS_2022.split()),
        ("arbeid-2018", " ".join(GRIDS_2018.values()).split()),
        (
            "inburgeren",
            ["teacher_teaches", "teacher_answers", "someone_helps", "material", "feels_safe", "school_opinion"],
        ),
        ("opdrachtgevers", ["grade"]),
    ],
)
def test_the_questions_that_make_an_interview_usable_are_those_of_the_specification(
    name: str, required: list[str]
) -> None:
    for wording in shipped(name).wordings.values():
        assert wording.required_for_usable == set(required)
        assert wording.required_for_usable <= set(wording.by_answer)


@pytest.mark.parametrize(
    ("name", "code", "codes"),
    [
        ("arbeid-2022", "reason", "own_initiative asked_by_uwv obliged_by_uwv municipality employer other"),
        ("arbeid-2022", "contact_frequency", "lt_1 1 2_3 4 gt_4"),
        ("arbeid-2022", "contact_enough", "yes too_little too_much"),
        ("arbeid-2022", "expectation", "above as_expected below no_expectation"),
        ("arbeid-2022", "complaint_solved", "yes partly no still_running"),
        ("arbeid-2022", "respect", " ".join(SCALE)),
        (
            "arbeid-2022",
            "benefit",
            "none ww wia_wao wajong ziektewet bijstand ioaw_ioaz other rather_not_say",
        ),
        ("arbeid-2018", "contact_opinion", "too_many just_right too_few no_opinion"),
        ("arbeid-2018", "complaint_submitted", "yes no other"),
        ("arbeid-2018", "respect", " ".join(SCALE)),
        ("inburgeren", "when_ill", "other_teacher no_lesson lesson_later something_else"),
        ("inburgeren", "teacher_ill", "never sometimes often dont_know"),
        ("inburgeren", "material", "good not_so_good bad"),
    ],
)
def test_options_have_the_codes_of_the_specification(name: str, code: str, codes: str) -> None:
    assert options(name, code) == codes


@pytest.mark.parametrize(
    ("name", "decimals"), [("arbeid-2022", "1"), ("arbeid-2018", "0"), ("inburgeren", "0"), ("opdrachtgevers", "1")]
)
def test_grades_have_decimals_only_where_the_edition_accepts_them(name: str, decimals: str) -> None:
    assert getattr(shipped(name).wordings["regular"].by_answer["grade"], "decimals", "") == decimals


@pytest.mark.parametrize("name", ["arbeid-2022", "arbeid-2018"])
def test_the_recommendation_carries_the_promoter_roles(name: str) -> None:
    for wording in shipped(name).wordings.values():
        assert wording.recommendation is not None
        roles = {option.code: option.role for option in wording.recommendation.options}
        assert roles == {"yes": "promoter", "no": "neutral", "advised_against": "detractor"}


@pytest.mark.parametrize("name", ["arbeid-2022", "arbeid-2018", "inburgeren", "opdrachtgevers"])
def test_every_question_has_an_interviewer_instruction_and_every_message_is_there(name: str) -> None:
    made = shipped(name)
    for wording in made.wordings.values():
        for question in wording.questions():
            assert question.interviewer.startswith(("Lees voor.", "Niet voorlezen.", "Vraag door")), question.code
    assert made.messages is not None
    for kind in ("invitation", "reminder", "last_reminder", "letter"):
        assert set(made.messages.messages[kind]) == set(made.wordings), kind
