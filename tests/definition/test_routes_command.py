"""`peilwijs routes`: the proof as a table, as test cases and as a diagram."""

import json
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from app.definition.diagram_layout import LABEL_X, LANES_X, lay_out
from app.definition.facts import Facts
from app.definition.load import load_folder
from app.definition.routing import prove
from app.engine.route import route
from app.settings import ROOT

SPECIMENS = ROOT / "tests" / "questionnaires"
SVG = "{http://www.w3.org/2000/svg}"
Cli = Callable[..., Any]


@pytest.fixture
def routes(cli: Cli) -> Cli:
    return lambda *arguments: cli("routes", *arguments, "--folder", SPECIMENS)


def test_the_table_says_who_is_asked_what_and_with_which_answers(routes: Cli) -> None:
    told = routes("routing-deep")
    assert told.exit_code == 0
    assert told.stderr == ""
    lines = told.stdout.splitlines()
    assert lines[0] == "routing-deep, regular wording, services 1, 9, 11: 11 of 11 questions are reached."
    (line,) = (line for line in lines if line.startswith("  contact_count"))
    assert line.split("  ", 2)[1:][0] == "contact_count"
    assert "had_contact == 'yes'" in line
    assert line.endswith("had_contact = yes")
    assert any("· letter" in line and "service != 1" in line and "9, 11" in line for line in lines)
    assert any("(learning profile 2)" in line for line in lines)


def test_one_service_and_one_wording_can_be_asked_for(routes: Cli) -> None:
    told = routes("routing-deep", "--service", "1")
    assert "service 1: 10 of 10 questions are reached" in told.stdout
    assert any("call_back" in line and "not for this service" in line for line in told.stdout.splitlines())
    easy = routes("two-wordings", "--wording", "low_threshold").stdout
    assert "low_threshold wording" in easy
    assert "regular wording" not in easy
    assert "not in this wording" in easy


@pytest.mark.parametrize("name", ["routing-deep", "two-wordings", "facts", "grid"])
def test_the_json_holds_test_cases_that_the_engine_passes(routes: Cli, name: str) -> None:
    told = json.loads(routes(name, "--format", "json").stdout)
    definition = load_folder(SPECIMENS / name)
    assert told["questionnaire"] == name
    assert told["version"] == definition.content_hash
    assert told["faults"] == []
    n_cases = 0
    for wording, findings in told["wordings"].items():
        for finding in findings:
            assert (finding["smallest"] is None) is (finding["status"] == "left_out")
            for case in finding["by_service"]:
                way = route(definition.wordings[wording], case["answers"], Facts(**case["facts"]))
                assert finding["block"] in [asked.block.code for asked in way.asked]
                n_cases += 1
    assert n_cases


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nothing",), "there is no questionnaire «nothing»; there are block-filters"),
        (("facts", "--wording", "easy"), "has no wording «easy»; choose regular"),
        (("routing-deep", "--service", "2"), "is not for service 2; choose one of 1, 9, 11"),
        (("facts", "-o", "/nowhere/at/all.txt"), "/nowhere/at/all.txt cannot be written"),
    ],
)
def test_what_cannot_be_proven_is_refused_with_one_sentence(routes: Cli, arguments: tuple[str, ...], said: str) -> None:
    told = routes(*arguments)
    assert told.exit_code == 1
    assert said in told.stderr
    assert told.stdout == ""
    assert len(told.stderr.strip().splitlines()) == 1


def test_a_format_that_does_not_exist_is_wrong_usage(routes: Cli) -> None:
    assert routes("facts", "--format", "pdf").exit_code == 2


def broken(folder: Path, old: str, new: str) -> Path:
    """A copy of a specimen with one thing changed."""
    text = (SPECIMENS / "option-filters" / "questionnaire.yaml").read_text()
    assert old in text
    (folder / "option-filters").mkdir()
    (folder / "option-filters" / "questionnaire.yaml").write_text(text.replace(old, new))
    return folder


