"""Every text of a questionnaire is found, at the place where it was written."""

from pathlib import Path
from typing import Any

import pytest

from app.definition.load import Definition, load, load_folder
from app.definition.passages import message_passages, passages
from app.settings import ROOT
from tests.factories.questionnaires import defined, question, yes_no
from tests.factories.written import WRITTEN

SHIPPED = sorted(path for path in (ROOT / "questionnaires").iterdir() if path.is_dir())
# Everything in a questionnaire that is a text, wherever it stands.
NO_TEXTS = {"code", "type", "asked_if", "name", "audience", "wordings", "overall_grade", "option_sets", "role",
            "required_for_usable", "decimals", "decimal_mark", "not_in", "picture"}  # fmt: skip


def texts_in(value: Any) -> set[str]:
    """Every text below a value, found without knowing the fields."""
    if isinstance(value, str):
        return {value} if value else set()
    if isinstance(value, dict):
        return set().union(*(texts_in(part) for key, part in value.items() if key not in NO_TEXTS))
    return set().union(*(texts_in(part) for part in value)) if isinstance(value, list | tuple) else set()


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda path: path.name)
def test_no_text_of_a_shipped_questionnaire_is_missed(folder: Path) -> None:
    for questionnaire in load_folder(folder).wordings.values():
        asked = {q.code for block in questionnaire.texts.blocks for q in block.questions
                 if questionnaire.wording not in q.not_in}  # fmt: skip
        tree = questionnaire.texts.model_dump(serialize_as_any=True)
        tree["blocks"] = [
            block | {"questions": [q for q in block["questions"] if q["code"] in asked]} for block in tree["blocks"]
        ]
        tree["blocks"] = [block for block in tree["blocks"] if block["questions"]]
        assert {passage.text for passage in passages(questionnaire)} == texts_in(tree)


@pytest.mark.parametrize("wording", ["regular", "low_threshold"])
def test_a_passage_knows_the_file_and_line_of_its_text(wording: str) -> None:
    definition = load(WRITTEN)
    for passage in passages(definition.wordings[wording]):
        fault = definition.fault(passage.path, "here", wording)
        first_words = passage.text.split("{")[0].split("\n")[0][:12]
        near = definition.files[fault.file].splitlines()[fault.line - 1 : fault.line + 1]
        assert any(first_words in line for line in near), (passage, fault)


def kinds(definition: Definition, wording: str = "regular") -> list[tuple[str, str, str]]:
    return [(passage.kind, passage.question, passage.text) for passage in passages(definition.wordings[wording])]


def test_the_texts_come_in_the_order_in_which_they_are_met() -> None:
    found = kinds(
        defined(
            question("g", "grade", lead_in="Denk na.", hint="Eerlijk.", low_label="slecht", interviewer="Lees voor."),
            question("r", "grid", "a b", rows=[{"code": "r1", "text": "Rij"}]),
        )
    )
    assert found == [
        ("title", "", "Vragen"),
        ("introduction", "", "Hallo"),
        ("introduction", "", "Welkom"),
        ("phone", "", "Goedemiddag"),
        ("block", "", "all"),
        ("lead_in", "g", "Denk na."),
        ("question", "g", "g?"),
        ("hint", "g", "Eerlijk."),
        ("interviewer", "g", "Lees voor."),
        ("label", "g", "slecht"),
        ("question", "r", "r?"),
        ("option", "r", "a"),
        ("option", "r", "b"),
        ("row", "r", "Rij"),
        ("closing", "", "Dank u"),
        ("closing", "", "Klaar"),
    ]


def test_a_question_left_out_of_a_wording_has_no_texts_there() -> None:
    definition = defined(
        yes_no("a", not_in=["low_threshold"]), yes_no("b"), wordings=["regular", "low_threshold"]
    )  # fmt: skip
    assert {code for _, code, _ in kinds(definition, "low_threshold")} == {"", "b"}
    assert {code for _, code, _ in kinds(definition)} == {"", "a", "b"}


def test_the_texts_of_a_message_are_found() -> None:
    messages = load_folder(ROOT / "questionnaires" / "arbeid-2022").messages
    assert messages is not None
    message = messages.messages["letter"]["low_threshold"]
    path = ("messages", "letter", "low_threshold")
    found = {passage.path: passage.text for passage in message_passages(message, path)}
    assert found[(*path, "subject")] == message.subject
    assert found[(*path, "text", 1)] == message.text[1]
    assert len(found) == len(message.text) + 2
