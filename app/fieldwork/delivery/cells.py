"""What may stand in a cell, one function per kind of column: text in, value out, or `Refused` with the sentence."""

import re
from datetime import date, timedelta
from functools import lru_cache
from typing import TypeVar

import phonenumbers
from babel import Locale
from email_validator import EmailNotValidError, validate_email
from stdnum.nl import bsn

from app.fieldwork.delivery.reasons import shown
from app.questions.question import N_

Value = TypeVar("Value")
EXCEL_EPOCH = date(1899, 12, 30)  # day 0 of a serial date; Excel's leap day of 1900 is in it
_BSN = re.compile(r"[0-9]{9}")
_BSN_SEPARATORS = re.compile(r"[\s./–-]")
_LOCAL_PART = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*", re.ASCII)
_MOBILE = re.compile(r"(?:0|\+31|0031)(6[1-58][0-9]{7})")
_POSTCODE = re.compile(r"([1-9][0-9]{3})((?!SA|SD|SS)[A-Z]{2})")
_DUTCH_DATE = re.compile(r"([0-9]{1,2})-([0-9]{1,2})-([0-9]{4})")
_ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)?")
_SERIAL_DATE = re.compile(r"([0-9]{5})(?:[.,][0-9]+)?")
_LANGUAGE = re.compile(r"([a-z]{2,3})(?:[-_][a-z]{2,4})?")
_SEPARATORS = str.maketrans("", "", " -")
_YES_NO = {"ja": True, "j": True, "nee": False, "n": False}
_KINDS = {"client": "client", "cliënt": "client", "opdrachtgever": "commissioner"}
_WORDINGS = {"regulier": "regular", "laagdrempelig": "low_threshold"}
MORE_LANGUAGES = ("prs", "kmr")  # Dari and Kurmanji, which the locale data lack
MASK = "••••••"
MAX_LOCAL_PART = 64
MAX_EMAIL = 254


class Refused(Exception):
    """A value that cannot be used: the catalogue message that says why."""

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message)
        self.message = message
        self.values = values


def reference(text: str) -> str:
    """The provider's own number; never a burgerservicenummer."""
    if is_bsn(text) or text.startswith(MASK):
        raise Refused(
            N_("%(value)s is een burgerservicenummer. Dat mogen wij niet hebben. Gebruik uw eigen klantnummer."),
            value=masked(text),
        )
    return text


def is_bsn(text: str) -> bool:
    """Whether a text is a burgerservicenummer, with or without separators."""
    digits = _BSN_SEPARATORS.sub("", text)
    return bool(_BSN.fullmatch(digits)) and bool(bsn.is_valid(digits))


def masked(text: str) -> str:
    """A burgerservicenummer as it may be shown: enough to recognise, not to use."""
    return f"{MASK}{text[-3:]}"


def email(text: str) -> str:
    """An e-mail address, by its syntax; nothing is looked up."""
    local, _, domain = text.partition("@")
    if len(local) <= MAX_LOCAL_PART and len(text) <= MAX_EMAIL and _LOCAL_PART.fullmatch(local):
        known_domain = _domain(domain)
        if known_domain is not None:
            return f"{local}@{known_domain}"
    try:
        return validate_email(text, check_deliverability=False, allow_smtputf8=False, strict=True).normalized
    except EmailNotValidError:
        raise Refused(N_("«%(value)s» is geen e-mailadres. Schrijf het zo: naam@voorbeeld.nl.")) from None


@lru_cache(maxsize=2048)
def _domain(domain: str) -> str | None:
    """The part after the @ as it is stored, None when it is not plainly right. Clients share few domains."""
    try:
        return validate_email(f"x@{domain}", check_deliverability=False, allow_smtputf8=False, strict=True).normalized[
            2:
        ]
    except EmailNotValidError:
        return None


def phone(text: str) -> str:
    """A Dutch or international telephone number, as E.164."""
    mobile = _MOBILE.fullmatch(text.translate(_SEPARATORS))
    if mobile:  # most numbers are; the long way gives the same answer, twenty times slower
        return f"+31{mobile[1]}"
    try:
        number = phonenumbers.parse(text, "NL")
    except phonenumbers.NumberParseException:
        number = None
    has_letters = any(map(str.isalpha, text))  # the reader would pass over them
    if number is None or has_letters or number.extension or not phonenumbers.is_valid_number(number):
        raise Refused(N_("«%(value)s» is geen telefoonnummer. Schrijf het zo: 06 12345678 of +31 6 12345678."))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def postcode(text: str) -> str:
    """A Dutch postcode, as `1234 AB`."""
    found = _POSTCODE.fullmatch(text.replace(" ", "").upper())
    if not found:
        raise Refused(N_("«%(value)s» is geen Nederlandse postcode. Schrijf het zo: 1234 AB."))
    return f"{found[1]} {found[2]}"


@lru_cache(maxsize=4096)
def day(text: str) -> date:
    """A date as the Dutch write it, as ISO, or as Excel's serial number."""
    try:
        if found := _DUTCH_DATE.fullmatch(text):
            return date(int(found[3]), int(found[2]), int(found[1]))
        if found := _ISO_DATE.fullmatch(text):
            return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        pass
    if found := _SERIAL_DATE.fullmatch(text):
        return EXCEL_EPOCH + timedelta(days=int(found[1]))
    raise Refused(N_("«%(value)s» is geen datum. Schrijf het zo: 31-12-2024."))


@lru_cache(maxsize=256)
def whole_number(text: str) -> int | None:
    """A small whole number, None for anything else."""
    return int(text) if re.fullmatch(r"[0-9]{1,4}", text) else None


def yes_no(text: str) -> bool:
    """`ja` or `nee`."""
    return _choice(_YES_NO, text, N_("«%(value)s» kan hier niet. Vul ja of nee in."))


def kind(text: str) -> str:
    """`client` or `opdrachtgever`."""
    return _choice(_KINDS, text, N_("«%(value)s» is geen soort. Vul client of opdrachtgever in."))


def wording(text: str) -> str:
    """`regulier` or `laagdrempelig`."""
    return _choice(_WORDINGS, text, N_("«%(value)s» is geen vragenlijst. Vul regulier of laagdrempelig in."))


def _choice(choices: dict[str, Value], text: str, message: str) -> Value:
    found = choices.get(text.casefold())
    if found is None:
        raise Refused(message)
    return found


@lru_cache(maxsize=256)
def language(text: str) -> str:
    """A language code; of `nl-BE` only the language counts."""
    found = _LANGUAGE.fullmatch(text.casefold())
    if not found or found[1] not in {*Locale("nl").languages, *MORE_LANGUAGES}:
        raise Refused(N_("«%(value)s» is geen taalcode. Vul twee of drie letters in, zoals nl, en, tr of ar."))
    return found[1]


def dutch_date(value: date) -> str:
    """A date as providers write it: `31-12-2024`."""
    return f"{value.day:02d}-{value.month:02d}-{value.year:04d}"


def quoted(text: str, refused: Refused) -> dict[str, object]:
    """What a refusal's sentence needs; a value that must not be repeated brings its own form."""
    return {"value": shown(text), **refused.values}
