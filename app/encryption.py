"""Secrets at rest: contact fields encrypted one by one, and keyed look-up values for searching them."""

import hmac
import os
from collections.abc import Sequence
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.errors import Invalid
from app.settings import settings

NONCE_BYTES = 12


@cache
def key(purpose: str, secret: bytes) -> bytes:
    """A 256-bit key for one purpose, derived from the one secret."""
    return hmac.digest(secret, f"peilwijs:{purpose}".encode(), "sha256")


@cache
def _cipher(secret: bytes) -> AESGCM:
    return AESGCM(key("contact", secret))


def encrypt(text: str) -> bytes | None:
    """One field, AES-256-GCM under a fresh nonce; empty text stays None."""
    if not text:
        return None
    nonce = os.urandom(NONCE_BYTES)
    return nonce + _cipher(settings().secret).encrypt(nonce, text.encode(), None)


def encrypt_each(texts: Sequence[str]) -> tuple[bytes | None, ...]:
    """Many fields at once, each under its own nonce; half the time of one by one."""
    cipher = _cipher(settings().secret)
    nonces = os.urandom(NONCE_BYTES * len(texts))
    stored: list[bytes | None] = []
    for start, text in zip(range(0, len(nonces), NONCE_BYTES), texts, strict=True):
        nonce = nonces[start : start + NONCE_BYTES]
        stored.append(nonce + cipher.encrypt(nonce, text.encode(), None) if text else None)
    return tuple(stored)


def decrypt(stored: bytes | None) -> str:
    """The field again; None is empty text.

    Raises:
        Invalid: when the secret is not the one it was encrypted with.
    """
    if stored is None:
        return ""
    try:
        return _cipher(settings().secret).decrypt(stored[:NONCE_BYTES], stored[NONCE_BYTES:], None).decode()
    except InvalidTag:
        raise Invalid(
            "contact data cannot be read with this PEILWIJS_SECRET_KEY; use the one they were stored with"
        ) from None


def sealed(data: bytes) -> bytes:
    """A whole file, encrypted like one field."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + _cipher(settings().secret).encrypt(nonce, data, None)


def unsealed(stored: bytes) -> bytes:
    """The file again.

    Raises:
        Invalid: when the secret is not the one it was encrypted with.
    """
    try:
        return _cipher(settings().secret).decrypt(stored[:NONCE_BYTES], stored[NONCE_BYTES:], None)
    except InvalidTag:
        raise Invalid("this file cannot be read with this PEILWIJS_SECRET_KEY; use the one it was made with") from None


def lookup(purpose: str, text: str) -> bytes | None:
    """A keyed 128-bit fingerprint: equal texts can be found, none can be read back."""
    if not text:
        return None
    return hmac.digest(key(f"lookup:{purpose}", settings().secret), text.encode(), "sha256")[:16]


def token_hash(token: str) -> bytes:
    """How a token is stored. Keyed: a leaked database alone does not help to guess the shorter, typed codes."""
    return hmac.digest(key("token", settings().secret), token.encode(), "sha256")
