"""The agent's own pages: begin, rest, go home, and the next case."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app.accounts.admission import signed_in
from app.accounts.sessions import Account
from app.callcentre import queue, shifts
from app.callcentre.appointment_book import own_appointments
from app.callcentre.attempts import NOT_YOURS
from app.callcentre.call_screen import day_of, short_moment
from app.callcentre.case_in_hand import Posted, case_held_by
from app.database import reading
from app.errors import N_
from app.web.access import Access, access
from app.web.forms import pressed
from app.web.pages import page

START = "/kantoor/bellen"
router = APIRouter(prefix=START)
NOTHING = N_("Er is nu niemand om te bellen. Kijk over een kwartier nog eens.")
NOTICES = {"niets": NOTHING, "kwijt": NOT_YOURS, "bewaard": N_("De uitkomst is bewaard.")}
SHIFT_BUTTONS = {"begin": shifts.begin, "pauze": shifts.pause, "verder": shifts.resume, "einde": shifts.end}


def away(notice: str = "") -> Response:
    """Back to the start page, with a word about why."""
    return RedirectResponse(f"{START}?melding={notice}" if notice else START, 303)


@router.get("")
@access(Access.CALLS)
def start(request: Request) -> Response:
    """Ready to call; whoever has a case in hand goes on with it."""
    account = signed_in(request)
    with reading() as connection:
        in_hand = case_held_by(connection, account.user_id)
        day = day_of(connection, account.user_id)
        appointments = own_appointments(connection, account.user_id)
    if in_hand is not None and day.kind != "break":
        return RedirectResponse(f"{START}/{in_hand}", 303)
    context = {
        "day": day,
        "in_hand": in_hand,
        "appointments": appointments,
        "notice": NOTICES.get(request.query_params.get("melding", ""), ""),
        "when": lambda moment: short_moment(moment, account.language),
    }
    return page(request, "office/calls_start.html", context)


@router.post("/volgende")
@access(Access.CALLS)
def next_one(request: Request) -> Response:
    """The next case; asking for one begins the shift, or ends the break."""
    return hand_out(signed_in(request))


def hand_out(account: Account) -> Response:
    """Claims the next case and goes there."""
    shifts.begin(account.user_id)
    shifts.resume(account.user_id)
    handed = queue.next_case(account.user_id)
    return RedirectResponse(f"{START}/{handed.case_id}", 303) if handed else away("niets")


@router.post("/dienst")
@access(Access.CALLS)
def shift(request: Request, form: Posted) -> Response:
    """Begin, break, on again, home."""
    account = signed_in(request)
    if change := SHIFT_BUTTONS.get(pressed(form)):
        change(account.user_id)
    return away()