def test_a_questionnaire_with_faults_still_shows_its_proof_and_fails(cli: Cli, tmp_path: Path) -> None:
    folder = broken(tmp_path, "has_work == 'no' and service == 2", "has_work == 'no' and has_work == 'yes'")
    told = cli("routes", "option-filters", "--folder", folder)
    assert told.exit_code == 1
    assert any("· municipality" in line and "NEVER" in line for line in told.stdout.splitlines())
    assert "option «reason.municipality» can never be reached" in told.stderr
    assert "questionnaire.yaml:33: " in told.stderr


def test_a_questionnaire_that_cannot_be_read_is_refused_with_its_faults(cli: Cli, tmp_path: Path) -> None:
    told = cli("routes", "option-filters", "--folder", broken(tmp_path, "has_work == 'no' and", "has_work == 'no' en"))
    assert told.exit_code == 1
    assert told.stdout == ""
    assert "questionnaire.yaml:33: " in told.stderr


# --- the diagram ---


def drawn(routes: Cli, *arguments: str) -> ElementTree.Element:
    return ElementTree.fromstring(routes(*arguments, "--format", "svg").stdout)


def words(element: ElementTree.Element) -> str:
    return " ".join("".join(text.itertext()) for text in element.iter(f"{SVG}text"))


def test_the_diagram_holds_every_block_question_and_filter(routes: Cli) -> None:
    definition = load_folder(SPECIMENS / "routing-deep")
    svg = drawn(routes, "routing-deep")
    shown = words(svg)
    for block in definition.texts.blocks:
        assert block.title in shown
        for question in block.questions:
            assert question.code in shown
            assert all(part in shown for part in question.asked_if.split())


def test_the_diagram_can_be_read_aloud(routes: Cli) -> None:
    svg = drawn(routes, "routing-deep")
    assert svg.get("role") == "img"
    ids = {element.get("id"): "".join(element.itertext()) for element in svg.iter() if element.get("id")}
    title, described = (ids[name] for name in (svg.get("aria-labelledby") or "").split())
    assert title == "Routing of routing-deep, regular wording"
    assert "Question contact_count if had_contact == 'yes'." in described
    assert "Option contact_ways.letter if service != 1." in described


def test_a_file_holds_the_diagram_and_texts_of_an_author_are_never_markup(cli: Cli, tmp_path: Path) -> None:
    folder = broken(tmp_path, "Waarom bent u begonnen?", '"Waarom <script>bent</script> u & ik begonnen?"')
    told = cli("routes", "option-filters", "--folder", folder, "--format", "svg", "-o", tmp_path / "routes.svg")
    assert told.exit_code == 0
    assert told.stdout == ""
    svg = (tmp_path / "routes.svg").read_text()
    assert "<script" not in svg
    assert "u & ik" in words(ElementTree.fromstring(svg))


@pytest.mark.parametrize("folder", sorted(ROOT.glob("questionnaires/*")) + sorted(SPECIMENS.glob("*")), ids=str)
def test_nothing_in_the_diagram_overlaps(folder: Path) -> None:
    definition = load_folder(folder)
    for wording, findings in prove(definition).wordings.items():
        layout = lay_out(definition.wordings[wording].texts, findings)
        for row, after in pairwise(layout.rows):
            assert row.y + row.height <= after.y
            assert row.label_y + row.label_height <= row.y + row.height
            if row.is_source:
                assert row.label_y + row.label_height < row.exit_y <= row.y + row.height
        for frame, below in pairwise(layout.frames):
            assert frame.y + frame.height < below.y
        assert layout.frames[-1].y + layout.frames[-1].height < layout.height
        for number in {lane.number for lane in layout.lanes}:
            spans = []
            for lane in (lane for lane in layout.lanes if lane.number == number):
                code = lane.source.finding.target.question
                ends = [lane.source.exit_y, *(target.entry_y(code) for target in lane.targets)]
                assert LABEL_X < LANES_X <= lane.x < layout.width
                spans.append((min(ends), max(ends)))
            spans.sort()
            assert all(upper[1] < lower[0] for upper, lower in pairwise(spans))
