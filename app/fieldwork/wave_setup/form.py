"""The form of a wave: what is typed becomes a draft, or a sentence per field that says what to mend."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from pydantic import ValidationError

from app.fieldwork.rules import KeurmerkNorms, WaveRules
from app.fieldwork.scheme import Step
from app.fieldwork.waves import LABEL
from app.questions.question import N_
from app.settings import settings

GROUPS = ("clients", "commissioners")
MAX_STEPS = 8
MAX_BANDS = 3
SERVICE_CODES = range(1, 14)
SWITCHES = (
    "sends_letters",
    "allow_drafted_translations",
    "inclusive",
    "services_need_total",
    "commissioners_always_published",
)
STEP_PARTS = ("day", "channel", "kind", "audience")
BAND_PARTS = ("net_max", "min_pct", "min_completed")
KEURMERK_PARTS = ("total_min", "service_min", "norm_on", "fail_limit", "fail_value")
QUESTIONNAIRE_PARTS = ("clients", "inburgering", "commissioners")
BAD_LABEL = N_("Gebruik 1 tot 40 letters, cijfers, spaties, punten en streepjes, zoals 2026 of 2026-najaar.")
BAD_DATE = N_("Vul een datum in, zoals 31-12-2026.")
BAD_ORDER = N_("Deze dag ligt voor de eerste dag. Kies een latere dag.")
BAD_NUMBER = N_("Vul een heel getal in van %(least)s tot en met %(most)s.")
BAD_DECIMAL = N_("Vul een getal in van %(least)s tot en met %(most)s, zoals 6,5.")
BAD_CHOICE = N_("Kies een van de mogelijkheden.")
NO_SERVICE = N_("Vul de naam van minstens één dienst in.")
SAME_STEP = N_("Deze stap staat er twee keer. Haal er één weg.")
NO_INVITATION = N_("De eerste stap moet een uitnodiging zijn.")
NO_BAND = N_("Vul minstens één regel in, met een percentage.")
NO_LAST_BAND = N_("Laat bij de laatste regel het hoogste aantal leeg: die geldt voor alle grotere steekproeven.")
NOT_TOGETHER = N_("Deze regels kunnen niet samen. Kijk ze na, of vraag de beheerder.")


@dataclass(frozen=True)
class Problem:
    """What is wrong with one field."""

    message: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Draft:
    """A wave as somebody wants it."""

    label: str
    starts_on: date
    ends_on: date
    fieldwork_ends_on: date | None
    rules: WaveRules


class Typed:
    """Reads the fields one by one, and notes what is wrong with them."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = values
        self.problems: dict[str, Problem] = {}

    def text(self, name: str) -> str:
        return " ".join(self.values.get(name, "").split())

    def wrong(self, name: str, message: str, **values: object) -> None:
        self.problems.setdefault(name, Problem(message, values))

    def day(self, name: str, *, is_needed: bool = True) -> date | None:
        text = self.text(name)
        if not text and not is_needed:
            return None
        dutch = re.fullmatch(r"([0-9]{1,2})-([0-9]{1,2})-([0-9]{4})", text)
        try:
            return date(int(dutch[3]), int(dutch[2]), int(dutch[1])) if dutch else date.fromisoformat(text)
        except ValueError:
            self.wrong(name, BAD_DATE)
            return None

    def number(self, name: str, least: int, most: int) -> int:
        text = self.text(name)
        if re.fullmatch(r"[0-9]{1,7}", text) and least <= int(text) <= most:
            return int(text)
        self.wrong(name, BAD_NUMBER, least=least, most=most)
        return least

    def decimal(self, name: str, least: int, most: int) -> Decimal:
        try:
            found = Decimal(self.text(name).replace(",", "."))
        except InvalidOperation:
            found = Decimal(-1)
        if found.is_finite() and least <= found <= most:
            return found
        self.wrong(name, BAD_DECIMAL, least=least, most=most)
        return Decimal(least)

    def choice(self, name: str, allowed: tuple[str, ...]) -> str:
        text = self.text(name)
        if text not in allowed:
            self.wrong(name, BAD_CHOICE)
            return allowed[0]
        return text

    def rows(self, prefix: str, first: str, n_rows: int) -> Iterator[str]:
        """The prefixes of the rows that somebody filled in, told by their first field."""
        yield from (f"{prefix}-{n}" for n in range(n_rows) if self.text(f"{prefix}-{n}-{first}"))


def questionnaire_names() -> tuple[str, ...]:
    """The folders that hold a questionnaire."""
    return tuple(sorted(path.parent.name for path in settings().questionnaires_folder.glob("*/questionnaire.yaml")))


def values_of(draft: Draft) -> dict[str, str]:
    """A wave as the form shows it."""
    rules = draft.rules
    values = {"label": draft.label}
    for name in ("starts_on", "ends_on", "fieldwork_ends_on", "phone_quota", "retention_days"):
        value = getattr(draft, name, None) or getattr(rules, name, None)
        values[name] = "" if value is None else str(value)
    values |= {f"service-{code}": name for code, name in rules.services.items()}
    values |= {f"max-{code}": str(n) for code, n in rules.max_sample.items()}
    values |= {f"q-{part}": getattr(rules.questionnaires, part) for part in QUESTIONNAIRE_PARTS}
    values |= {name: "ja" for name in SWITCHES if getattr(rules, name)}
    for group in GROUPS:
        for n, step in enumerate(getattr(rules.scheme, group)):
            values |= {f"{group}-{n}-{part}": str(getattr(step, part)) for part in STEP_PARTS}
        for n, band in enumerate(getattr(rules.response_norm, group)):
            values |= {f"norm-{group}-{n}-{part}": _shown(getattr(band, part)) for part in BAND_PARTS}
    for norms in rules.norm_sets:
        if isinstance(norms, KeurmerkNorms):
            values |= {f"keurmerk-{part}": _shown(getattr(norms, part)) for part in KEURMERK_PARTS}
    return values


