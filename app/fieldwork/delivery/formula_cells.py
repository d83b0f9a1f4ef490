"""Text cells that spreadsheets would take for a formula: guarded on the way out, bare again on the way in."""

import re

# A text that starts like a formula, in half or full width; or such a text behind the apostrophes that guard it.
_LIKE_FORMULA = re.compile("'*[=+\\-@\t\r＝＋－＠]")
_STARTS = frozenset("'=+-@\t\r＝＋－＠")  # most cells start otherwise, and are done with at once
_GUARDED = re.compile("'+[=+\\-@\t\r＝＋－＠]")


def guarded(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet might calculate."""
    return f"'{text}" if text[:1] in _STARTS and _LIKE_FORMULA.match(text) else text


def unguarded(cell: str) -> str:
    """The inverse of `guarded`; other texts that start with an apostrophe ('s avonds) stay as they are."""
    return cell[1:] if cell[:1] == "'" and _GUARDED.match(cell) else cell
