"""AAPOR rates for people and for scripts."""

import json
from collections import Counter
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from app.fieldwork.aapor import CODES, GROUPS
from app.language import SOURCE_LANGUAGE, catalogue
from app.results.rates import RATE_NAMES, rates, tally

TENTH = Decimal("0.1")


def as_data(wave: str, provider: str | None, codes: Counter[str]) -> dict[str, Any]:
    """Counts and rates, percentages with one decimal and the exact share beside it."""
    counted = tally(codes.elements())
    found = rates(counted)
    return {
        "wave": wave,
        "provider": provider,
        "n_cases": codes.total(),
        "dispositions": [
            {"code": code, "group": CODES[code].group, "label": CODES[code].words, "n": codes[code]}
            for code in CODES
            if codes[code]
        ],
        "groups": {group: getattr(counted, group.lower()) for group in GROUPS},
        "e": str(counted.e),
        "rates": {name: {"pct": percentage(found[name]), "exact": _exact(found[name])} for name in RATE_NAMES},
    }


def as_json(data: Mapping[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2)


def as_text(wave: str, provider: str | None, codes: Counter[str]) -> str:
    """Two tables: the dispositions, and the rates."""
    words, data = catalogue(SOURCE_LANGUAGE).gettext, as_data(wave, provider, codes)
    lines = [f"AAPOR {wave}" + (f", {provider}" if provider else "")]
    lines += ["", f"{'code':<7}{'groep':<7}{'aantal':>7}  uitkomst"]
    lines += [f"{row['code']:<7}{row['group']:<7}{row['n']:>7}  {words(row['label'])}" for row in data["dispositions"]]
    lines += [f"{'':<14}{data['n_cases']:>7}  totaal", "", f"{'maat':<7}{'%':>7}  breuk"]
    lines += [f"{name:<7}{rate['pct'] or '-':>7}  {rate['exact'] or '-'}" for name, rate in data["rates"].items()]
    return "\n".join([*lines, "", f"e = {data['e']}"])


def percentage(share: Fraction | None) -> str | None:
    """A share as per cent with one decimal and a decimal comma, rounded half up on the exact value."""
    if share is None:
        return None
    tenths = (share * 1000 + Fraction(1, 2)).__floor__()
    return str((Decimal(tenths) / 10).quantize(TENTH, ROUND_HALF_UP)).replace(".", ",")


def _exact(share: Fraction | None) -> str | None:
    return None if share is None else f"{share.numerator}/{share.denominator}"
