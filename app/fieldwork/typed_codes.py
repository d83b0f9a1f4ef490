"""Codes that people type from a letter: no look-alikes, and checks that say where a slip was made.

A code is 13 random symbols and 3 check symbols, shown as four groups of four. The checks are a Reed-Solomon code
over the numbers modulo 29: one wrong symbol, or two neighbours swapped, can be pointed at; any two wrong symbols
are noticed.
"""

import re
import secrets
import unicodedata
from dataclasses import dataclass

# Of every set of look-alikes at most one member: no 0 O Q, 1 I L, S (5), Z (2), B (8), U (V).
ALPHABET = "23456789ACDEFGHJKMNPRTVWXY"
LOOK_ALIKES = str.maketrans({"B": "8", "S": "5", "Z": "2", "U": "V", "0": "D", "O": "D", "Q": "D"})
N_SYMBOLS = 16
N_CHECKS = 3
GROUP = 4
PRIME = 29
MAX_TYPED = 100
_VALUE = {symbol: value for value, symbol in enumerate(ALPHABET)}
_SEPARATORS = re.compile(r"[^0-9A-Z]+")


@dataclass(frozen=True)
class TypedCode:
    """What somebody typed: the code as it is stored, and what is wrong with it.

    `problem` is None, or empty, character, length or check. `wrong_group` (1–4) is set where the slip can be found.
    """

    code: str
    problem: str | None = None
    wrong_group: int | None = None


def new_code() -> str:
    """A random code of 60 bits with its check symbols, without separators."""
    code = None
    while code is None:
        code = with_checks([secrets.randbelow(len(ALPHABET)) for _ in range(N_SYMBOLS - N_CHECKS)])
    return code


def with_checks(values: list[int]) -> str | None:
    """The code that begins with these symbols (0-25); None where a check symbol is a number without a letter."""
    values = values + _checks(values)
    return "".join(ALPHABET[value] for value in values) if max(values) < len(ALPHABET) else None


def grouped(code: str) -> str:
    """As it is printed: `K7PX-2MDR-…`."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def normalise_code(text: str) -> str:
    """Typed text as the code it stands for: case, spaces, dashes and look-alikes forgiven."""
    return "".join(_groups(text))


def read_code(text: str) -> TypedCode:
    """Reads typed text and says where it went wrong, as far as that can be told."""
    groups = _groups(text)
    code = "".join(groups)
    if not code:
        return TypedCode(code, "empty")
    impossible = next((place for place, symbol in enumerate(code) if symbol not in _VALUE), None)
    if impossible is not None:
        return TypedCode(code, "character", min(impossible // GROUP + 1, N_SYMBOLS // GROUP))
    if len(code) != N_SYMBOLS:
        uneven = [number for number, group in enumerate(groups, 1) if len(group) != GROUP]
        can_tell = len(groups) == N_SYMBOLS // GROUP and len(uneven) == 1
        return TypedCode(code, "length", uneven[0] if can_tell else None)
    values = [_VALUE[symbol] for symbol in code]
    syndromes = _syndromes(values)
    if not any(syndromes):
        return TypedCode(code)
    place = _one_wrong(syndromes) if syndromes[0] else _two_swapped(values, syndromes)
    return TypedCode(code, "check", None if place is None else place // GROUP + 1)


def _groups(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", text[:MAX_TYPED]).upper()
    return [group.translate(LOOK_ALIKES) for group in _SEPARATORS.split(plain) if group]


def _syndromes(values: list[int]) -> tuple[int, int, int]:
    """All zero for a right code: the sums of value × position^0, ^1 and ^2."""
    sums = [sum(value * place**power for place, value in enumerate(values, 1)) % PRIME for power in range(N_CHECKS)]
    return sums[0], sums[1], sums[2]


def _checks(values: list[int]) -> list[int]:
    """The three last values that make every sum zero."""
    zero, one, two = (-part % PRIME for part in _syndromes(values))
    places = range(N_SYMBOLS - N_CHECKS + 1, N_SYMBOLS + 1)
    checks = []
    for place in places:
        a, b = (other for other in places if other != place)
        divisor = pow((place - a) * (place - b), -1, PRIME)
        checks.append((two - (a + b) * one + a * b * zero) * divisor % PRIME)
    return checks


def _one_wrong(syndromes: tuple[int, int, int]) -> int | None:
    """Where one wrong symbol explains the sums (from 0), or None when more are wrong."""
    zero, one, two = syndromes
    place = one * pow(zero, -1, PRIME) % PRIME
    is_explained = (one * one - zero * two) % PRIME == 0 and 1 <= place <= N_SYMBOLS
    return place - 1 if is_explained else None


def _two_swapped(values: list[int], syndromes: tuple[int, int, int]) -> int | None:
    """Where two swapped neighbours explain the sums (from 0), or None."""
    for place in range(N_SYMBOLS - 1):
        swapped = [*values[:place], values[place + 1], values[place], *values[place + 2 :]]
        if values[place] != values[place + 1] and not any(_syndromes(swapped)):
            return place
    return None
