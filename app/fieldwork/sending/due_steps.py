"""Which steps of the scheme are due for one case, or why none is. Pure.

The days count from the start of the wave. Whoever is invited later, because they were delivered later or their first
invitation did not arrive, counts from their own invitation. Of steps that were missed (a paused wave, a worker that
was down) only the last day's go out: nobody gets two reminders at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.clock import local
from app.errors import N_
from app.fieldwork.scheme import Group, Step
from app.fieldwork.sending.schedule import due_at, next_allowed

UNDER_WAY = frozenset({"queued", "claimed", "sending"})
RESEND = "resend-"
MAX_RESENDS = 3  # by itself; a researcher may send more
ARRIVES = UNDER_WAY | {"sent", "uncertain", "printed"}  # as far as anybody knows


class Reason(StrEnum):
    """Why a case gets nothing now."""

    FINISHED = "finished"
    OPTED_OUT = "opted_out"
    REFUSED = "refused"
    UNDELIVERABLE = "undeliverable"
    NOT_SAMPLED = "not_sampled"
    QUOTA_FILLED = "quota_filled"
    QUOTA_FILLED_TRIED = "quota_filled_tried"
    CANNOT = "cannot"
    SELF_REPORTER = "self_reporter"
    TELEPHONE = "telephone"
    NO_ADDRESS = "no_address"
    NO_LETTERS = "no_letters"
    NO_STEP = "no_step"
    UNDER_WAY = "under_way"
    NOT_YET = "not_yet"
    ALL_SENT = "all_sent"


WORDS = {
    Reason.FINISHED: N_("Heeft de vragenlijst af"),
    Reason.OPTED_OUT: N_("Wil geen berichten meer"),
    Reason.REFUSED: N_("Weigert mee te doen"),
    Reason.UNDELIVERABLE: N_("Niet te bereiken: geen adres werkt"),
    Reason.NOT_SAMPLED: N_("Niet in de steekproef, blijft reserve"),
    Reason.QUOTA_FILLED: N_("Niet nodig: genoeg telefonische gesprekken"),
    Reason.QUOTA_FILLED_TRIED: N_("Gebeld, en niet meer nodig: genoeg telefonische gesprekken"),
    Reason.CANNOT: N_("Kan niet meedoen"),
    Reason.SELF_REPORTER: N_("Zelfmelder: vult de vragenlijst voor cliënten in"),
    Reason.TELEPHONE: N_("Wordt vanaf dag 0 gebeld"),
    Reason.NO_ADDRESS: N_("Heeft geen e-mailadres of postadres dat werkt"),
    Reason.NO_LETTERS: N_("Heeft alleen een postadres, en in deze meetperiode gaan geen brieven uit"),
    Reason.NO_STEP: N_("Geen stap van het schema past"),
    Reason.UNDER_WAY: N_("Het vorige bericht moet nog weg"),
    Reason.NOT_YET: N_("De volgende stap komt later"),
    Reason.ALL_SENT: N_("Heeft alle berichten gehad"),
}


@dataclass(frozen=True, slots=True)
class Past:
    """A message of a case that is there already."""

    step: str
    channel: str
    kind: str
    state: str
    at: datetime  # when it was sent, or else is due


@dataclass(frozen=True, slots=True)
class Standing:
    """What matters about one open case."""

    group: Group
    is_self_reporter: bool  # a commissioner who answers as client
    is_by_phone: bool
    has_email: bool  # one that works, as far as anybody knows
    has_address: bool
    past: Sequence[Past] = ()


@dataclass(frozen=True, slots=True)
class DueStep:
    """A step with the moment from which it may go, under the name that its message gets."""

    name: str
    step: Step
    due_at: datetime


@dataclass(frozen=True)
class Way:
    """How a wave invites: its steps per group, whether post is on, and when it was started."""

    steps: dict[Group, tuple[Step, ...]]
    sends_letters: bool
    started_at: datetime


def due_steps(case: Standing, way: Way, at: datetime) -> tuple[DueStep, ...] | Reason:
    """The steps whose day has come for a case, or why there is none."""
    suiting = _suiting(case, way)
    if isinstance(suiting, Reason):
        return suiting
    first = min((past.at for past in case.past if past.kind == "invitation" and past.state in ARRIVES), default=None)
    if first is None:
        return _invitations(case, [step for step in suiting if step.kind == "invitation"], way, at)
    begun_at = _begun_at(way.started_at, first)
    ahead = _ahead(case, suiting, way)
    if not ahead:
        return Reason.ALL_SENT
    if not (chosen := _of_last_day(ahead, begun_at, at)):
        return Reason.NOT_YET
    waiting = {past.channel for past in case.past if past.state in UNDER_WAY}
    now = [step for step in chosen if step.channel not in waiting]
    return tuple(DueStep(step.name, step, due_at(begun_at, step.day)) for step in now) or Reason.UNDER_WAY


def _invitations(case: Standing, steps: list[Step], way: Way, at: datetime) -> tuple[DueStep, ...] | Reason:
    """For who was not invited yet. Whoever comes late begins today; so does who got another address."""
    used = {past.step for past in case.past}
    unused = [step for step in steps if step.name not in used]
    if unused:
        chosen = _of_last_day(unused, way.started_at, at)
        earliest = next_allowed(at)
        due = (DueStep(step.name, step, max(due_at(way.started_at, step.day), earliest)) for step in chosen)
        return tuple(due) or Reason.NOT_YET
    if not steps:
        return Reason.NO_STEP
    n_again = sum(past.step.startswith(RESEND) for past in case.past)
    if n_again >= MAX_RESENDS:
        return Reason.ALL_SENT
    if max(local(past.at).date() for past in case.past) >= local(at).date():
        return Reason.NOT_YET  # a day between two attempts
    return (DueStep(f"{RESEND}{n_again + 1}", steps[0], next_allowed(at)),)


def _ahead(case: Standing, steps: list[Step], way: Way) -> list[Step]:
    """The steps that a case can still get: none from before a day that it got already."""
    used = {past.step for past in case.past}
    last_day = max((step.day for step in way.steps[case.group] if step.name in used), default=0)
    return [step for step in steps if step.name not in used and step.day >= last_day]


def _of_last_day(steps: list[Step], begun_at: datetime, at: datetime) -> list[Step]:
    """Of the steps whose day has come, those of the last such day."""
    n_days = (local(at).date() - local(begun_at).date()).days
    day = max((step.day for step in steps if step.day <= n_days), default=None)
    return [step for step in steps if step.day == day]


def _suiting(case: Standing, way: Way) -> list[Step] | Reason:
    """The steps that can reach a case, whatever their day. Commissioners get no letters."""
    if case.is_self_reporter or case.is_by_phone:
        return Reason.SELF_REPORTER if case.is_self_reporter else Reason.TELEPHONE
    may_get_letters = case.has_address and case.group == "clients"
    works = {"email": case.has_email, "letter": may_get_letters and way.sends_letters}
    if not any(works.values()):
        return Reason.NO_LETTERS if may_get_letters else Reason.NO_ADDRESS
    return [
        step for step in way.steps[case.group] if works[step.channel] and (step.audience == "all" or not case.has_email)
    ]


def _begun_at(started_at: datetime, first: datetime) -> datetime:
    """From when a case counts: the start of the wave, unless its own first invitation went later than the others."""
    is_with_the_others = local(first).date() <= local(next_allowed(started_at)).date()
    return started_at if is_with_the_others else first
