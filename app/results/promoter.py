"""The actuele promotor score: promoters minus detractors among the arbeid clients who were asked."""

from collections.abc import Mapping
from fractions import Fraction

from app.fieldwork.rules import INBURGERING
from app.results.tallies import Tally


def promoter_score(clients: Mapping[int, Tally]) -> Fraction | None:
    """From -100 to 100, exact; None when nobody answered the recommendation question."""
    arbeid = sum((tally for service, tally in clients.items() if service != INBURGERING), Tally())
    n = arbeid.n_promoters + arbeid.n_neutral + arbeid.n_detractors
    return Fraction(100 * (arbeid.n_promoters - arbeid.n_detractors), n) if n else None
