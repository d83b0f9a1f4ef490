"""What may stand in a cell: one test per rule, and no text that gets anything but a value or a refusal."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import phonenumbers
import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from stdnum.nl import bsn

from app.fieldwork.delivery import cells
from app.fieldwork.delivery.cells import Refused


def refuses(read: Callable[[str], Any], text: str) -> bool:
    try:
        read(text)
    except Refused as refused:
        assert refused.message % {"value": "x", **cells.quoted(text, refused)}
        return True
    return False


@pytest.mark.parametrize("text", ["229498425", "229 498 425", "2294.98.425", "229-498-425"])
def test_a_burgerservicenummer_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(Refused) as refused:
        cells.reference(text)
    sentence = refused.value.message % cells.quoted(text, refused.value)
    assert "425" in sentence and "229" not in sentence


@pytest.mark.parametrize("text", ["K2400001", "229498426", "22949842", "2294984250", "000000000", "K229498425", "12-3"])
def test_other_references_are_taken_as_they_are(text: str) -> None:
    assert cells.reference(text) == text


@settings(max_examples=1000)
@given(st.integers(0, 999_999_999))
def test_nine_digits_are_refused_exactly_when_they_pass_the_eleven_test(number: int) -> None:
    digits = f"{number:09d}"
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    passes = number > 0 and sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True)) % 11 == 0
    assert refuses(cells.reference, digits) == passes == bsn.is_valid(digits)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("jan@voorbeeld.nl", "jan@voorbeeld.nl"),
        ("Jan.de-Vries+x@Voorbeeld.NL", "Jan.de-Vries+x@voorbeeld.nl"),
        ("o'brien@a.b.co", "o'brien@a.b.co"),
        ("jan@münchen.de", "jan@münchen.de"),
    ],
)
def test_email_addresses_are_known_by_their_syntax(text: str, address: str) -> None:
    assert cells.email(text) == address


@pytest.mark.parametrize(
    "text",
    ["geen", "a b@voorbeeld.nl", "jan@@voorbeeld.nl", "x@voorbeeld", "@voorbeeld.nl", "jan@", ".jan@voorbeeld.nl",
     "jan..x@voorbeeld.nl", "jan@-voorbeeld.nl", "jan@voorbeeld..nl", "Jan <jan@voorbeeld.nl>", "jan@localhost",
     "x@voorbeeld.nl Bcc: y@voorbeeld.nl", "jan@voorbeeld.nl, piet@voorbeeld.nl", "jän@voorbeeld.nl",
     "x" * 65 + "@voorbeeld.nl", "jan@[127.0.0.1]", "jan@" + "a" * 64 + ".nl", "mailto:jan@voorbeeld.nl@x.nl"],
)  # fmt: skip
def test_what_is_no_email_address_is_refused(text: str) -> None:
    assert refuses(cells.email, text)


local_parts = st.text(st.sampled_from("abcXYZ019.-_+'!#é @"), min_size=1, max_size=70)
domains = st.text(st.sampled_from("abXY09.-"), min_size=1, max_size=30).map(
    lambda name: f"{name}.nl"
) | st.sampled_from(["voorbeeld.nl", "Voorbeeld.EXAMPLE", "a.test", "xn--a.nl", "ab--cd.nl"])


@settings(max_examples=3000, deadline=None)
@given(local_parts, domains)
def test_the_short_way_to_read_an_address_agrees_with_the_long_way(local: str, domain: str) -> None:
    text = f"{local}@{domain}"
    try:
        expected = validate_email(text, check_deliverability=False, allow_smtputf8=False, strict=True).normalized
    except EmailNotValidError:
        assert refuses(cells.email, text)
    else:
        assert cells.email(text) == expected


@pytest.mark.parametrize(
    ("text", "e164"),
    [
        ("06 12345678", "+31612345678"),
        ("06-12345678", "+31612345678"),
        ("+31612345678", "+31612345678"),
        ("0031612345678", "+31612345678"),
        ("+31 (0)6 12345678", "+31612345678"),
        ("612345678", "+31612345678"),
        ("020-1234567", "+31201234567"),
        ("085 1234567", "+31851234567"),
        ("+49 30 123456", "+4930123456"),
        ("0032 2 555 12 12", "+3225551212"),
    ],
)
def test_dutch_and_international_numbers_become_e164(text: str, e164: str) -> None:
    assert cells.phone(text) == e164


@pytest.mark.parametrize(
    "text",
    ["geen", "12", "112", "06 1234567", "06 123456789", "+31 6 9", "0", "06-1234567a8", "06 12345678 x12", "FLOWERS"],
)
def test_what_is_no_telephone_number_is_refused(text: str) -> None:
    assert refuses(cells.phone, text)


@settings(max_examples=1000, deadline=None)
@given(st.sampled_from(["06", "+316", "00316", "0", "+31", "6"]), st.text("0123456789 -", min_size=6, max_size=12))
def test_the_short_way_to_read_a_mobile_number_agrees_with_the_long_way(start: str, rest: str) -> None:
    text = start + rest
    try:
        number = phonenumbers.parse(text, "NL")
        is_valid = phonenumbers.is_valid_number(number)
    except phonenumbers.NumberParseException:
        is_valid = False
    assert refuses(cells.phone, text) != is_valid
    if is_valid:
        assert cells.phone(text) == phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@pytest.mark.parametrize("text", ["3511AB", "3511 AB", "3511 ab", " 3511  Ab", "35 11 AB"])
def test_a_postcode_may_be_spaced_and_written_any_way(text: str) -> None:
    assert cells.postcode(text) == "3511 AB"


@pytest.mark.parametrize("text", ["0123 AB", "ABCD 12", "1234 SS9", "12345", "1234 SS", "1234 SA", "1234 SD", "1234A",
                                  "1234 ABC", "B-1000", "١٢٣٤ AB"])  # fmt: skip
def test_what_is_no_postcode_is_refused(text: str) -> None:
    assert refuses(cells.postcode, text)


@pytest.mark.parametrize(
    "text",
    ["1-3-2024", "01-03-2024", "2024-03-01", "2024-03-01 00:00:00", "2024-03-01T09:30", "45352", "45352.5", "45352,25"],
)
def test_dates_are_read_as_dutch_iso_or_serial(text: str) -> None:
    assert cells.day(text) == date(2024, 3, 1)


@pytest.mark.parametrize(
    "text",
    ["onbekend", "13-13-2024", "30-2-2024", "29-02-2023", "1-1-24", "2024-3-1", "2024-13-01", "01/03/2024",
     "1 maart 2024", "4535", "453520", "-45352", "0-0-0000"],
)  # fmt: skip
def test_what_is_no_date_is_refused(text: str) -> None:
    assert refuses(cells.day, text)


@settings(max_examples=1000)
@given(st.dates(date(1930, 1, 1), date(2150, 1, 1)))
def test_every_way_to_write_a_day_gives_that_day(day: date) -> None:
    serial = (day - cells.EXCEL_EPOCH) // timedelta(days=1)
    for text in (f"{day.day}-{day.month}-{day.year}", cells.dutch_date(day), day.isoformat(), str(serial)):
        assert cells.day(text) == day


def test_yes_and_no_kinds_and_wordings_are_dutch_words_in_any_case() -> None:
    assert [cells.yes_no(text) for text in ("ja", "JA", "j", "nee", "Nee", "n")] == [True] * 3 + [False] * 3
    assert [cells.kind(text) for text in ("client", "Cliënt", "OPDRACHTGEVER")] == ["client", "client", "commissioner"]
    assert [cells.wording(text) for text in ("Regulier", "laagdrempelig")] == ["regular", "low_threshold"]
    for read in (cells.yes_no, cells.kind, cells.wording):
        assert refuses(read, "misschien")


def test_languages_are_known_by_their_code() -> None:
    assert [cells.language(text) for text in ("nl", "EN", "ti", "nl-BE", "prs")] == ["nl", "en", "ti", "nl", "prs"]
    for text in ("Nederlands", "xx", "n", "12", "nl;en"):
        assert refuses(cells.language, text)


def test_only_short_whole_numbers_are_numbers() -> None:
    assert [cells.whole_number(text) for text in ("11", "08", "1,5", "1.0", "-1", "x", "", "12345", "١")] == [
        11, 8, None, None, None, None, None, None, None
    ]  # fmt: skip


READERS = (cells.reference, cells.email, cells.phone, cells.postcode, cells.day, cells.yes_no, cells.kind,
           cells.wording, cells.language)  # fmt: skip
near_misses = st.text(st.sampled_from("0123456789 -+@.()/abAB:T,\u0661é\u200b"), max_size=24)


@settings(max_examples=3000, deadline=None)
@given(st.one_of(st.text(max_size=60), near_misses), st.sampled_from(READERS))
def test_any_text_is_read_or_refused_with_a_sentence(text: str, read: Callable[[str], Any]) -> None:
    assume(text)
    if not refuses(read, text):
        assert read(text) is not None
