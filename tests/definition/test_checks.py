"""Every mistake of an author is found, at the line where it was made, in a sentence that helps."""

from pathlib import Path

import pytest

from app.definition.checks import check, check_all, check_folder, load_checked
from app.definition.load import Definition
from app.definition.yaml_source import Faulty
from app.settings import ROOT
from tests.factories.written import WRITTEN, changed, faults_of, line_of

SPECIMENS = sorted(path for path in (ROOT / "tests" / "questionnaires").iterdir() if path.is_dir())

# what is replaced, by what, what stands on the line of the fault, and what the sentence says
MISTAKES = [
    # the whole
    ("name: example", "name: Example One", "name: Example One", "must be small letters and digits"),
    ("title: Uw mening", "title: ' '", "title: ' '", "empty"),
    ("title: Uw mening", "title: 'Over {provider}'", "title: 'Over", "«{provider}» cannot be piped here"),
    ("audience: clients", "audience: everybody", "audience: everybody", "choose 'clients' or 'commissioners'"),
    ("services: [1, 3, 11]", "services: [1, 14]", "services: [1, 14]", "service 14 does not exist"),
    ("services: [1, 3, 11]", "services: [1, 3, 1]", "services: [1, 3, 1]", "service 1 is listed twice"),
    ("services: [1, 3, 11]\n", "", "name: example", "«services» is missing"),
    ("services: [1, 3, 11]", "services: [one]", "services: [one]", "must be a whole number, not «one»"),
    ("audience: clients", "audience: commissioners", "services: [1, 3, 11]", "not asked per service"),
    ("wordings: [regular, low_threshold]", "wordings: [low_threshold]", "wordings: [low", "start with regular"),
    ("wordings: [regular, low_threshold]", "wordings: [regular, hard]", "wordings: [regular, hard]", "«hard» is not"),
    ("minutes: 5", "minutes: 0", "minutes: 0", "1 to 120 minutes"),
    ("minutes: 5", "minits: 5", "minits: 5", "«minits» is not a field that belongs here"),
    ("    - Dit was alles.\n", "    []\n", "text:\n    []", "«closing» holds no text"),
    # codes
    ("code: contact_count", "code: had_contact", "- code: had_contact\n        type: number", "used a second time"),
    ("code: helped", "code: benefit", "{code: benefit,", "used a second time"),
    ("code: helped", "code: listened", "{code: listened, text: Het helpen}", "used a second time"),
    ("code: remarks", "code: service", "- code: service", "has a meaning of its own"),
    ("code: remarks", "code: case_ref", "- code: case_ref", "has a meaning of its own"),
    ("code: ww,", "code: none,", "{code: none, text: WW}", "two options have the code «none»"),
    ("code: end", "code: start", "- code: start\n    title: Tot slot", "a block «start» stands above"),
    ("code: remarks", "code: Remarks!", "- code: Remarks!", "«Remarks!» is not a good code"),
    ("{code: no, text: Nee}", "{code: yes, text: Nee}", "{code: yes, text: Nee}", "two options have the code «yes»"),
    ("blocks:\n", "blocks:\n  - {code: void, title: Leeg, questions: []}\n", "- {code: void", "has no questions"),
    # shapes
    (
        "          - {code: ww, text: WW}\n          - {code: another, text: Een andere, other: true}\n",
        "          - {code: ww, text: WW, exclusive: true}\n",
        "- code: benefit",
        "every option of «benefit» is exclusive",
    ),
    ("type: grid", "type: single", "rows:", "a question of type single has no rows"),
    (
        "type: open",
        "type: open\n        options: yes_no",
        "options: yes_no\n        text: Wat",
        "type open has no options",
    ),
    ("        options: yes_no\n      - code: benefit", "      - code: benefit", "- code: had_contact", "two options"),
    ("Een andere, other: true", "Een andere", "", ""),
    ("text: WW}", "text: WW, other: true}", "code: another,", "more than one option with room for own words"),
    ("text: Mbo}", "text: Mbo, exclusive: true}", "text: Mbo, exclusive", "type single has no exclusive"),
    ("text: Goed}", "text: Goed, role: promoter}", "text: Goed, role", "type grid has no role"),
    ("text: Goed}", "text: Goed, other: true}", "text: Goed, other", "type grid has no other"),
    ("type: open", "type: essay", "- code: remarks", "the question type «essay» does not exist"),
    ("type: open", "type: [open]", "- code: remarks", "does not exist; choose from information"),
    ("        type: open\n", "", "- code: remarks", "the question type «» does not exist"),
    ("type: number", "type: number\n        low: 9\n        high: 3", "- code: contact_count", "a number runs from"),
    ("options: satisfaction", "options: yes_no", "- code: information", "a satisfaction scale has exactly"),
    ("options: satisfaction", "options: scale", "options: scale", "there is no option set «scale»"),
    ("type: open", "type: open\n        required: maybe", "required: maybe", "must be true or false, not «maybe»"),
    ("        text: Wat wilt", "        texts: Wat wilt", "texts: Wat wilt", "check its spelling"),
    ("type: open\n        text: Wat wilt u nog zeggen?", "type: open", "- code: remarks", "«text» is missing here"),
    ("text: Had u contact?", "text:", "text:\n        hint", "«text» is empty"),
    ("text: Had u contact?", "text: '  '", "text: '  '", "empty"),
    ("type: information", "type: information\n        required: true", "- code: explanation", "asks nothing"),
    (
        "text: Hebt u ons aanbevolen?",
        "text: Hebt u ons aanbevolen?\n        required: true\n        optional: true",
        "optional: true",
        "both required and optional",
    ),
    # what counts
    ("[information, listened]", "[informatie]", "required_for_usable:", "«informatie», but no question has that code"),
    ("[information, listened]", "[coach]", "required_for_usable:", "a grid; name its rows: listened, helped"),
    ("[information, listened]", "[explanation]", "required_for_usable:", "which asks nothing"),
    ("[information, listened]", "[listened, listened]", "required_for_usable:", "listed twice"),
    ("minutes: 5", "overall_grade: mark", "overall_grade: mark", "no question has that code"),
    ("minutes: 5", "overall_grade: remarks", "overall_grade: remarks", "is not of type grade"),
    ("Nee, role: neutral", "Nee", "{code: no, text: Nee}\n          - {code: advised", "has no role, the others do"),
    ("Ja, role: promoter", "Ja, role: neutral", "- code: recommended", "no option with the role promoter"),
    ("Ja, role: promoter", "Ja, role: fan", "role: fan", "«fan» is not allowed for «role»"),
    ("text: Mbo}", "text: Mbo, role: promoter}", "- code: recommended", "one question recommends"),
    (
        "type: grade",
        "type: grade\n        not_in: [low_threshold]",
        "not_in: [low_threshold]\n        text: Welk cijfer",
        "every result",
    ),
    # wordings
    ("[low_threshold]\n        text: Welk", "[regular, low_threshold]\n        text: Welk", "not_in", "every wording"),
    ("type: open", "type: open\n        required: true", "required: true", "may not ask"),
    # texts
    ("mening over {provider}.", "mening over {provider.", "mening over {provider.", "a brace stands here"),
    ("Had u contact?", "Had u contact}?", "Had u contact}?", "a brace stands here"),
    ("mening over {provider}.", "mening over {grade}.", "mening over {grade}.", "outside questions only {provider}"),
    ("keer contact. Was", "keer {Contact} contact. Was", "{Contact}", "a brace stands here"),
    ("keer contact. Was", "keer {contact_cuont}. Was", "{contact_cuont}", "did you mean «contact_count»?"),
    ("keer contact. Was", "keer {zzz}. Was", "{zzz}", "no question or case fact; check its spelling"),
    ("keer contact. Was", "keer {count_opinion}. Was", "{count_opinion}", "to this very question"),
    ("keer contact. Was", "keer {grade}. Was", "{grade}", "is asked later"),
    ("keer contact. Was", "keer {listened}. Was", "{listened}", "is a row of a grid"),
    ("keer contact. Was", "keer {coach}. Was", "{coach}", "does not fit in a sentence"),
    ("ons aanbevolen?", "ons om {explanation} aanbevolen?", "{explanation}", "does not fit in a sentence"),
    ("low_label: slecht", "low_label: '{provider}'", "low_label: '{provider}'", "nothing can be piped"),
    # filters
    ("contact_count > 0", "contact_count >", "asked_if: contact_count >", "is not complete"),
    ("contact_count > 0", "contact_cuont > 0", "asked_if: contact_cuont", "did you mean «contact_count»?"),
    ("contact_count > 0", "count_opinion == 'yes'", "asked_if: count_opinion", "looks at its own answer"),
    ("contact_count > 0", "grade > 3", "asked_if: grade > 3", "which is asked later"),
    ("contact_count > 0", "coach == 'good'", "asked_if: coach", "is a grid; look at one of its rows: listened"),
    ("contact_count > 0", "contact_count > '0'", "asked_if: contact_count", "a number without quotes"),
    ("contact_count > 0", "contact_count == 2.5", "asked_if: contact_count", "it is never 2.5"),
    ("contact_count > 0", "contact_count > 1000", "asked_if: contact_count", "1000 lies outside"),
    ("contact_count > 0", "diploma > 0", "asked_if: diploma", "must be compared with a code in quotes"),
    ("contact_count > 0", "diploma > 'mbo'", "asked_if: diploma", "is not a number"),
    ("contact_count > 0", "diploma == 'phd'", "asked_if: diploma", "«diploma» has no code «phd»; it has mbo, hbo"),
    ("contact_count > 0", "benefit == 'ww'", "asked_if: benefit", "write 'code' in benefit"),
    ("contact_count > 0", "\"'yes' in had_contact\"", "'yes' in had_contact", "holds one value"),
    ("contact_count > 0", "provider == 'x'", "asked_if: provider", "filters cannot look at it"),
    ("contact_count > 0", "service == 2", "asked_if: service == 2", "service 2 does not get this questionnaire"),
    ("contact_count > 0", "service in [1, 2]", "asked_if: service in", "it serves 1, 3, 11"),
    ("contact_count > 0", "service == 20", "asked_if: service", "20 lies outside"),
    ("contact_count > 0", "mode == 'fax'", "asked_if: mode", "«mode» has no code «fax»"),
    ("contact_count > 0", "''", "asked_if: ''", "the filter is empty"),
    ("contact_count > 0", "[a, b]", "asked_if: [a, b]", "a filter is one line of text"),
    ("contact_count > 0", "had_contact == 'no'", "asked_if: had_contact == 'no'", "never true"),
    ("asked_if: had_contact == 'yes'", "asked_if: listened == 'good'", "asked_if: listened", "asked later"),
    ("grade < 6 or", "explanation == 'x' or", "explanation == 'x' or", "has no answer to look at"),
    ("text: WW}", "text: WW, asked_if: grade > 5}", "text: WW, asked_if", "which is asked later"),
    ("text: WW}", "text: WW, asked_if: diploma ==}", "text: WW, asked_if", "is not complete"),
    ("text: WW}", "text: WW, asked_if: \"'none' in benefit\"}", "text: WW, asked_if", "looks at its own answer"),
    (
        "code: satisfied,",
        "code: satisfied, asked_if: service == 1,",
        "code: satisfied, asked_if",
        "a question of type satisfaction has no option filters",
    ),
]


