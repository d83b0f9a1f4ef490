"""What counts as usable (keurmerk rules §1), and the overview."""

from decimal import Decimal

from hypothesis import given, settings

from app.definition.facts import Facts
from app.definition.questionnaire import Questionnaire
from app.engine.completeness import Outcome, open_questions, outcome, overview, usable
from app.engine.route import Route, route
from tests.factories.questionnaires import question, questionnaire, sittings, yes_no

Answers = dict[str, str | None]
Sitting = tuple[Questionnaire, Answers, Facts]
ITEMS = tuple(f"item_{number}" for number in range(1, 15))

# The shape of the client questionnaire: a gate, fourteen prescribed items behind it, a recommendation and a grade.
FOURTEEN = questionnaire(
    yes_no("had_contact"),
    *(question(item, "satisfaction", asked_if="had_contact == 'yes'") for item in ITEMS),
    question(
        "recommended",
        "single",
        [
            {"code": "yes", "text": "Ja", "role": "promoter"},
            {"code": "no", "text": "Nee", "role": "neutral"},
            {"code": "advised_against", "text": "Afgeraden", "role": "detractor"},
        ],
    ),
    question("grade", "grade", decimals="1"),
    required_for_usable=list(ITEMS),
)
COMPLETE: Answers = {"had_contact": "yes", **dict.fromkeys(ITEMS, "satisfied"), "recommended": "yes", "grade": "7.5"}


def sat(answers: Answers, of: Questionnaire = FOURTEEN) -> Route:
    return route(of, answers, Facts(service=1))


def test_with_all_fourteen_items_answered_an_interview_is_usable_finished_or_not() -> None:
    assert usable(sat(COMPLETE), is_finished=True)
    assert usable(sat(COMPLETE), is_finished=False)


def test_one_item_skipped_makes_an_interview_unusable_even_when_it_is_finished() -> None:
    assert not usable(sat({**COMPLETE, "item_9": None}), is_finished=True)


def test_one_item_never_reached_makes_an_interview_unusable() -> None:
    broken_off = {code: answer for code, answer in COMPLETE.items() if code != "item_14"}
    assert not usable(sat(broken_off), is_finished=False)


def test_no_opinion_is_an_answer() -> None:
    assert usable(sat({**COMPLETE, **dict.fromkeys(ITEMS, "no_opinion")}), is_finished=False)


def test_items_are_undecided_and_so_missing_while_the_question_they_depend_on_is_open_or_skipped() -> None:
    items_only = {code: answer for code, answer in COMPLETE.items() if code != "had_contact"}
    assert not usable(sat(items_only), is_finished=True)
    assert not usable(sat({**COMPLETE, "had_contact": None}), is_finished=True)
    assert not usable(sat({}), is_finished=False)


def test_an_item_two_questions_away_from_an_open_question_is_missing_too() -> None:
    of = questionnaire(
        yes_no("complaint"),
        yes_no("told", asked_if="complaint == 'yes'"),
        yes_no("solved", asked_if="told == 'yes'"),
        question("grade", "grade"),
        required_for_usable=["solved", "grade"],
    )
    assert not usable(sat({"grade": "8"}, of), is_finished=True)
    assert not usable(sat({"complaint": None, "grade": "8"}, of), is_finished=True)
    assert usable(sat({"complaint": "no", "grade": "8"}, of), is_finished=True)
    assert not usable(sat({"complaint": "yes", "told": "yes", "grade": "8"}, of), is_finished=True)


def test_without_contact_an_interview_is_usable_when_it_is_finished_and_not_before() -> None:
    no_contact: Answers = {"had_contact": "no"}
    assert usable(sat(no_contact), is_finished=True)
    assert not usable(sat(no_contact), is_finished=False)


def test_items_answered_before_contact_was_denied_do_not_count() -> None:
    changed_mind = {**COMPLETE, "had_contact": "no"}
    assert not usable(sat(changed_mind), is_finished=False)
    assert usable(sat({**changed_mind, "item_3": None}), is_finished=True)


def test_a_grade_is_not_needed_and_without_one_there_is_none_to_average() -> None:
    assert outcome(sat({**COMPLETE, "grade": None}), is_finished=True) == Outcome(True, None, "promoter")


def test_the_outcome_holds_the_exact_grade_and_the_role_of_the_recommendation() -> None:
    assert outcome(sat(COMPLETE), is_finished=False) == Outcome(True, Decimal("7.5"), "promoter")
    against = sat({**COMPLETE, "recommended": "advised_against", "grade": "10"})
    assert outcome(against, is_finished=False) == Outcome(True, Decimal(10), "detractor")
    assert outcome(sat({}), is_finished=False) == Outcome(False, None, None)


def test_a_required_question_left_out_of_a_wording_or_service_is_not_missing() -> None:
    of = questionnaire(
        yes_no("for_two", asked_if="service == 2"),
        yes_no("for_all"),
        required_for_usable=["for_two", "for_all"],
    )
    assert usable(sat({"for_all": "no"}, of), is_finished=False)


def test_of_a_grid_every_required_row_needs_an_answer() -> None:
    rows = [{"code": "a", "text": "A"}, {"code": "b", "text": "B"}]
    of = questionnaire(question("grid", "grid", "good bad", rows=rows), required_for_usable=["a", "b"])
    assert usable(sat({"a": "good", "b": "bad"}, of), is_finished=False)
    assert not usable(sat({"a": "good", "b": None}, of), is_finished=True)


@given(sittings())
@settings(max_examples=150, deadline=None)
def test_the_overview_lists_exactly_the_questions_passed_that_ask_something(sitting: Sitting) -> None:
    way = route(*sitting)
    opened = {one.code for one in open_questions(way)}
    expected = [one.question.code for one in way.asked if one.question.asks and one.question.code not in opened]
    lines = overview(way)
    assert [line.question.code for line in lines] == expected
    of_blocks = [line for part in way.questionnaire.texts.blocks for line in overview(way, part.code)]
    assert [line.question.code for line in of_blocks] == expected
    for line in lines:
        is_answered = any(way.counted.get(code) for code in line.question.answer_codes())
        assert bool(line.answer) is is_answered


@given(sittings())
@settings(max_examples=150, deadline=None)
def test_usable_asks_no_more_than_an_answer_to_each_required_question(sitting: Sitting) -> None:
    way = route(*sitting)
    required = way.questionnaire.required_for_usable
    waiting = {code for one in way.undecided for code in one.answer_codes()}
    if usable(way, is_finished=False):
        assert required & way.codes
        assert not required & waiting
        assert all(way.counted.get(code) for code in required & way.codes)
    if usable(way, is_finished=False):
        assert usable(way, is_finished=True)
