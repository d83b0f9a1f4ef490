"""One figure of the results: what a question gave, beside the same over all providers of the wave."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from app.results.keurmerk_page import Sentence

Kind = Literal["grade", "grade_distribution", "choice", "choices", "satisfaction", "counts"]
SectionGroup = Literal["clients", "inburgering", "commissioners"]


@dataclass(frozen=True)
class Bar:
    """One option, one grade 1-10, or one service with its mean or its count."""

    code: str
    label: str  # words of the questionnaire, or the name of a service: Dutch source text
    n: int | None  # respondents; the sum for counts; None = hidden
    pct: int | None  # whole per cent, largest remainder; None = hidden, or not a percentage
    benchmark_pct: int | None
    mean: Fraction | None = None  # only of the kind "grade"
    benchmark_mean: Fraction | None = None


@dataclass(frozen=True)
class Figure:
    """One question with its n, its bars and its benchmark."""

    code: str  # the variable code of the question
    kind: Kind
    question: str  # as asked, piped
    n: int  # who answered it; 0 when hidden
    benchmark_n: int
    bars: tuple[Bar, ...]  # in order of the questionnaire; satisfaction best to worst, no_opinion last
    note: Sentence | None
    is_hidden: bool  # too few answers: nothing but the least number may be told
    min_n: int
    verdict: Sentence | None  # how sure the difference with the benchmark is, in plain Dutch
    group: SectionGroup = "clients"  # of the section: codes are the same in several


@dataclass(frozen=True)
class Section:
    """The figures of one group of respondents; sections without figures do not exist."""

    group: SectionGroup
    title: str
    figures: tuple[Figure, ...]
