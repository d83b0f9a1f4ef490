"""Loading: the typed questionnaire, its version, and where its parts were written."""

import pytest

from app.definition.load import load
from app.definition.yaml_source import Faulty
from tests.factories.written import EASY, REGULAR, WRITTEN, changed, line_of


def test_values_are_typed_and_codes_stay_text() -> None:
    texts = load(WRITTEN).texts
    question = texts.blocks[0].questions[0]
    assert (texts.services, texts.minutes) == ((1, 3, 11), 5)
    assert [option.code for option in question.options] == ["yes", "no"]
    assert texts.blocks[0].questions[1].options[0].exclusive is True


def test_equal_files_are_the_same_version_and_a_comma_makes_another() -> None:
    version = load(WRITTEN).content_hash
    assert load(dict(reversed(WRITTEN.items()))).content_hash == version
    assert load(changed("questionnaire.yaml", "Geen mening", "Geen mening,")).content_hash != version
    assert load(changed("low_threshold.yaml", "Klaar.", "Klaar,")).content_hash != version
    assert load(changed("messages.yaml", "Begin", "Begin,")).content_hash != version


@pytest.mark.parametrize(
    ("path", "regular", "easy"),
    [
        (("name",), "name: example", None),
        (("title",), "title: Uw mening\naud", "title: Wat"),
        (("introduction", "text", 0), '- "Wij vragen', '- "Wat vindt'),
        (("blocks", 0, "title"), "title: Het begin", "title: Begin"),
        (("blocks", 1, "asked_if"), "asked_if: had_contact", None),
        (("blocks", 0, "questions", 0, "text"), "text: Had u", "text: Sprak"),
        (("blocks", 0, "questions", 0, "type"), "type: single\n        text: Had", None),
        (("blocks", 0, "questions", 0, "interviewer"), "interviewer: Lees", None),
        (("blocks", 0, "questions", 0, "lead_in"), "- code: had_contact", "lead_in: Nu"),
        (("blocks", 0, "questions", 0, "options", 1, "text"), "{code: no, text: Nee}\n  sat", "no: Nee\n  satis"),
        (("blocks", 0, "questions", 1, "options", 1, "text"), "{code: ww", "ww: Werk"),
        (("blocks", 1, "questions", 2, "rows", 1, "text"), "{code: helped", "helped: Helpen"),
        (("blocks", 1, "questions", 1, "options", 4), "{code: no_opinion", "no_opinion: Ik"),
        (("option_sets", "yes_no", 0, "text"), "{code: yes, text: Ja}\n", "yes: Ja\n    no: Nee\n  satis"),
    ],
)
def test_a_fault_points_at_what_the_author_wrote(path: tuple[str | int, ...], regular: str, easy: str | None) -> None:
    definition = load(WRITTEN, "q")
    fault = definition.fault(path, "x")
    assert (fault.file, fault.line) == ("q/questionnaire.yaml", line_of(REGULAR, regular))
    fault = definition.fault(path, "x", "low_threshold")
    if easy is None:
        assert (fault.file, fault.line) == ("q/questionnaire.yaml", line_of(REGULAR, regular))
    else:
        assert (fault.file, fault.line) == ("q/low_threshold.yaml", line_of(EASY, easy))


def test_without_a_questionnaire_file_there_is_nothing() -> None:
    with pytest.raises(Faulty, match=r"q/questionnaire\.yaml:1: this file is missing"):
        load({"low_threshold.yaml": EASY}, "q")


def test_all_faults_of_one_file_are_told_at_once() -> None:
    files = changed("questionnaire.yaml", "minutes: 5", "minutes: five")
    files["questionnaire.yaml"] = files["questionnaire.yaml"].replace("type: open", "type: essay")
    files["questionnaire.yaml"] = files["questionnaire.yaml"].replace("contact_count > 0", "contact_count >")
    with pytest.raises(Faulty) as faulty:
        load(files)
    sentences = [fault.sentence.split(";")[0][:30] for fault in faulty.value.faults]
    assert len(sentences) == 3
    assert [fault.line for fault in faulty.value.faults] == sorted(fault.line for fault in faulty.value.faults)
