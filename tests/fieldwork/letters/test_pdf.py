"""Letters as they are printed: read back from the PDF and from pictures of its pages."""

import io
import re
import secrets
import unicodedata
import zlib
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import av
import pytest
import zxingcpp

from app.clock import now
from app.fieldwork.letters.pdf import compiled, document, letters_pdf, pictures, with_qr_codes
from app.fieldwork.letters.text import Letter, _letters, address_lines, clean, web_address
from app.fieldwork.sending.message_texts import Addressee, words
from app.fieldwork.sending.planning import SendingWave
from app.fieldwork.typed_codes import grouped, new_code
from app.language import LANGUAGES
from tests.factories.rules import rules

DAY = date(2026, 11, 22)
WAVE = SendingWave(1, "2026", now(), None, None, rules(allow_drafted_translations=True))
HOSTILE = (
    "#import \"x\": *", "*vet* _schuin_ $x$ `a`", "<script>alert(1)</script>", "#read(\"/etc/passwd\")",
    "\\ @ref <label>", "//opmerking /* hier */", "= Kop", "\u202eomgekeerd\u202c", "nul\x00bel\x07tab\t",
    "regel\nnog een\r\n\r\n", "名前 😀", "محمد العربي", "שלום", "W" * 500, "a " * 300, "'\"`{}[]()~^",
    "A\u0301\u0301\u0301\u0301", "\ufeff\u200b\u2028", "http://x.example",
)  # fmt: skip


def letter(
    language: str = "nl",
    wording: str = "regular",
    name: Sequence[str] = ("Mevrouw", "A.", "Berg"),
    provider: str = "Werkpad",
    questionnaire: str = "arbeid-2022",
) -> Letter:
    code = new_code()
    said = words(
        Addressee(questionnaire, wording, language), "letter", WAVE,
        provider=provider, link=web_address(), code=grouped(code),
    )  # fmt: skip
    address = address_lines(name, ("Kerkstraat", "12"), "3511 AB", "Utrecht")
    return Letter(1, wording, address, provider, said, f"https://x.example/v/{secrets.token_urlsafe(16)}", code)


def data(*letters: Letter) -> dict[str, Any]:
    return with_qr_codes(document(letters, "Brieven 2026", DAY), lambda n: None)


def codes_on(png: bytes) -> list[str]:
    """What a scanner reads on a picture."""
    with av.open(io.BytesIO(png)) as file:
        frame = next(file.decode(video=0)).reformat(format="gray")
    plane = frame.planes[0]
    lines = bytes(plane)
    grey = b"".join(lines[row * plane.line_size :][: frame.width] for row in range(frame.height))
    return [found.text for found in zxingcpp.read_barcodes(memoryview(grey).cast("B", (frame.height, frame.width)))]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_scanner_reads_the_link_of_every_letter_on_one_page_each(language: str) -> None:
    letters = [letter(language, wording) for wording in ("regular", "low_threshold")]
    pages = pictures(data(*letters))
    assert [codes_on(page) for page in pages] == [[one.link] for one in letters]


@pytest.mark.parametrize("questionnaire", ["arbeid-2018", "inburgeren"])
def test_every_questionnaire_has_a_letter_of_one_page(questionnaire: str) -> None:
    assert len(pictures(data(letter("ar", "low_threshold", questionnaire=questionnaire)))) == 1


def test_hostile_names_print_as_plain_text_on_one_page() -> None:
    letters = [letter(name=(text,), provider=text[:200]) for text in HOSTILE]
    made = data(*letters)
    assert [codes_on(page) for page in pictures(made)] == [[one.link] for one in letters]
    assert compiled(made).startswith(b"%PDF")  # with ua-1: no letter is missing from the fonts


def test_a_hostile_name_is_the_only_thing_it_changes() -> None:
    plain, marked = letter(name=("A",)), letter(name=('#read("/etc/passwd")',))
    assert marked.page(DAY)["address"][0] == '#read("/etc/passwd")'
    assert plain.page(DAY)["address"][1:] == marked.page(DAY)["address"][1:]


