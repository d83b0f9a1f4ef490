"""Keyed look-up values of contact data: who is the same, without reading who it is."""

import unicodedata
from typing import NamedTuple

from app.encryption import lookup


class ContactKeys(NamedTuple):
    """The look-up values of one person; None where the data are missing."""

    reference: bytes | None
    email: bytes | None
    household: bytes | None
    phone: bytes | None


def reference_key(reference: str) -> bytes | None:
    """Of a provider's own number. Capitals count: some systems give numbers that differ in nothing else."""
    return lookup("reference", unicodedata.normalize("NFC", " ".join(reference.split())))


def email_key(email: str) -> bytes | None:
    """Of an e-mail address, trimmed and case-folded."""
    return lookup("email", email.strip().casefold())


def phone_key(e164: str) -> bytes | None:
    """Of a telephone number in E.164."""
    return lookup("phone", e164)


def household_key(surname: str, postcode: str, house_number: str, service: int | None) -> bytes | None:
    """Of surname + postcode + house number + service; None when one of them is missing."""
    place = household(surname, postcode, house_number)
    return lookup("household", f"{place}|{service}") if place and service is not None else None


def household(surname: str, postcode: str, house_number: str) -> str:
    """Surname + postcode + house number as they are compared; empty when one of them is missing."""
    if not (surname and postcode and house_number):
        return ""
    return f"{_plain(surname)}|{_plain(postcode)}|{_plain(house_number)}"


def _plain(text: str) -> str:
    """Without case, accents and spaces."""
    folded = text.casefold().replace(" ", "")
    if folded.isascii():
        return folded
    return "".join(mark for mark in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(mark))
