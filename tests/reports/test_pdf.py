"""The PDF of a report: accessible, harmless whatever people wrote, and always the same."""

import hashlib
import io
import json
import re
import subprocess
import sys
from typing import Any

import pikepdf
import pytest

from app.reports.composition import compose
from app.reports.document import Aspect, Document, Edition, as_snapshot, from_snapshot, snapshot_hash
from app.reports.html import report_html
from app.reports.pdf import pictures, printed, report_pdf
from app.settings import ROOT
from tests.factories.reports import client_section, front, material, released, satisfaction
from tests.reports.test_chapters import CASES

HOSTILE = (
    '#read("/etc/passwd")', "<script>alert(1)</script>", "$x$ *vet* _schuin_ `a`", "\\0 \x00\x07", "W" * 600,
    "</style></svg><img src=x onerror=alert(1)>", '#import "x": *', "{{ 7*7 }} {% raw %}", "]]> <!-- -->", "= Kop",
    "@ref <label> //opmerking /* */", "\u202eomgekeerd\u202c", "名前 😀 שלום محمد", "A\u0301\u0301\u0301", "'\"&amp;<>",
)  # fmt: skip
DRAFT = Edition()


def opened(document: Document, edition: Edition = DRAFT) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(report_pdf(document, edition)))


def structure(node: Any, found: list[Any] | None = None) -> list[Any]:
    """Every element of the structure tree."""
    found = [] if found is None else found
    for child in node if isinstance(node, pikepdf.Array) else [node]:
        if isinstance(child, pikepdf.Dictionary):
            if "/S" in child:
                found.append(child)
            if "/K" in child:
                structure(child.K, found)
    return found


def hostile(text: str) -> Document:
    return compose(
        material(
            provider=text[:200].replace("\x00", " "),
            sections=(client_section(satisfaction(question=text)),),
            answers=(released(text, text),),
            front=front(best=satisfaction(question=text), good=(Aspect(text, 90, 80),), mean_says=text),
        )
    )


def test_the_pdf_is_tagged_and_says_its_title_and_language() -> None:
    pdf = opened(compose(material()))
    assert pdf.Root.MarkInfo.Marked is True or pdf.Root.MarkInfo.Marked
    assert "/StructTreeRoot" in pdf.Root
    assert str(pdf.Root.Lang) == "nl"
    assert pdf.Root.ViewerPreferences.DisplayDocTitle
    with pdf.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert "Werkpad B.V." in str(metadata["dc:title"])
    kinds = {str(one.S) for one in structure(pdf.Root.StructTreeRoot.K)}
    assert {"/H1", "/H2", "/Figure", "/Table", "/TH", "/TD", "/P", "/L", "/TOC", "/Caption"} <= kinds


def test_every_figure_has_an_alternative_text_with_its_numbers() -> None:
    pdf = opened(compose(material()))
    figures = [one for one in structure(pdf.Root.StructTreeRoot.K) if str(one.S) == "/Figure"]
    told = [str(one.Alt) for one in figures if "/Alt" in one]
    drawn = len(list(compose(material()).charts())) + 3  # the map, the best aspect and the scheme
    assert len(told) == drawn
    assert any("Heel tevreden: 44 %" in text for text in told)
    assert any("dag 14 herinnering per brief" in text for text in told)


def test_every_font_is_embedded() -> None:
    pdf = opened(compose(material()))
    fonts = [
        one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/FontDescriptor"
    ]
    assert fonts
    assert all({"/FontFile2", "/FontFile3"} & set(font.keys()) for font in fonts)


@pytest.mark.parametrize("name", CASES)
def test_every_kind_of_report_can_be_made(name: str) -> None:
    document = compose(CASES[name]())
    assert len(opened(document).pages) >= 4 or name in {"nothing to report", "nobody invited"}
    assert "<article" in report_html(document, DRAFT)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_printed_as_text(text: str) -> None:
    document = hostile(text)
    assert len(opened(document).pages) < 16
    body = report_html(document, DRAFT).split("</style>\n", 1)[1]
    assert "<article" in body
    assert not re.search(r"<script|<img|</style", body)
    assert "root:x:" not in body
    assert "49" not in re.findall(r"<blockquote><p>(.*?)</p>", body, re.DOTALL)[0]


def test_no_letter_is_missing_from_the_fonts() -> None:
    everything = " ".join(HOSTILE)
    printable = json.dumps(printed(hostile(everything), DRAFT), ensure_ascii=False)
    assert "名" not in printable
    assert "\u202e" not in printable
    assert pictures(hostile(everything), DRAFT, ppi=30)  # a missing letter would be an error in a tagged PDF
    assert opened(hostile(everything))


def test_equal_input_gives_equal_bytes_also_in_another_process_and_from_a_snapshot() -> None:
    document = compose(material())
    stored = json.loads(json.dumps(as_snapshot(document)))
    again = from_snapshot(stored)
    assert again == document
    assert report_pdf(document, DRAFT) == report_pdf(again, DRAFT)
    assert snapshot_hash(stored) == snapshot_hash(as_snapshot(document))
    code = (
        "import hashlib; from app.reports.composition import compose; from app.reports.document import Edition;"
        "from app.reports.pdf import report_pdf; from tests.factories.reports import material;"
        "print(hashlib.sha256(report_pdf(compose(material()), Edition())).hexdigest())"
    )
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    assert other == hashlib.sha256(report_pdf(document, DRAFT)).hexdigest()
    assert report_html(document, DRAFT) == report_html(again, DRAFT)


def test_a_draft_and_a_final_report_say_what_they_are() -> None:
    document = compose(material())
    final = Edition(2, True, document.made_on, "Het aantal gesprekken klopte niet.")
    assert "Concept, versie 1, 22 november 2026" in report_html(document, DRAFT)
    html = report_html(document, final)
    assert "Definitief rapport, versie 2, 22 november 2026" in html
    assert "Het aantal gesprekken klopte niet." in html
    assert report_pdf(document, DRAFT) != report_pdf(document, final)


def test_a_snapshot_of_the_first_version_can_still_be_printed() -> None:
    """The file stays as it is: reports published with it exist."""
    stored = json.loads((ROOT / "tests" / "data" / "report-snapshot.json").read_text("utf-8"))
    document = from_snapshot(stored)
    assert document.provider == "Werkpad B.V."
    assert len(list(document.charts())) == 3
    assert len(opened(document, Edition(1, True)).pages) == 8
    assert "Wat cliënten vinden" in report_html(document, Edition(1, True))
