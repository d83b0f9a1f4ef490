"""Ending a call: only the outcomes that make sense now, with the note and the appointment that belong to them."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from babel.dates import format_date
from fastapi import APIRouter, Request
from starlette.responses import Response

from app.accounts.admission import signed_in
from app.accounts.sessions import Account
from app.callcentre import appointments, attempts
from app.callcentre.agent_pages import START, away, hand_out
from app.callcentre.appointment_book import AgendaDay, agenda
from app.callcentre.appointments import Asked
from app.callcentre.call_facts import call_facts
from app.callcentre.call_screen import call_screen
from app.callcentre.case_in_hand import InHand, Posted, in_hand
from app.callcentre.interview_pages import to_card
from app.callcentre.outcomes import OUTCOMES, CallFacts, Outcome, sensible
from app.callcentre.sentences import Sentence
from app.clock import AMSTERDAM
from app.database import reading
from app.errors import N_, Conflict, Invalid
from app.language import LANGUAGES
from app.web.access import Access, access
from app.web.forms import Form, pressed
from app.web.pages import page

router = APIRouter(prefix=START + "/{case_id}")
# the key of an outcome is always the same, whichever others are in the list
KEYS = {
    "complete": "c", "partial": "g", "appointment": "a", "call_back": "t", "break_off": "x", "no_answer": "n",
    "busy": "b", "machine_message": "m", "machine": "k", "non_contact": "i", "soft_refusal": "w",
    "soft_refusal_other": "e", "hard_refusal": "h", "hard_refusal_other": "j", "wrong_number": "v",
    "phone_problem": "s", "technical_problem": "p", "unavailable": "u", "language_problem": "l", "unable": "z",
    "deceased": "o", "not_eligible": "d", "quota_filled": "q", "to_supervisor": "r",
}  # fmt: skip
GROUPS = (("nobody", N_("Niemand gesproken")), ("somebody", N_("Iemand gesproken")), ("respondent", N_("Persoon zelf")))


@dataclass(frozen=True)
class Filled:
    """What stands in the dialog."""

    outcome: str = ""
    note: str = ""
    day: str = ""
    time: str = ""
    is_own: bool = False
    language: str = ""


@dataclass(frozen=True)
class Choice:
    """One outcome of the dialog with its key."""

    outcome: Outcome
    key: str


@dataclass(frozen=True)
class OutcomePage:
    """The dialog: outcomes by how far the call came, and the agenda of the coming days."""

    groups: tuple[tuple[str, tuple[Choice, ...]], ...]
    filled: Filled
    agenda: tuple[AgendaDay, ...]
    hours: tuple[int, ...]
    languages: dict[str, str]
    problem: Sentence | None


@router.get("/afronden")
@access(Access.CALLS)
def ask(request: Request, case_id: int) -> Response:
    """The dialog, with what makes sense now; a finished interview is chosen already."""
    account = signed_in(request)
    hand = in_hand(account.user_id, case_id)
    if hand is None:
        return away("kwijt")
    if hand.attempt_id is None or hand.holder:
        return to_card(case_id)
    with reading() as connection:
        facts = call_facts(connection, case_id)
    filled = Filled("complete" if facts.is_finished else "", hand.note)
    return _page(request, account, hand, facts, filled)


@router.post("/afronden")
@access(Access.CALLS)
def close(request: Request, case_id: int, form: Posted) -> Response:
    """Books the outcome with all that follows, and hands out the next case when asked."""
    account = signed_in(request)
    hand = in_hand(account.user_id, case_id)
    if hand is None:
        return away("kwijt")
    if hand.attempt_id is None:
        return to_card(case_id)
    filled = _filled(form)
    problem = _close(hand, filled)
    if problem is not None:
        with reading() as connection:
            facts = call_facts(connection, case_id)
        return _page(request, account, hand, facts, filled, problem)
    return hand_out(account) if pressed(form) == "next" else away("bewaard")


def _close(hand: InHand, filled: Filled) -> Sentence | None:
    """Books the outcome; what is wrong with it, if anything."""
    assert hand.attempt_id is not None
    outcome = OUTCOMES.get(filled.outcome)
    if outcome is None:
        return Sentence(attempts.CHOOSE)
    asked = None
    if outcome.appointment == "required" or (outcome.appointment == "optional" and (filled.day or filled.time)):
        moment = _moment(filled.day, filled.time)
        if moment is None:
            return Sentence(attempts.NEEDS_MOMENT)
        if problem := appointments.check(moment, hand.case_id):
            return problem
        asked = Asked(moment, outcome.appointment == "required", hand.user_id if filled.is_own else None)
    try:
        attempts.close(
            hand.user_id, hand.attempt_id, outcome.code, note=filled.note, appointment=asked, language=filled.language
        )
    except (Invalid, Conflict) as problem:
        return Sentence(str(problem))
    return None


def _moment(day: str, at: str) -> datetime | None:
    """A day and a time by the clock on the wall; None when they are none. Also `24-11-2026` and `9.30` will do."""
    dutch = re.fullmatch(r"(\d{1,2})-(\d{1,2})-(\d{4})", day)
    clock = re.fullmatch(r"(\d{1,2})[:.](\d{2})", at)
    try:
        on = date(int(dutch[3]), int(dutch[2]), int(dutch[1])) if dutch else date.fromisoformat(day)
        return datetime.combine(on, time(int(clock[1]), int(clock[2])), AMSTERDAM).astimezone(UTC) if clock else None
    except ValueError:
        return None


def day_name(day: date, language: str) -> str:
    """`di 24`, above a column of the agenda."""
    return format_date(day, "EEE d", locale=language)


def _filled(form: Form) -> Filled:
    def first(name: str) -> str:
        return form.get(name, [""])[0].strip()

    language = first("taal")
    return Filled(
        outcome=first("uitkomst"),
        note=first("notitie")[: attempts.MAX_NOTE],
        day=first("dag")[:10],
        time=first("tijd")[:5],
        is_own=bool(first("zelf")),
        language=language if language in LANGUAGES else "",
    )


def _page(
    request: Request,
    account: Account,
    hand: InHand,
    facts: CallFacts,
    filled: Filled,
    problem: Sentence | None = None,
) -> Response:
    choices = [Choice(outcome, KEYS.get(outcome.code, "")) for outcome in sensible(facts)]
    groups = ((words, tuple(c for c in choices if c.outcome.reached == reached)) for reached, words in GROUPS)
    days = agenda()
    hours = sorted({slot.starts_at.astimezone(AMSTERDAM).hour for day in days for slot in day.slots})
    shown = OutcomePage(
        groups=tuple((words, group) for words, group in groups if group),
        filled=filled,
        agenda=days,
        hours=tuple(hours),
        languages=dict(LANGUAGES),
        problem=problem,
    )
    context = {"s": call_screen(account, hand), "o": shown, "day_name": lambda day: day_name(day, account.language)}
    return page(request, "office/calls_outcome.html", context, status=422 if problem else 200)
