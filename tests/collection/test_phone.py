"""An interviewer asks the same questions of the same case: on from where the web stopped, and back."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import clock
from app.collection import interviews
from app.collection.phone import in_dutch, on_the_web, script
from app.collection.sittings import Closed, Sitting, answer_table, case_table, interview_table
from app.collection.visitors import Caller
from app.database import reading, writing
from app.engine.screens import find, frontier
from app.fieldwork.dispositions import REFUSED, report
from tests.factories.cases import make_case, make_participation
from tests.factories.respondent import Respondent
from tests.factories.rules import rules
from tests.factories.stored import answers_of, interview_of

pytestmark = pytest.mark.usefixtures("database")


def on_the_phone(case_id: int) -> Caller:
    return Caller(case_id, 7)


def open_sitting(who: Caller) -> Sitting:
    sitting = interviews.begin(who)
    assert isinstance(sitting, Sitting)
    return sitting


def say(who: Caller, code: str, *given: str, may_skip: bool = False) -> Sitting:
    stored = interviews.answer(who, code, {code: list(given)}, may_skip=may_skip, keeps_open=False)
    assert stored is not None and not isinstance(stored, Closed)
    return stored.sitting


def modes_of(case_id: int) -> dict[str, str]:
    with reading() as connection:
        columns = answer_table.c.code, answer_table.c.mode
        rows = connection.execute(sa.select(*columns).where(answer_table.c.case_id == case_id))
        return {row.code: row.mode for row in rows}


def ask_everything(who: Caller) -> Sitting:
    sitting = interviews.look(who)
    for _ in range(90):
        assert isinstance(sitting, Sitting)
        screen = frontier(sitting.route, sitting.screens)
        if screen is None:
            return sitting
        assert len(screen.asked) == 1
        options = screen.asked[0].options
        sitting = say(who, screen.code, options[0].code if options else "8", may_skip=True)
    raise AssertionError("the interview has no end")


def test_an_interview_by_telephone_is_one_question_per_screen_and_every_answer_says_so() -> None:
    case_id = make_case(service=6).case_id
    who = on_the_phone(case_id)
    assert open_sitting(who).facts.mode == "phone"
    ask_everything(who)
    assert set(modes_of(case_id).values()) == {"phone"}
    finished = interviews.finish(who)
    assert isinstance(finished, Closed) and finished.reason == "finished"
    interview = interview_of(case_id)
    assert interview.mode == "phone" and interview.is_usable and interview.finished_at is not None


def test_an_interviewer_goes_on_where_the_web_stopped() -> None:
    invited = make_case(service=6)
    Respondent().open(invited.token).send().send({"had_contact": "yes"})
    who = on_the_phone(invited.case_id)
    sitting = open_sitting(who)
    assert (first := frontier(sitting.route, sitting.screens)) and first.code == "contact_frequency"
    say(who, "contact_frequency", "2_3")
    assert modes_of(invited.case_id) == {"had_contact": "web", "contact_frequency": "phone"}
    assert interview_of(invited.case_id).mode == "web"


def test_the_web_goes_on_where_the_telephone_stopped() -> None:
    invited = make_case(service=6)
    who = on_the_phone(invited.case_id)
    open_sitting(who)
    say(who, "had_contact", "yes")
    someone = Respondent().open(invited.token)
    assert someone.path == "/vragenlijst/contact_frequency"
    someone.go_on_until("/overzicht").send()
    assert someone.path == "/bedankt"
    assert modes_of(invited.case_id)["had_contact"] == "phone"


def test_what_was_finished_on_the_web_is_closed_for_the_interviewer_whose_answer_comes_late() -> None:
    invited = make_case(service=6)
    who = on_the_phone(invited.case_id)
    open_sitting(who)
    Respondent().open(invited.token).go_on_until("/overzicht").send()
    before = answers_of(invited.case_id)
    late = interviews.answer(who, "had_contact", {"had_contact": ["no"]}, may_skip=False, keeps_open=False)
    assert isinstance(late, Closed) and late.reason == "finished"
    assert answers_of(invited.case_id) == before


def test_nobody_who_refused_is_interviewed() -> None:
    case_id = make_case().case_id
    with writing() as connection:
        report(connection, [case_id], REFUSED)
    refused = interviews.begin(on_the_phone(case_id))
    assert isinstance(refused, Closed) and refused.reason == "opted_out"


def test_an_interviewer_is_warned_while_somebody_is_on_the_web() -> None:
    invited = make_case(service=6)
    with reading() as connection:
        assert on_the_web(connection, invited.case_id) is None
    Respondent().open(invited.token).send().send({"had_contact": "yes"})
    with reading() as connection:
        assert on_the_web(connection, invited.case_id) is not None
    long_ago = clock.now() - timedelta(minutes=16)
    with writing() as connection:
        connection.execute(sa.update(answer_table).values(answered_at=long_ago))
        connection.execute(sa.update(interview_table).values(started_at=long_ago))
        connection.execute(sa.update(case_table).values(opened_at=long_ago))
    with reading() as connection:
        assert on_the_web(connection, invited.case_id) is None


def test_answers_by_telephone_are_no_sign_of_somebody_on_the_web() -> None:
    case_id = make_case(service=6).case_id
    who = on_the_phone(case_id)
    open_sitting(who)
    say(who, "had_contact", "yes")
    with reading() as connection:
        assert on_the_web(connection, case_id) is None


def test_the_script_names_who_speaks_with_whom_about_which_provider() -> None:
    sitting = open_sitting(on_the_phone(make_case().case_id))
    names = {"uw naam": "Sanne", "naam van het bureau": "Peilwijs", "naam van": "mevrouw Bakker"}
    said = " ".join(script(sitting, names).text)
    assert "Sanne van Peilwijs" in said and "Spreek ik met mevrouw Bakker?" in said and "Werkpad" in said
    assert "[" not in said


def test_a_name_that_is_not_known_keeps_its_place_between_brackets() -> None:
    sitting = open_sitting(on_the_phone(make_case().case_id))
    assert "[naam van de cliënt]" in " ".join(script(sitting, {"naam van": ""}).text)


def test_beside_another_language_stands_the_dutch_question() -> None:
    case_id = make_case_in("en")
    sitting = open_sitting(on_the_phone(case_id))
    assert sitting.language == "en"
    screen = frontier(sitting.route, sitting.screens)
    assert screen is not None
    (asked,), (dutch,) = [sitting.route.presented(one) for one in screen.asked], in_dutch(sitting, screen)
    assert dutch.code == asked.code and dutch.text != asked.text
    assert [option.code for option in dutch.options] == [option.code for option in asked.options]


def test_beside_dutch_stands_nothing() -> None:
    sitting = open_sitting(on_the_phone(make_case().case_id))
    assert in_dutch(sitting, sitting.screens[0]) == ()


def test_an_interviewer_may_change_language_and_keep_the_answers() -> None:
    case_id = make_case_in("nl")
    who = on_the_phone(case_id)
    sitting = open_sitting(who)
    first = sitting.screens[0]
    option = first.asked[0].options[0].code
    say(who, first.code, option)
    changed = interviews.choose_language(who, "en")
    assert isinstance(changed, Sitting) and changed.language == "en" and changed.questionnaire.is_spoken
    assert changed.answers[first.code] == option


def make_case_in(language: str) -> int:
    """A case of a wave that offers drafted translations."""
    participation = make_participation(rules=rules(2026, allow_drafted_translations=True).model_dump(mode="json"))
    return make_case(participation, service=11, learning_profile=1, language=language).case_id


def test_a_grid_is_asked_row_by_row_and_either_way_goes_on_where_the_other_was() -> None:
    participation = make_participation(rules=rules(2020).model_dump(mode="json"))
    invited = make_case(participation, service=1)
    who = on_the_phone(invited.case_id)
    sitting = open_sitting(who)
    grid = next(step.question for step in sitting.definition.wordings["regular"].steps if step.question.rows)
    row = grid.rows[0].code
    ask_until(who, row)
    someone = Respondent().open(invited.token)
    assert f'name="{grid.rows[1].code}"' in someone.text
    assert find(sitting.screens, row) is not None


def ask_until(who: Caller, last: str) -> None:
    """Answers with the first option up to and including this question."""
    for _ in range(60):
        sitting = interviews.look(who)
        assert isinstance(sitting, Sitting)
        screen = frontier(sitting.route, sitting.screens)
        assert screen is not None
        options = screen.asked[0].options
        say(who, screen.code, options[0].code if options else "8", may_skip=True)
        if screen.code == last:
            return
    raise AssertionError(f"{last} was never asked")
