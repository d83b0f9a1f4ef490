"""Keeps the translations in step with the source texts: those of the pages and those of the questionnaires.

`python -m scripts.catalogue check` names every fault and exits 1; `update` adds new texts (still to be translated)
and takes out those that are no longer used. Dutch is the source language. English must be complete and reviewed; the
other languages hold what respondents meet, and how far they are is coverage, not a fault: see `peilwijs check`.
"""

import io
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from app.definition.piping import piped_names, stray_brace
from app.language import LANGUAGES, SOURCE_LANGUAGE

ROOT = Path(__file__).resolve().parent.parent
METHODS = [("**.py", "python"), ("**.html", "jinja2"), ("**.yaml", "app.definition.extractor:extract")]
OPTIONS = {"**.html": {"trim_blocks": "true", "lstrip_blocks": "true", "newstyle_gettext": "true", "silent": "false"}}
KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
COMPLETE = "en"  # the second language of the office, too
# Where the texts stand that a respondent meets; the rest of the interface is the office's.
RESPONDENT = re.compile(r"app/(templates/[^/]+\.html|(questions|definition|engine|collection|web)/.+)")
DRAFTED = "drafted"
HEADER = "# Texts of Peilwijs.\n# A drafted translation is marked fuzzy. Remove that mark when it has been reviewed."


@dataclass(frozen=True)
class Sources:
    """All texts to translate."""

    interface: Catalog
    questionnaires: Catalog

    @property
    def respondent(self) -> Catalog:
        """The part of the interface that a respondent meets."""
        part = Catalog()
        for message in self.interface:
            where = [place for place in message.locations if RESPONDENT.fullmatch(place[0])]
            if message.id and where:
                part.add(message.id, locations=where, flags=message.flags, auto_comments=message.auto_comments)
        return part

    def of(self, language: str) -> dict[str, Catalog]:
        """Per file of a language what it must hold."""
        interface = self.interface if language == COMPLETE else self.respondent
        return {"interface.po": interface, "questionnaires.po": self.questionnaires}


def sources() -> Sources:
    return Sources(extracted(ROOT / "app"), extracted(ROOT / "questionnaires"))


def extracted(folder: Path) -> Catalog:
    """Every text below a folder that code and templates mark for translation, or that a questionnaire holds."""
    catalogue = Catalog()
    for file_name, _line, message, comments, _context in extract_from_dir(folder, METHODS, OPTIONS, KEYWORDS):
        catalogue.add(message, locations=[(f"{folder.name}/{file_name}", 0)], auto_comments=comments)
    return catalogue


def translated(path: Path) -> Catalog:
    """A translation file; an empty catalogue when it does not exist yet."""
    language = path.parent.parent.name
    if not path.is_file():
        names = dict.fromkeys(("project", "copyright_holder", "msgid_bugs_address", "last_translator"), "Peilwijs")
        return Catalog(language, header_comment=HEADER, version="0", fuzzy=False, **names)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def faults(source: Catalog, translation: Catalog, name: str, *, is_complete: bool = True) -> Iterator[str]:
    """One sentence per text that is missing, wrongly filled in or no longer used.

    Args:
        is_complete: texts without a reviewed translation are faults, too.
    """
    lacking = [message for message in source if message.id and translation.get(message.id) is None]
    unused = [message for message in translation if message.id and source.get(message.id) is None]
    for sort, messages in (("missing", lacking), ("no longer used", unused)):
        if messages:
            more = f" and {len(messages) - 1} more" if len(messages) > 1 else ""
            yield f"{name}: «{_text(messages[0])}»{more} {'are' if more else 'is'} {sort}; run `make catalogue`"
    for message in source:
        found = translation.get(message.id)
        if not message.id or found is None:
            continue
        here = f"{name}: the translation of «{_text(message)}»"
        if not any(_parts(found.string)):
            if is_complete:
                yield f"{here} is missing; fill it in"
        else:
            if is_complete and found.fuzzy:
                yield f"{here} is marked fuzzy; check it and remove the mark"
            yield from (f"{here} {wrong}" for wrong in _wrong(found, translation.num_plurals))


