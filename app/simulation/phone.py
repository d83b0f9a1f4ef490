"""Weeks of telephoning with made-up people: how many providers reach their norm with our queue, and first in first out.

What follows from a call, the hours and the delays are the real ones (`callcentre.follow_up`, the rules of the wave).
The order is that of `callcentre.claim`, walked in memory: appointments, retries, fresh cases; among equals the
provider that lacks the largest share. First in, first out knows no norm and no part of the day: who waits longest is
called. Both orders meet the same people, who are drawn from the seed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from heapq import heappop, heappush
from random import Random
from typing import Literal

from app.callcentre import day_parts
from app.callcentre.day_parts import BITS
from app.callcentre.follow_up import Call, Standing, after
from app.callcentre.outcomes import OUTCOMES
from app.fieldwork import progress
from app.fieldwork.rules import DayPart, WaveRules

Order = Literal["ours", "fifo"]
STAGES = ("appointment", "retry", "fresh")
# who is at home when: people with a job, people at home, people who are hardly ever reached
REACHED: Sequence[tuple[float, dict[DayPart, float]]] = (
    (0.5, {"morning": 0.08, "afternoon": 0.10, "evening": 0.34, "saturday": 0.28}),
    (0.35, {"morning": 0.32, "afternoon": 0.30, "evening": 0.34, "saturday": 0.30}),
    (0.15, {"morning": 0.05, "afternoon": 0.06, "evening": 0.09, "saturday": 0.08}),
)
WHEN_REACHED = (
    ("complete", 0.5), ("call_back", 0.2), ("soft_refusal", 0.12), ("hard_refusal", 0.06), ("non_contact", 0.12),
)  # fmt: skip
WHEN_NOT = (("no_answer", 0.66), ("machine", 0.24), ("busy", 0.06), ("wrong_number", 0.04))
KEEPS_APPOINTMENT = 0.75
MINUTES = {"complete": 18, "soft_refusal": 4, "hard_refusal": 4, "call_back": 3, "non_contact": 3}
MINUTES_OTHERWISE = 2
IDLE_MINUTES = 10  # until an agent asks again
STARTS_ON = date(2026, 11, 2)


@dataclass
class Somebody:
    """One person to call: where the case stands, and what chance has in store."""

    provider: int
    reached: dict[DayPart, float]
    random: Random
    standing: Standing


@dataclass
class MadeUpProvider:
    """What a provider needs, and how far the web has brought it already."""

    n_needed: int
    n_finished: int
    waiting: dict[str, list[tuple[datetime, int]]] = field(default_factory=lambda: {stage: [] for stage in STAGES})

    @property
    def lacking(self) -> Fraction:
        return Fraction(self.n_needed - self.n_finished, self.n_needed)

    @property
    def is_there(self) -> bool:
        return self.n_finished >= self.n_needed


@dataclass(frozen=True)
class PhoneOutcome:
    """What came of it, with one order."""

    n_providers: int
    n_there_before: int
    n_there: int
    n_calls: int
    n_interviews: int

    @property
    def share(self) -> Fraction:
        return Fraction(self.n_there, self.n_providers)


def simulate_phone(
    rules: WaveRules, seed: int, order: Order, *, n_weeks: int = 3, n_agents: int = 2, n_providers: int = 60
) -> PhoneOutcome:
    """Some weeks of shifts in every part of the day, with the same people whatever the order."""
    providers, people = _made_up(rules, seed, n_providers)
    n_before = sum(provider.is_there for provider in providers)
    centre = _Centre(rules, order, providers, people)
    for day in range(7 * n_weeks):
        for part, hours in day_parts.parts_of(rules.calls, STARTS_ON + timedelta(days=day)):
            on = STARTS_ON + timedelta(days=day)
            begins, ends = day_parts.at_hour(on, hours.from_hour), day_parts.at_hour(on, hours.until_hour)
            centre.work(part, begins, ends, n_agents)
    n_there = sum(provider.is_there for provider in providers)
    return PhoneOutcome(n_providers, n_before, n_there, centre.n_calls, centre.n_interviews)


def _made_up(rules: WaveRules, seed: int, n_providers: int) -> tuple[list[MadeUpProvider], list[Somebody]]:
    """Providers of all sizes; on the web some reached their norm already and others hardly anybody."""
    random = Random(seed)  # noqa: S311  made-up people, no secrets
    providers, people = [], []
    for number in range(n_providers):
        n_clients = random.randint(15, 150)
        n_finished = sum(random.random() < share for share in [random.uniform(0.1, 0.5)] * n_clients)
        wanted = progress.needed(rules.response_norm.clients, n_clients, inclusive=rules.inclusive)
        providers.append(MadeUpProvider(wanted, n_finished))
        for _ in range(n_clients - n_finished):
            reached = random.choices([kind for _, kind in REACHED], [share for share, _ in REACHED])[0]
            people.append(Somebody(number, reached, Random(random.random()), _fresh(rules)))  # noqa: S311
    random.shuffle(people)  # the order in which they were delivered
    return providers, people


def _fresh(rules: WaveRules) -> Standing:
    not_first = day_parts.bits(rules.calls.day_parts) & ~day_parts.bits(rules.calls.first_attempt_in)
    begins = datetime(STARTS_ON.year, STARTS_ON.month, STARTS_ON.day, 8, tzinfo=UTC)
    return Standing("waiting", "fresh", day_parts.next_start(rules.calls, begins, not_first), "nl")


class _Centre:
    """The call centre: hands out, calls, and books what follows."""

    def __init__(self, rules: WaveRules, order: Order, providers: list[MadeUpProvider], people: list[Somebody]) -> None:
        self.rules, self.order, self.providers, self.people = rules.calls, order, providers, people
        self.line: list[tuple[datetime, int]] = []  # first in, first out
        self.later: list[int] = []  # may not be called in this part of the day
        self.n_calls = self.n_interviews = 0
        begins = datetime(STARTS_ON.year, STARTS_ON.month, STARTS_ON.day, 8, tzinfo=UTC)
        for number, person in enumerate(people):
            if order == "fifo":
                person.standing = replace(person.standing, due_at=begins + timedelta(microseconds=number))
            self._put(number, 0)

    def work(self, part: DayPart, begins: datetime, ends: datetime, n_agents: int) -> None:
        """One part of a day: every agent takes the next case as soon as they are free."""
        bit = BITS[part]
        waiting, self.later = self.later, []
        for number in waiting:
            self._put(number, bit)
        agents = [(begins, agent) for agent in range(1, n_agents + 1)]
        while agents:
            at, agent = heappop(agents)
            if at >= ends:
                continue
            taken = self._take(at, bit)
            minutes = IDLE_MINUTES if taken is None else self._call(taken, part, at, agent)
            heappush(agents, (at + timedelta(minutes=minutes), agent))

    def _put(self, number: int, bit: int) -> None:
        person = self.people[number]
        if self.order == "fifo":
            heappush(self.line, (person.standing.due_at, number))
        elif person.standing.barred_parts & bit:
            self.later.append(number)
        else:
            heappush(self.providers[person.provider].waiting[person.standing.stage], (person.standing.due_at, number))

    def _take(self, at: datetime, bit: int) -> int | None:
        if self.order == "fifo":
            return heappop(self.line)[1] if self.line and self.line[0][0] <= at else None
        for stage in STAGES:
            for line in self._furthest_first(stage):
                while line and line[0][0] <= at:
                    number = heappop(line)[1]
                    if not self.people[number].standing.barred_parts & bit:
                        return number
                    self.later.append(number)
        return None

    def _furthest_first(self, stage: str) -> Iterator[list[tuple[datetime, int]]]:
        having = (provider for provider in self.providers if provider.waiting[stage])
        for provider in sorted(having, key=lambda one: one.lacking, reverse=True):
            yield provider.waiting[stage]

    def _call(self, number: int, part: DayPart, at: datetime, agent: int) -> int:
        """Books one call; how many minutes it took."""
        person = self.people[number]
        before = person.standing
        chance = KEEPS_APPOINTMENT if before.stage == "appointment" else person.reached[part]
        said = WHEN_REACHED if person.random.random() < chance else WHEN_NOT
        code = person.random.choices([one for one, _ in said], [weight for _, weight in said])[0]
        outcome = OUTCOMES[code]
        dialled = replace(before, n_attempts=before.n_attempts + 1, tried_parts=before.tried_parts | BITS[part])
        agreed = None
        if code == "call_back":
            agreed = day_parts.next_start(self.rules, at + timedelta(days=1, hours=person.random.randint(0, 6)))
        call = Call(outcome, at, agent, BITS[part], appointment_at=agreed)
        person.standing = after(call, dialled, self.rules).standing
        self.n_calls += 1
        if code == "complete":
            self.n_interviews += 1
            self.providers[person.provider].n_finished += 1
        if person.standing.state == "waiting":
            self._again(number, part)
        return MINUTES.get(code, MINUTES_OTHERWISE)

    def _again(self, number: int, part: DayPart) -> None:
        if self.order == "fifo":
            person = self.people[number]
            person.standing = replace(person.standing, barred_parts=0)
        self._put(number, BITS[part])


def told(ours: PhoneOutcome, fifo: PhoneOutcome) -> str:
    """Both orders beside one another."""
    lines = [f"{'':<24}{'norm reached':>14}{'of':>6}{'calls':>8}{'interviews':>12}"]
    lines.append(f"{'before telephoning':<24}{ours.n_there_before:>14}{ours.n_providers:>6}")
    for name, one in (("our queue", ours), ("first in, first out", fifo)):
        lines.append(f"{name:<24}{one.n_there:>14}{one.n_providers:>6}{one.n_calls:>8}{one.n_interviews:>12}")
    shares = (f"{float(one.share * 100):.1f} %" for one in (ours, fifo))
    return "\n".join([*lines, "share of providers that reach their norm: {} against {}".format(*shares)])
