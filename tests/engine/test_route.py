"""The route: derived from the answers every time, whatever stands in the store."""

from hypothesis import given, settings
from hypothesis import strategies as st

from app.definition.facts import Facts
from app.definition.questionnaire import Questionnaire
from app.engine.route import Route, route
from app.questions.question import FilterValue
from tests.factories.questionnaires import answers_to, every_answer, question, questionnaire, sittings, yes_no

Answers = dict[str, str | None]
Sitting = tuple[Questionnaire, Answers, Facts]
FACTS = Facts(service=1)


def asked(way: Route) -> list[str]:
    return [one.question.code for one in way.asked]


def undecided(way: Route) -> list[str]:
    return [one.code for one in way.undecided]


def values(way: Route) -> dict[str, FilterValue | None]:
    """What filters compare, worked out from the finished route."""
    found = way.facts.filter_values()
    for one in way.asked:
        for code in one.question.answer_codes():
            stored = way.counted.get(code)
            found[code] = None if stored is None else one.question.typed(code, stored)
    for waiting in way.undecided:
        found.update(dict.fromkeys(waiting.answer_codes()))
    return found


@given(sittings())
@settings(max_examples=150, deadline=None)
def test_no_question_stands_twice_on_a_route_and_all_stand_in_order(sitting: Sitting) -> None:
    way = route(*sitting)
    order = [step.question.code for step in way.questionnaire.steps]
    assert asked(way) == [code for code in order if code in asked(way)]
    assert not set(asked(way)) & set(undecided(way))


@given(sittings())
@settings(max_examples=120, deadline=None)
def test_of_every_question_asked_the_filter_holds_and_of_every_other_it_does_not(sitting: Sitting) -> None:
    way = route(*sitting)
    held = values(way)
    for step in way.questionnaire.steps:
        decided = True if step.condition is None else step.condition.decide(held)
        assert (step.question.code in asked(way)) is (decided is True)
        assert (step.question.code in undecided(way)) is (decided is None)


@given(sittings())
@settings(max_examples=150, deadline=None)
def test_of_every_option_on_offer_the_filter_holds_and_of_every_other_it_does_not(sitting: Sitting) -> None:
    way = route(*sitting)
    held = values(way)
    for one in way.asked:
        for option in one.question.options:
            condition = one.step.option_conditions.get(option.code)
            assert (option in one.options) is (condition is None or condition.decide(held) is True)


@given(sittings())
@settings(max_examples=150, deadline=None)
def test_dropping_answers_that_do_not_count_changes_nothing(sitting: Sitting) -> None:
    of, answers, facts = sitting
    before = route(of, answers, facts)
    after = route(of, before.counted, facts)
    assert after == before
    assert set(before.counted) <= before.codes


@given(sittings(), st.data())
@settings(max_examples=150, deadline=None)
def test_changing_an_answer_and_changing_it_back_gives_the_same_route_and_count(
    sitting: Sitting, data: st.DataObject
) -> None:
    of, answers, facts = sitting
    before = route(of, answers, facts)
    changed = data.draw(answers_to(of), label="changed to")
    code = data.draw(st.sampled_from(sorted(of.by_answer)), label="changed answer")
    forth = {**answers, code: changed.get(code)}
    assert route(of, forth, facts) == route(of, forth, facts)
    back = {**forth, code: answers.get(code)}
    if code not in answers:
        del back[code]
    assert route(of, back, facts) == before


@given(sittings(), st.data())
@settings(max_examples=150, deadline=None)
def test_an_answer_more_never_takes_back_what_was_decided(sitting: Sitting, data: st.DataObject) -> None:
    of, answers, facts = sitting
    before = route(of, answers, facts)
    open_names = [
        name
        for one in before.asked
        if not one.step.option_conditions  # an option that appears may give a stored answer its meaning back
        for name in one.question.answer_codes()
        if before.counted.get(name) is None and every_answer(one.question, name)
    ]
    if open_names and not any(step.option_conditions for step in of.steps):
        name = data.draw(st.sampled_from(open_names))
        more = {**before.counted, name: data.draw(st.sampled_from(every_answer(of.by_answer[name], name)))}
        after = route(of, more, facts)
        assert set(asked(before)) <= set(asked(after))
        assert set(undecided(after)) <= set(undecided(before))