def _wrong(message: Message, n_plurals: int) -> Iterator[str]:
    """What is wrong with a translation as it is filled in."""
    forms = _parts(message.string)
    n_expected = n_plurals if message.pluralizable else 1
    if len(forms) != n_expected or not all(forms):
        yield f"has {sum(map(bool, forms))} of {n_expected} plural forms; fill in all of them"
    if _fields([*_parts(message.id)]) != _fields(forms):
        yield "has other %(…)s fields than the source; keep them as they are"
    names = piped_names(" ".join(_parts(message.id)))
    if any(piped_names(form) != names or stray_brace(form) for form in forms if names or "{" in form or "}" in form):
        yield "has other names between braces than the source; keep them as they are"
    if any(character.isdigit() and not character.isascii() for form in forms for character in form):
        yield "has digits other than 0 to 9; respondents see those on the buttons"
    if any(form.count(sign) != _text(message).count(sign) for sign in "[]" for form in forms):
        yield "has other square brackets than the source; what stands between them is filled in by who reads it"


def update(source: Catalog, path: Path, *, is_sorted: bool = True, keeps_old: bool = False) -> None:
    """Brings one translation file up to date, keeping what is translated.

    A translation survives a change of commas, quotes or dashes, as a draft. Nothing more is guessed: a draft may be
    shown to respondents, so it may never be the translation of another sentence.

    Args:
        keeps_old: keeps translations of texts that are gone, below the others (`#~`): respondents who began with an
            earlier version of a questionnaire still meet those texts.
    """
    translation = translated(path)
    translation.header_comment = HEADER
    for message in translation.obsolete.values():
        if DRAFTED in message.user_comments:  # a text that is gone cannot carry the mark itself
            message.user_comments.remove(DRAFTED)
            message.flags.add("fuzzy")
    before = [*translation.obsolete.values(), *translation]
    written = {_words(message): message for message in before if message.id and all(_parts(message.string))}
    translation.update(source, no_fuzzy_matching=True, update_creation_date=False)
    for message in translation:
        alike = written.get(_words(message))
        if message.id and alike and not any(_parts(message.string)):
            message.string = alike.string
            message.flags |= alike.flags & {"fuzzy"} if alike.id == message.id else {"fuzzy"}
    _retire(translation, keeps_old)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, translation, width=120, sort_output=is_sorted, include_lineno=False)


def _retire(translation: Catalog, keeps_old: bool) -> None:
    """Leaves of the texts that are gone only translations, each with the mark of a draft in words."""
    for key, message in list(translation.obsolete.items()):
        if not keeps_old or message.id in translation or not all(_parts(message.string)):
            del translation.obsolete[key]
        elif message.fuzzy:
            message.user_comments.append(DRAFTED)


def _words(message: Message) -> tuple[str, ...]:
    """The text without the signs that carry no meaning of their own."""
    return tuple(" ".join(re.findall(r"[\w%{}()\[\]?!]+", text)) for text in _parts(message.id))


def _parts(texts: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    return (texts or "",) if isinstance(texts, str | None) else tuple(texts)


def _text(message: Message) -> str:
    return _parts(message.id)[0]


def _fields(texts: Iterable[str]) -> set[str]:
    return set(re.findall(r"%\((\w+)\)", " ".join(texts)))


def template(source: Catalog) -> bytes:
    """The texts without translations, as a .pot file."""
    file = io.BytesIO()
    write_po(file, source, width=120, sort_output=True, include_lineno=False, omit_header=True)
    return file.getvalue()


def main(action: str) -> int:
    found = []
    all_sources = sources()
    pot = ROOT / "locales" / "respondent.pot"
    pot_text = template(all_sources.respondent)
    if action == "update":
        pot.write_bytes(pot_text)
    elif not pot.is_file() or pot.read_bytes() != pot_text:
        found.append("locales/respondent.pot is not in step with the pages; run `make catalogue`")
    for language in LANGUAGES:
        for name, source in all_sources.of(language).items() if language != SOURCE_LANGUAGE else ():
            path = ROOT / "locales" / language / "LC_MESSAGES" / name
            if action == "update":
                is_interface = name == "interface.po"
                update(source, path, is_sorted=is_interface, keeps_old=not is_interface)
            else:
                relative = str(path.relative_to(ROOT))
                found += faults(source, translated(path), relative, is_complete=language == COMPLETE)
    for sentence in found:
        print(sentence)
    return 1 if found else 0


if __name__ == "__main__":
    if sys.argv[1:] not in (["check"], ["update"]):
        sys.exit("usage: python -m scripts.catalogue check|update")
    sys.exit(main(sys.argv[1]))
