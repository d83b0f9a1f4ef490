"""The languages, their catalogues, and formats of numbers and dates. Dutch is the source language of every message.

A catalogue is a gettext file: `interface.po` holds the texts of pages, `questionnaires.po` those of questionnaires.
A drafted translation is marked fuzzy; once reviewed, it is not. Which languages a respondent may choose is decided
elsewhere, by wave, so a catalogue gives both.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache
from gettext import NullTranslations, c2py
from pathlib import Path

LOCALES = Path(__file__).resolve().parents[1] / "locales"
SOURCE_LANGUAGE = "nl"
# Each in its own words, in the order in which they are offered.
LANGUAGES = {
    "nl": "Nederlands",
    "en": "English",
    "ar": "العربية",
    "tr": "Türkçe",
    "pl": "Polski",
    "uk": "Українська",
    "fr": "Français",
    "es": "Español",
    "fa": "فارسی",
    "ti": "ትግርኛ",
}
INTERFACE_LANGUAGES = ("nl", "en")  # those of the office
RIGHT_TO_LEFT = frozenset({"ar", "fa"})
_WITH_DECIMAL_POINT = frozenset({"en", "ar", "fa", "ti"})  # beside Latin digits, which every language shows here
_FIELD = re.compile(r'^(msgid_plural|msgid|msgstr(?:\[\d\])?)?[ \t]*"(.*)"[ \t]*\r?$', re.MULTILINE)
_DRAFT = re.compile(r"^(#,.*\bfuzzy\b|# drafted$)", re.MULTILINE)  # the second of a text that is gone
_OLD = re.compile(r"^#~ ", re.MULTILINE)
_PLACES = re.compile(r"^#: (.*)$", re.MULTILINE)
_ESCAPED = re.compile(r"\\(.)")
_MEANT = {"n": "\n", "t": "\t", "r": "\r"}


@dataclass(frozen=True)
class Translation:
    """A text in another language, or its plural forms in order; "" where nobody has written one yet."""

    forms: tuple[str, ...]
    is_draft: bool = False
    places: str = ""  # the files that hold the Dutch text
    is_old: bool = False  # the Dutch text is gone, but may stand in an earlier version of a questionnaire

    @property
    def text(self) -> str:
        return self.forms[0]

    @property
    def is_filled(self) -> bool:
        return all(self.forms)


class Catalogue(NullTranslations):
    """The texts of one file in one language; a text without translation stays Dutch."""

    def __init__(self, translations: Mapping[str, Translation]) -> None:
        super().__init__()
        header = translations.get("")
        rule = re.search(r"plural=([^;\n]+)", header.text if header else "")
        self._form = c2py(rule[1]) if rule else lambda n: int(n != 1)
        # all texts of today, those without a translation too
        self.entries = {text: found for text, found in translations.items() if not found.is_old}
        self.translations = {text: found for text, found in translations.items() if text and found.is_filled}

    def gettext(self, message: str) -> str:
        found = self.translations.get(message)
        return found.forms[0] if found else message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        found = self.translations.get(msgid1)
        form = self._form(n)
        if found and form < len(found.forms):
            return found.forms[form]
        return msgid1 if n == 1 else msgid2


def read_translations(path: Path) -> dict[str, Translation]:
    """Every entry of a .po or .pot file, empty ones too; its header is the entry ""."""
    entries: dict[str, Translation] = {}
    for paragraph in re.split(r"\n\s*\n", path.read_text("utf-8")):
        fields: dict[str, str] = {}
        name = ""
        entry, n_old_lines = _OLD.subn("", paragraph)
        for field in _FIELD.finditer(entry):
            name = field[1] or name
            fields[name] = fields.get(name, "") + _unescaped(field[2])
        if "msgid" in fields:
            forms = tuple(text for field_name, text in fields.items() if field_name.startswith("msgstr"))
            places = " ".join(_PLACES.findall(entry))
            translation = Translation(forms or ("",), _DRAFT.search(entry) is not None, places, n_old_lines > 0)
            entries.setdefault(fields["msgid"], translation)
    return entries


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: _MEANT.get(found[1], found[1]), text) if "\\" in text else text


@cache
def catalogue(language: str, name: str = "interface") -> Catalogue:
    """One of the files of a language; without texts for Dutch, and where there is no such file."""
    path = LOCALES / language / "LC_MESSAGES" / f"{name}.po"
    is_translated = language in LANGUAGES and language != SOURCE_LANGUAGE and path.is_file()
    return Catalogue(read_translations(path) if is_translated else {})


@cache
def respondent_texts() -> tuple[str, ...]:
    """The texts of pages that a respondent meets; every language that is offered has all of them."""
    return tuple(text for text in read_translations(LOCALES / "respondent.pot") if text)


def direction(language: str) -> str:
    """`rtl` or `ltr`, for the `dir` attribute."""
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


def decimal_mark(language: str) -> str:
    """What stands before the decimals: `7,5` or `7.5`."""
    return "." if language in _WITH_DECIMAL_POINT else ","


def one_decimal(value: Fraction | Decimal | int) -> str:
    """One decimal with a comma, rounded half up on the exact value: 33/4 → `8,3`."""
    exact = Fraction(value)
    tenths = abs(exact) * 10 + Fraction(1, 2)
    whole, tenth = divmod(tenths.numerator // tenths.denominator, 10)
    sign = "-" if exact < 0 and (whole or tenth) else ""
    return f"{sign}{whole},{tenth}"


def whole(value: Decimal) -> int:
    """Rounded half up to a whole number."""
    return int(value.to_integral_value(ROUND_HALF_UP))


def long_date(day: date, language: str = SOURCE_LANGUAGE) -> str:
    """`3 maart 2026`."""
    from babel.dates import format_date  # slow to load, and `peilwijs check` has no use for it

    return format_date(day, "long", locale=language)


def listed(words: Iterable[str]) -> str:
    """`a, b en c`."""
    parts = list(words)
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} en {parts[-1]}" if parts else ""
