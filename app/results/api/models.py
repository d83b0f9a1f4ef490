"""What the programming interface answers. Printed figures are text as they stand in reports, with a decimal comma."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, Field

Group = Literal["clients", "commissioners"]


class WaveModel(BaseModel):
    """One measurement period."""

    label: str
    starts_on: date
    ends_on: date


class CountsRow(BaseModel):
    """The response of one service, of all clients, or of the commissioners."""

    group: Group
    service: int | None = Field(description="Code of the service; null for a total.")
    label: str
    net_sample: int
    completed: int
    response_pct: str = Field(examples=["48,7"])


class KeurmerkRow(CountsRow):
    """One row of the table "Resultaten voor het keurmerk"."""

    grade: str = Field(examples=["7,8"])
    published: bool


class LotModel(BaseModel):
    lot: str
    outcome: str
    mean: str | None


class VerdictModel(BaseModel):
    """What a norm set says of the provider; means are exact."""

    norm_set: str
    outcome: Literal["met", "met_after_correction", "not_met", "no_judgement"]
    mean: str | None
    corrected_mean: str | None
    lots: list[LotModel] | None = None


class KeurmerkModel(BaseModel):
    """The whole table of one provider in one wave, as `peilwijs keurmerk --format json` prints it."""

    provider: str
    wave: str
    rows: list[KeurmerkRow]
    promoter_score: str | None
    verdict: VerdictModel | None
    verdicts: list[VerdictModel] | None = None


class GradesModel(BaseModel):
    """The published rows of one provider whose report is final."""

    provider: str
    name: str
    wave: str
    rows: list[KeurmerkRow]


class CountsModel(BaseModel):
    """The response of one provider."""

    provider: str
    wave: str
    rows: list[CountsRow]


class BarModel(BaseModel):
    """One option, grade or service of a figure; null = hidden, or not of this kind."""

    code: str
    label: str
    n: int | None
    pct: int | None
    benchmark_pct: int | None
    mean: str | None
    benchmark_mean: str | None


class FigureModel(BaseModel):
    """One question beside the same over all providers of the wave."""

    code: str
    kind: Literal["grade", "grade_distribution", "choice", "choices", "satisfaction", "counts"]
    question: str
    n: int | None = Field(description="Who answered it; null when hidden.")
    benchmark_n: int
    is_hidden: bool = Field(description="Too few answers: only min_n may be told.")
    min_n: int
    verdict: str | None
    bars: list[BarModel]


class SectionModel(BaseModel):
    group: Literal["clients", "inburgering", "commissioners"]
    title: str
    figures: list[FigureModel]


class FiguresModel(BaseModel):
    """The figures of one provider, or of all together."""

    provider: str | None
    wave: str
    sections: list[SectionModel]