def test_the_example_is_clean() -> None:
    assert faults_of(WRITTEN) == []


@pytest.mark.parametrize(
    ("old", "new", "where", "sentence"), MISTAKES, ids=[f"{new or old}"[:50] for old, new, _, _ in MISTAKES]
)
def test_a_mistake_is_found_at_its_line(old: str, new: str, where: str, sentence: str) -> None:
    files = changed("questionnaire.yaml", old, new)
    found = [fault for fault in faults_of(files) if fault.file == "q/questionnaire.yaml"]
    if not sentence:
        assert found == []
        return
    line = line_of(files["questionnaire.yaml"], where)
    assert [fault for fault in found if fault.line == line and sentence in fault.sentence], "\n".join(map(str, found))


def test_faults_of_all_files_are_told_together() -> None:
    files = changed("questionnaire.yaml", "minutes: 5", "minutes: 0")
    files["messages.yaml"] = files["messages.yaml"].replace("{phone}", "{fax}", 1)
    files["low_threshold.yaml"] = files["low_threshold.yaml"].replace("{contact_count}", "{diploma}", 1)
    assert [fault.file for fault in faults_of(files)] == [
        "q/questionnaire.yaml",
        "q/low_threshold.yaml",
        "q/messages.yaml",
    ]


def test_a_filter_on_a_question_that_a_wording_leaves_out_is_allowed_when_it_makes_nothing_unreachable() -> None:
    allowed = changed("questionnaire.yaml", "contact_count > 0", "diploma == 'mbo' or contact_count > 0")
    assert faults_of(allowed) == []
    faults = faults_of(changed("questionnaire.yaml", "contact_count > 0", "diploma == 'mbo'"))
    assert ["low_threshold" in fault.sentence for fault in faults] == [True]


