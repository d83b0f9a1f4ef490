"""Passwords: Argon2id at rest, and a judgement of new ones."""

from functools import cache

from pwdlib import PasswordHash
from zxcvbn import zxcvbn

from app.errors import N_, Invalid

MIN_LENGTH = 12
MAX_LENGTH = 128  # longer ones only cost time to hash
MIN_SCORE = 3  # of 4: safe against guessing without the hash, and for years with it


@cache
def _hasher() -> PasswordHash:
    return PasswordHash.recommended()


@cache
def _nobodys_hash() -> str:
    return _hasher().hash("a password that nobody has")


def hashed(password: str) -> str:
    """How a password is stored."""
    return _hasher().hash(password)


def fits(password: str, stored: str | None) -> bool:
    """Whether a password is the stored one. Without one it takes equally long, so that time tells nothing."""
    is_right = _hasher().verify(password[:MAX_LENGTH], stored or _nobodys_hash())
    return is_right and stored is not None


def check_new(password: str, *own_words: str) -> None:
    """Refuses a password that is easy to guess: common ones, names, rows of keys, the user's own words.

    Raises:
        Invalid: one sentence that says how to do better.
    """
    if len(password) < MIN_LENGTH:
        raise Invalid(N_("Het wachtwoord is te kort. Neem minstens 12 tekens, bijvoorbeeld vier losse woorden."))
    if len(password) > MAX_LENGTH:
        raise Invalid(N_("Het wachtwoord is te lang. Neem hoogstens 128 tekens."))
    if zxcvbn(password, user_inputs=[word for word in own_words if word])["score"] < MIN_SCORE:
        raise Invalid(
            N_("Dit wachtwoord is makkelijk te raden. Neem vier woorden die niets met elkaar te maken hebben.")
        )
