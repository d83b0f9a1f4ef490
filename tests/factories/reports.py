"""The material of a report, as much of it as a test wants."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from app.fieldwork.rules import shipped_rules
from app.reports.document import Agency, Aspect, Front
from app.reports.material import Delivered, Kind, Material, Sample, UsedQuestionnaire
from app.results.figures.figure import Bar, Figure, Section
from app.results.keurmerk import keurmerk_table
from app.results.keurmerk_page import Sentence
from app.results.screening.answers import ReleasedAnswer
from app.results.tallies import Grades, Tallies, Tally

LABELS = ("Heel tevreden", "Tevreden", "Ontevreden", "Heel ontevreden", "Geen mening")
CODES = ("very_satisfied", "satisfied", "dissatisfied", "very_dissatisfied", "no_opinion")
QUESTION = "Bent u tevreden over hoe snel u dat eerste gesprek kreeg?"
AGENCY = Agency("Peilwijs Onderzoek", ("Postbus 1000", "3500 AA Utrecht", "088 000 1234", "onderzoek@peilwijs.invalid"))


def satisfaction(code: str = "intake", question: str = QUESTION, **changed: Any) -> Figure:
    bars = tuple(
        Bar(one, label, n, pct, benchmark)
        for one, label, n, pct, benchmark in zip(
            CODES, LABELS, (10, 8, 3, 1, 1), (44, 35, 13, 4, 4), (38, 40, 12, 5, 5), strict=True
        )
    )
    values: dict[str, Any] = {
        "code": code, "kind": "satisfaction", "question": question, "n": 23, "benchmark_n": 140, "bars": bars,
        "note": None, "is_hidden": False, "min_n": 5,
        "verdict": Sentence("Het verschil met het gemiddelde kan toeval zijn."),
    }  # fmt: skip
    return Figure(**(values | changed))


def grades() -> Figure:
    bars = (
        Bar("total", "Totaal", 23, None, None, Fraction(781, 100), Fraction(75, 10)),
        Bar("1", "Scholing en opleiding", 14, None, None, Fraction(79, 10), Fraction(74, 10)),
        Bar("9", "Toeleiden naar werk vanuit situatie geen werk", 9, None, None, Fraction(767, 100), None),
    )
    return Figure("grade", "grade", "Welk rapportcijfer geeft u Werkpad?", 23, 140, bars, None, False, 5, None)


def hidden(code: str = "complaint_solved", question: str = "Is uw klacht opgelost?") -> Figure:
    bars = tuple(Bar(one, label, None, None, None) for one, label in zip(CODES, LABELS, strict=True))
    return Figure(code, "choice", question, 0, 0, bars, None, True, 5, None)


def client_section(*figures: Figure) -> Section:
    return Section("clients", "Cliënten", figures or (grades(), satisfaction(), hidden()))


def commissioner_section() -> Section:
    return Section(
        "commissioners", "Opdrachtgevers", (satisfaction("cooperation", "Bent u tevreden over het contact?"),)
    )


def inburgering_section() -> Section:
    return Section("inburgering", "Cursisten", (satisfaction("lessons", "Bent u tevreden over de lessen?"),))


def front(**changed: Any) -> Front:
    values: dict[str, Any] = {
        "mean": "7,8",
        "mean_says": "Gemiddeld rapportcijfer van 23 cliënten. Alle dienstverleners samen: 7,5.",
        "provinces": {"Utrecht": 14, "Gelderland": 7, "Zeeland": None},
        "provinces_say": "Kaart: Utrecht 14, Gelderland 7, Zeeland te weinig om te tellen.",
        "best": satisfaction("respect", "Bent u tevreden over het respect dat zij voor u hadden?"),
        "good": tuple(
            Aspect(f"Bent u tevreden over {what}?", 90 - n, 80 - n)
            for n, what in enumerate(("de uitleg", "de plek van de gesprekken", "de informatie", "de afspraken"))
        ),
        "good_title": "Hierop scoort u relatief goed",
        "empty": "",
    }
    return Front(**(values | changed))


def tallies(
    n_commissioners: int = 4, n_answered: int = 2, services: Mapping[int, tuple[int, int]] | None = None
) -> Tallies:
    """Services: net sample and completed by code; every grade is 7,8."""
    given = services if services is not None else {1: (30, 14), 9: (20, 9)}
    clients = {
        service: Tally(net, done, Grades(done, 78 * done), {}, n_promoters=done)
        for service, (net, done) in given.items()
    }
    return Tallies(clients, Tally(n_commissioners, n_answered, Grades(n_answered, 80 * n_answered)))


def released(text: str, question: str = "Wilt u nog iets zeggen?") -> ReleasedAnswer:
    return ReleasedAnswer("werkpad", "clients", 1, "remarks", question, text)


def material(provider: str = "Werkpad B.V.", counts: Tallies | None = None, **changed: Any) -> Material:
    counted = counts or tallies()
    rules = shipped_rules(date(2026, 1, 1))
    total, bought = counted.total, counted.commissioners
    samples: dict[Kind, Sample] = {
        "client": Sample(
            total.n_net + 3 if total.n_net else 0, n_undeliverable=3 if total.n_net else 0, n_net=total.n_net,
            n_completed=total.n_completed, n_by_mode={"web": total.n_completed} if total.n_completed else {},
        ),
        "commissioner": Sample(bought.n_net, n_net=bought.n_net, n_completed=bought.n_completed),
    }  # fmt: skip
    values: dict[str, Any] = {
        "provider": provider, "wave": "2026", "starts_on": date(2026, 1, 1), "ends_on": date(2026, 12, 31),
        "invited_on": date(2026, 3, 2), "phone_option": "none", "n_providers": 8, "rules": rules,
        "table": keurmerk_table("werkpad", provider, "2026", rules, counted),
        "delivered": Delivered(60, 3, 1), "samples": samples, "n_phoned_by_profile": 0,
        "questionnaires": (
            UsedQuestionnaire("Wat vond u van de begeleiding?", "cliënten van alle diensten", 10, True),
        ),
        "sections": (client_section(), commissioner_section()), "front": front(),
        "answers": (released("Heel fijn geholpen."),),
        "agency": AGENCY, "made_on": date(2026, 11, 22),
    }  # fmt: skip
    return Material(**(values | changed))
