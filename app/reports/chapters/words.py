"""Words that several chapters use."""

from app.language import catalogue, listed, long_date
from app.reports.material import Material
from app.results.keurmerk_page import Sentence

DUTCH = "nl"


def counted(n: int, one: str, many: str) -> str:
    """`1 cliënt`, `12 cliënten`; `geen cliënten` when there are none."""
    return f"{n or 'geen'} {one if n == 1 else many}"


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def said(sentence: Sentence | None) -> str:
    """A sentence of the results in Dutch; "" when there is none."""
    return catalogue(DUTCH).gettext(sentence.message) % sentence.values if sentence else ""


def period(material: Material) -> str:
    """`1 januari 2024 tot en met 31 december 2024`."""
    return f"{long_date(material.starts_on)} tot en met {long_date(material.ends_on)}"


def people(material: Material) -> str:
    """What the clients are called: who only followed a civic-integration course is no client of a coach."""
    return "cursisten" if material.is_inburgering_only else "cliënten"


__all__ = ["DUTCH", "capital", "counted", "listed", "people", "period", "said"]
