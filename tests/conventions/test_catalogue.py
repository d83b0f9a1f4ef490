"""Every text that people see has an English translation, and no translation is left over."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from app.settings import ROOT
from scripts.catalogue import extracted, faults, translated, update

ENGLISH = ROOT / "locales" / "en" / "LC_MESSAGES" / "interface.po"


def test_the_english_interface_is_complete() -> None:
    source = extracted(ROOT / "app")
    assert len(source) > 20
    assert list(faults(source, translated(ENGLISH), "interface.po")) == []


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
    assert "no translation of «Vul %(low)s in. Of meer.»" in found
    assert "«Weg» is no longer used" in found
    assert "Terug" not in found


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