def _shown(value: object) -> str:
    return "" if value is None else str(value).replace(".", ",") if isinstance(value, Decimal) else str(value)


def read_form(values: Mapping[str, str], before: WaveRules) -> tuple[Draft | None, dict[str, Problem]]:
    """The draft that was typed, or what is wrong per field. What the form does not show stays as it was."""
    typed = Typed(values)
    label = typed.text("label")
    if not LABEL.fullmatch(label):
        typed.wrong("label", BAD_LABEL)
    starts_on, ends_on = typed.day("starts_on"), typed.day("ends_on")
    closes_on = typed.day("fieldwork_ends_on", is_needed=False)
    for name, day in (("ends_on", ends_on), ("fieldwork_ends_on", closes_on)):
        if starts_on and day and day < starts_on:
            typed.wrong(name, BAD_ORDER)
    given: dict[str, Any] = before.model_dump(mode="json")
    for read in PARTS:
        given |= read(typed, before)
    try:
        rules = WaveRules.model_validate(given)
    except ValidationError:
        typed.wrong("label", NOT_TOGETHER)
    if typed.problems or starts_on is None or ends_on is None:
        return None, typed.problems
    return Draft(label, starts_on, ends_on, closes_on, rules), {}


def _services(typed: Typed, before: WaveRules) -> dict[str, Any]:
    codes = sorted({*SERVICE_CODES, *before.services})
    services = {code: name for code in codes if (name := typed.text(f"service-{code}"))}
    if not services:
        typed.wrong("service-1", NO_SERVICE)
    maxima = {code: typed.number(f"max-{code}", 1, 1_000_000) for code in services if typed.text(f"max-{code}")}
    return {"services": services, "max_sample": maxima}


def _questionnaires(typed: Typed, before: WaveRules) -> dict[str, Any]:
    names = questionnaire_names()
    return {"questionnaires": {part: typed.choice(f"q-{part}", names) for part in QUESTIONNAIRE_PARTS}}


def _scheme(typed: Typed, before: WaveRules) -> dict[str, Any]:
    return {"scheme": {group: _steps(typed, group) for group in GROUPS}}


def _steps(typed: Typed, group: str) -> list[dict[str, Any]]:
    steps: list[Step] = []
    for row in typed.rows(group, "day", MAX_STEPS):
        step = Step(
            day=typed.number(f"{row}-day", 0, 365),
            channel=typed.choice(f"{row}-channel", ("email", "letter")),
            kind=typed.choice(f"{row}-kind", ("invitation", "reminder", "last_reminder")),
            audience=typed.choice(f"{row}-audience", ("all", "no_email")),
        )
        if step.name in {one.name for one in steps}:
            typed.wrong(f"{row}-day", SAME_STEP)
        steps.append(step)
    steps.sort(key=lambda step: step.day)
    if not steps or steps[0].kind != "invitation":
        typed.wrong(f"{group}-0-kind" if steps else f"{group}-0-day", NO_INVITATION)
    return [step.model_dump() for step in steps]


def _norms(typed: Typed, before: WaveRules) -> dict[str, Any]:
    norms = [norm.model_dump(mode="json") for norm in before.norm_sets]
    for norm in norms:
        if norm["kind"] == "keurmerk":
            decimals = [part for part in KEURMERK_PARTS if part != "norm_on"]
            norm |= {part: typed.decimal(f"keurmerk-{part}", 1, 10) for part in decimals}
            norm["norm_on"] = typed.choice("keurmerk-norm_on", ("exact", "rounded"))
    return {"response_norm": {group: _bands(typed, group) for group in GROUPS}, "norm_sets": norms}


def _bands(typed: Typed, group: str) -> list[dict[str, Any]]:
    bands = []
    for row in typed.rows(f"norm-{group}", "min_pct", MAX_BANDS):
        net_max = typed.number(f"{row}-net_max", 1, 1_000_000) if typed.text(f"{row}-net_max") else None
        pct = typed.decimal(f"{row}-min_pct", 0, 100)
        bands.append(
            {"net_max": net_max, "min_pct": pct, "min_completed": typed.number(f"{row}-min_completed", 0, 100_000)}
        )
    if not bands:
        typed.wrong(f"norm-{group}-0-min_pct", NO_BAND)
    elif bands[-1]["net_max"] is not None:
        typed.wrong(f"norm-{group}-{len(bands) - 1}-net_max", NO_LAST_BAND)
    return bands


def _switches(typed: Typed, before: WaveRules) -> dict[str, Any]:
    return {name: typed.text(name) == "ja" for name in SWITCHES} | {
        "phone_quota": typed.number("phone_quota", 0, 100_000),
        "retention_days": typed.number("retention_days", 1, 3650),
    }


PARTS: tuple[Callable[[Typed, WaveRules], dict[str, Any]], ...] = (
    _services,
    _questionnaires,
    _scheme,
    _norms,
    _switches,
)
