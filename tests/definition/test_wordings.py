"""A second wording changes words and nothing else; every difference is found in its own file, at its line."""

import pytest

from app.definition.load import load
from tests.factories.written import EASY, WRITTEN, changed, faults_of, line_of

# what is replaced, by what, what stands on the line of the fault, and what the sentence says
DIFFERENCES = [
    # more than words
    ("title: Wat vindt u?", "title: Wat vindt u?\nservices: [2]", "services: [2]", "«services» is not a text"),
    ("title: Wat vindt u?", "title: x\nrequired_for_usable: []", "required_for_usable", "is not a text"),
    ("title: Begin", "title: Begin\n    asked_if: service == 1", "asked_if: service", "«asked_if» is not a text"),
    ("title: Begin", "title: Begin\n    together: true", "together: true", "«together» is not a text"),
    ("text: Hoe vaak?", "text: Hoe vaak?\n    type: open", "type: open", "«type» is not a text of «contact_count»"),
    ("text: Hoe vaak?", "text: Hoe vaak?\n    high: 9", "high: 9", "«high» is not a text"),
    ("text: Hoe vaak?", "text: Hoe vaak?\n    asked_if: service == 1", "asked_if: service", "is not a text"),
    ("text: Hoe vaak?", "text: Hoe vaak?\n    not_in: [regular]", "not_in: [regular]", "«not_in» is not a text"),
    ("text: Hoe vaak?", "text: Hoe vaak?\n    required: true", "required: true", "«required» is not a text"),
    ("text: Hoe vaak?", "text: Hoe vaak?\n    options: {a: b}", "options: {a: b}", "«options» is not a text"),
    ("text: Hoe vaak?", "text: Hoe vaak?\n    low_label: weinig", "low_label: weinig", "«low_label» is not a field"),
    ("ww: Werk", "ww: Werk\n      wia: Ziek", "wia: Ziek", "the regular wording has no «wia» here"),
    ("ww: Werk", "ww: {text: Werk, exclusive: true}", "ww: {text", "«ww» must be a text and nothing else"),
    ("helped: Helpen", "helped: Helpen\n      asked: Vragen", "asked: Vragen", "has no «asked» here"),
    ("    no: Nee\n  satis", "    no: Nee\n    maybe: Ja\n  satis", "maybe: Ja", "has no «maybe» here"),
    ("  end:\n", "  extra:\n    title: Meer\n  end:\n", "extra:", "the regular wording has no block «extra»"),
    ("  grade:\n", "  extra:\n    text: Meer?\n  grade:\n", "extra:", "the regular wording has no question «extra»"),
    ("option_sets:\n", "option_sets:\n  scale: {a: b}\n", "scale: {a: b}", "no option set «scale»"),
    ("  grade:\n", "  diploma:\n    text: Welk?\n  grade:\n", "diploma:", "left out of this wording (not_in)"),
    ("  information:\n", "  information:\n    options: {satisfied: Blij}\n", "options: {sat", "under option_sets"),
    # less than words
    ("title: Wat vindt u?\n", "", "introduction:\n  title", "«title» is missing in this wording"),
    ("phone:\n  introduction:\n    - Hallo.\n", "", "title: Wat vindt u?", "«phone» is missing"),
    ("  start:\n    title: Begin\n", "", "blocks:", "the title of block «start» is missing"),
    ("    title: Begin\n", "    {}\n", "start:", "the title of block «start» is missing"),
    ("  contact_count:\n    text: Hoe vaak?\n", "", "questions:", "the text of question «contact_count» is missing"),
    ("    text: Hoe vaak?\n", "    lead_in: Denk na.\n", "  contact_count:", "the text of question «contact_count»"),
    ("text: Hoe vaak?", "text:", "    text:\n  information", "«text» is empty"),
    ("text: Hoe vaak?", "text: ' '", "text: ' '", "this text is empty"),
    ("    hint: ''\n", "", "  had_contact:", "the hint of question «had_contact» is missing"),
    ("    low_label: slecht\n", "", "  grade:", "the low_label of question «grade» is missing"),
    ("      ww: Werk\n", "", "    options:\n      none: Nee", "question «benefit» lacks texts in this wording: ww"),
    ("      helped: Helpen\n", "", "    rows:", "question «coach» lacks texts in this wording: helped"),
    ("    no_opinion: Ik weet het niet\n", "", "  satisfaction:", "option set «satisfaction» lacks texts"),
    ("ww: Werk", "ww: ''", "ww: ''", "empty"),
    ("    - Klaar.\n", "    []\n", "  text:\n    []", "«closing» holds no text"),
    # the wrong things at the right places
    (
        "blocks:\n  start:\n    title: Begin",
        "blocks:\n  start: Begin",
        "start: Begin",
        "under «start» stand named texts",
    ),
    ("text: Hoe vaak?", "text: [Hoe, vaak]", "text: [Hoe", "«text» must be a text"),
    ("title: Einde", "title: {a: b}", "title: {a: b}", "«title» must be a text"),
    ("  text:\n    - Klaar.\n", "  text: Klaar.\n", "  text: Klaar.", "«text» must be a list"),
    # texts
    ("sprak {contact_count} keer", "sprak {contact_count keer", "{contact_count keer", "a brace stands here"),
    ("sprak {contact_count} keer", "sprak {grade} keer", "{grade} keer", "is asked later"),
    ("sprak {contact_count} keer", "sprak {diploma} keer", "{diploma} keer", "left out of the wording low_threshold"),
    ("no_opinion: Ik weet het niet", "no_opinion: 'Weet {niet'", "no_opinion: 'Weet", "a brace stands here"),
    ("ww: Werk", "ww: 'Werk {remarks}'", "ww: 'Werk", "is asked later"),
    ("vindt u van {provider}?", "vindt u van {grade}?", "van {grade}?", "outside questions only"),
    ("title: Contact", "title: '{grade}'", "title: '{grade}'", "outside questions only"),
    ("low_label: slecht", "low_label: 'slecht }'", "low_label: 'slecht }'", "nothing can be piped"),
]


