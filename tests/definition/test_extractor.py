"""Translators get every text of the easy wording, with what they have to know about it."""

from pathlib import Path

import pytest

from app.definition.extractor import extract
from app.definition.load import load_folder
from app.definition.translations import messages_to_translate, texts_to_translate, translated_wording
from app.settings import ROOT
from tests.factories.written import WRITTEN

SHIPPED = sorted(path for path in (ROOT / "questionnaires").iterdir() if path.is_dir())


def extracted(path: Path) -> dict[str, tuple[int, list[str]]]:
    with path.open("rb") as file:
        return {text: (line, comments) for line, _function, text, comments in extract(file, {}, (), {})}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "example"
    path.mkdir()
    for name, text in WRITTEN.items():
        (path / name).write_text(text, "utf-8")
    return path


def test_a_text_is_found_at_its_line(folder: Path) -> None:
    lines = (folder / "low_threshold.yaml").read_text().splitlines()
    found = extracted(folder / "low_threshold.yaml")
    assert found
    for text, (line, _) in found.items():
        assert text.split("\n")[0][:12] in " ".join(lines[line - 1 : line + 1])


def test_the_regular_wording_is_not_translated(folder: Path) -> None:
    assert extracted(folder / "questionnaire.yaml") == {}


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_all_texts_of_the_shipped_questionnaires_are_extracted(path: Path) -> None:
    definition = load_folder(path)
    wording = translated_wording(definition)
    expected = set(texts_to_translate(definition.wordings[wording])) if wording else set()
    expected |= {passage.text for passage in messages_to_translate(definition)}
    found: set[str] = set()
    for file in path.glob("*.yaml"):
        found |= set(extracted(file))
    assert found == expected
    assert bool(found) is (path.name != "opdrachtgevers")


def test_a_translator_is_told_where_a_text_stands_and_what_to_keep() -> None:
    found = extracted(ROOT / "questionnaires" / "inburgeren" / "questionnaire.yaml")
    _, comments = next(value for text, value in found.items() if "{provider}" in text and "school:" in text)
    assert comments[0].startswith("inburgeren: statement before the question (following_now)")
    assert comments[1] == "Keep {provider} as it is: the name of a company or school comes there."
    (_, comments) = found["Ja"]
    assert comments[0].startswith("inburgeren: answer (following_now, ")
