"""The outcome rates of AAPOR, exact. They stand beside the keurmerk response and are never mixed with it.

The American Association for Public Opinion Research, *Standard Definitions: Final Dispositions of Case Codes and
Outcome Rates for Surveys*, 8th edition, April 2015, pp. 52–56: response rates p. 52, cooperation rates p. 54, refusal
rates p. 55, contact rates p. 56. Later editions number their pages otherwise. I interviews, P partial, R refusal and
break-off, NC non-contact, O other, UH and UO of unknown eligibility, NE not eligible; e is the estimated share of the
unknown ones that is eligible.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from app.fieldwork.aapor import group_of

RATE_NAMES = (
    *(f"RR{number}" for number in range(1, 7)),
    *(f"COOP{number}" for number in range(1, 5)),
    *(f"REF{number}" for number in range(1, 4)),
    *(f"CON{number}" for number in range(1, 4)),
)


@dataclass(frozen=True)
class Tally:
    """How many cases there are of each group of final dispositions."""

    i: int = 0
    p: int = 0
    r: int = 0
    nc: int = 0
    o: int = 0
    uh: int = 0
    uo: int = 0
    ne: int = 0

    @property
    def e(self) -> Fraction:
        """The share of cases of unknown eligibility that is taken to be eligible: that among the known ones.

        The proportional allocation (CASRO) that the Standard Definitions describe under response rate 3. Without
        any case of known eligibility everybody counts as eligible.
        """
        eligible = self.i + self.p + self.r + self.nc + self.o
        known = eligible + self.ne
        return Fraction(eligible, known) if known else Fraction(1)


def tally(codes: Iterable[str]) -> Tally:
    """Counts final codes by group."""
    counts = Counter(group_of(code).lower() for code in codes)
    return Tally(**counts)


def rates(of: Tally) -> Mapping[str, Fraction | None]:
    """Every rate as an exact share; None where nobody is in the denominator.

    Standard Definitions, 8th edition (2015), "Calculating rates from response distributions", pp. 52–56:
    RR1 to RR6, COOP1 to COOP4, REF1 to REF3 and CON1 to CON3 as defined there.
    """
    return _response(of) | _cooperation(of) | _refusal(of) | _contact(of)


def _response(of: Tally) -> dict[str, Fraction | None]:
    """Response rates (p. 52). RR1, RR3, RR5: complete interviews; RR2, RR4, RR6: partial ones too.

    RR1 and RR2 take every case of unknown eligibility as eligible, RR3 and RR4 the share e, RR5 and RR6 none.
    """
    some = of.i + of.p
    every, estimated, known = _bases(of)
    return {
        "RR1": _share(of.i, every),
        "RR2": _share(some, every),
        "RR3": _share(of.i, estimated),
        "RR4": _share(some, estimated),
        "RR5": _share(of.i, known),
        "RR6": _share(some, known),
    }


def _cooperation(of: Tally) -> dict[str, Fraction | None]:
    """Cooperation rates (p. 54), of those who were reached. COOP3 and COOP4 leave out who is not able (other)."""
    some = of.i + of.p
    reached, able = some + of.r + of.o, some + of.r
    return {
        "COOP1": _share(of.i, reached),
        "COOP2": _share(some, reached),
        "COOP3": _share(of.i, able),
        "COOP4": _share(some, able),
    }


def _refusal(of: Tally) -> dict[str, Fraction | None]:
    """Refusal rates (p. 55), with all, an estimated share, and none of the cases of unknown eligibility."""
    every, estimated, known = _bases(of)
    return {"REF1": _share(of.r, every), "REF2": _share(of.r, estimated), "REF3": _share(of.r, known)}


def _contact(of: Tally) -> dict[str, Fraction | None]:
    """Contact rates (p. 56): some person of the case was reached."""
    every, estimated, known = _bases(of)
    reached = of.i + of.p + of.r + of.o
    return {"CON1": _share(reached, every), "CON2": _share(reached, estimated), "CON3": _share(reached, known)}


def _bases(of: Tally) -> tuple[Fraction, Fraction, Fraction]:
    """Eligible cases when all, the share e, or none of the unknown ones are taken to be eligible."""
    known = Fraction(of.i + of.p + of.r + of.nc + of.o)
    unknown = of.uh + of.uo
    return known + unknown, known + of.e * unknown, known


def _share(part: int, whole: Fraction | int) -> Fraction | None:
    return Fraction(part) / whole if whole else None