def test_an_answer_that_leaves_the_route_counts_no_longer_and_comes_back_with_it() -> None:
    of = questionnaire(yes_no("complaint"), question("about", "open", asked_if="complaint == 'yes'"))
    answers: Answers = {"complaint": "yes", "about": "te laat"}
    assert route(of, answers, FACTS).counted == answers
    assert route(of, {**answers, "complaint": "no"}, FACTS).counted == {"complaint": "no"}
    assert asked(route(of, {**answers, "complaint": "no"}, FACTS)) == ["complaint"]


def test_a_question_waits_while_the_question_it_depends_on_waits_itself() -> None:
    of = questionnaire(
        yes_no("complaint"),
        yes_no("told", asked_if="complaint == 'yes'"),
        yes_no("solved", asked_if="told == 'yes'"),
        yes_no("silent", asked_if="not told == 'yes'"),
    )
    assert undecided(route(of, {}, FACTS)) == ["told", "solved", "silent"]
    assert undecided(route(of, {"complaint": None}, FACTS)) == ["told", "solved", "silent"]
    assert asked(route(of, {"complaint": "no"}, FACTS)) == ["complaint", "silent"]
    assert asked(route(of, {"complaint": "yes", "told": "yes"}, FACTS)) == ["complaint", "told", "solved"]


def test_a_choice_that_is_no_longer_on_offer_does_not_count_and_the_rest_does() -> None:
    school = {"code": "school", "text": "Op school", "asked_if": "service == 1"}
    of = questionnaire(question("ways", "multiple", [{"code": "phone", "text": "Telefoon"}, school]))
    stored: Answers = {"ways": "phone school"}
    assert route(of, stored, Facts(service=1)).counted == {"ways": "phone school"}
    assert route(of, stored, Facts(service=2)).counted == {"ways": "phone"}
    assert route(of, {"ways": "school"}, Facts(service=2)).counted == {}


def test_the_words_of_other_count_only_while_other_is_chosen() -> None:
    of = questionnaire(
        question("kind", "single", [{"code": "a", "text": "A"}, {"code": "other", "text": "Anders", "other": "true"}])
    )
    assert route(of, {"kind": "other", "kind.other": "zelf"}, FACTS).counted["kind.other"] == "zelf"
    assert "kind.other" not in route(of, {"kind": "a", "kind.other": "zelf"}, FACTS).counted


def test_a_fact_the_case_does_not_have_makes_every_comparison_false() -> None:
    of = questionnaire(
        yes_no("a", asked_if="learning_profile >= 1"),
        yes_no("b", asked_if="learning_profile != 1"),
        yes_no("c", asked_if="not learning_profile == 1"),
    )
    assert asked(route(of, {}, FACTS)) == ["c"]
    assert asked(route(of, {}, Facts(service=11, learning_profile=1))) == ["a"]


def test_texts_are_filled_in_with_facts_and_earlier_answers_in_words() -> None:
    of = questionnaire(
        question("kind", "single", [{"code": "a", "text": "Taal"}]),
        question(
            "next", "single", [{"code": "x", "text": "Meer {kind}"}], text="{kind} bij {provider}?", hint="{none}"
        ),
    )
    way = route(of, {"kind": "a"}, Facts(service=1, provider="{kind} & co"))
    shown = way.presented(way.asked[1])
    assert (shown.text, shown.options[0].text, shown.hint) == ("Taal bij {kind} & co?", "Meer Taal", "…")
    assert way.presented(way.asked[0]) is way.asked[0].question
