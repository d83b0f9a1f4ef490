"""Screens: how a route is cut into pages, and the way along them."""

from hypothesis import given, settings
from hypothesis import strategies as st

from app.definition.facts import Facts
from app.definition.questionnaire import Questionnaire
from app.engine.completeness import open_questions
from app.engine.route import route
from app.engine.screens import (
    Screen,
    ends_block,
    find,
    following,
    frontier,
    is_passed,
    previous,
    progress_share,
    screens,
)
from tests.factories.questionnaires import (
    answers_to,
    block,
    defined,
    question,
    questionnaire,
    sittings,
    yes_no,
)

Answers = dict[str, str | None]
Sitting = tuple[Questionnaire, Answers, Facts]
FACTS = Facts(service=1)


def codes(pages: tuple[Screen, ...]) -> list[list[str]]:
    return [[one.question.code for one in page.asked] for page in pages]


@given(sittings())
@settings(max_examples=150, deadline=None)
def test_screens_hold_the_whole_route_once_and_in_order(sitting: Sitting) -> None:
    way = route(*sitting)
    pages = screens(way)
    assert tuple(one for page in pages for one in page.asked) == way.asked
    assert all(page.asked for page in pages)
    assert len({page.code for page in pages}) == len(pages)
    assert all(one.block is page.block for page in pages for one in page.asked)


@given(sittings())
@settings(max_examples=120, deadline=None)
def test_no_screen_holds_a_question_together_with_one_that_it_looks_at(sitting: Sitting) -> None:
    way = route(*sitting)
    for page in screens(way):
        for place, one in enumerate(page.asked):
            before = {code for other in page.asked[:place] for code in other.question.answer_codes()}
            assert not one.step.looks_at & before


@given(sittings(), st.data())
@settings(max_examples=120, deadline=None)
def test_whatever_is_filled_in_on_a_screen_the_screen_stays_as_it_is(sitting: Sitting, data: st.DataObject) -> None:
    of, answers, facts = sitting
    pages = screens(route(of, answers, facts))
    if not pages:
        return
    page = data.draw(st.sampled_from(pages))
    filled = data.draw(answers_to(of))
    here = {code for one in page.asked for code in one.question.answer_codes()}
    after = screens(route(of, {**answers, **{code: filled.get(code) for code in here}}, facts))
    now = find(after, page.code)
    assert now is not None
    assert now.asked == page.asked


@given(sittings())
@settings(max_examples=120, deadline=None)
def test_forth_and_back_along_the_screens_is_where_one_was(sitting: Sitting) -> None:
    pages = screens(route(*sitting))
    for page in pages:
        after, before = following(pages, page), previous(pages, page)
        assert after is None or previous(pages, after) == page
        assert before is None or following(pages, before) == page
        assert find(pages, page.code) == page
        assert all(find(pages, one.question.code) == page for one in page.asked)
    if pages:
        assert previous(pages, pages[0]) is None
        assert following(pages, pages[-1]) is None
        assert ends_block(pages, pages[-1])


@given(sittings())
@settings(max_examples=120, deadline=None)
def test_who_comes_back_goes_on_at_the_first_screen_that_was_not_passed(sitting: Sitting) -> None:
    way = route(*sitting)
    pages = screens(way)
    passed = [is_passed(way, page) for page in pages]
    goes_on = frontier(way, pages)
    assert goes_on == (pages[passed.index(False)] if False in passed else None)
    assert (goes_on is None) is (not open_questions(way))


@given(sittings(), st.data())
@settings(max_examples=120, deadline=None)
def test_answering_screen_after_screen_comes_to_an_end_and_progress_never_falls(
    sitting: Sitting, data: st.DataObject
) -> None:
    of, _, facts = sitting
    answers: Answers = {}
    share = 0.0
    for _ in range(len(of.steps) + 1):
        way = route(of, answers, facts)
        assert share <= progress_share(way) <= 1
        share = progress_share(way)
        page = frontier(way, screens(way))
        if page is None:
            assert share == 1
            return
        filled = data.draw(answers_to(of))
        for one in page.asked:
            offered = {option.code for option in one.options}
            for code in one.question.answer_codes():
                stored = filled.get(code)
                gone = stored is not None and one.question.options and not set(stored.split()) & offered
                answers[code] = None if gone and code == one.question.code else stored
                if one.question.type == "grid" and gone:
                    answers[code] = None
    raise AssertionError("after every question was passed one is still open")


