"""Office pages where a researcher reads open answers, blacks out what names people, and releases or withholds them."""

from collections import Counter
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from app.accounts.admission import signed_in
from app.audit.log import record
from app.database import reading, writing
from app.errors import Conflict, NotFound
from app.fieldwork.wave_choice import to_newest_or_all
from app.fieldwork.waves import find_provider, find_wave
from app.results.screening.answers import decide, open_answers
from app.web.access import Access, access
from app.web.pages import page

START = "/kantoor/antwoorden"
STATES = {"wacht": "waiting", "vrij": "released", "achter": "withheld"}
AT_ONCE = 25  # answers on one page
router = APIRouter(prefix=START)


@router.get("")
@access(Access.OFFICE)
def start(request: Request) -> Response:
    """To the newest wave."""
    return to_newest_or_all(START)


@router.get("/{wave}")
@access(Access.OFFICE)
def one_wave(request: Request, wave: str) -> Response:
    """How many open answers of each provider wait; no answer is shown here."""
    with reading() as connection:
        label = find_wave(connection, wave).label
        found = open_answers(connection, wave)
    counts: dict[tuple[str, str], Counter[str]] = {}
    for one in found:
        counts.setdefault((one.provider_name, one.provider), Counter())[one.state] += 1
    lines = sorted(counts.items(), key=lambda line: line[0][0].casefold())
    n_unread = sum(one.state == "waiting" for one in found)
    context = {"wave": label, "address": f"{START}/{quote(wave)}", "lines": lines, "n_waiting": n_unread}
    return page(request, "office/open_answers.html", context)


@router.get("/{wave}/{provider}")
@access(Access.OFFICE)
def one_provider(request: Request, wave: str, provider: str, stand: str = "wacht") -> Response:
    """The open answers of one provider: those that wait, were released, or were withheld."""
    return _page(request, wave, provider, stand)


@router.post("/{wave}/{provider}/{case_id}/{code}")
@access(Access.OFFICE)
def settle(
    request: Request,
    wave: str,
    provider: str,
    case_id: int,
    code: str,
    gelezen: Annotated[str, Form(max_length=64)],
    besluit: Annotated[str, Form(max_length=10)],
    stand: Annotated[str, Form(max_length=10)] = "wacht",
    woord: Annotated[list[int] | None, Form()] = None,
) -> Response:
    """Releases or withholds one answer."""
    try:
        with writing() as connection:
            found = open_answers(connection, wave, provider)
            one = next((one for one in found if (one.case_id, one.code) == (case_id, code)), None)
            if one is None or besluit not in ("vrij", "achter"):
                raise NotFound("there is no such open answer")
            actor = signed_in(request).actor
            decide(connection, actor, one, gelezen, set(woord or ()), is_released=besluit == "vrij")
    except Conflict as refused:
        return _page(request, wave, provider, stand, str(refused))
    return RedirectResponse(f"{START}/{quote(wave)}/{quote(provider)}?stand={quote(stand)}", 303)


def _page(request: Request, wave: str, provider: str, stand: str, problem: str = "") -> Response:
    stand = stand if stand in STATES else "wacht"
    with writing() as connection:  # who reads what people wrote is written down
        label, who = find_wave(connection, wave).label, find_provider(connection, provider)
        found = open_answers(connection, wave, who.slug)
        chosen = [one for one in found if one.state == STATES[stand]]
        shown = chosen[:AT_ONCE]
        if shown:
            actor = signed_in(request).actor
            record(connection, actor, "open_answers.seen", f"provider:{provider}", wave=label, n=len(shown))
    context = {
        "wave": label,
        "provider": who.name,
        "list_address": f"{START}/{quote(wave)}",
        "address": f"{START}/{quote(wave)}/{quote(provider)}",
        "stand": stand,
        "counts": {name: sum(one.state == state for one in found) for name, state in STATES.items()},
        "answers": shown,
        "n_more": len(chosen) - len(shown),
        "problem": problem,
    }
    return page(request, "office/open_answers_provider.html", context, status=409 if problem else 200)
