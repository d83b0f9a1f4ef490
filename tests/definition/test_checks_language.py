"""The language level: each kind of difficulty is found in a bad text, with a suggestion, and not in a good one."""

import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.definition.checks import check_files
from app.definition.checks_language import easy_findings, language_faults, regular_findings
from app.definition.checks_language_allowed import Allowed
from app.definition.checks_language_words import is_participle, simpler
from app.definition.load import load_folder
from app.definition.passages import Kind, Passage
from app.definition.yaml_source import read_yaml
from app.settings import ROOT
from tests.factories.written import EASY, WRITTEN, changed, faults_of, line_of

KINDS: tuple[Kind, ...] = (
    "introduction",
    "lead_in",
    "question",
    "hint",
    "option",
    "row",
    "label",
    "closing",
    "message",
)


def found(text: str, kind: Kind = "question", *, allowed: str = "", others: tuple[Passage, ...] = ()) -> list[str]:
    """What the check says about one text of easy pages."""
    source = read_yaml("allowed.yaml", allowed) if allowed else None
    code = "" if kind in ("introduction", "closing", "message") else "q"
    path = ("blocks", 0, "questions", 0, "text") if code else (kind, "text", 0)
    read = [Passage(path, text, kind, code), *others]
    return [sentence for _, sentence in easy_findings(read, Allowed(source))]


def option(text: str) -> Passage:
    return Passage(("blocks", 0, "questions", 0, "options", 0, "text"), text, "option", "q")


LONG = "Soms belde u met uw coach, en soms stuurde u hem een mail met een vraag."
BAD = {
    "a long sentence": (LONG, "lead_in", "16 words is too long", "«Soms belde u met uw coach.» and «En soms stuurde u"),
    "a passive": ("Uw naam wordt goed bewaard.", "lead_in", "«wordt … bewaard» is passive", "«wij …»"),
    "a passive that is over": ("Is uw klacht opgelost?", "question", "«is … opgelost» is passive", "say who does it"),
    "a passive with a strong verb": ("De vraag werd besproken.", "lead_in", "«werd … besproken»", "say who does it"),
    "a negative": ("Bent u niet blij?", "question", "«niet» says what is not so", "say what is so"),
    "a negative word": ("Niemand ziet dat.", "introduction", "«niemand» says what is not so", "say who does"),
    "two questions in one": ("Kreeg u hulp en uitleg?", "question", "«hulp en uitleg» joins two questions", "ask one"),
    "two questions": ("Kreeg u hulp? Was die goed?", "question", "two questions stand here", "ask one thing"),
    "jargon": ("Dit traject was lang.", "lead_in", "«traject» is a hard word", "write «hulp»"),
    "jargon that bends": ("Wij faciliteren dit.", "lead_in", "«faciliteren» is a hard word", "write «helpen»"),
    "a long word": ("Dat is onvergetelijk.", "lead_in", "a long word (5 syllables, 13 letters)", "in shorter ones"),
    "an abbreviation": ("Bel bijv. uw coach.", "hint", "«bijv.» is an abbreviation", "write «zoals»"),
    "an abbreviation with points": ("Dat kan o.a. hier.", "hint", "«o.a.» is an abbreviation", "write «zoals»"),
    "letters": ("Ging u naar het mbo?", "question", "«mbo» is an abbreviation", "write «school voor een beroep»"),
    "unknown letters": ("Ging u naar DUO?", "question", "«DUO» stands in capitals", "write it out"),
    "capitals for emphasis": ("Kies ALTIJD iets.", "hint", "«ALTIJD» stands in capitals", "«altijd»"),
    "marks for emphasis": ("Kies *altijd* iets.", "hint", "«*altijd*» is emphasis", "leave the signs out"),
    "a tag for emphasis": ("Kies <b>altijd</b> iets.", "hint", "«<b>» is emphasis", "leave the signs out"),
}
PARTICIPLES = ["bewaard", "opgelost", "gevraagd", "besproken", "gekregen", "opgenomen", "verteld", "ondersteund"]
NO_PARTICIPLES = ["tevreden", "gesprek", "gezond", "verdriet", "begonnen", "geweest", "bedrijf", "geld", "gemeente"]
MIXED = ["wordt", "niet", "bewaard", "en", "of", "?", ".", "u", "UWV", "*a*", "traject", "{link}", "[x]", "o.a.", "7,5"]
GOOD = (
    ("Bent u tevreden over de uitleg die u kreeg?", "question"),
    ("Wij bewaren uw antwoorden. De coach werd ziek.", "introduction"),
    ("Wat is de hoogste school die u heeft afgemaakt?", "question"),
    ("Uw leraar is begonnen.", "lead_in"),
    ("Nee, het was te weinig", "option"),
    ("Dat weet ik niet", "option"),
    ("2 of 3 keer per maand?", "row"),
    ("U kreeg les of training.", "lead_in"),
    ("Soms belde u. Soms stuurde u een mail.", "lead_in"),
    ("Heel tevreden", "option"),
    ("Goedemiddag. Mag ik u iets vragen?", "phone"),
    ("Ga naar {link}. Uw code is: {code}", "message"),
    ("U kreeg hulp van {provider}.", "introduction"),
)


