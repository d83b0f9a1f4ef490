"""Digits as people type them: an Arabic or Persian keyboard has its own ten, and its own decimal mark."""

_LATIN = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٫", "01234567890123456789.")


def latin_digits(text: str) -> str:
    """The same number in the digits that are stored and shown: `٧٫٥` → `7.5`."""
    return text.translate(_LATIN)
