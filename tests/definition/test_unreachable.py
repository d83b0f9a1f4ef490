"""What the routing proof finds wrong: contradictions, loops, what is never reached; each at its line."""

import pytest

from app.definition.checks import check
from app.definition.load import load
from app.definition.routing import faults, prove
from app.errors import Invalid
from app.settings import ROOT
from tests.factories.questionnaires import block, defined, question, yes_no
from tests.factories.routing import OPENED, answers, sentences, status


@pytest.mark.parametrize(
    ("written", "condition"),
    [
        (question("n", "number", low=0, high=99), "7 < n < 8"),
        (question("n", "number", low=0, high=9), "n > 9"),
        (question("n", "grade"), "7 < n < 8"),
        (question("n", "grade", decimals="1"), "7.4 < n < 7.5"),
        (question("n", "single", "a b"), "n not in ['a', 'b']"),
        (question("n", "single", "a b"), "n == 'a' and n == 'b'"),
        (
            question("n", "multiple", [{"code": "a", "text": "A"}, {"code": "none", "text": "N", "exclusive": "true"}]),
            "'a' in n and 'none' in n",
        ),
        (question("n", "multiple", "a b"), "'a' not in n and 'b' not in n"),
    ],
)
def test_what_no_answer_can_satisfy_is_contradictory(written: dict[str, object], condition: str) -> None:
    definition = defined(written, yes_no("target", asked_if=condition))
    assert status(definition, "target") == "contradictory"
    assert sentences(definition) == [
        f"question «target» can never be reached: its filter «{condition}» is never true, whatever is answered; mend it"
    ]


def test_a_filter_that_is_true_when_its_question_is_not_asked_is_no_contradiction() -> None:
    definition = defined(
        yes_no("a"),
        yes_no("b", asked_if="a == 'yes'"),
        yes_no("c", asked_if="not (b == 'yes' or b == 'no')"),
        yes_no("d", asked_if="not (a == 'yes' or a == 'no')"),
    )
    assert answers(definition, "c") == {"a": "no"}
    assert status(definition, "d") == "contradictory"


def test_a_filter_that_is_true_on_its_own_but_never_on_a_route_is_unreachable() -> None:
    definition = defined(
        yes_no("a"),
        yes_no("b", asked_if="a == 'yes'"),
        yes_no("c", asked_if="a == 'no'"),
        yes_no("d", asked_if="b == 'yes' and c == 'yes'"),
        yes_no("e", asked_if="d == 'yes'"),
    )
    assert status(definition, "d") == "unreachable"
    assert sentences(definition) == [
        "question «d» is never reached: no route makes its filter «b == 'yes' and c == 'yes'» true; mend the filter",
        "question «e» is never reached: no route makes its filter «d == 'yes'» true, because «d» is never asked "
        "itself; mend the filter",
    ]


def test_an_option_is_reached_with_its_question_and_its_own_filter() -> None:
    definition = defined(
        yes_no("a"),
        yes_no("b"),
        question(
            "c", "single", [{"code": "x", "text": "X"}, OPENED | {"asked_if": "b == 'no'"}], asked_if="a == 'yes'"
        ),
    )
    assert answers(definition, "c.x") == {"a": "yes"}
    assert answers(definition, "c.b") == {"a": "yes", "b": "no"}


def test_an_answer_is_only_given_while_its_option_is_on_offer() -> None:
    definition = defined(
        yes_no("a"),
        question("c", "single", [{"code": "x", "text": "X"}, OPENED | {"asked_if": "a == 'no'"}]),
        yes_no("d", asked_if="c == 'b'"),
        yes_no("e", asked_if="c == 'b' and a == 'yes'"),
    )
    assert answers(definition, "d") == {"a": "no", "c": "b"}
    assert status(definition, "e") == "unreachable"


def test_an_option_that_is_never_on_offer_is_reported_once_at_its_own_line() -> None:
    shown = OPENED | {"asked_if": "a == 'yes'"}
    definition = defined(
        yes_no("a"), question("c", "single", [{"code": "x", "text": "X"}, shown], asked_if="a == 'no'")
    )
    (fault,) = faults(definition)
    assert fault.sentence.startswith("option «c.b» is never reached: no route makes its filter «a == 'yes'» true")
    assert definition.files["questionnaire.yaml"].splitlines()[fault.line - 1].strip() == '"asked_if": "a == \'yes\'"'


