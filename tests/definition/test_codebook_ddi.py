"""The codebook as DDI 2.5: well-formed, with what the schema requires, in its order."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from app.definition.codebook import codebook
from app.definition.codebook_ddi import NAMESPACE, as_ddi
from app.definition.load import load_folder
from app.settings import ROOT

SHIPPED = sorted(path.parent for path in (ROOT / "questionnaires").glob("*/questionnaire.yaml"))
SPECIMENS = sorted(path.parent for path in (ROOT / "tests" / "questionnaires").glob("*/questionnaire.yaml"))
# The order of children as codebook.xsd of DDI 2.5 has it, of the elements that we write.
ORDER = {
    "codeBook": ["docDscr", "stdyDscr", "fileDscr", "dataDscr"],
    "docDscr": ["citation"],
    "stdyDscr": ["citation"],
    "citation": ["titlStmt"],
    "titlStmt": ["titl", "IDNo"],
    "fileDscr": ["fileTxt"],
    "fileTxt": ["fileName"],
    "dataDscr": ["varGrp", "var"],
    "varGrp": ["labl"],
    "var": ["labl", "qstn", "invalrng", "universe", "catgry", "varFormat", "notes"],
    "qstn": ["qstnLit"],
    "invalrng": ["item"],
    "catgry": ["catValu", "labl"],
}
REQUIRED = {"codeBook": ["stdyDscr"], "stdyDscr": ["citation"], "citation": ["titlStmt"], "titlStmt": ["titl"]}
NATURES = {"nominal", "ordinal", "interval", "ratio", "percent", "other"}


def faults(element: ElementTree.Element) -> list[str]:
    name = element.tag.removeprefix(f"{{{NAMESPACE}}}")
    children = [child.tag.removeprefix(f"{{{NAMESPACE}}}") for child in element]
    order = ORDER.get(name, [])
    found = [f"{name} may not hold {child}" for child in children if child not in order]
    places = [order.index(child) for child in children if child in order]
    found += [f"the parts of {name} are out of order"] if places != sorted(places) else []
    found += [f"{name} lacks {child}" for child in REQUIRED.get(name, []) if child not in children]
    return found + [fault for child in element for fault in faults(child)]


@pytest.mark.parametrize("folder", [*SHIPPED, *SPECIMENS], ids=lambda folder: folder.name)
def test_every_questionnaire_gives_a_document_in_the_order_of_the_schema(folder: Path) -> None:
    book = codebook(load_folder(folder))
    root = ElementTree.fromstring(as_ddi(book))
    assert root.tag == f"{{{NAMESPACE}}}codeBook"
    assert root.get("version") == "2.5"
    assert faults(root) == []
    variables = root.findall(".//{*}var")
    assert [variable.get("name") for variable in variables] == [row.variable for row in book.rows]
    assert {variable.get("nature") for variable in variables} <= NATURES
    ids = [element.get("ID") for element in root.iter() if element.get("ID")]
    assert len(ids) == len(set(ids))
    named = " ".join(group.get("var") or "" for group in root.findall(".//{*}varGrp")).split()
    assert named == [variable.get("ID") for variable in variables]


def test_categories_carry_their_labels_in_every_wording_and_say_what_is_missing() -> None:
    root = ElementTree.fromstring(as_ddi(codebook(load_folder(ROOT / "questionnaires" / "arbeid-2022"))))
    (variable,) = root.findall(".//{*}var[@name='intake']")
    labels = {
        (category.findtext("{*}catValu"), label.get("level")): label.text
        for category in variable.findall("{*}catgry")
        for label in category.findall("{*}labl")
    }
    assert labels["satisfied", "regular"] == "Tevreden"
    assert ("satisfied", "low_threshold") in labels
    missing = [c.findtext("{*}catValu") for c in variable.findall("{*}catgry") if c.get("missing") == "Y"]
    assert missing == [item.get("VALUE") for item in variable.findall("{*}invalrng/{*}item")] == ["-8", "-9"]
    assert [part.get("clusion") for part in variable.findall("{*}universe")] == ["I"]


def test_texts_cannot_break_out_of_their_place() -> None:
    book = codebook(load_folder(ROOT / "tests" / "questionnaires" / "open"))
    hostile = "</labl><var name='x'>&amp; \x0b]]>"
    changed = replace(book, rows=tuple(replace(row, label=hostile) for row in book.rows))
    root = ElementTree.fromstring(as_ddi(changed))
    assert {label.text for label in root.findall(".//{*}var/{*}labl")} == {hostile.replace("\x0b", "")}
    assert len(root.findall(".//{*}var")) == len(book.rows)


def test_the_command_writes_it(cli: Callable[..., Any], tmp_path: Path) -> None:
    done = cli("codebook", "arbeid-2022", "--format", "ddi", "-o", tmp_path / "book.xml")
    assert (done.exit_code, done.stdout) == (0, "")
    assert ElementTree.parse(tmp_path / "book.xml").getroot().tag.endswith("codeBook")
