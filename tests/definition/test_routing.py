"""The routing proof: what it says, and that the engine agrees with every claim."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.definition.load import Definition, load_folder
from app.definition.routing import Finding, faults, prove
from app.engine.route import route
from app.settings import ROOT
from tests.factories.questionnaires import defined, question, yes_no
from tests.factories.routing import answers

QUESTIONNAIRES = sorted(
    path.parent
    for folder in ("questionnaires", "tests/questionnaires")
    for path in (ROOT / folder).glob("*/*naire.yaml")
)


# --- every claim is a test case ---


def claims(definition: Definition) -> Iterator[tuple[str, Finding]]:
    for wording, findings in prove(definition).wordings.items():
        for finding in findings:
            yield wording, finding


@pytest.mark.parametrize("folder", QUESTIONNAIRES, ids=lambda folder: folder.name)
def test_the_engine_reaches_every_target_with_the_answer_set_that_the_proof_gives(folder: Path) -> None:
    definition = load_folder(folder)
    for wording, finding in claims(definition):
        target = finding.target
        for way in finding.ways:
            walked = route(definition.wordings[wording], way.answers, way.facts)
            assert dict(walked.counted) == way.answers, "an answer set holds nothing that does not count"
            asked = [one for one in walked.asked if one.block.code == target.block]
            assert asked
            if target.kind != "block":
                names = next(q for q in asked[0].block.questions if q.code == target.question).answer_codes()
                here = [one for one in asked if set(one.question.answer_codes()) & set(names)]
                assert here
                assert target.kind == "question" or all(target.option in [o.code for o in one.options] for one in here)


@pytest.mark.parametrize("folder", QUESTIONNAIRES, ids=lambda folder: folder.name)
def test_without_any_one_of_its_answers_a_smallest_answer_set_reaches_nothing(folder: Path) -> None:
    definition = load_folder(folder)
    for wording, finding in claims(definition):
        for way in finding.ways if finding.target.kind == "question" else ():
            for dropped in way.answers:
                fewer = {code: value for code, value in way.answers.items() if code != dropped}
                walked = route(definition.wordings[wording], fewer, way.facts)
                assert finding.target.question not in [one.question.code for one in walked.asked]


@pytest.mark.parametrize("folder", QUESTIONNAIRES, ids=lambda folder: folder.name)
def test_of_every_questionnaire_everything_is_reached(folder: Path) -> None:
    definition = load_folder(folder)
    assert faults(definition) == []
    assert {finding.status for _, finding in claims(definition)} <= {"reachable", "left_out"}


def test_the_client_questionnaire_is_asked_by_service_as_the_topics_say() -> None:
    proof = prove(load_folder(ROOT / "questionnaires" / "arbeid-2022"))
    all_services = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13)
    for code, services in {
        "training_kind": (1,),
        "training_form": (1,),
        "diagnosis_kind": (3,),
        "reason": tuple(service for service in all_services if service != 6),
        "has_work": (1, 5, 6, 7, 8, 9, 10, 13),
        "grade": all_services,
    }.items():
        assert proof.finding("question", code).services == services
    assert proof.finding("question", "training_kind", "low_threshold").status == "left_out"
    for code, needed in {
        "respect": {"had_contact": "yes"},
        "complaint_solved": {"complaint": "yes"},
        "remarks": {},
    }.items():
        smallest = proof.finding("question", code).smallest
        assert smallest is not None
        assert smallest.answers == needed


# --- what is reached, and with how little ---


def test_a_question_without_filter_needs_no_answer() -> None:
    assert answers(defined(yes_no("a")), "a") == {}


def test_a_chain_of_filters_is_followed_to_its_beginning() -> None:
    chain = [yes_no("q0"), *(yes_no(f"q{n}", asked_if=f"q{n - 1} == 'no'") for n in range(1, 30))]
    assert answers(defined(*chain), "q29") == {f"q{n}": "no" for n in range(29)}


def test_of_two_ways_the_one_with_fewer_answers_is_given_and_of_equal_ones_the_first() -> None:
    definition = defined(
        yes_no("a"),
        yes_no("b"),
        yes_no("c", asked_if="(a == 'no' and b == 'no') or b == 'yes'"),
        yes_no("d", asked_if="b == 'no' or a == 'no' or a == 'yes'"),
    )
    assert answers(definition, "c") == {"b": "yes"}
    assert answers(definition, "d") == {"a": "yes"}


def test_a_case_that_needs_no_answer_is_preferred() -> None:
    definition = defined(yes_no("a"), yes_no("b", asked_if="a == 'yes' or service == 2 or mode == 'phone'"))
    finding = prove(definition).finding("question", "b")
    assert finding.services == (1, 2)
    assert [(way.facts.service, way.facts.mode, dict(way.answers)) for way in finding.ways] == [
        (1, "phone", {}),
        (2, "web", {}),
    ]
    assert finding.smallest is finding.ways[0]


@pytest.mark.parametrize(
    ("written", "condition", "needed"),
    [
        (question("n", "number", low=0, high=99), "n > 12", "13"),
        (question("n", "number", low=0, high=99), "n >= 12.5", "13"),
        (question("n", "number", low=5, high=99), "n < 6", "5"),
        (question("n", "number", low=0, high=99), "n != 0", "1"),
        (question("n", "number", low=0, high=99), "7 < n < 9", "8"),
        (question("n", "grade", decimals="1"), "7.4 < n < 7.6", "7.5"),
        (question("n", "grade", decimals="1"), "n > 9.9", "10"),
        (question("n", "multiple", "a b c"), "'b' in n and 'c' in n", "b c"),
        (question("n", "multiple", "a b c"), "'a' not in n", "b"),
        (question("n", "open"), "n == 'niets'", "niets"),
        (question("n", "open"), "n != 'niets' and n != 'iets'", "xxxxxx"),
        (question("n", "satisfaction"), "n not in ['very_satisfied', 'satisfied']", "dissatisfied"),
    ],
)
def test_of_each_sort_of_answers_one_stands_for_all(written: dict[str, object], condition: str, needed: str) -> None:
    definition = defined(written, yes_no("target", asked_if=condition))
    assert answers(definition, "target") == {"n": needed}