def test_a_block_that_nobody_enters_is_reported_instead_of_all_its_questions() -> None:
    definition = defined(block("one", yes_no("a")), block("two", yes_no("b"), yes_no("c"), asked_if="a == 'x'"))
    assert status(definition, "b") == "unproven"  # `check` says that the code is unknown
    nobody = defined(
        block("one", yes_no("a")),
        block("two", yes_no("b"), yes_no("c", asked_if="b == 'yes'"), asked_if="a == 'no' and a == 'yes'"),
    )
    assert prove(nobody).finding("block", "two").status == "contradictory"
    (fault,) = faults(nobody)
    assert fault.sentence.startswith("block «two» can never be reached")


def test_a_block_of_which_every_question_is_unreachable_is_so_itself_and_the_questions_are_reported() -> None:
    definition = defined(block("one", yes_no("a")), block("two", yes_no("b", asked_if="a == 'no' and a == 'yes'")))
    assert prove(definition).finding("block", "two").status == "unreachable"
    assert [sentence.split(" can")[0] for sentence in sentences(definition)] == ["question «b»"]


# --- loops ---


def test_filters_that_look_at_each_other_are_a_loop_reported_once() -> None:
    definition = defined(
        yes_no("a"),
        yes_no("b", asked_if="d == 'yes' or a == 'yes'"),
        yes_no("c", asked_if="b == 'yes'"),
        yes_no("d", asked_if="c == 'yes'"),
        yes_no("e", asked_if="d == 'yes'"),
    )
    assert [status(definition, code) for code in "abcde"] == ["reachable", "loop", "loop", "loop", "reachable"]
    (fault,) = faults(definition)
    assert "the filters of «b», «c», «d» depend on each other" in fault.sentence
    assert "d == 'yes' or a" in definition.files["questionnaire.yaml"].splitlines()[fault.line - 1]


def test_a_filter_that_looks_at_its_own_question_is_a_loop() -> None:
    definition = defined(yes_no("a", asked_if="not a == 'yes'"))
    assert status(definition, "a") == "loop"
    assert "depends on its own answer" in sentences(definition)[0]


def test_an_option_that_looks_at_its_own_question_is_a_loop_and_the_question_is_not() -> None:
    definition = defined(question("a", "single", [{"code": "x", "text": "X"}, OPENED | {"asked_if": "a == 'x'"}]))
    assert status(definition, "a") == "reachable"
    assert status(definition, "a.b") == "loop"


def test_a_loop_through_an_option_and_a_loop_through_a_block_are_found() -> None:
    through_option = defined(
        question("a", "single", [{"code": "x", "text": "X"}, OPENED | {"asked_if": "b == 'yes'"}]),
        yes_no("b", asked_if="a == 'x'"),
    )
    assert status(through_option, "a.b") == "loop"
    through_block = defined(
        block("one", yes_no("a"), asked_if="b == 'yes'"), block("two", yes_no("b", asked_if="a == 'no'"))
    )
    assert prove(through_block).finding("block", "one").status == "loop"
    (fault,) = faults(through_block)
    assert "b == 'yes'" in through_block.files["questionnaire.yaml"].splitlines()[fault.line - 1]


def test_looking_at_a_later_question_is_no_loop_but_the_question_is_not_reached() -> None:
    definition = defined(yes_no("a", asked_if="b == 'yes'"), yes_no("b"))
    assert status(definition, "a") == "unreachable"
    assert "because «b» comes later" in sentences(definition)[0]


def test_the_checks_name_a_loop_beside_the_later_question_and_say_nothing_twice() -> None:
    definition = defined(
        yes_no("a", asked_if="b == 'yes'"), yes_no("b", asked_if="a == 'yes'"), question("grade", "grade"),
        required_for_usable=["grade"],
    )  # fmt: skip
    said = [fault.sentence for fault in check(definition)]
    assert [sentence for sentence in said if "loop" in sentence] == [
        "the filters of «a», «b» depend on each other, which is a loop; let them look at earlier questions only"
    ]
    assert not [sentence for sentence in said if "never reached" in sentence]


# --- wordings and services ---