def test_equal_input_gives_equal_bytes() -> None:
    letters = [letter("ti"), letter()]
    first = letters_pdf(letters, "Brieven 2026", DAY, lambda n: None)
    assert first == letters_pdf(letters, "Brieven 2026", DAY, lambda n: None)
    assert first != letters_pdf(letters, "Brieven 2026", date(2026, 11, 23), lambda n: None)


def test_the_pdf_says_its_title_and_languages_and_is_tagged() -> None:
    pdf = _readable(compiled(data(letter(), letter("ar"))))
    assert b"/MarkInfo" in pdf and b"/Marked true" in pdf and b"/StructTreeRoot" in pdf
    assert b"pdfuaid:part>1<" in pdf and b"Brieven 2026" in pdf
    assert re.search(rb"/Lang ?\(nl\)", pdf) and re.search(rb"/Lang ?\(ar\)", pdf)
    assert pdf.count(b"/Alt") >= 2  # of each QR code


def test_progress_is_told_per_letter() -> None:
    steps: list[int] = []
    letters_pdf([letter() for _ in range(3)], "Brieven", DAY, steps.append)
    assert sum(steps) == 3


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_printed_holds_nothing_invisible(text: str) -> None:
    printed = clean(text)
    assert printed == " ".join(printed.split())
    assert not {unicodedata.category(sign) for sign in printed} & {"Cc", "Zl", "Zp", "Cs"}
    assert not set(printed) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
    assert max(map(len, printed.split()), default=0) <= 45


def test_names_of_our_languages_stay_as_they_are() -> None:
    for name in ("Zoë Çelik-Şahin", "Łukasz Żółć", "Ђорђе Київ", "محمد", "گلناز‌پور", "ሰላም", "Ngọc Ánh", "IJsbrand"):
        assert clean(name) == unicodedata.normalize("NFC", name)


def test_every_letter_that_we_say_we_have_can_be_printed() -> None:
    made = data(letter())
    letters = sorted(_letters())
    made["letters"][0]["paragraphs"] = [
        [{"text": " ".join(letters[start : start + 60]), "apart": False}] for start in range(0, len(letters), 60)
    ]
    assert compiled(made).startswith(b"%PDF")


def test_the_place_is_in_capitals_and_a_long_name_takes_more_lines() -> None:
    lines = address_lines(("Mevrouw", "", "Van " * 20), ("Dorpsweg", "1", ""), "9999 ZZ", "’s-Hertogenbosch")
    assert lines[-2:] == ("Dorpsweg 1", "9999 ZZ ’S-HERTOGENBOSCH")
    assert len(lines) <= 6 and max(map(len, lines)) <= 45


def test_ordinary_letters_are_not_measured_and_wide_or_long_ones_are() -> None:
    assert letter().page(DAY)["is_short"] and letter().page(DAY)["has_short_address"]
    for name in ("W" * 20, "m" * 30, "محمد", "a b " * 12):
        assert not letter(name=(name,)).page(DAY)["has_short_address"]
    assert not letter(provider="Werkpad " * 8).page(DAY)["is_short"]


def test_the_template_names_no_file_and_no_package() -> None:
    source = (Path(__file__).parents[3] / "app" / "fieldwork" / "letters" / "letter.typ").read_text()
    assert not re.search(r"#import|#include|\bread\(|eval\(|\bcsv\(|plugin\(|yaml\(|toml\(|xml\(", source)


def _readable(pdf: bytes) -> bytes:
    """The file with its compressed parts unpacked behind it."""
    unpacked = [pdf]
    for found in re.finditer(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        try:
            unpacked.append(zlib.decompressobj().decompress(found[1]))
        except zlib.error:
            continue
    return b"\n".join(unpacked)