def test_a_questionnaire_that_asks_nothing_is_refused() -> None:
    faults = faults_of({"questionnaire.yaml": WRITTEN["questionnaire.yaml"].split("blocks:")[0] + "blocks: []\n"})
    assert any(fault.sentence == "there is no block, so nothing is asked" for fault in faults)


def test_filters_on_open_text_are_refused() -> None:
    text = "      - {code: why, type: open, text: Waarom?, asked_if: remarks == 'x'}\n"
    files = {"questionnaire.yaml": WRITTEN["questionnaire.yaml"].replace("wordings: [regular, low_threshold]\n", "")}
    files["questionnaire.yaml"] = files["questionnaire.yaml"].replace("        not_in: [low_threshold]\n", "") + text
    assert [fault.sentence for fault in faults_of(files)] == [
        "«remarks» is open text; filters cannot look at people's own words"
    ]


def test_leaving_out_of_a_wording_that_is_not_there_is_found() -> None:
    files = {"questionnaire.yaml": WRITTEN["questionnaire.yaml"].replace("wordings: [regular, low_threshold]\n", "")}
    assert ["there is no such wording" in fault.sentence for fault in faults_of(files)] == [True]


def test_commissioners_have_no_service_and_no_learning_profile() -> None:
    files = changed("questionnaire.yaml", "audience: clients\nservices: [1, 3, 11]", "audience: commissioners")
    regular = files["questionnaire.yaml"].replace("contact_count > 0", "learning_profile == 1")
    files["questionnaire.yaml"] = regular.replace("Had u contact?", "Had u contact over {service}?")
    sentences = [fault.sentence for fault in faults_of(files)]
    assert any("commissioners have no service" in sentence for sentence in sentences)
    assert any("commissioners have no learning_profile" in sentence for sentence in sentences)
    assert any("«{service}» means nothing here" in sentence for sentence in sentences)


