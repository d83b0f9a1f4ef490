"""What is printed on one letter: the address in the window, the words, the code and what the QR code says."""

import re
import textwrap
import unicodedata
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from typing import Any

from app.fieldwork.sending.message_texts import Words
from app.fieldwork.typed_codes import GROUP, grouped
from app.language import direction, long_date
from app.settings import ROOT, settings

FONTS = ROOT / "app" / "fonts"
MAX_ADDRESS_LINES = 6
LONGEST_ADDRESS_LINE = 45
SHORT_LINE = 34  # letters, wide ones counted twice: stays within the window without measuring
SHORT_TEXT = 1_100  # with this the first size leaves room to spare
LONGEST_WORD = 45  # a longer one would run off the paper
INSTEAD = "?"  # of a letter that no font of ours has
_LONG_WORD = re.compile(rf"\S{{{LONGEST_WORD}}}(?=\S)")


@dataclass(frozen=True, repr=False)
class Letter:
    """One letter. Lives in memory only: it names a person and holds the codes that open the questionnaire."""

    case_id: int
    wording: str
    address: tuple[str, ...]
    provider: str
    words: Words
    link: str
    code: str  # without separators

    def page(self, day: date) -> dict[str, Any]:
        """What the template needs, made safe to print."""
        number = next((n for n, text in enumerate(self.words.paragraphs) if grouped(self.code) in text), None)
        provider = clean(self.provider)
        apart = [grouped(self.code), web_address(), clean(settings().help_phone)]
        if direction(self.words.language) == "rtl" and len(provider) < LONGEST_ADDRESS_LINE:
            apart.append(provider)  # else the point of B.V. would jump to its other side
        return {
            "language": self.words.language,
            "direction": direction(self.words.language),
            "address": self.address,
            "has_short_address": len(self.address) <= 4 and all(map(_is_short, self.address)),
            "is_short": sum(map(len, self.words.paragraphs)) <= SHORT_TEXT and _is_short(provider),
            "date": long_date(day, self.words.language),
            "subject": _runs(_one_stop(clean(self.words.subject), provider), apart),
            "paragraphs": [_runs(_one_stop(clean(text), provider), apart) for text in self.words.paragraphs],
            "panel_after": len(self.words.paragraphs) - 1 if number is None else number,
            "web": web_address(),
            "code": [self.code[start : start + GROUP] for start in range(0, len(self.code), GROUP)],
            "link": self.link,
            "qr_says": clean(f"{self.words.button}: {web_address()}"),
        }


@dataclass(frozen=True)
class Sender:
    """Who the letters come from, as printed at their head."""

    name: str
    lines: tuple[str, ...]
    return_line: str


def sender() -> dict[str, Any]:
    """The agency of the settings."""
    lines = [clean(part) for part in settings().agency_address.split(",") if part.strip()]
    name = clean(settings().agency_name)
    return asdict(Sender(name, (*lines, settings().help_phone), ", ".join([name, *lines])[:90]))


def web_address() -> str:
    """Where a code is typed, as people type it: `peilwijs.nl/code`."""
    return re.sub(r"^https?://", "", settings().public_url.rstrip("/")) + "/code"


def address_lines(name: Iterable[str], street: Iterable[str], postcode: str, place: str) -> tuple[str, ...]:
    """The block in the window: name, street, postcode with the place in capitals. Long lines are broken."""
    lines = (clean(" ".join(part for part in parts if part)) for parts in (name, street, (postcode, "", place.upper())))
    broken = [part for line in lines for part in textwrap.wrap(line, LONGEST_ADDRESS_LINE)[:3]]
    return tuple(broken[:MAX_ADDRESS_LINES])


def clean(text: str) -> str:
    """The text in letters that we can print, on one line, without anything invisible that could upset it."""
    known = _letters()
    kept = (
        letter if letter in known else " " if letter.isspace() else INSTEAD
        for letter in unicodedata.normalize("NFC", text)
        if letter.isspace() or letter in known or unicodedata.category(letter) not in _INVISIBLE
    )  # fmt: skip
    return _LONG_WORD.sub(r"\g<0> ", " ".join("".join(kept).split()))


_INVISIBLE = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Mn", "Me"})


@cache
def _letters() -> frozenset[str]:
    """Every letter of the fonts, without what steers the direction of text or cannot be seen."""
    spans = (line.split("-") for line in (FONTS / "letters.txt").read_text("ascii").split())
    letters = (chr(code) for first, last in spans for code in range(int(first, 16), int(last, 16) + 1))
    joiners = ("\u200c", "\u200d")  # Persian cannot be written without them
    return frozenset(
        letter for letter in letters
        if letter in joiners or (unicodedata.category(letter) not in {"Cc", "Cf", "Zl", "Zp"})
    )  # fmt: skip


def _is_short(line: str) -> bool:
    is_latin = all(sign < "\u0250" for sign in line)
    return is_latin and sum(2 if sign.isupper() or sign in "mw@%" else 1 for sign in line) <= SHORT_LINE


def _one_stop(text: str, name: str) -> str:
    """A sentence that ends with `Werkpad B.V.` needs no second point."""
    return text.replace(f"{name}.", name) if name.endswith(".") else text


def _runs(text: str, apart: Iterable[str]) -> list[dict[str, Any]]:
    """A paragraph in runs; what reads from left to right in any language, and is not broken, is one of its own."""
    pattern = "|".join(re.escape(one) for one in apart if one)
    return [
        {"text": part, "apart": bool(number % 2)} for number, part in enumerate(re.split(f"({pattern})", text)) if part
    ]
