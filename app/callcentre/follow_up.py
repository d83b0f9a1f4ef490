"""What follows from the outcome of a call: pure, from where the case stood and the rules of its wave."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from app.callcentre import day_parts
from app.callcentre.outcomes import Outcome
from app.fieldwork.disposition_codes import CANNOT, FINISHED, OPTED_OUT, REFUSED
from app.fieldwork.rules import CallRules

State = Literal["waiting", "referred", "done"]
Stage = Literal["fresh", "retry", "appointment"]
# interview: it is in; refused; exhausted: the maximum of attempts; no_number: every number was wrong; cannot: somebody
# who cannot take part; quota: enough interviews; language: nobody here speaks it; closed: fieldwork no longer asks
Ended = Literal["interview", "refused", "exhausted", "no_number", "cannot", "quota", "language", "closed"]


@dataclass(frozen=True)
class Standing:
    """Where a case stands; the names are those of the columns of call_state."""

    state: State
    stage: Stage
    due_at: datetime
    language: str
    barred_parts: int = 0
    tried_parts: int = 0
    n_attempts: int = 0
    n_busy: int = 0
    n_soft_refusals: int = 0
    has_message: bool = False
    phone_index: int = 0
    ended_because: Ended | None = None
    for_user_id: int | None = None
    not_user_id: int | None = None


@dataclass(frozen=True)
class Call:
    """One call that has ended: when, by whom, with what, and what was agreed."""

    outcome: Outcome
    at: datetime
    user_id: int
    part: int  # the part of the day as a bit; 0 = outside all
    n_numbers: int = 1
    appointment_at: datetime | None = None
    is_definite: bool = True
    appointment_for: int | None = None
    language: str = ""


@dataclass(frozen=True)
class FollowUp:
    """Where the case stands now, and the disposition that fieldwork should know about; None = unchanged."""

    standing: Standing
    disposition: str | None = None

    @property
    def is_final(self) -> bool:
        return self.standing.state == "done"


def after(call: Call, before: Standing, rules: CallRules) -> FollowUp:
    """Where a case stands after a call. The attempt itself was counted when it was dialled."""
    outcome = call.outcome
    now = replace(
        before,
        n_busy=before.n_busy + 1 if outcome.code == "busy" else 0,
        n_soft_refusals=before.n_soft_refusals + (outcome.follows == "soft_refusal"),
        has_message=before.has_message or outcome.code == "machine_message",
        for_user_id=None,
        barred_parts=0,
    )
    if call.appointment_at is not None:
        return FollowUp(_agreed(call, now, call.appointment_at))
    if outcome.follows in _ENDS:
        because, disposition = _ENDS[outcome.follows]
        return FollowUp(_done(now, because), disposition)
    if outcome.follows == "refer":
        return FollowUp(replace(now, state="referred"))
    return _again(call, now, rules)


_ENDS: dict[str, tuple[Ended, str | None]] = {
    "done": ("interview", FINISHED),
    "opt_out": ("refused", OPTED_OUT),
    "cannot": ("cannot", CANNOT),
    "quota": ("quota", None),
}


def _agreed(call: Call, now: Standing, at: datetime) -> Standing:
    """A moment that was agreed is kept, whatever the number of attempts."""
    stage: Stage = "appointment" if call.is_definite else "retry"
    return replace(now, state="waiting", stage=stage, due_at=at, for_user_id=call.appointment_for)


def _done(now: Standing, because: Ended) -> Standing:
    return replace(now, state="done", ended_because=because)


def _again(call: Call, now: Standing, rules: CallRules) -> FollowUp:
    """Another attempt, unless this was the last."""
    follows = call.outcome.follows
    is_spent = now.n_attempts >= rules.max_attempts
    if follows == "soft_refusal":
        if is_spent or now.n_soft_refusals > 1 or not rules.allows_soft_refusal_retry:
            return FollowUp(_done(now, "refused"), REFUSED)
        now = replace(now, not_user_id=call.user_id)
    if follows == "language":
        if not call.language:
            return FollowUp(_done(now, "language"))
        now = replace(now, language=call.language)
    if follows == "next_number":
        if now.phone_index + 1 >= call.n_numbers:
            return FollowUp(_done(now, "no_number"))
        now = replace(now, phone_index=now.phone_index + 1)
    return FollowUp(_done(now, "exhausted") if is_spent else _retried(call, now, rules))


def _retried(call: Call, now: Standing, rules: CallRules) -> Standing:
    delay, is_elsewhere = rules.delay_minutes(call.outcome.code), call.outcome.follows == "other_day_part"
    if now.n_busy > rules.max_busy_in_a_row:  # a line that is always busy is as good as nobody there
        delay, is_elsewhere = rules.delay_minutes("no_answer"), True
        now = replace(now, n_busy=0)
    barred = (call.part if is_elsewhere else 0) | _scarce(now, rules)
    if day_parts.bits(rules.day_parts) & ~barred == 0:
        barred = 0
    due_at = day_parts.next_start(rules, call.at + timedelta(minutes=delay), barred)
    return replace(now, state="waiting", stage="retry", due_at=due_at, barred_parts=barred)


def _scarce(now: Standing, rules: CallRules) -> int:
    """The parts that were tried already, once every attempt that is left is needed for another one."""
    n_wanted = min(rules.min_day_parts, len(rules.day_parts))
    n_lacking = n_wanted - day_parts.n_parts(now.tried_parts)
    return now.tried_parts if n_lacking >= rules.max_attempts - now.n_attempts else 0
