"""Office pages of invitations: who gets what, starting the scheme, and what became of it."""

from datetime import datetime
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import RedirectResponse, Response

from app.accounts.admission import signed_in
from app.clock import AMSTERDAM, local, now
from app.database import reading, writing
from app.errors import N_, Conflict, Invalid
from app.fieldwork.sending import invitations, starting
from app.fieldwork.sending.invitations import CHANNELS, COLUMNS, GROUPS, KINDS, dry_run, step_lines
from app.fieldwork.sending.planning import wave_to_send
from app.fieldwork.wave_choice import to_newest_or_all
from app.web.access import Access, access
from app.web.pages import page

START = "/kantoor/uitnodigen"
router = APIRouter(prefix=START)
NO_MOMENT = N_("Kies een dag en een tijd.")
PAST = N_("Dit moment is al voorbij. Kies een later moment.")
OVERTAKEN = N_("De aantallen zijn net veranderd. Kijk na wat er nu staat, en start dan.")
CLOSED = N_("Invullen stopt voor dit moment. Geef de meetperiode eerst een latere laatste dag.")
BEGUN = N_("Iemand anders heeft de uitnodigingen net gestart.")


@router.get("")
@access(Access.OFFICE)
def start(request: Request) -> Response:
    """To the newest wave."""
    return to_newest_or_all(START)


@router.get("/{wave}")
@access(Access.OFFICE)
def one_wave(request: Request, wave: str, op: Annotated[str, Query(max_length=30)] = "") -> Response:
    """Where the invitations of a wave stand; `op` asks what would happen at another moment."""
    at = _moment(op)
    return _page(request, wave, at, "" if at or not op else NO_MOMENT)


@router.post("/{wave}")
@access(Access.OFFICE)
def begin(
    request: Request,
    wave: str,
    op: Annotated[str, Form(max_length=30)] = "",
    gezien: Annotated[str, Form(max_length=12)] = "",
) -> Response:
    """Starts the scheme, when who would get a message is what the page said."""
    at = _moment(op) if op else now()
    if at is None:
        return _page(request, wave, None, NO_MOMENT, 422)
    if local(at).date() < local(now()).date():
        return _page(request, wave, None, PAST, 422)
    with writing() as connection:
        known = wave_to_send(connection, wave)
        if str(dry_run(connection, known, at).n_due) != gezien:
            return _page(request, wave, at, OVERTAKEN, 409)
        try:
            starting.start(connection, known.id, at, signed_in(request).actor)
        except Conflict:
            return _page(request, wave, None, BEGUN, 409)
        except Invalid:
            return _page(request, wave, at, CLOSED, 422)
    return RedirectResponse(f"{START}/{quote(wave)}", 303)


def _moment(text: str) -> datetime | None:
    """A moment as a form gives it, by the clock in the Netherlands; None when it is none."""
    try:
        typed = datetime.fromisoformat(text)
    except ValueError:
        return None
    return typed if typed.tzinfo else typed.replace(tzinfo=AMSTERDAM)


def _page(request: Request, label: str, at: datetime | None, problem: str = "", status: int = 200) -> Response:
    present = now()
    with reading() as connection:
        wave = wave_to_send(connection, label)
        told = dry_run(connection, wave, at or present)
        lines = step_lines(connection, wave)
    context = {
        "wave": wave,
        "told": told,
        "is_asked": at is not None,
        "typed": local(at or present).strftime("%Y-%m-%dT%H:%M"),
        "lines": lines,
        "columns": COLUMNS,
        "n_waiting": sum(line.counts["queued"] for line in lines),
        "n_sent": sum(line.counts["sent"] + line.counts["came_back"] for line in lines),
        "is_over": wave.is_closed(present),
        "channels": CHANNELS,
        "kinds": KINDS,
        "groups": GROUPS,
        "audiences": invitations.AUDIENCES,
        "problem": problem,
    }
    return page(request, "office/invitations.html", context, status=status)
