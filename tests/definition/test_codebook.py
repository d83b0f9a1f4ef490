"""The codebook: every column of a responses file, with texts, codes and who was asked."""

import io
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import html5lib
import pytest
from python_calamine import CalamineWorkbook

from app.definition.checks import questionnaire_folders
from app.definition.codebook import NOT_ANSWERED, NOT_ASKED, Codebook, CodebookRow, codebook
from app.definition.codebook_formats import as_html, as_json, as_xlsx
from app.definition.filter_words import in_words, option_labels
from app.definition.filters import parse_filter
from app.definition.load import load, load_folder
from app.settings import ROOT
from tests.factories.written import WRITTEN, changed

FOLDERS = [*questionnaire_folders(ROOT / "questionnaires"), *questionnaire_folders(ROOT / "tests" / "questionnaires")]


def book(files: dict[str, str] = WRITTEN) -> Codebook:
    return codebook(load(files))


def row(code: str, files: dict[str, str] = WRITTEN) -> CodebookRow:
    return next(row for row in book(files).rows if row.variable == code)


def test_every_variable_stands_in_it_once_and_in_order() -> None:
    assert [row.variable for row in book().rows] == [
        *("had_contact", "benefit.none", "benefit.ww", "benefit.another", "benefit.another.text", "diploma"),
        *("contact_count", "information", "listened", "helped", "count_opinion", "recommended", "grade", "remarks"),
    ]


def test_texts_and_labels_are_given_in_every_wording() -> None:
    contact = row("had_contact")
    assert contact.texts == {"regular": "Had u contact?", "low_threshold": "Sprak u iemand?"}
    assert contact.codes == {
        "yes": {"regular": "Ja", "low_threshold": "Ja"},
        "no": {"regular": "Nee", "low_threshold": "Nee"},
    }
    assert row("listened").texts["low_threshold"] == "En uw coach? – Luisteren"
    assert row("diploma").texts == {"regular": "Welk diploma haalde u?"}
    assert row("diploma").not_in == ("low_threshold",)


def test_who_was_asked_is_told_by_block_question_and_option_as_written_and_in_words() -> None:
    files = changed("questionnaire.yaml", "text: Hbo}", "text: Hbo, asked_if: 'service in [1, 3]'}")
    opinion = row("count_opinion", files)
    assert [(part.of, part.code, part.source, part.words) for part in opinion.asked_if] == [
        ("block", "contact", "had_contact == 'yes'", "had_contact is «Ja»"),
        ("question", "count_opinion", "contact_count > 0", "contact_count is above 0"),
    ]
    assert [(part.of, part.code, part.words) for part in row("diploma", files).asked_if] == [
        ("option", "hbo", "service is 1 or 3")
    ]


def test_empty_means_not_asked_only_where_that_can_be() -> None:
    assert row("grade").missing == {"": (NOT_ANSWERED,)}
    assert row("remarks").missing == {"": (NOT_ANSWERED, NOT_ASKED)}
    assert row("diploma").missing == {"": (NOT_ANSWERED, NOT_ASKED)}
    assert row("contact_count").missing == {"": (NOT_ANSWERED, NOT_ASKED)}


def test_what_makes_an_interview_usable_is_marked() -> None:
    assert {row.variable for row in book().rows if row.required_for_usable} == {"information", "listened"}


def test_measure_and_type_are_told() -> None:
    assert [
        (r.question_type, r.measure) for r in (row("grade"), row("listened"), row("remarks"), row("benefit.ww"))
    ] == [
        ("grade", "scale"),
        ("grid", "ordinal"),
        ("open", "text"),
        ("multiple", "nominal"),
    ]


