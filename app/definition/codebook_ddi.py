"""The codebook as DDI Codebook 2.5 (XML), the form in which data archives describe a file.

Elements stand in the order that the schema prescribes: https://ddialliance.org/Specification/DDI-Codebook/2.5/
"""

import re
from collections.abc import Iterable, Mapping
from itertools import groupby
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from app.definition.codebook import NOT_ANSWERED, NOT_ASKED, Codebook, CodebookRow

NAMESPACE = "ddi:codebook:2_5"
SCHEMA = "https://ddialliance.org/Specification/DDI-Codebook/2.5/XMLSchema/codebook.xsd"
XML, XSI = "http://www.w3.org/XML/1998/namespace", "http://www.w3.org/2001/XMLSchema-instance"
FILE_ID = "F1"
NATURES = {"nominal": "nominal", "ordinal": "ordinal", "scale": "ratio", "text": "other"}
# as SPSS files have them; in text files such a cell is empty
MISSING: Mapping[str, str] = {"-8": NOT_ASKED, "-9": NOT_ANSWERED}
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_ddi(book: Codebook) -> str:
    """The codebook as one XML document."""
    root = Element(
        "codeBook",
        {
            "xmlns": NAMESPACE,
            "xmlns:xsi": XSI,
            "xsi:schemaLocation": f"{NAMESPACE} {SCHEMA}",
            "version": "2.5",
            "xml:lang": "nl",
        },
    )
    for part in ("docDscr", "stdyDscr"):
        title = _path(root, part, "citation", "titlStmt")
        _text(title, "titl", f"Codeboek: {book.title}" if part == "docDscr" else book.title)
        _text(title, "IDNo", f"{book.questionnaire}-{book.version[:12]}", agency="Peilwijs")
    file = SubElement(root, "fileDscr", ID=FILE_ID)
    _text(_path(file, "fileTxt"), "fileName", book.questionnaire)
    data = SubElement(root, "dataDscr")
    ids = {row.variable: f"V{number}" for number, row in enumerate(book.rows, start=1)}
    for number, (block, rows) in enumerate(groupby(book.rows, key=lambda row: row.block), start=1):
        group = SubElement(data, "varGrp", ID=f"G{number}", type="section", var=" ".join(ids[r.variable] for r in rows))
        _text(group, "labl", block)
    for row in book.rows:
        _variable(data, row, ids[row.variable])
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def _variable(data: Element, row: CodebookRow, variable_id: str) -> None:
    is_text = row.measure == "text"
    interval = "contin" if row.measure == "scale" else "discrete"
    attributes = {"ID": variable_id, "name": row.variable, "files": FILE_ID, "intrvl": interval}
    variable = SubElement(data, "var", attributes | {"nature": NATURES[row.measure]})
    _text(variable, "labl", row.label)
    domain = "text" if is_text else "numeric" if row.measure == "scale" else "category"
    for wording, text in row.texts.items():
        question = SubElement(variable, "qstn", ID=f"{variable_id}_{wording}", responseDomainType=domain)
        _text(question, "qstnLit", text)
    if not is_text:
        invalid = SubElement(variable, "invalrng")
        for code in MISSING:
            SubElement(invalid, "item", VALUE=code)
    for words in _asked_if(row):
        _text(variable, "universe", words, clusion="I")
    for code, by_wording in row.codes.items():
        _category(variable, code, by_wording.items())
    if not is_text:
        for code, words in MISSING.items():
            _category(variable, code, [("regular", words)], missing="Y")
    SubElement(variable, "varFormat", type="character" if row.codes or is_text else "numeric")
    if row.required_for_usable:
        _text(variable, "notes", "An interview is usable only when this question is answered or was not asked.")


def _category(variable: Element, code: str, labels: Iterable[tuple[str, str]], **attributes: str) -> None:
    category = SubElement(variable, "catgry", attributes)
    _text(category, "catValu", code)
    for wording, label in labels:
        _text(category, "labl", label, level=wording)


def _asked_if(row: CodebookRow) -> list[str]:
    left_out = [f"not in the {wording} wording" for wording in row.not_in]
    return [f"{part.of} {part.code}: {part.words}" for part in row.asked_if] + left_out


def _path(parent: Element, *names: str) -> Element:
    for name in names:
        parent = SubElement(parent, name)
    return parent


def _text(parent: Element, name: str, text: str, **attributes: str) -> None:
    SubElement(parent, name, attributes).text = _NO_XML.sub("", text)
