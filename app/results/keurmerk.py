"""The table "Resultaten voor het keurmerk" of one provider: pure computation on tallies, all exact."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from app.fieldwork.rules import Band, WaveRules
from app.language import one_decimal
from app.questions.question import N_
from app.results.promoter import promoter_score
from app.results.publication import (
    commissioners_are_published,
    n_still_needed,
    service_is_published,
    total_is_published,
)
from app.results.tallies import Tallies, Tally
from app.results.verdict import Verdict, verdicts

TOTAL = N_("Totaal")
TOTAL_COMMISSIONERS = N_("Totaal opdrachtgevers")
SMALL_ROW = 5  # fewer interviews than this are flagged for staff, never hidden


@dataclass(frozen=True)
class Row:
    """One line of the table; the texts are as printed, rounded half up on the exact value."""

    group: Literal["clients", "commissioners"]
    service: int | None
    label: str
    tally: Tally
    is_published: bool
    n_still_needed: int | None  # interviews to the response norm; None = it cannot be met any more

    @property
    def net_sample(self) -> int:
        return self.tally.n_net

    @property
    def completed(self) -> int:
        return self.tally.n_completed

    @property
    def response(self) -> Fraction:
        """Completed per hundred of the net sample; 0 when nobody was invited."""
        return Fraction(100 * self.completed, self.net_sample) if self.net_sample else Fraction(0)

    @property
    def response_pct(self) -> str:
        return one_decimal(self.response)

    @property
    def grade(self) -> str:
        """The mean over the row's respondents; `0,0` when none gave a grade."""
        return one_decimal(self.tally.grades.mean or 0)

    @property
    def is_small(self) -> bool:
        return self.completed < SMALL_ROW


@dataclass(frozen=True)
class KeurmerkTable:
    """All that is judged about one provider in one wave."""

    provider: str  # slug
    provider_name: str
    wave: str  # label
    rows: tuple[Row, ...]
    promoter: Fraction | None
    verdicts: tuple[Verdict, ...]

    @property
    def total(self) -> Row:
        return next(row for row in self.rows if row.group == "clients" and row.service is None)

    @property
    def commissioners(self) -> Row | None:
        """None when no commissioner was invited."""
        return next((row for row in self.rows if row.group == "commissioners"), None)

    @property
    def promoter_score(self) -> str | None:
        return None if self.promoter is None else one_decimal(self.promoter)


def rows(rules: WaveRules, tallies: Tallies) -> tuple[Row, ...]:
    """A row per service with a net sample, in order of code; the total; the commissioners if any were invited."""
    total, commissioners = tallies.total, tallies.commissioners
    norm = rules.response_norm

    def needed(bands: Sequence[Band], tally: Tally) -> int | None:
        return n_still_needed(bands, tally, inclusive=rules.inclusive)

    lines = []
    for service, tally in sorted(tallies.clients.items()):
        if tally.n_net:
            label = rules.services.get(service, str(service))
            is_published = service_is_published(rules, tally, total)
            lines.append(Row("clients", service, label, tally, is_published, needed(norm.clients, tally)))
    is_published = total_is_published(rules, total)
    lines.append(Row("clients", None, TOTAL, total, is_published, needed(norm.clients, total)))
    if commissioners.n_net:
        is_published = commissioners_are_published(rules, commissioners)
        n_needed = needed(norm.commissioners, commissioners)
        lines.append(Row("commissioners", None, TOTAL_COMMISSIONERS, commissioners, is_published, n_needed))
    return tuple(lines)


def keurmerk_table(provider: str, provider_name: str, wave: str, rules: WaveRules, tallies: Tallies) -> KeurmerkTable:
    """The whole table with its promoter score and verdicts."""
    return KeurmerkTable(
        provider,
        provider_name,
        wave,
        rows(rules, tallies),
        promoter_score(tallies.clients),
        verdicts(rules, tallies),
    )
