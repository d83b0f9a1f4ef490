"""A wave's rules: data, not code. A wave made without its own takes the shipped rules of its first year."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from app.definition.checks_messages import findings_in
from app.definition.messages import Message
from app.errors import Invalid
from app.fieldwork.scheme import Scheme

INBURGERING = 11  # the civic-integration service; all others together are called arbeid
BY_PHONE_PROFILES = (1, 2)  # learning profiles of service 11 that are telephoned from day 0


class _Rules(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Band(_Rules):
    """A response norm that holds up to `net_max` cases; None = no limit. Percentage and count are minimums."""

    net_max: int | None = None
    min_pct: Decimal
    min_completed: int = 1


class ResponseNorm(_Rules):
    """Bands per target group: the first whose `net_max` is not below the net sample applies."""

    clients: tuple[Band, ...] = (Band(min_pct=Decimal(40)),)
    commissioners: tuple[Band, ...] = (Band(min_pct=Decimal(40)),)


class KeurmerkNorms(_Rules):
    """Total and per service a minimum mean, with a correction for very low grades (keurmerk rules §4)."""

    kind: Literal["keurmerk"] = "keurmerk"
    total_min: Decimal = Decimal("6.5")
    service_min: Decimal = Decimal("5.5")
    norm_on: Literal["exact", "rounded"] = "exact"
    fail_limit: Decimal = Decimal("5.5")
    fail_value: Decimal = Decimal("5")


class LotNorms(_Rules):
    """UWV: a minimum mean per lot (perceel); a lot groups services."""

    kind: Literal["uwv"] = "uwv"
    lot_min: Decimal = Decimal("7.0")
    norm_on: Literal["exact", "rounded"] = "exact"
    lots: Mapping[str, tuple[int, ...]]


NormSet = Annotated[KeurmerkNorms | LotNorms, Field(discriminator="kind")]


class QuestionnaireChoice(_Rules):
    """Which questionnaire each target group gets."""

    clients: str
    inburgering: str = "inburgeren"
    commissioners: str = "opdrachtgevers"


DayPart = Literal["morning", "afternoon", "evening", "saturday"]


class Hours(_Rules):
    """A part of the day, in hours of the clock on the wall; up to, not including `until_hour`."""

    from_hour: Annotated[int, Field(ge=0, le=23)]
    until_hour: Annotated[int, Field(ge=1, le=24)]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.until_hour <= self.from_hour:
            raise ValueError("until_hour must be later than from_hour")
        return self


A_WEEK = 7 * 24 * 60
DELAYS_MINUTES: Mapping[str, int] = {
    "no_answer": 180,
    "machine": 180,
    "machine_message": 180,
    "non_contact": 180,
    "call_back": 180,
    "busy": 15,
    "phone_problem": 60,
    "technical_problem": 15,
    "break_off": 24 * 60,
    "soft_refusal": A_WEEK,
    "soft_refusal_other": A_WEEK,
    "unavailable": A_WEEK,
}


class CallRules(_Rules):
    """How the call centre works: attempts, parts of the day, and how long to wait after each outcome."""

    max_attempts: Annotated[int, Field(ge=1, le=50)] = 6
    min_day_parts: Annotated[int, Field(ge=1, le=4)] = 3
    day_parts: Mapping[DayPart, Hours] = {
        "morning": Hours(from_hour=9, until_hour=12),
        "afternoon": Hours(from_hour=12, until_hour=17),
        "evening": Hours(from_hour=17, until_hour=21),
        "saturday": Hours(from_hour=10, until_hour=16),
    }
    first_attempt_in: tuple[DayPart, ...] = ("evening", "saturday")
    delays_minutes: Mapping[str, Annotated[int, Field(ge=0, le=8 * A_WEEK)]] = {}  # over DELAYS_MINUTES
    max_busy_in_a_row: Annotated[int, Field(ge=1, le=20)] = 3
    allows_soft_refusal_retry: bool = True
    web_pause_minutes: Annotated[int, Field(ge=0, le=24 * 60)] = 15
    appointment_grace_minutes: Annotated[int, Field(ge=0, le=24 * 60)] = 15

    @field_validator("day_parts")
    @classmethod
    def _some(cls, value: Mapping[DayPart, Hours]) -> Mapping[DayPart, Hours]:
        if not value:
            raise ValueError("name at least one part of the day")
        return value

    @field_validator("delays_minutes")
    @classmethod
    def _known(cls, value: Mapping[str, int]) -> Mapping[str, int]:
        if unknown := sorted(set(value) - set(DELAYS_MINUTES)):
            raise ValueError(f"«{unknown[0]}» is no outcome with a delay; choose from {', '.join(DELAYS_MINUTES)}")
        return value

    def delay_minutes(self, outcome: str) -> int:
        """How long to wait after an outcome."""
        return self.delays_minutes.get(outcome, DELAYS_MINUTES.get(outcome, 0))


class WaveRules(_Rules):
    """Everything about a wave that may differ from year to year."""

    services: Mapping[int, str]
    questionnaires: QuestionnaireChoice
    response_norm: ResponseNorm = ResponseNorm()
    publication_norm: ResponseNorm | None = None  # None = the response norm
    inclusive: bool = True  # a ratio equal to the norm meets it
    services_need_total: bool
    commissioners_always_published: bool = True
    norm_sets: tuple[NormSet, ...] = (KeurmerkNorms(),)
    allow_drafted_translations: bool = False  # else only languages of which every text was reviewed are offered
    scheme: Scheme = Scheme()
    sends_letters: bool = True  # False: steps by letter are skipped
    phone_quota: int = 50  # successful interviews per participation, for service 11 with learning profile 1 or 2
    calls: CallRules = CallRules()
    retention_days: int = 90  # contact data are purged this long after the final reports
    min_n: int = 5  # figures and open answers of fewer people are not told; 1 tells all
    # questionnaire → kind → wording: the wave's own words of a message, in Dutch, instead of those of the questionnaire
    message_texts: Mapping[str, Mapping[str, Mapping[str, Message]]] = {}
    max_sample: Mapping[int, int] = {}  # service → largest sample; a service not named is not sampled

    @field_validator("norm_sets", mode="before")
    @classmethod
    def _kinds(cls, value: Any) -> Any:
        return (
            [{"kind": "keurmerk", **n} if isinstance(n, dict) else n for n in value]
            if isinstance(value, list)
            else value
        )

    @field_validator("message_texts")
    @classmethod
    def _filled_in(cls, value: Mapping[str, Mapping[str, Mapping[str, Message]]]) -> Any:
        for questionnaire, kinds in value.items():
            for kind, wordings in kinds.items():
                for wording, message in wordings.items():
                    for path, reason in findings_in(message, (questionnaire, kind, wording)):
                        raise ValueError(f"{'.'.join(map(str, path))}: {reason}")
        return value

    def own_message(self, questionnaire: str, kind: str, wording: str) -> Message | None:
        """The wave's own words of a message; None = those of the questionnaire."""
        return self.message_texts.get(questionnaire, {}).get(kind, {}).get(wording)

    def questionnaire_for(self, kind: str, service: int | None) -> str:
        """The folder name of the questionnaire a case gets."""
        if kind == "commissioner":
            return self.questionnaires.commissioners
        return self.questionnaires.inburgering if service == INBURGERING else self.questionnaires.clients


