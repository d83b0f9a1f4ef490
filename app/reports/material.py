"""What a report is made from: everything that the chapters tell, read from the database in one go."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from app.fieldwork.rules import INBURGERING, WaveRules
from app.reports.document import Agency, Front
from app.results.figures.figure import Section, SectionGroup
from app.results.keurmerk import KeurmerkTable
from app.results.screening.answers import ReleasedAnswer

Kind = Literal["client", "commissioner"]


@dataclass(frozen=True)
class Delivered:
    """All deliveries of the provider together."""

    n_rows: int = 0
    n_rejected: int = 0
    n_duplicate: int = 0


@dataclass(frozen=True)
class Sample:
    """The cases of one kind: how many there are, and how many of them left the net sample for each reason."""

    n_cases: int = 0
    n_not_sampled: int = 0
    n_undeliverable: int = 0
    n_quota_filled: int = 0
    n_self_reporters: int = 0
    n_net: int = 0
    n_completed: int = 0
    n_by_mode: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class UsedQuestionnaire:
    """One questionnaire that people of this provider were asked to fill in."""

    title: str
    asked_of: str
    n_minutes: int
    has_easy_wording: bool


@dataclass(frozen=True)
class Material:
    """The facts of one provider in one wave."""

    provider: str
    wave: str
    starts_on: date
    ends_on: date
    invited_on: date | None
    phone_option: str  # none, part, all
    n_providers: int  # that take part in the wave: more than one, or there is nothing to compare with
    rules: WaveRules
    table: KeurmerkTable
    delivered: Delivered
    samples: Mapping[Kind, Sample]
    n_phoned_by_profile: int  # of inburgering: whose learning profile says that they are telephoned
    questionnaires: tuple[UsedQuestionnaire, ...]
    sections: tuple[Section, ...]
    front: Front
    answers: tuple[ReleasedAnswer, ...]
    agency: Agency
    made_on: date

    @property
    def clients(self) -> Sample:
        return self.samples.get("client", Sample())

    @property
    def commissioners(self) -> Sample:
        return self.samples.get("commissioner", Sample())

    @property
    def has_results(self) -> bool:
        """Whether anybody filled in."""
        return bool(self.clients.n_completed or self.commissioners.n_completed)

    @property
    def services(self) -> frozenset[int]:
        """The services that clients were asked about."""
        return frozenset(row.service for row in self.table.rows if row.service is not None)

    @property
    def is_inburgering_only(self) -> bool:
        return self.services == {INBURGERING}

    @property
    def has_arbeid(self) -> bool:
        return bool(self.services - {INBURGERING})

    @property
    def has_benchmark(self) -> bool:
        return self.n_providers > 1

    def of_group(self, group: SectionGroup) -> tuple[Section, ...]:
        return tuple(section for section in self.sections if section.group == group and section.figures)
