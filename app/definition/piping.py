"""Piped text: `{provider}` or `{grade}` in a text becomes a case fact or an earlier answer in words.

A name between braces is looked up and inserted as it is; nothing is evaluated, formatted or piped again.
"""

import re
from collections.abc import Mapping

_PIPED = re.compile(r"\{([a-z][a-z0-9_]{0,39})\}")
_BRACE = re.compile(r"[{}]")


def piped_names(text: str) -> frozenset[str]:
    """The names a text pipes."""
    return frozenset(_PIPED.findall(text)) if "{" in text else frozenset()


def stray_brace(text: str) -> bool:
    """Whether braces are left that pipe nothing: a typing error of the author."""
    return bool(_BRACE.search(_PIPED.sub("", text)))


def pipe(text: str, values: Mapping[str, str]) -> str:
    """Fills in piped names; an answer not given leaves three dots, never a brace."""
    if "{" not in text:
        return text
    return _PIPED.sub(lambda found: values.get(found[1]) or "…", text)