def test_only_the_civic_integration_service_has_learning_profiles() -> None:
    files = changed("questionnaire.yaml", "contact_count > 0", "learning_profile == 1")
    assert faults_of(files) == []
    files["questionnaire.yaml"] = files["questionnaire.yaml"].replace("[1, 3, 11]", "[1, 3]")
    assert any("learning_profile" in fault.sentence for fault in faults_of(files))


def test_a_file_that_nobody_reads_is_found() -> None:
    assert [str(fault) for fault in faults_of({**WRITTEN, "lowthreshold.yaml": "title: x\n"})] == [
        "q/lowthreshold.yaml:1: this file is not read; "
        "the questionnaire reads allowed.yaml, low_threshold.yaml, messages.yaml, questionnaire.yaml"
    ]


@pytest.mark.parametrize("folder", SPECIMENS, ids=lambda path: path.name)
def test_every_specimen_is_clean(folder: Path) -> None:
    assert check_folder(folder) == []
    assert isinstance(load_checked(folder), Definition)


def test_all_shipped_questionnaires_are_clean_and_can_invite() -> None:
    faults = check_all(ROOT / "questionnaires")
    assert [str(fault) for of_one in faults.values() for fault in of_one] == []
    assert len(faults) >= 4
    for name in faults:
        assert load_checked(ROOT / "questionnaires" / name).messages is not None


def written_to(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    return folder


def test_a_questionnaire_with_faults_is_never_served(tmp_path: Path) -> None:
    folder = written_to(tmp_path / "example", changed("questionnaire.yaml", "contact_count > 0", "had_contact == 'no'"))
    with pytest.raises(Faulty, match="never true") as faulty:
        load_checked(folder)
    assert faulty.value.faults == check_folder(folder)


def test_the_name_must_be_that_of_the_folder(tmp_path: Path) -> None:
    folder = written_to(tmp_path / "other-name", dict(WRITTEN))
    assert [fault.sentence for fault in check_folder(folder)] == [
        "the name «example» must be the folder's name, «other-name»"
    ]


def test_a_yml_file_is_pointed_at(tmp_path: Path) -> None:
    folder = written_to(tmp_path / "example", {**WRITTEN, "extra.yml": ""})
    assert [fault.sentence for fault in check_folder(folder)] == ["this file is not read; rename it to .yaml"]


def test_checking_several_folders_tells_the_faults_of_each(tmp_path: Path) -> None:
    written_to(tmp_path / "example", dict(WRITTEN))
    (tmp_path / "empty").mkdir()
    (tmp_path / ".hidden").mkdir()
    faults = check_all(tmp_path)
    assert {name: len(of_one) for name, of_one in faults.items()} == {"empty": 1, "example": 0}
    assert check_all(tmp_path / "example") == {"example": []}
    assert check_all(tmp_path / "nowhere") == {}


def test_the_check_of_a_definition_does_not_depend_on_its_folder() -> None:
    from app.definition.load import load

    assert check(load(WRITTEN)) == []