SERVICES_2018 = {
    1: "Scholing en opleiding",
    2: "Fysieke en mentale behandeling of begeleiding",
    3: "Diagnose, onderzoek en loopbaanoriëntatie",
    4: "Organisatieadvies en onderzoek",
    5: "Jobcoaching",
    6: "Verzuimbegeleiding (wet poortwachter)",
    7: "Outplacement",
    8: "Toeleiden van werk naar werk (eerste en tweede spoor)",
    9: "Toeleiden naar werk vanuit situatie geen werk",
    10: "Sociale activering en participatie",
    11: "Inburgeringscursussen en duale trajecten",
    12: "Duurzame inzetbaarheid",
    13: "Supported employment",
}
# Until 2017 there was no 12, and 13 meant what is 12 now: hence names are stored per wave.
SERVICES_2017 = {code: name for code, name in SERVICES_2018.items() if code < 12} | {13: SERVICES_2018[12]}


def shipped_rules(starts_on: date) -> WaveRules:
    """The rules of the wave's first year."""
    year = starts_on.year
    return WaveRules(
        services=SERVICES_2017 if year <= 2017 else SERVICES_2018,
        questionnaires=QuestionnaireChoice(clients="arbeid-2022" if year >= 2022 else "arbeid-2018"),
        services_need_total=year >= 2024,
    )


def read_rules(given: Mapping[str, Any], starts_on: date) -> WaveRules:
    """Rules as given in a file, over the shipped ones.

    Raises:
        Invalid: naming the first rule that is wrong.
    """
    shipped = shipped_rules(starts_on).model_dump()
    try:
        return WaveRules.model_validate({**shipped, **given})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise Invalid(
            f"the rule «{place}» is wrong: {first['msg']}; compare with the rules in docs/wave-rules.md"
        ) from None
