"""The response norm: whether a row meets it, what it still needs, and whether it is published."""

import math
from collections.abc import Sequence
from fractions import Fraction

from app.errors import Invalid
from app.fieldwork.rules import Band, WaveRules
from app.results.tallies import Tally


def band_for(bands: Sequence[Band], n_net: int) -> Band:
    """The first band that reaches up to this net sample.

    Raises:
        Invalid: when the bands of the wave leave a gap above.
    """
    for band in bands:
        if band.net_max is None or n_net <= band.net_max:
            return band
    raise Invalid(f"the response norm has no band for a net sample of {n_net}; end the bands with «net_max: null»")


def meets(bands: Sequence[Band], tally: Tally, *, inclusive: bool) -> bool:
    """Tested on the exact ratio, never on the printed percentage. Nobody invited meets no norm."""
    if not tally.n_net:
        return False
    band = band_for(bands, tally.n_net)
    ratio, norm = Fraction(tally.n_completed * 100, tally.n_net), Fraction(band.min_pct)
    return (ratio >= norm if inclusive else ratio > norm) and tally.n_completed >= band.min_completed


def n_still_needed(bands: Sequence[Band], tally: Tally, *, inclusive: bool) -> int | None:
    """How many more interviews meet the norm; 0 when it is met, None when there are not enough cases left."""
    if not tally.n_net:
        return None
    band = band_for(bands, tally.n_net)
    share = Fraction(band.min_pct) * tally.n_net / 100
    n_wanted = max(math.ceil(share) if inclusive else math.floor(share) + 1, band.min_completed)
    return max(0, n_wanted - tally.n_completed) if n_wanted <= tally.n_net else None


def total_is_published(rules: WaveRules, total: Tally) -> bool:
    return meets((rules.publication_norm or rules.response_norm).clients, total, inclusive=rules.inclusive)


def service_is_published(rules: WaveRules, service: Tally, total: Tally) -> bool:
    """Since 2024 a service is published only when the total meets the norm as well."""
    norm = (rules.publication_norm or rules.response_norm).clients
    if rules.services_need_total and not total_is_published(rules, total):
        return False
    return meets(norm, service, inclusive=rules.inclusive)


def commissioners_are_published(rules: WaveRules, commissioners: Tally) -> bool:
    """Always, unless the wave says that commissioners have a norm of their own."""
    norm = (rules.publication_norm or rules.response_norm).commissioners
    return rules.commissioners_always_published or meets(norm, commissioners, inclusive=rules.inclusive)
