"""The disposition codes of AAPOR that we use, and the group of each.

The American Association for Public Opinion Research, *Standard Definitions: Final Dispositions of Case Codes and
Outcome Rates for Surveys*, 8th edition, April 2015. Codes of telephone calls carry the numbers of its telephone surveys
(pp. 13–21), what happened on the web those of its internet surveys of specifically named persons (pp. 34–41).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from app.errors import N_

# I interview, P partial, R refusal and break-off, NC non-contact, O other eligible, UH and UO eligibility unknown
# (somebody lives there; nothing is known), NE not eligible
Group = Literal["I", "P", "R", "NC", "O", "UH", "UO", "NE"]
GROUPS: Mapping[Group, str] = {
    "I": N_("Volledig interview"),
    "P": N_("Gedeeltelijk interview"),
    "R": N_("Weigering of afgebroken"),
    "NC": N_("Geen contact"),
    "O": N_("Andere reden, hoort bij de doelgroep"),
    "UH": N_("Onbekend of iemand bij de doelgroep hoort: niemand nam op"),
    "UO": N_("Onbekend of iemand bij de doelgroep hoort: niets gehoord"),
    "NE": N_("Hoort niet bij de doelgroep"),
}


@dataclass(frozen=True)
class Disposition:
    """One code with its group and words."""

    code: str
    group: Group
    words: str


def _codes(*rows: tuple[str, Group, str]) -> dict[str, Disposition]:
    return {code: Disposition(code, group, words) for code, group, words in rows}


COMPLETE, PARTIAL = "1.1", "1.2"
REFUSAL_BY_OTHER, REFUSAL = "2.111", "2.112"
BREAK_OFF, OPENED_ONLY = "2.12", "2.121"
NON_CONTACT = "2.20"
NOTHING_RETURNED, UNDELIVERED = "3.19", "3.30"
WRONG_NUMBER, QUOTA_FILLED = "4.32", "4.80"
CODES = _codes(
    (COMPLETE, "I", N_("Interview volledig")),
    (PARTIAL, "P", N_("Interview gedeeltelijk, genoeg om mee te tellen")),
    (REFUSAL_BY_OTHER, "R", N_("Geweigerd door iemand anders")),
    (REFUSAL, "R", N_("Geweigerd")),
    (BREAK_OFF, "R", N_("Interview afgebroken")),
    (OPENED_ONLY, "R", N_("Vragenlijst geopend, niets ingevuld")),
    (NON_CONTACT, "NC", N_("Geen contact met de persoon zelf")),
    ("2.221", "NC", N_("Antwoordapparaat, bericht achtergelaten")),
    ("2.222", "NC", N_("Antwoordapparaat, geen bericht achtergelaten")),
    ("2.31", "O", N_("Overleden")),
    ("2.32", "O", N_("Lichamelijk of geestelijk niet in staat")),
    ("2.33", "O", N_("Taalprobleem")),
    ("2.34", "O", N_("Doorgegeven aan de teamleider")),
    ("2.35", "O", N_("Technisch probleem")),
    ("2.36", "O", N_("Een week of langer niet beschikbaar")),
    ("3.12", "UH", N_("In gesprek")),
    ("3.13", "UH", N_("Niet opgenomen")),
    ("3.16", "UH", N_("Technisch probleem met de telefoon")),
    (NOTHING_RETURNED, "UO", N_("Uitgenodigd, niets gehoord")),
    (UNDELIVERED, "UO", N_("Geen adres of nummer werkt")),
    (WRONG_NUMBER, "NE", N_("Verkeerd nummer of afgesloten")),
    ("4.70", "NE", N_("Niemand die bij de doelgroep hoort")),
    (QUOTA_FILLED, "NE", N_("Niet nodig: genoeg telefonische gesprekken")),
)


def group_of(code: str) -> Group:
    """The group that a code is counted in."""
    return CODES[code].group


# What says most about a case stands: a refusal is not undone by nobody answering later (Standard Definitions,
# chapter on converting temporary to final disposition codes). Later is more among equals.
_WEIGHT: Mapping[Group, int] = {"UO": 0, "UH": 1, "NC": 2, "O": 3, "R": 4, "NE": 5, "P": 6, "I": 7}


def kept(before: str | None, new: str, *, is_final: bool) -> str:
    """The code of a case after a call: a final one always stands, another one unless it says less."""
    if before is None or is_final or _WEIGHT[group_of(new)] >= _WEIGHT[group_of(before)]:
        return new
    return before