def test_a_question_for_one_service_is_no_fault_and_listed_with_it() -> None:
    definition = defined(yes_no("a", asked_if="service == 2"))
    finding = prove(definition).finding("question", "a")
    assert (finding.status, finding.services) == ("reachable", (2,))
    assert faults(definition) == []
    assert prove(definition, service=1).finding("question", "a").status == "not_for_service"
    assert answers(definition, "a", service=2) == {}


def test_a_question_for_a_service_that_does_not_get_the_questionnaire_is_a_fault() -> None:
    assert status(defined(yes_no("a", asked_if="service == 3")), "a") == "contradictory"


def test_a_question_left_out_of_a_wording_is_no_fault_but_what_looks_at_it_is() -> None:
    definition = defined(
        yes_no("a", not_in=["low_threshold"]),
        yes_no("b", asked_if="a == 'yes'"),
        yes_no("c"),
        wordings=["regular", "low_threshold"],
    )
    assert status(definition, "a", "low_threshold") == "left_out"
    assert status(definition, "b") == "reachable"
    assert status(definition, "b", "low_threshold") == "unreachable"
    assert sentences(definition) == [
        "question «b» is never reached in the wording low_threshold: no route makes its filter «a == 'yes'» true, "
        "because «a» is left out of this wording; mend the filter, or leave the question out with "
        "not_in: [low_threshold]"
    ]


def test_a_question_left_out_of_every_wording_is_a_fault() -> None:
    assert "left out of every wording" in sentences(defined(yes_no("a", not_in=["regular"]), yes_no("b")))[0]


def test_learning_profiles_belong_to_service_eleven_only() -> None:
    definition = defined(
        yes_no("a", asked_if="learning_profile == 3"),
        yes_no("b", asked_if="learning_profile == 3 and service == 1"),
        services=[1, 11],
    )
    (way,) = prove(definition).finding("question", "a").ways
    assert (way.facts.service, way.facts.learning_profile) == (11, 3)
    assert status(definition, "b") == "contradictory"


def test_commissioners_have_no_service() -> None:
    definition = defined(yes_no("a"), yes_no("b", asked_if="service == 1"), audience="commissioners", services=[])
    assert prove(definition).finding("question", "a").services == (None,)
    assert status(definition, "b") == "contradictory"


def test_a_wording_or_service_that_does_not_exist_is_refused() -> None:
    definition = defined(yes_no("a"))
    with pytest.raises(Invalid, match="has no wording «low_threshold»; choose regular"):
        prove(definition, wording="low_threshold")
    with pytest.raises(Invalid, match="is not for service 11; choose one of 1, 2"):
        prove(definition, service=11)
    with pytest.raises(Invalid, match="is for commissioners"):
        prove(defined(yes_no("a"), audience="commissioners", services=[]), service=1)


# --- limits ---


def test_more_than_can_be_proven_is_said_so_and_what_is_simple_is_proven_all_the_same() -> None:
    codes = [f"o{number}" for number in range(14)]
    everything = " and ".join(f"'{code}' in a" for code in codes)
    definition = defined(
        question("a", "multiple", " ".join(codes)), yes_no("b", asked_if=everything), yes_no("c", asked_if="'o1' in a")
    )
    assert status(definition, "b") == "too_complex"
    assert answers(definition, "c") == {"a": "o1"}
    assert "too complex to prove; split its filter" in sentences(definition)[0]


def test_a_faulty_file_points_at_the_line_of_the_filter() -> None:
    written = (ROOT / "tests/questionnaires/option-filters/questionnaire.yaml").read_text()
    broken = written.replace("has_work == 'no' and service == 2", "has_work == 'no' and has_work == 'yes'")
    (fault,) = faults(load({"questionnaire.yaml": broken}, "questionnaires/option-filters"))
    assert fault.file == "questionnaires/option-filters/questionnaire.yaml"
    assert broken.splitlines()[fault.line - 1].endswith("asked_if: has_work == 'no' and has_work == 'yes'}")


def test_an_option_of_a_set_is_reported_where_the_set_is_written() -> None:
    sets = {"often": [{"code": "x", "text": "X"}, OPENED | {"asked_if": "a == 'yes' and a == 'no'"}]}
    by_name = {"code": "c", "type": "single", "text": "C?", "options": "often"}
    definition = defined(yes_no("a"), by_name, option_sets=sets)
    (fault,) = faults(definition)
    assert "a == 'yes' and a == 'no'" in definition.files["questionnaire.yaml"].splitlines()[fault.line - 1]
