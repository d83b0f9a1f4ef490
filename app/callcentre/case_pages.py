"""The page of the case that an agent has in hand: the script, dialling, notes, the heartbeat, the link by e-mail."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app.accounts.admission import signed_in
from app.audit.log import record
from app.callcentre import attempts, queue
from app.callcentre.agent_pages import START, away
from app.callcentre.call_screen import CallScreen, call_screen
from app.callcentre.case_in_hand import Posted, in_hand, keep_note
from app.callcentre.interview_pages import to_card
from app.collection import interviews
from app.collection.phone import script
from app.collection.sittings import Closed
from app.database import writing
from app.errors import N_, Conflict
from app.fieldwork.sending.resending import send_link
from app.language import direction
from app.settings import settings
from app.web.access import Access, access
from app.web.pages import page

router = APIRouter(prefix=START + "/{case_id}")
NOTICES = {
    "bel_eerst": N_("Bel eerst: kies een nummer. Daarna begint u het interview."),
    "finished": N_("De vragenlijst is klaar. Rond het gesprek af."),
    "expired": N_("Deze meetperiode is gesloten. Rond het gesprek af."),
    "opted_out": N_("Deze persoon wil niet meedoen. Rond het gesprek af."),
    "revoked": N_("Deze vragenlijst is er niet meer. Rond het gesprek af."),
    "link": N_("De link gaat per e-mail. Spreek af wat er nu gebeurt, en rond het gesprek af."),
    "geen_adres": N_("Er is geen e-mailadres dat werkt. De link kan niet weg."),
    "geen_berichten": N_("Deze persoon krijgt geen berichten meer. De link kan niet weg."),
}


@router.get("")
@access(Access.CALLS)
def card(request: Request, case_id: int) -> Response:
    """Who is called and what to say, before and during the call."""
    account = signed_in(request)
    hand = in_hand(account.user_id, case_id)
    if hand is None:
        return away("kwijt")
    shown = call_screen(account, hand)
    sitting = interviews.look(hand.caller)
    closed = sitting.reason if isinstance(sitting, Closed) else ""
    context = {
        "s": shown,
        "closed": NOTICES.get(closed, ""),
        "script": None if isinstance(sitting, Closed) else script(sitting, _names(shown)),
        "script_language": sitting.language,
        "script_direction": direction(sitting.language),
        "is_started": not isinstance(sitting, Closed) and sitting.is_started,
        "notice": NOTICES.get(request.query_params.get("melding", ""), ""),
    }
    return page(request, "office/calls_case.html", context)


def _names(shown: CallScreen) -> dict[str, str]:
    """Who speaks with whom, for the places between brackets in the script."""
    return {"uw naam": shown.agent, "naam van het bureau": settings().agency_name, "naam van": shown.person.name}


@router.post("/bel")
@access(Access.CALLS)
def dial(request: Request, case_id: int) -> Response:
    """Notes the attempt; the page that follows holds the number as a tel: link."""
    hand = in_hand(signed_in(request).user_id, case_id)
    if hand is None:
        return away("kwijt")
    if hand.attempt_id is None:
        attempts.dial(hand.user_id, case_id)
    return RedirectResponse(f"{START}/{case_id}?bel", 303)


@router.post("/notitie")
@access(Access.CALLS)
def note(request: Request, case_id: int, form: Posted) -> Response:
    """Keeps a note while the call is under way."""
    hand = in_hand(signed_in(request).user_id, case_id)
    if hand is None:
        return away("kwijt")
    keep_note(hand, form.get("notitie", [""])[0])
    return Response(status_code=204) if "x-peilwijs-token" in request.headers else to_card(case_id)


@router.post("/hier")
@access(Access.CALLS)
def heartbeat(request: Request, case_id: int) -> Response:
    """Every half minute from an open page: the case stays held, and the agent sees what changed meanwhile."""
    account = signed_in(request)
    hand = in_hand(account.user_id, case_id)
    if hand is None:
        return Response(status_code=404)  # the page goes to the start by itself
    return page(request, "office/calls_strip.html", {"s": call_screen(account, hand)})


@router.post("/naar-web")
@access(Access.CALLS)
def to_the_web(request: Request, case_id: int) -> Response:
    """Sends the link by e-mail, to go on without the telephone."""
    account = signed_in(request)
    hand = in_hand(account.user_id, case_id)
    if hand is None:
        return away("kwijt")
    try:
        with writing() as connection:
            send_link(connection, case_id)
            record(connection, account.actor, "link_resent", f"case:{case_id}", channel="email")
    except Conflict:
        has_address = bool(call_screen(account, hand).person.email)
        return to_card(case_id, "geen_berichten" if has_address else "geen_adres")
    return to_card(case_id, "link")


@router.post("/terug")
@access(Access.CALLS)
def give_back(request: Request, case_id: int) -> Response:
    """Gives a case back that was not called, or leaves one that somebody else took over."""
    hand = in_hand(signed_in(request).user_id, case_id)
    if hand is not None and hand.attempt_id is None:
        queue.release(hand.user_id, case_id)
    elif hand is not None and hand.attempt_id is not None and not hand.is_held:
        attempts.abandon(hand.user_id, hand.attempt_id)
    return away()