@pytest.mark.parametrize(("text", "kind", "fault", "suggestion"), BAD.values(), ids=BAD)
def test_each_difficulty_is_found_with_a_suggestion(text: str, kind: Kind, fault: str, suggestion: str) -> None:
    assert any(fault in sentence and suggestion in sentence for sentence in found(text, kind)), found(text, kind)


@pytest.mark.parametrize(("text", "kind"), GOOD)
def test_a_good_text_has_no_faults(text: str, kind: Kind) -> None:
    assert found(text, kind) == []


def test_a_choice_between_the_answers_below_is_one_question() -> None:
    text = "Was dat alleen of in een groep?"
    assert found(text, others=(option("In een groep"),)) == []
    assert "joins two questions" in found(text, others=(option("Iets anders"),))[0]


def test_a_question_has_at_most_twenty_words() -> None:
    twenty = "Denk aan de mensen die u hielpen. Denk aan uw huis. Was u toen blij met wat zij daar deden?"
    assert found(twenty, "row") == []
    assert "a question of 21 words is too long" in found(twenty.replace("deden", "samen deden"), "row")[0]


def test_reading_ease_is_asked_of_all_that_is_read_on_one_screen() -> None:
    lead_in = Passage(("blocks", 0, "questions", 0, "lead_in"), "Docenten geven lessen op woensdag.", "lead_in", "q")
    together = found("Hoeveel kinderen kwamen?", others=(lead_in,))
    assert ["Flesch-Douma of" in sentence for sentence in together] == [True]
    assert "in shorter words" in together[0]
    assert found("Hoeveel kinderen kwamen?") == []  # three words say nothing


def test_reading_ease_is_asked_of_every_question() -> None:
    assert "Flesch-Douma of 68 (at least 70)" in found("Welke uitkering krijgt u?")[0]
    assert found("Welke uitkering krijgt u nu?") == []


def test_reading_ease_is_asked_of_a_paragraph_of_twenty_words() -> None:
    hard = "Kinderen luisteren. Ouders praten. Mannen werken. Vrouwen leren. Leraren vragen. " * 2
    assert "Flesch-Douma of" in found(hard, "introduction")[0]
    assert found("Kinderen luisteren. Ouders praten.", "introduction") == []


def test_each_row_of_a_table_is_a_screen() -> None:
    rows = tuple(
        Passage(("blocks", 0, "questions", 0, "rows", r, "text"), text, "row", "q")
        for r, text in enumerate(("Was de plek goed?", "Vergaderen medewerkers regelmatig?"))
    )
    together = Passage(("blocks", 0, "questions", 0, "text"), "Denk aan de plek waar u was.", "question", "q")
    findings = easy_findings([together, *rows], Allowed())
    paths = [path for path, sentence in findings if "Flesch" in sentence]
    assert paths == [("blocks", 0, "questions", 0, "rows", 1, "text")]


def test_a_word_or_sentence_may_be_allowed_with_a_reason() -> None:
    reason = "It is the name on every letter."
    assert found("Het moest van DUO.", "lead_in", allowed=f"words:\n  duo: {reason}\n") == []
    assert found("Wij horen niet bij u.", "lead_in", allowed=f"sentences:\n  Wij horen niet bij u.: {reason}\n") == []
    assert found("Wij horen niet bij hem.", "lead_in", allowed=f"sentences:\n  Wij horen niet bij u.: {reason}\n")


@pytest.mark.parametrize(
    ("allowed", "line", "sentence"),
    [
        ("words:\n  coach: ''\n", 2, "«coach» is allowed without a reason"),
        ("words:\n  coach: because\n", 2, "«coach» is allowed without a reason"),
        ("words:\n  traject: Nobody says this any more.\n", 2, "no check stumbles over it any more; remove the entry"),
        ("sentences:\n  Sprak u iemand?: It is good as it stands.\n", 2, "no check stumbles over it"),
        ("words:\n  UWV: The name of the organisation.\n", 2, "write «uwv» in small letters"),
        ("phrases:\n  a: b\n", 1, "«phrases» is unknown"),
        ("words: uwv\n", 1, "under «words» stands a reason per entry"),
    ],
)
def test_the_list_of_exceptions_is_checked_itself(allowed: str, line: int, sentence: str) -> None:
    faults = faults_of({**WRITTEN, "allowed.yaml": allowed})
    assert [(fault.file, fault.line) for fault in faults] == [("q/allowed.yaml", line)]
    assert sentence in faults[0].sentence


