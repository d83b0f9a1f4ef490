"""What the routing proof says: per wording, for every block, question and option, whether and how it is reached."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from app.definition.facts import Facts
from app.definition.yaml_source import Path

Kind = Literal["block", "question", "option"]
Status = Literal[
    "reachable",
    "not_for_service",  # reachable, but not for the service that was asked about
    "left_out",  # left out of this wording by its author (not_in)
    "unreachable",  # its filter can be true on its own, but no route makes it so
    "contradictory",  # its filter is never true, whatever the answers
    "loop",  # filters that look at each other, directly or through others
    "too_complex",  # above the limits of the search
    "unproven",  # a filter on the way has a fault of its own: an unknown name, or a comparison that makes no sense
]
BAD: frozenset[Status] = frozenset({"unreachable", "contradictory", "loop", "too_complex"})


@dataclass(frozen=True)
class Target:
    """A block, question or option, and where its filter stands in questionnaire.yaml."""

    kind: Kind
    block: str
    question: str
    option: str
    asked_if: tuple[str, ...]  # its own filter; for a question that of its block comes first
    path: Path

    @property
    def code(self) -> str:
        """Block, question or `question.option`."""
        return {"block": self.block, "question": self.question}.get(self.kind, f"{self.question}.{self.option}")


@dataclass(frozen=True)
class Way:
    """A case and the answers with which a target is reached."""

    facts: Facts
    answers: Mapping[str, str]


@dataclass(frozen=True)
class Finding:
    """What is proven about one target in one wording; `ways` holds the smallest for each service."""

    target: Target
    wording: str
    status: Status
    ways: tuple[Way, ...] = ()
    loop: tuple[str, ...] = ()  # the codes of the loop it is part of
    is_consequence: bool = False  # bad only because its block or its questions are: said once, there

    @property
    def services(self) -> tuple[int | None, ...]:
        """The services for which it is reached; None for commissioners."""
        return tuple(way.facts.service for way in self.ways)

    @property
    def smallest(self) -> Way | None:
        """The way with the fewest answers; of equal ones that of the first service."""
        return min(self.ways, key=lambda way: len(way.answers), default=None)


@dataclass(frozen=True)
class Proof:
    """The findings of one questionnaire per wording, in order of the questionnaire."""

    questionnaire: str
    wordings: Mapping[str, tuple[Finding, ...]]
    service: int | None = None  # the one service it is about; None = all

    @property
    def findings(self) -> tuple[Finding, ...]:
        return tuple(finding for findings in self.wordings.values() for finding in findings)

    def finding(self, kind: Kind, code: str, wording: str = "regular") -> Finding:
        """The finding for one block, question or `question.option`."""
        return next(f for f in self.wordings[wording] if (f.target.kind, f.target.code) == (kind, code))


def in_ranges(services: Sequence[int | None]) -> str:
    """Services as people list them: `1, 5–10, 13`."""
    runs: list[list[int]] = []
    for service in sorted(service for service in services if service is not None):
        if runs and runs[-1][-1] == service - 1:
            runs[-1].append(service)
        else:
            runs.append([service])
    return ", ".join(_run(run) for run in runs)


def _run(run: list[int]) -> str:
    return f"{run[0]}–{run[-1]}" if len(run) > 2 else ", ".join(map(str, run))
