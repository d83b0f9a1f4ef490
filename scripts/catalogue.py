"""Keeps the interface translations in step with the source texts.

`python -m scripts.catalogue check` names every fault and exits 1; `update` adds new texts (still to be translated)
and removes those that are no longer used. Dutch is the source language.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
METHODS = [("**.py", "python"), ("**.html", "jinja2")]
OPTIONS = {"**.html": {"trim_blocks": "true", "lstrip_blocks": "true", "newstyle_gettext": "true", "silent": "false"}}
KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}


def extracted(folder: Path) -> Catalog:
    """Every text that the code and the templates mark for translation."""
    catalogue = Catalog()
    for file_name, _line, message, _comments, _context in extract_from_dir(folder, METHODS, OPTIONS, KEYWORDS):
        catalogue.add(message, locations=[(f"{folder.name}/{file_name}", 0)])
    return catalogue


def translated(path: Path) -> Catalog:
    """A translation file; an empty catalogue when it does not exist yet."""
    language = path.parent.parent.name
    if not path.is_file():
        names = dict.fromkeys(("project", "copyright_holder", "msgid_bugs_address", "last_translator"), "Peilwijs")
        return Catalog(language, header_comment="# Interface texts of Peilwijs.", version="0", fuzzy=False, **names)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def faults(source: Catalog, translation: Catalog, name: str) -> Iterator[str]:
    """One sentence per text that is missing, doubtful, wrongly filled in or no longer used."""
    for message in source:
        found = translation.get(message.id)
        if message.id and (found is None or not _is_filled(found)):
            where = message.locations[0][0] if message.locations else "the source"
            yield f"{name}: no translation of «{_text(message)}» ({where}); run `make catalogue` and fill it in"
        elif message.id and found is not None and found.fuzzy:
            yield f"{name}: the translation of «{_text(message)}» is marked fuzzy; check it and remove the mark"
        elif message.id and found is not None and _fields(found.id) != _fields(found.string):
            yield f"{name}: the translation of «{_text(message)}» has other %(…)s fields than the source"
    for message in translation:
        if message.id and message.id not in source:
            yield f"{name}: «{_text(message)}» is no longer used; run `make catalogue`"


def update(source: Catalog, path: Path) -> None:
    """Brings one translation file up to date, keeping what is translated."""
    translation = translated(path)
    translation.update(source, no_fuzzy_matching=True, update_creation_date=False)
    translation.obsolete.clear()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, translation, width=120, sort_output=True, include_lineno=False, ignore_obsolete=True)


def _parts(texts: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
    return (texts,) if isinstance(texts, str) else tuple(texts)


def _text(message: Message) -> str:
    return _parts(message.id)[0]


def _is_filled(message: Message) -> bool:
    return all(_parts(message.string))


def _fields(texts: str | list[str] | tuple[str, ...]) -> set[str]:
    return set(re.findall(r"%\((\w+)\)", " ".join(_parts(texts))))


def main(action: str) -> int:
    source = extracted(ROOT / "app")
    paths = sorted(ROOT.glob("locales/*/LC_MESSAGES")) if (ROOT / "locales").is_dir() else []
    found = []
    for path in [folder / "interface.po" for folder in paths] or [ROOT / "locales/en/LC_MESSAGES/interface.po"]:
        if action == "update":
            update(source, path)
        else:
            found += list(faults(source, translated(path), str(path.relative_to(ROOT))))
    for sentence in found:
        print(sentence)
    return 1 if found else 0


if __name__ == "__main__":
    if sys.argv[1:] not in (["check"], ["update"]):
        sys.exit("usage: python -m scripts.catalogue check|update")
    sys.exit(main(sys.argv[1]))
