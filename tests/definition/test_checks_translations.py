"""A text that changed is noticed before respondents in other languages meet it."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.definition.checks_translations import coverage_table, translation_faults
from app.definition.load import Definition, load, load_folder
from app.definition.translations import messages_to_translate, texts_to_translate
from app.language import Catalogue, Translation
from app.settings import ROOT
from tests.factories.written import WRITTEN, line_of

PLACE = "questionnaires/example/low_threshold.yaml"


def catalogue_of(definition: Definition, form: str = "{}", is_draft: bool = False) -> Catalogue:
    texts = [*texts_to_translate(definition.wordings["low_threshold"])]
    texts += [passage.text for passage in messages_to_translate(definition)]
    return Catalogue({text: Translation((form.format(text),), is_draft, PLACE) for text in texts})


def test_texts_that_the_catalogues_know_are_no_faults() -> None:
    definition = load(WRITTEN)
    assert list(translation_faults(definition, {"ar": catalogue_of(definition)})) == []


def test_one_comma_more_is_a_fault_at_its_line() -> None:
    known = catalogue_of(load(WRITTEN))
    name = "low_threshold.yaml"
    text = next(t for t in texts_to_translate(load(WRITTEN).wordings["low_threshold"]) if t in WRITTEN[name])
    changed = {**WRITTEN, name: WRITTEN[name].replace(text, f"{text},", 1)}
    (fault,) = translation_faults(load(changed), {"ar": known, "en": known})
    assert (fault.file, fault.line) == (name, line_of(changed[name], f"{text},"))
    assert "new or changed" in fault.sentence
    assert "(ar, en)" in fault.sentence


def test_a_changed_message_is_a_fault_too() -> None:
    known = catalogue_of(load(WRITTEN))
    text = next(messages_to_translate(load(WRITTEN))).text
    changed = {**WRITTEN, "messages.yaml": WRITTEN["messages.yaml"].replace(text, f"{text},")}
    faults = list(translation_faults(load(changed), {"ar": known}))
    assert {fault.file for fault in faults} == {"messages.yaml"}


def test_a_questionnaire_that_no_catalogue_names_is_in_dutch_only() -> None:
    definition = load(WRITTEN)
    stranger = Catalogue({"Ja": Translation(("نعم",), False, "questionnaires/other/questionnaire.yaml")})
    assert list(translation_faults(definition, {"ar": stranger})) == []
    assert coverage_table([definition], {"ar": stranger}, {"ar": stranger}, ()) == ""


def test_coverage_is_told_per_language() -> None:
    definition = load(WRITTEN)
    pages = ["Verder"]
    drafted = catalogue_of(definition, is_draft=True)
    translations = {
        "en": catalogue_of(definition),
        "ar": drafted,
        "ti": catalogue_of(definition, form=""),
    }
    interfaces = {
        "en": Catalogue({"Verder": Translation(("Next",))}),
        "ar": Catalogue({"Verder": Translation(("التالي",))}),
        "ti": Catalogue({}),
    }
    table = coverage_table([definition], translations, interfaces, pages).splitlines()
    n = len(texts_to_translate(definition.wordings["low_threshold"]))
    assert table[0].split() == ["translated", "pages", "example", "messages", "offered"]
    assert table[1].startswith("en") and table[1].endswith("yes")
    assert f"{n} of {n} drafted" in table[2] and table[2].endswith("with drafts")
    assert f"0 of {n}" in table[3] and table[3].endswith("no")


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "questionnaires", tmp_path / "questionnaires"))


def test_the_command_fails_when_one_comma_changes(cli: Callable[..., Any], shipped: Path) -> None:
    path = shipped / "inburgeren" / "questionnaire.yaml"
    question = load_folder(path.parent).wordings["regular"].steps[0].question
    path.write_text(path.read_text().replace(f"text: {question.text}", f"text: {question.text[:-1]},?"))
    outcome = cli("check", shipped)
    assert outcome.exit_code == 1
    assert f"{path}:" in outcome.stdout
    assert "run: make catalogue" in outcome.stdout


def test_the_command_tells_the_coverage_of_each_language(cli: Callable[..., Any]) -> None:
    lines = cli("check", ROOT / "questionnaires").stderr.splitlines()
    assert any(line.startswith("ti ") for line in lines)
    definition = load_folder(ROOT / "questionnaires" / "inburgeren")
    n = len(texts_to_translate(definition.wordings["regular"]))
    assert f" of {n}" in next(line for line in lines if line.startswith("ar "))


def test_coverage_tells_how_much_still_has_to_be_reviewed() -> None:
    definition = load(WRITTEN)
    texts = texts_to_translate(definition.wordings["low_threshold"])
    partly = Catalogue({text: Translation((text,), text == texts[0], PLACE) for text in texts})
    (_, row) = coverage_table([definition], {"ar": partly}, {"ar": partly}, ()).splitlines()
    assert f"{len(texts)} of {len(texts)}, 1 drafted" in row
    assert row.endswith("with drafts")
