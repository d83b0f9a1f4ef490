"""The routing proof against trying everything: the same is reached, with as few answers."""

from itertools import product
from random import Random
from time import process_time

from hypothesis import given, settings

from app.definition.facts import MODES, Facts
from app.definition.filters import names_in, parse_filter
from app.definition.load import Definition, load_folder
from app.definition.questionnaire import Questionnaire
from app.definition.routing import prove
from app.engine.route import Route, route
from app.questions.question import FilterValue
from app.settings import ROOT
from tests.factories.questionnaires import defined, definitions, every_answer, yes_no

Reached = dict[tuple[str, int | None], dict[str, str]]


def every_case(of: Questionnaire) -> list[Facts]:
    return [
        Facts(service, profile, of.wording, mode)
        for service in of.texts.services or (None,)
        for profile in (range(1, 5) if service == 11 else (None,))
        for mode in MODES
    ]


def reached_by(way: Route) -> set[str]:
    """Questions on the route, and as `question.option` the options on offer; a row stands for its grid."""
    grids = {
        row.code: grid.code for part in way.questionnaire.texts.blocks for grid in part.questions for row in grid.rows
    }
    found = set()
    for one in way.asked:
        code = grids.get(one.question.code, one.question.code)
        found |= {code} | {f"{code}.{option.code}" for option in one.options}
    return found


def tried(of: Questionnaire) -> Reached:
    """By trying every answer set of every case: the first of the smallest for each target and service."""
    names = [name for name in of.by_answer if not name.endswith(".other")]
    choices = [[*every_answer(of.by_answer[name], name), None] for name in names]
    sets = [{name: value for name, value in zip(names, one, strict=True) if value} for one in product(*choices)]
    sets.sort(key=len)  # stable: of equal size the first in order stays first
    found: Reached = {}
    for facts in every_case(of):
        here: dict[str, dict[str, str]] = {}
        for answers in sets:
            here.update((target, answers) for target in reached_by(route(of, answers, facts)) - set(here))
        for target, answers in here.items():
            known = found.get((target, facts.service))
            if known is None or len(answers) < len(known):
                found[target, facts.service] = answers
    return found


def proven(definition: Definition, of: Questionnaire) -> Reached:
    return {
        (finding.target.code, way.facts.service): dict(way.answers)
        for finding in prove(definition, of.wording).findings
        if finding.target.kind != "block"
        for way in finding.ways
    }


def agree(definition: Definition) -> None:
    for of in definition.wordings.values():
        by_search, by_trial = proven(definition, of), tried(of)
        words = {name for name, asked in of.by_answer.items() if asked.type == "open"}
        assert by_search.keys() == by_trial.keys()
        for target, answers in by_search.items():
            assert len(answers) == len(by_trial[target])
            if not words & answers.keys():  # of words any will do that filters do not mention
                assert answers == by_trial[target]


@given(definitions(4, is_small=True))
@settings(max_examples=100, deadline=None)
def test_the_proof_reaches_what_trying_everything_reaches_with_the_same_smallest_answers(
    definition: Definition,
) -> None:
    agree(definition)


@given(definitions(4, is_small=True, is_wild=True))
@settings(max_examples=60, deadline=None)
def test_the_proof_is_exact_too_when_filters_look_at_later_questions(definition: Definition) -> None:
    agree(definition)


def can_be_true(definition: Definition, source: str) -> bool:
    """Tries a filter on its own with every value of every name, and without those that can be off the route."""
    condition = parse_filter(source)
    choices: dict[str, list[FilterValue | None]] = {}
    for part in definition.texts.blocks:
        for asked in part.questions:
            for name in set(asked.answer_codes()) & names_in(condition):
                choices[name] = [asked.typed(name, stored) for stored in every_answer(asked, name)]
                if part.asked_if or asked.asked_if or asked.not_in:
                    choices[name].append(None)  # not on the route
    return any(
        condition.decide({**facts.filter_values(), **{name: v for name, v in values.items() if v is not None}})
        for of in definition.wordings.values()
        for facts in every_case(of)
        for values in (dict(zip(choices, one, strict=True)) for one in product(*choices.values()))
    )


@given(definitions(4, is_small=True))
@settings(max_examples=60, deadline=None)
def test_what_is_called_contradictory_is_never_true_on_its_own_and_what_is_called_unreachable_can_be(
    definition: Definition,
) -> None:
    for finding in prove(definition).findings:
        if finding.target.kind != "block" and not finding.is_consequence:
            own = " and ".join(f"({source})" for source in finding.target.asked_if)
            if finding.status in ("contradictory", "unreachable"):
                assert can_be_true(definition, own) is (finding.status == "unreachable")


def test_proving_the_client_questionnaire_takes_no_time_to_speak_of() -> None:
    definition = load_folder(ROOT / "questionnaires" / "arbeid-2022")
    began = process_time()
    prove(definition)
    assert process_time() - began < 0.5


def test_a_riddle_is_given_up_in_time_and_the_rest_is_proven() -> None:
    """Filters can pose any logical riddle; sixty clauses over fifteen answers, each behind the one before."""
    luck = Random(7)
    clauses = []
    for number in range(60):
        names = luck.sample(range(15), 3)
        clause = " or ".join(f"a{name} == '{luck.choice(['yes', 'no'])}'" for name in names)
        before = f" and c{number - 1} == 'yes'" if number else ""
        clauses.append(yes_no(f"c{number}", asked_if=f"({clause}){before}"))
    definition = defined(*(yes_no(f"a{number}") for number in range(15)), *clauses, yes_no("z", asked_if="a1 == 'no'"))
    began = process_time()
    proof = prove(definition)
    assert process_time() - began < 15
    statuses = {finding.status for finding in proof.findings}
    assert statuses == {"reachable", "too_complex"}
    assert proof.finding("question", "z").status == "reachable"