@given(sittings())
@settings(max_examples=120, deadline=None)
def test_progress_is_a_share_and_whole_when_everything_was_passed(sitting: Sitting) -> None:
    way = route(*sitting)
    assert 0 <= progress_share(way) <= 1
    assert (progress_share(way) == 1) is (not open_questions(way))


def test_questions_of_a_block_stand_together_only_in_regular_wording() -> None:
    definition = defined(block("b", yes_no("a"), yes_no("c"), together="true"), wordings=["regular", "low_threshold"])
    for wording, expected in (("regular", [["a", "c"]]), ("low_threshold", [["a"], ["c"]])):
        way = route(definition.wordings[wording], {}, Facts(service=1, wording=wording))
        assert codes(screens(way)) == expected


def test_a_question_that_depends_on_one_of_its_page_begins_a_new_page() -> None:
    of = questionnaire(
        block(
            "b",
            yes_no("a"),
            yes_no("b"),
            yes_no("c", asked_if="a == 'yes'"),
            yes_no("d"),
            yes_no("e", text="{d}?"),
            together="true",
        )
    )
    assert codes(screens(route(of, {"a": "yes"}, FACTS))) == [["a", "b"], ["c", "d"], ["e"]]


def test_a_page_ends_before_a_question_that_depends_on_it_also_while_that_question_is_not_asked() -> None:
    of = questionnaire(
        block("b", yes_no("a"), yes_no("b", asked_if="a == 'yes'"), yes_no("c"), yes_no("d"), together="true")
    )
    assert codes(screens(route(of, {}, FACTS))) == [["a"], ["c", "d"]]
    assert codes(screens(route(of, {"a": "no"}, FACTS))) == [["a"], ["c", "d"]]
    assert codes(screens(route(of, {"a": "yes"}, FACTS))) == [["a"], ["b", "c", "d"]]


def test_in_low_threshold_wording_a_grid_is_asked_row_by_row() -> None:
    rows = [{"code": "listened", "text": "Luisteren"}, {"code": "kept", "text": "Afspraken"}]
    definition = defined(
        question("coach", "grid", "good bad", rows=rows, lead_in="Over uw begeleider."),
        wordings=["regular", "low_threshold"],
    )
    regular = route(definition.wordings["regular"], {}, FACTS)
    assert codes(screens(regular)) == [["coach"]]
    easy = Facts(service=1, wording="low_threshold")
    way = route(definition.wordings["low_threshold"], {}, easy)
    pages = screens(way)
    assert codes(pages) == [["listened"], ["kept"]]
    shown = way.presented(pages[0].asked[0])
    assert shown.text == "listened, makkelijk"
    assert shown.lead_in == "makkelijk coach, makkelijk?"
    assert shown.parse({"listened": ["good"], "kept": ["bad"]}).answers == {"listened": "good"}
    after = route(definition.wordings["low_threshold"], {"listened": "good"}, easy)
    goes_on, of_grid = frontier(after, screens(after)), find(screens(regular), "kept")
    assert goes_on is not None
    assert goes_on.code == "kept"
    assert of_grid is not None  # an address from the other wording
    assert of_grid.code == "coach"


def test_progress_reaches_its_end_when_what_others_depend_on_was_passed_without_an_answer() -> None:
    of = questionnaire(
        yes_no("gate"), yes_no("second", asked_if="gate == 'yes'"), yes_no("third", asked_if="second == 'yes'")
    )
    assert progress_share(route(of, {}, FACTS)) == 0
    behind = questionnaire(
        yes_no("first"),
        yes_no("gate"),
        yes_no("second", asked_if="gate == 'yes'"),
        yes_no("third", asked_if="second == 'yes'"),
    )
    assert progress_share(route(behind, {"first": "no"}, FACTS)) == 1 / 4  # what waits for what waits counts too
    assert progress_share(route(of, {"gate": "yes"}, FACTS)) == 1 / 3
    assert progress_share(route(of, {"gate": None}, FACTS)) == 1
