"""Catalogues and Dutch number and date formats. Dutch is the source language of every message."""

import io
import re
from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache
from gettext import GNUTranslations, NullTranslations

from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from app.settings import ROOT

SOURCE_LANGUAGE = "nl"
INTERFACE_LANGUAGES = ("nl", "en")
RIGHT_TO_LEFT = frozenset({"ar", "fa"})


@cache
def catalogue(language: str) -> NullTranslations:
    """The interface texts in one language; Dutch where there is none."""
    path = ROOT / "locales" / language / "LC_MESSAGES" / "interface.po"
    if language == SOURCE_LANGUAGE or not re.fullmatch(r"[a-z]{2,3}", language) or not path.is_file():
        return NullTranslations()
    with path.open("rb") as file:
        compiled = io.BytesIO()
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return GNUTranslations(compiled)


def direction(language: str) -> str:
    """`rtl` or `ltr`, for the `dir` attribute."""
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


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
    return format_date(day, "long", locale=language)


def listed(words: Iterable[str]) -> str:
    """`a, b en c`."""
    parts = list(words)
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} en {parts[-1]}" if parts else ""
