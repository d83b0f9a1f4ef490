"""The front page of a report in words: what there is to tell at a glance."""

from collections.abc import Mapping

from app.language import listed, one_decimal
from app.reports.document import Aspect, Front
from app.results.figures.front_page import FrontPage
from app.results.keurmerk import KeurmerkTable

NOTHING = "In deze meetperiode is er nog niets te laten zien: nog niemand vulde de vragenlijst bruikbaar in."
GOOD = "Hierop scoort u relatief goed"
NEAREST = "Hier zit u het dichtst bij het gemiddelde"


def front_of(page: FrontPage, table: KeurmerkTable, *, has_benchmark: bool) -> Front:
    """What the front page says; without others there is nothing to be relatively good at."""
    commissioners = table.commissioners
    has_any = table.total.completed or (commissioners is not None and commissioners.completed)
    good = tuple(Aspect(one.question, one.pct, one.benchmark_pct) for one in page.good) if has_benchmark else ()
    return Front(
        mean="" if page.mean is None else one_decimal(page.mean),
        mean_says=_mean_says(page),
        provinces=page.provinces,
        provinces_say=_provinces_say(page.provinces),
        best=page.best,
        good=good,
        good_title=GOOD if any(one.pct >= one.benchmark_pct for one in good) else NEAREST if good else "",
        empty="" if has_any else NOTHING,
    )


def _mean_says(page: FrontPage) -> str:
    if page.mean is None:
        return ""
    if page.n_grades == 1:
        return "Het rapportcijfer dat één persoon gaf."
    return f"Het gemiddelde rapportcijfer dat {page.n_grades} mensen gaven."


def _provinces_say(provinces: Mapping[str, int | None]) -> str:
    """The map in words."""
    told = [f"{name} {n}" for name, n in provinces.items() if n]
    hidden = [name for name, n in provinces.items() if n is None]
    words = f"Kaart van Nederland met het aantal cliënten per provincie: {listed(told)}." if told else ""
    return f"{words} Te weinig om te tellen: {listed(hidden)}.".strip() if hidden else words
