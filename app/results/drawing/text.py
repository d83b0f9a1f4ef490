"""Texts in drawings: how wide they are, where they break, and numbers as the language writes them."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import groupby

from markupsafe import Markup

from app.fieldwork.letters.text import clean
from app.language import decimal_mark, one_decimal

# thousandths of the size, of the characters from the space on, in our own letter
_FIRST = " "
_WIDTHS = (
    "280 286 301 651 592 919 731 160 299 299 485 606 210 362 210 387 648 407 548 576 614 588 598 510 615 595 210 210 "
    "553 628 553 480 778 626 613 645 669 569 552 694 694 392 512 631 541 824 693 714 592 724 614 592 558 690 593 856 "
    "623 575 607 317 387 344 552 372 243 525 566 485 564 538 314 558 550 252 245 492 262 845 550 548 566 574 349 471 "
    "326 540 461 684 481 449 460 344 237 344 555"
)
_WIDTH = {chr(ord(_FIRST) + place): int(width) for place, width in enumerate(_WIDTHS.split())}
NO_BREAK = "\N{NO-BREAK SPACE}"
_WIDTH[NO_BREAK] = _WIDTH[" "]
_OTHER = 640  # any other character: wide enough for most
_BOLD = 1.07
# A drawing in a PDF takes its letters from one font per run: the first of these ranges, else our own letter.
_FONT_RANGES = (
    ("Letter Latin", "\u0131", "\u0131"),
    ("Letter Latin", "\u0152", "\u0153"),
    ("Letter Latin More", "\u0100", "\u024f"),
    ("Letter Vietnamese", "\u1ea0", "\u1ef9"),
    ("Letter Latin More", "\u1e00", "\u1eff"),
    ("Letter Greek", "\u0370", "\u03ff"),
    ("Letter Cyrillic", "\u0400", "\u04ff"),
    ("Letter Arabic", "\u0600", "\u06ff"),
    ("Letter Arabic", "\u200c", "\u200d"),
    ("Letter Ethiopic", "\u1200", "\u137f"),
)
MOST_LINES = 12  # of one label; what is longer ends in dots, and stands whole in the table


def width_of(text: str, size: float, *, is_bold: bool = False) -> float:
    """How wide a text is, a little on the safe side."""
    thousandths = sum(_WIDTH.get(character, _OTHER) for character in text)
    return thousandths * size / 1000 * (_BOLD if is_bold else 1)


def wrapped(text: str, size: float, width: float) -> tuple[str, ...]:
    """The text in lines no wider than `width`; a word that is wider breaks where it must."""
    lines = [""]
    for word in text.split():
        for number, part in enumerate(_pieces(word, size, width)):
            longer = f"{lines[-1]} {part}".lstrip()
            if number or (lines[-1] and width_of(longer, size) > width):
                lines.append(part)
            else:
                lines[-1] = longer
    if len(lines) > MOST_LINES:
        lines = [*lines[: MOST_LINES - 1], f"{lines[MOST_LINES - 1]} …"]
    return tuple(lines)


def _pieces(word: str, size: float, width: float) -> Iterator[str]:
    piece = ""
    for character in word:
        if piece and width_of(piece + character, size) > width:
            yield piece
            piece = ""
        piece += character
    yield piece


def percentage(value: int) -> str:
    """`45 %`, never broken over two lines."""
    return f"{value}{NO_BREAK}%"


def mean_text(value: Fraction, language: str) -> str:
    """`7,8`, or `7.8` where the language has it so."""
    return one_decimal(value).replace(",", decimal_mark(language))


def whole_number(value: int, language: str) -> str:
    """`12.345` in Dutch, `12,345` in English; up to four digits without a mark, as people write them."""
    if abs(value) < 10_000:
        return str(value)
    return f"{value:,}".replace(",", "." if decimal_mark(language) == "," else ",")


def in_fonts(text: str) -> Markup:
    """The text as print has it: each run in the font that holds its letters, what no font of ours holds as `?`."""
    kept = "".join(
        character if character == NO_BREAK or character.isspace() else clean(character) or "" for character in text
    )
    runs = ((font, "".join(run)) for font, run in groupby(kept, _font_of))
    return Markup("").join(
        Markup('<tspan font-family="{}">{}</tspan>').format(font, run) if font else run for font, run in runs
    )


def _font_of(character: str) -> str:
    found = next((font for font, first, last in _FONT_RANGES if first <= character <= last), "Letter Latin")
    return "" if found == "Letter Latin" else found
