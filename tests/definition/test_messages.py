"""messages.yaml: every kind in every wording, and only what is filled in stands between braces."""

import pytest

from tests.factories.written import MESSAGES, WRITTEN, changed, faults_of, line_of

LETTER = MESSAGES[MESSAGES.index("  letter:") :]
FIRST = 'subject: "Uw mening over {provider}"'

# what is replaced in the first message, by what, and what the sentence says; the fault stands on the first new line
MISTAKES = [
    (FIRST, 'subject: "Over {wave}"', "«{wave}» is not filled in in messages; use {provider}, {link}"),
    (FIRST, 'subject: "Over {grade}"', "«{grade}» is not filled in"),
    (FIRST, 'subject: "Over {provider"', "a brace stands here"),
    (FIRST, 'subject: "Over {Provider}"', "a brace stands here"),
    (FIRST, 'subject: "Over\\nBcc: iemand@example.org"', "a subject is one line"),
    (FIRST, 'subject: " "', "this text is empty"),
    (FIRST, "subject:  # later", "«subject» is empty"),
    (FIRST, "subjects: Uw mening", "«subjects» is not a field"),
    ("button: Begin", "button: 'Naar {answer}'", "«{answer}» is not filled in"),
    ("button: Begin", "button: [x]", "«button» must be a text"),
    ("regular:", "normal:", "choose 'regular' or 'low_threshold'"),
    ("regular:", "regular: x\n    low_threshold:", "a second time"),
]


@pytest.mark.parametrize(("old", "new", "sentence"), MISTAKES, ids=[new for _, new, _ in MISTAKES])
def test_a_mistake_in_a_message_is_found_at_its_line(old: str, new: str, sentence: str) -> None:
    files = changed("messages.yaml", old, new)
    found = [fault for fault in faults_of(files) if fault.file == "q/messages.yaml"]
    assert [fault for fault in found if sentence in fault.sentence], "\n".join(map(str, found))
    if "a second time" not in sentence:
        assert {fault.line for fault in found} & {line_of(files["messages.yaml"], new), 2}


def test_a_missing_kind_is_named() -> None:
    sentences = [str(fault) for fault in faults_of(changed("messages.yaml", LETTER, ""))]
    assert sentences == ["q/messages.yaml:1: the message «letter» is missing"]


def test_a_kind_that_is_never_sent_is_named() -> None:
    found = faults_of(changed("messages.yaml", LETTER, LETTER.replace("letter", "postcard")))
    assert [fault.sentence for fault in found] == [
        "the message «letter» is missing",
        "there is no kind of message «postcard»; choose from invitation, reminder, last_reminder, letter",
    ]


def test_a_message_that_lacks_a_wording_is_named_at_its_line() -> None:
    easy = LETTER[LETTER.index("    low_threshold:") :]
    files = changed("messages.yaml", LETTER, LETTER.replace(easy, ""))
    assert [str(fault) for fault in faults_of(files)] == [
        f"q/messages.yaml:{line_of(files['messages.yaml'], '  letter:')}: "
        "the message «letter» is missing in the wording low_threshold"
    ]


def test_a_message_in_a_wording_that_the_questionnaire_lacks_is_named() -> None:
    regular = WRITTEN["questionnaire.yaml"].replace("wordings: [regular, low_threshold]\n", "")
    regular = regular.replace("        not_in: [low_threshold]\n", "")
    found = faults_of({"questionnaire.yaml": regular, "messages.yaml": MESSAGES})
    assert [fault.sentence for fault in found] == ["the questionnaire has no wording low_threshold"] * 4


def test_a_message_without_text_is_found() -> None:
    text = '        - "Klik op {link}."\n'
    assert [fault.sentence for fault in faults_of(changed("messages.yaml", text, "        []\n"))] == [
        "this message holds no text"
    ]


def test_a_questionnaire_may_do_without_messages() -> None:
    assert faults_of({name: text for name, text in WRITTEN.items() if name != "messages.yaml"}) == []
