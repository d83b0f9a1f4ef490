"""Office pages of the fieldwork monitor: a wave, and one provider in it."""

from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.accounts.admission import signed_in
from app.fieldwork.sending.due_steps import WORDS, Reason
from app.fieldwork.wave_choice import to_newest_or_all
from app.results.monitor import page as monitor_page
from app.results.monitor import words as monitor_words
from app.results.monitor.overview import Monitor, monitor_of
from app.web.access import Access, access
from app.web.pages import page

START = "/kantoor/veldwerk"
router = APIRouter(prefix=START)
# the numbers refresh themselves: that is no step in the browser's history
NO_STEP = {"HX-Push-Url": "false"}


@router.get("")
@access(Access.OFFICE)
def start(request: Request) -> Response:
    """To the newest wave; others are in the wave switcher."""
    return to_newest_or_all(START)


@router.get("/{wave}")
@access(Access.OFFICE)
def one_wave(request: Request, wave: str, sorteer: str = "naam") -> Response:
    """How the fieldwork of a wave goes, with a line per provider."""
    found = monitor_of(wave)
    sort = sorteer if sorteer.removeprefix("-") in monitor_page.SORTED_BY else "naam"
    context = _context(request, found) | {"lines": monitor_page.provider_lines(found, sort), "sort": sort}
    return page(request, "office/monitor.html", context, headers=NO_STEP)


@router.get("/{wave}/{provider}")
@access(Access.OFFICE)
def one_provider(request: Request, wave: str, provider: str) -> Response:
    """The same of one provider, against its norm."""
    found = monitor_of(wave, provider)
    context = _context(request, found) | {"norms": monitor_page.norm_lines(found)}
    return page(request, "office/monitor.html", context, headers=NO_STEP)


def _context(request: Request, found: Monitor) -> dict[str, Any]:
    language = signed_in(request).language
    address = f"{START}/{quote(found.wave.label)}"
    lines = monitor_page.funnel(found)
    return {
        "wave": found.wave.label,
        "wave_address": address,
        "provider": found.provider,
        "address": f"{address}/{quote(found.provider.slug)}" if found.provider else address,
        "made_at": found.made_at,
        "clients": found.clients,
        "all": found.all,
        "n_unfinished": found.all.n_usable_unfinished,
        "heading": monitor_words.heading(found, language),
        "silent": [(WORDS[Reason(one)], n) for one, n in found.all.n_silent.items()],
        "funnel": lines,
        "bars": monitor_page.bars(lines),
        "channels": monitor_page.channel_lines(found),
        "languages": monitor_page.language_lines(found, language),
        "modes": monitor_page.mode_lines(found),
        "states": monitor_words.shown_states(found),
        "state_words": monitor_words.STATE_WORDS,
        "messages": monitor_words.message_lines(found, language),
        "n_messages": found.messages.n_total,
        "n_per_state": {state: found.messages.n(state) for state in monitor_words.shown_states(found)},
        "curve": monitor_words.day_curve(found, language) if found.days else "",
        "days": monitor_words.day_lines(found, language),
        "lines": None,
        "norms": None,
        "sort": "",
    }