@pytest.mark.parametrize(
    ("old", "new", "where", "sentence"), DIFFERENCES, ids=[f"{new or old}"[:50] for old, new, _, _ in DIFFERENCES]
)
def test_a_difference_is_found_in_the_wordings_own_file(old: str, new: str, where: str, sentence: str) -> None:
    files = changed("low_threshold.yaml", old, new)
    found = faults_of(files)
    line = line_of(files["low_threshold.yaml"], where) + where.startswith("\n")
    wanted = [f for f in found if (f.file, f.line) == ("q/low_threshold.yaml", line) and sentence in f.sentence]
    assert wanted, "\n".join(map(str, found))


def test_the_hint_may_be_left_empty_on_purpose_and_an_instruction_may_be_inherited() -> None:
    question = load(WRITTEN).wordings["low_threshold"].by_answer["had_contact"]
    assert (question.hint, question.interviewer, question.lead_in) == ("", "Lees voor.", "Nu over contact.")


def test_a_wording_keeps_codes_routing_and_options() -> None:
    regular, easy = load(WRITTEN).wordings.values()
    for block, other in zip(regular.texts.blocks, easy.texts.blocks, strict=True):
        assert (block.code, block.asked_if, block.together) == (other.code, other.asked_if, other.together)
        for question, same in zip(block.questions, other.questions, strict=True):
            assert question.model_dump(
                exclude={"text", "lead_in", "hint", "options", "rows"} | LABELS
            ) == same.model_dump(exclude={"text", "lead_in", "hint", "options", "rows"} | LABELS)
            assert [o.model_dump(exclude={"text"}) for o in question.options] == [
                o.model_dump(exclude={"text"}) for o in same.options
            ]
            assert [row.code for row in question.rows] == [row.code for row in same.rows]


LABELS = {"low_label", "high_label"}


def test_a_listed_wording_without_a_file_is_found() -> None:
    files = {name: text for name, text in WRITTEN.items() if name != "low_threshold.yaml"}
    assert [(fault.line, "low_threshold.yaml is missing" in fault.sentence) for fault in faults_of(files)] == [
        (5, True)
    ]


def test_a_wording_that_is_not_listed_is_not_read() -> None:
    files = changed("questionnaire.yaml", "wordings: [regular, low_threshold]\n", "")
    assert any("this file is not read" in fault.sentence for fault in faults_of(files))


def test_a_wording_without_anything_names_all_that_is_missing() -> None:
    faults = faults_of({**WRITTEN, "low_threshold.yaml": "title: Hallo\n"})
    missing = [fault.sentence for fault in faults if "missing" in fault.sentence or "lacks" in fault.sentence]
    assert len(missing) == 3 + 3 + 10 + 3 + 2 + 4
    assert {fault.file for fault in faults} == {"q/low_threshold.yaml"}


def test_an_option_set_that_only_left_out_questions_use_needs_no_words() -> None:
    files = changed(
        "questionnaire.yaml",
        "option_sets:\n",
        "option_sets:\n  levels:\n    - {code: a, text: A}\n    - {code: b, text: B}\n",
    )
    own = "options:\n          - {code: mbo, text: Mbo}\n          - {code: hbo, text: Hbo}\n"
    files["questionnaire.yaml"] = files["questionnaire.yaml"].replace(own, "options: levels\n")
    assert faults_of(files) == []
    files["questionnaire.yaml"] = files["questionnaire.yaml"].replace("        not_in: [low_threshold]\n", "")
    assert any("option set «levels» lacks texts" in fault.sentence for fault in faults_of(files))


def test_the_example_of_a_wording_is_what_the_tests_change() -> None:
    assert EASY in WRITTEN.values()
    assert faults_of(WRITTEN) == []