def test_a_question_that_regular_leaves_out_still_has_a_text() -> None:
    files = changed("questionnaire.yaml", "not_in: [low_threshold]", "not_in: [regular]")
    questions = "  contact_count:\n"
    extra = "  diploma:\n    text: Welk diploma?\n    options: {mbo: Mbo, hbo: Hbo}\n"
    files["low_threshold.yaml"] = files["low_threshold.yaml"].replace(questions, extra + questions)
    assert row("diploma", files).texts == {"low_threshold": "Welk diploma?"}


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("had_contact == 'yes'", "had_contact is «Ja»"),
        ("had_contact != 'yes'", "had_contact is not «Ja»"),
        ("'ww' in benefit", "benefit includes «WW»"),
        ("'ww' not in benefit", "benefit does not include «WW»"),
        ("diploma in ['mbo', 'hbo']", "diploma is «Mbo» or «Hbo»"),
        ("diploma not in ['mbo']", "diploma is not «Mbo»"),
        ("grade >= 5.5", "grade is at least 5.5"),
        ("3 < grade <= 8", "grade is above 3 and grade is at most 8"),
        ("mode == 'phone'", "mode is «phone»"),
        (
            "not (service == 1 or grade < 4) and listened == 'good'",
            "not (service is 1 or grade is below 4) and listened is «Goed»",
        ),
        (
            "(service == 1 or service == 3) and grade < 4",
            "(service is 1 or service is 3) and grade is below 4",
        ),
    ],
)
def test_a_filter_is_said_in_words(source: str, words: str) -> None:
    labels = option_labels(load(WRITTEN).wordings["regular"])
    assert in_words(parse_filter(source), labels) == words


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_questionnaire_has_a_codebook_in_every_format(folder: Path) -> None:
    made = codebook(load_folder(folder))
    assert len(json.loads(as_json(made))["rows"]) == len(made.rows)
    assert as_html(made).count("<section") == len(made.rows)
    sheets = CalamineWorkbook.from_filelike(io.BytesIO(as_xlsx(made)))
    assert len(sheets.get_sheet_by_name("Variables").to_python()) == len(made.rows) + 1


HOSTILE = "<script>alert(1)</script>&\"'"


def test_json_gives_back_every_row() -> None:
    data = json.loads(as_json(book()))
    assert (data["questionnaire"], data["wordings"], len(data["version"])) == (
        "example",
        ["regular", "low_threshold"],
        64,
    )
    assert data["rows"][0]["codes"]["yes"] == {"regular": "Ja", "low_threshold": "Ja"}


def test_the_page_escapes_texts_and_is_valid_html() -> None:
    page = as_html(book(changed("questionnaire.yaml", "text: Had u contact?", f"text: {json.dumps(HOSTILE)}")))
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    html5lib.HTMLParser(strict=True).parse(page)


class Anchors(HTMLParser):
    """Which ids there are, and to which others point."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.labels: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id":
                self.ids.append(str(value))
            if name == "aria-labelledby":
                self.labels.append(str(value))


def test_the_page_names_its_parts_and_needs_no_other_file() -> None:
    page = as_html(book())
    anchors = Anchors()
    anchors.feed(page)
    assert len(set(anchors.ids)) == len(anchors.ids)
    assert set(anchors.labels) <= set(anchors.ids)
    assert {row.variable for row in book().rows} <= set(anchors.ids)
    assert not re.search(r"\b(src|href|url)\b", page)


def test_a_workbook_keeps_formulas_and_addresses_as_text() -> None:
    text = '=HYPERLINK(\\"http://example.org\\")'
    content = as_xlsx(book(changed("questionnaire.yaml", "text: Had u contact?", f'text: "{text}"')))
    (header, first, *_) = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name("Variables").to_python()
    assert dict(zip(header, first, strict=True))["text regular"] == '=HYPERLINK("http://example.org")'


def test_the_codes_sheet_lists_every_code_with_its_labels() -> None:
    lines = CalamineWorkbook.from_filelike(io.BytesIO(as_xlsx(book()))).get_sheet_by_name("Codes").to_python()
    assert ["listened", "good", "Goed", "Goed"] in lines
    assert ["information", "no_opinion", "Geen mening", "Ik weet het niet"] in lines


def test_equal_questionnaires_give_equal_workbooks() -> None:
    assert as_xlsx(book()) == as_xlsx(book())