def test_a_fault_stands_in_the_file_of_the_wording_at_its_line() -> None:
    files = changed("low_threshold.yaml", "Was de uitleg goed?", "Was de informatie adequaat?")
    line = line_of(files["low_threshold.yaml"], "informatie")
    assert {(fault.file, fault.line) for fault in faults_of(files)} == {("q/low_threshold.yaml", line)}


def test_the_easy_messages_are_checked_and_the_regular_ones_are_not() -> None:
    files = changed("messages.yaml", "Klik op {link}.", "Klik desgevraagd op {link}. U participeert dan.")
    faults = faults_of(files)
    assert {fault.file for fault in faults} == {"q/messages.yaml"}
    assert "«participeert» is a hard word" in faults[0].sentence
    regular = changed("messages.yaml", "Vragen? Bel", "Vragen over uw participatietraject? Bel")
    assert faults_of(regular) == []


def test_interviewer_instructions_are_for_professionals() -> None:
    assert (
        faults_of(changed("questionnaire.yaml", "interviewer: Lees voor.", "interviewer: Desgevraagd toelichten."))
        == []
    )


def test_regular_wording_is_checked_only_for_what_is_plainly_wrong() -> None:
    hard = changed(
        "questionnaire.yaml", "Hoe vond u de uitleg?", "Hoe evalueert u de informatieverstrekking en het traject?"
    )
    assert faults_of(hard) == []
    for bad, sentence in (
        ("Hoe vond u de de uitleg?", "«de de» stands here twice"),
        ("Hoe vond u *echt* de uitleg?", "«*echt*» is emphasis"),
        ("Hoe vond u " + "de uitleg van gisteren en " * 9 + "die?", "is too long (at most 40)"),
    ):
        assert [
            sentence in fault.sentence
            for fault in faults_of(changed("questionnaire.yaml", "Hoe vond u de uitleg?", bad))
        ] == [True]


def test_a_wording_that_lacks_a_text_is_not_told_that_the_regular_one_is_hard() -> None:
    files = changed("questionnaire.yaml", "Hoe vond u de uitleg?", "Hoe evalueert u de informatieverstrekking?")
    files["low_threshold.yaml"] = EASY.replace("  information:\n    text: Was de uitleg goed?\n", "")
    assert ["missing" in fault.sentence for fault in faults_of(files)] == [True]


@pytest.mark.parametrize("word", PARTICIPLES)
def test_participles_are_known(word: str) -> None:
    assert is_participle(word)


@pytest.mark.parametrize("word", NO_PARTICIPLES)
def test_other_words_are_no_participles(word: str) -> None:
    assert not is_participle(word)


@pytest.mark.parametrize(
    ("word", "easier"), [("tevens", "ook"), ("reïntegratietraject", "weer gaan werken"), ("hulp", None)]
)
def test_hard_words_have_easier_ones(word: str, easier: str | None) -> None:
    assert simpler(word) == easier


@settings(max_examples=300, deadline=None)
@given(st.text(), st.sampled_from(KINDS))
def test_no_text_stops_the_check(text: str, kind: Kind) -> None:
    for sentence in found(text, kind):
        assert re.search(r"[;:,]", sentence), "says how to mend it"
    list(regular_findings([Passage(("title",), text, "title")]))


@given(st.lists(st.sampled_from(MIXED)))
def test_no_mixture_of_difficulties_stops_the_check(parts: list[str]) -> None:
    text = " ".join(parts)
    for kind in KINDS:
        found(text, kind)


def test_checking_the_language_of_all_questionnaires_takes_a_fraction_of_the_second_that_the_check_may_take() -> None:
    definitions = [load_folder(path) for path in sorted((ROOT / "questionnaires").iterdir())]
    began = time.process_time()
    for definition in definitions:
        assert list(language_faults(definition, is_whole=True)) == []
    assert time.process_time() - began < 0.5


def test_the_command_prints_the_measures_of_every_text_on_request(cli, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    folder = tmp_path / "example"
    folder.mkdir()
    for name, text in WRITTEN.items():
        (folder / name).write_text(text, "utf-8")
    outcome = cli("check", folder, "--language-level")
    assert outcome.exit_code == 0
    lines = outcome.stdout.splitlines()
    assert lines[0].split() == ["place", "kind", "sentences", "words", "longest", "letters/word", "syllables/word",
                                "flesch-douma", "text"]  # fmt: skip
    asked = next(line for line in lines if "Was de uitleg goed?" in line)
    assert asked.split()[:8] == [f"{folder}/low_threshold.yaml:{line_of(EASY, 'Was de uitleg goed?')}",
                                 "question", "1", "4", "4", "3.8", "1.2", "107"]  # fmt: skip
    assert cli("check", folder).stdout == ""
    assert check_files(WRITTEN) == []
