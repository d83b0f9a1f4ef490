"""A wave's rules: data, not code. A wave made without its own takes the shipped rules of its first year."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from app.errors import Invalid
from app.fieldwork.scheme import Scheme

INBURGERING = 11  # the civic-integration service; all others together are called arbeid


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
    retention_days: int = 90  # contact data are purged this long after the final reports
    min_n: int = 5  # figures and open answers of fewer people are not told; 1 tells all
    max_sample: Mapping[int, int] = {}  # service → largest sample; a service not named is not sampled

    @field_validator("norm_sets", mode="before")
    @classmethod
    def _kinds(cls, value: Any) -> Any:
        return (
            [{"kind": "keurmerk", **n} if isinstance(n, dict) else n for n in value]
            if isinstance(value, list)
            else value
        )

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
