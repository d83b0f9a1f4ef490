"""Every text that people see is in the catalogues, English is complete, and no translation is left over."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from app.language import read_translations
from scripts.catalogue import extracted, faults, main, sources, template, translated, update


def test_the_catalogues_are_in_step_and_english_is_complete(capsys: pytest.CaptureFixture[str]) -> None:
    assert (main("check"), capsys.readouterr().out) == (0, "")


def test_other_languages_need_what_respondents_meet_and_no_office_texts() -> None:
    found = sources()
    respondent = {message.id for message in found.respondent}
    assert 50 < len(respondent) < len(found.interface)
    office = {message.id for message in found.interface} - respondent
    assert "Volgende" in respondent
    assert any("keurmerk" in str(text).lower() for text in office)
    assert set(found.of("en")) == set(found.of("ti")) == {"interface.po", "questionnaires.po"}


@pytest.fixture
def source(tmp_path: Path) -> Catalog:
    (tmp_path / "page.html").write_text('{{ _("Verder") }} {% trans n=3 %}Nog {{ n }} vragen{% endtrans %}')
    (tmp_path / "page.py").write_text('A = N_("Vul %(low)s in."\n  " Of meer.")\nB = gettext("Terug")\n')
    return extracted(tmp_path)


def test_texts_are_found_in_code_and_templates(source: Catalog) -> None:
    assert {message.id for message in source if message.id} == {
        "Verder",
        "Nog %(n)s vragen",
        "Vul %(low)s in. Of meer.",
        "Terug",
    }


def test_missing_doubtful_unused_and_misfilled_translations_are_found(source: Catalog) -> None:
    english = Catalog(locale="en")
    english.add("Verder", "Next", flags=["fuzzy"])
    english.add("Nog %(n)s vragen", "%(m)s questions left")
    english.add("Terug", "Back")
    english.add("Weg", "Gone")
    found = " ".join(faults(source, english, "interface.po"))
    assert "«Verder» is marked fuzzy" in found
    assert "«Nog %(n)s vragen» has other" in found
    assert "«Vul %(low)s in. Of meer.» is missing" in found
    assert "«Weg» is no longer used" in found
    assert "Terug" not in found


def test_in_other_languages_a_text_still_to_be_translated_is_no_fault(source: Catalog) -> None:
    arabic = Catalog(locale="ar")
    for message in source:
        arabic.add(message.id, "")
    arabic.add("Verder", "التالي", flags=["fuzzy"])
    assert list(faults(source, arabic, "interface.po", is_complete=False)) == []
    assert len(list(faults(source, arabic, "interface.po", is_complete=True))) == len(source)


@pytest.mark.parametrize(
    ("text", "translation", "expected"),
    [
        ("Van {provider}", "By {provider}", []),
        ("Van {provider}", "By the company", ["names between braces"]),
        ("Van {provider}", "By {provider", ["names between braces"]),
        ("Ja", "Yes {", ["names between braces"]),
        ("Ik ben [uw naam]", "I am [your name]", []),
        ("Ik ben [uw naam]", "I am your name", ["square brackets"]),
        ("Van 1 tot 10", "من 1 إلى 10", []),
        ("Van 1 tot 10", "من ١ إلى ١٠", ["digits other than 0 to 9"]),
        ("Nog %(n)s", "%(n)s left", []),
        ("Nog %(n)s", "Some left", ["%(…)s fields"]),
        (("Nog %(n)s vraag", "Nog %(n)s vragen"), ("%(n)s question", "%(n)s questions"), []),
        (("Nog %(n)s vraag", "Nog %(n)s vragen"), ("%(n)s question",), ["1 of 2 plural forms"]),
        (("Nog %(n)s vraag", "Nog %(n)s vragen"), ("%(n)s question", ""), ["1 of 2 plural forms"]),
    ],
)
def test_what_a_translator_gets_wrong_is_told(text: str, translation: str, expected: list[str]) -> None:
    source, english = Catalog(), Catalog(locale="en")
    source.add(text)
    english.add(text, translation)
    found = list(faults(source, english, "interface.po", is_complete=False))
    assert len(found) == len(expected)
    assert all(part in sentence for part, sentence in zip(expected, found, strict=True))


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        ("Heeft u nu, les?", True),
        ("Heeft u ‘nu’ les?", True),
        ("Heeft u nu les.", False),
        ("Had u nu les?", False),
        ("Heeft {u} nu les?", False),
    ],
)
def test_only_a_change_of_commas_and_quotes_keeps_a_translation_as_a_draft(
    tmp_path: Path, new: str, expected: bool
) -> None:
    path = tmp_path / "en" / "LC_MESSAGES" / "questionnaires.po"
    old, source = Catalog(), Catalog()
    old.add("Heeft u nu les?")
    source.add(new)
    update(old, path)
    path.write_text(path.read_text().replace('les?"\nmsgstr ""', 'les?"\nmsgstr "Do you have classes now?"'))
    update(source, path)
    found = translated(path).get(new)
    assert found is not None
    assert (found.string == "Do you have classes now?", found.fuzzy) == (expected, expected)


@pytest.mark.parametrize("flag", ["", "#, fuzzy\n"])
def test_a_text_that_is_gone_keeps_its_translation_and_can_come_back(tmp_path: Path, flag: str) -> None:
    path = tmp_path / "en" / "LC_MESSAGES" / "questionnaires.po"
    old, new = Catalog(), Catalog()
    old.add("Had u les?")
    old.add("Wat nog?")
    new.add("Had u vaak les?")
    update(old, path, keeps_old=True)
    text = path.read_text().replace('msgid "Had u les?"\nmsgstr ""', f'{flag}msgid "Had u les?"\nmsgstr "Classes?"')
    path.write_text(text)
    for source in (new, new):  # twice: nothing is added again
        update(source, path, keeps_old=True)
        kept = read_translations(path)
        assert (kept["Had u les?"].text, kept["Had u les?"].is_old) == ("Classes?", True)
        assert kept["Had u les?"].is_draft is bool(flag)
        assert kept["Had u vaak les?"].is_filled is False
        assert "Wat nog?" not in kept
        assert list(faults(source, translated(path), "questionnaires.po", is_complete=False)) == []
    update(old, path, keeps_old=True)
    back = read_translations(path)["Had u les?"]
    assert (back.text, back.is_old, back.is_draft) == ("Classes?", False, bool(flag))
    assert "drafted" not in path.read_text().split("msgid", 2)[2]
    update(new, path)
    assert "Classes" not in path.read_text()


def test_updating_twice_changes_nothing(source: Catalog, tmp_path: Path) -> None:
    path = tmp_path / "en" / "LC_MESSAGES" / "interface.po"
    update(source, path)
    once = path.read_bytes()
    update(source, path)
    assert path.read_bytes() == once
    assert template(source) == template(source)


def test_updating_keeps_translations_adds_new_texts_and_drops_old_ones(source: Catalog, tmp_path: Path) -> None:
    path = tmp_path / "en" / "LC_MESSAGES" / "interface.po"
    update(source, path)
    path.write_text(path.read_text().replace('msgid "Terug"\nmsgstr ""', 'msgid "Terug"\nmsgstr "Back"'))
    smaller = Catalog()
    smaller.add("Terug")
    smaller.add("Nieuw")
    update(smaller, path)
    texts = path.read_text()
    assert 'msgstr "Back"' in texts
    assert "Nieuw" in texts
    assert "Verder" not in texts
