"""Languages: catalogues are read as gettext means them, and numbers are written as each language does."""

from pathlib import Path

import pytest
from babel import Locale
from babel.messages.pofile import read_po

from app.language import (
    LANGUAGES,
    LOCALES,
    Catalogue,
    Translation,
    catalogue,
    decimal_mark,
    direction,
    read_translations,
    respondent_texts,
)

FILES = sorted(LOCALES.glob("*/LC_MESSAGES/*.po"))
PO = r"""
# What a translator wrote.
msgid ""
msgstr ""
"Language: pl\n"
"Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 "
"|| n%100>=20) ? 1 : 2);\n"

#. questionnaire, question
#: questionnaires/een/questionnaire.yaml
#: questionnaires/twee/questionnaire.yaml
msgid ""
"Eerste regel.\n"
"Tweede \"regel\" met \\."
msgstr "Pierwsza"

#, python-format, fuzzy
msgid "Nog %(n)s vraag"
msgid_plural "Nog %(n)s vragen"
msgstr[0] "%(n)s pytanie"
msgstr[1] "%(n)s pytania"
msgstr[2] "%(n)s pytań"

msgid "Nog niet vertaald"
msgstr ""

#~ msgid "Oud"
#~ msgstr "Stary"

# drafted
#~ msgid "Ouder "
#~ "dan oud"
#~ msgstr "Starszy"
"""


@pytest.fixture
def polish(tmp_path: Path) -> dict[str, Translation]:
    path = tmp_path / "interface.po"
    path.write_text(PO, "utf-8")
    return read_translations(path)


def test_a_catalogue_file_is_read_as_gettext_means_it(polish: dict[str, Translation]) -> None:
    assert polish['Eerste regel.\nTweede "regel" met \\.'].text == "Pierwsza"
    assert polish["Nog %(n)s vraag"].forms == ("%(n)s pytanie", "%(n)s pytania", "%(n)s pytań")
    assert polish["Nog niet vertaald"].is_filled is False


def test_a_text_that_is_gone_stays_translated_for_who_began_with_it(polish: dict[str, Translation]) -> None:
    found = Catalogue(polish)
    assert found.gettext("Oud") == "Stary"
    assert found.translations["Ouder dan oud"] == Translation(("Starszy",), is_draft=True, is_old=True)
    assert "Oud" not in found.entries


def test_only_what_is_marked_fuzzy_is_a_draft(polish: dict[str, Translation]) -> None:
    assert [text for text, found in polish.items() if found.is_draft] == ["Nog %(n)s vraag", "Ouder dan oud"]


def test_it_is_known_which_files_hold_a_text(polish: dict[str, Translation]) -> None:
    assert polish['Eerste regel.\nTweede "regel" met \\.'].places == (
        "questionnaires/een/questionnaire.yaml questionnaires/twee/questionnaire.yaml"
    )


@pytest.mark.parametrize(("n", "expected"), [(1, "pytanie"), (2, "pytania"), (5, "pytań"), (22, "pytania")])
def test_plurals_follow_the_rule_of_the_language(polish: dict[str, Translation], n: int, expected: str) -> None:
    assert Catalogue(polish).ngettext("Nog %(n)s vraag", "Nog %(n)s vragen", n) == f"%(n)s {expected}"


def test_what_is_not_translated_stays_dutch(polish: dict[str, Translation]) -> None:
    found = Catalogue(polish)
    assert found.gettext("Nog niet vertaald") == "Nog niet vertaald"
    assert found.gettext("Onbekend") == "Onbekend"
    assert [found.ngettext("een", "meer", n) for n in (0, 1, 2)] == ["meer", "een", "meer"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.parent.name}-{path.stem}")
def test_the_shipped_catalogues_are_read_as_babel_reads_them(path: Path) -> None:
    with path.open("rb") as file:
        expected = {
            (message.id if isinstance(message.id, str) else message.id[0]): (
                (message.string,) if isinstance(message.string, str) else tuple(message.string),
                message.fuzzy,
            )
            for message in read_po(file)
            if message.id
        }
    found = {
        text: (entry.forms, entry.is_draft)
        for text, entry in read_translations(path).items()
        if text and not entry.is_old
    }
    assert found == expected


def test_every_language_has_a_catalogue_of_pages_and_one_of_questionnaires() -> None:
    assert {(path.parent.parent.name, path.stem) for path in FILES} == {
        (language, name) for language in LANGUAGES if language != "nl" for name in ("interface", "questionnaires")
    }
    assert len(respondent_texts()) > 50


@pytest.mark.parametrize("language", ["nl", "xx", "../en", "", "EN"])
def test_dutch_and_unknown_languages_have_no_catalogue(language: str) -> None:
    assert catalogue(language).gettext("Volgende") == "Volgende"


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_is_written_and_numbered_as_it_should(language: str) -> None:
    locale = Locale.parse(language)
    assert LANGUAGES[language].casefold() == (locale.get_display_name() or "").casefold()
    assert direction(language) == {"right-to-left": "rtl", "left-to-right": "ltr"}[locale.character_order]
    assert decimal_mark(language) == locale.number_symbols["latn"]["decimal"]


@pytest.mark.parametrize(
    ("language", "n_forms"),
    [("en", 2), ("ar", 6), ("tr", 1), ("pl", 3), ("uk", 3), ("fr", 2), ("es", 2), ("fa", 1), ("ti", 2)],
)
def test_each_language_has_its_plural_forms(language: str, n_forms: int) -> None:
    header = read_translations(LOCALES / language / "LC_MESSAGES" / "interface.po")[""].text
    assert f"nplurals={n_forms};" in header
