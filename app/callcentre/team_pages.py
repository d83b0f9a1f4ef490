"""The supervisor's screen: the queue, the agents and the providers, live; referred cases, quotas, bulk actions."""

import time
from collections.abc import AsyncIterator, Mapping
from typing import Any, get_args

import anyio
from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response, StreamingResponse

from app.accounts.admission import signed_in
from app.accounts.sessions import Account
from app.audit.log import record
from app.callcentre import supervising
from app.callcentre.agents import set_languages
from app.callcentre.call_screen import short_moment
from app.callcentre.case_in_hand import Posted, note_sight
from app.callcentre.history import history
from app.callcentre.person import read_person
from app.callcentre.quality import quality
from app.callcentre.supervising import Bulk, Chosen
from app.callcentre.team_figures import DAY_PARTS, Team, callers, referred, team
from app.database import reading, remembered, writing
from app.errors import N_, Conflict, Invalid, NotFound
from app.fieldwork import dispositions
from app.language import LANGUAGES
from app.web.access import Access, access
from app.web.forms import Form, pressed
from app.web.pages import environment, page

START = "/kantoor/belteam"
router = APIRouter(prefix=START)
EVERY_SECONDS = 3
ROUNDS = 100  # then the browser comes back by itself, and is admitted anew
GROUPS = {
    "clients": N_("cliënten"),
    "commissioners": N_("opdrachtgevers"),
    "phone_quota": N_("belquotum"),
}
DOING = {
    "break": N_("pauze"),
    "calling": N_("in gesprek"),
    "preparing": N_("heeft een zaak"),
    "idle": N_("geen zaak"),
}
NOTICES = {
    "bewaard": N_("De wijziging is bewaard."),
    "niet_meer": supervising.NOT_REFERRED,
    "getal": N_("Vul een aantal in van 0 tot en met 100000."),
    "taal": N_("Kies voor elke medewerker minstens één taal."),
}


@router.get("")
@access(Access.SUPERVISION)
def board(request: Request) -> Response:
    """Everything now; it renews itself, or by reloading."""
    account = signed_in(request)
    with reading() as connection:
        now = team(connection)
        people = callers(connection)
    context = {**_context(now, account.language), "people": people, "notice": _notice(request), "chosen": None}
    return page(request, "office/team.html", context)


def _notice(request: Request) -> str:
    told = request.query_params.get("melding", "")
    return NOTICES.get(told, "")


def _context(now: Team, language: str) -> Mapping[str, Any]:
    return {
        "t": now,
        "groups": GROUPS,
        "doing": DOING,
        "day_parts": DAY_PARTS,
        "most": max((hour.n_attempts for hour in now.hours), default=1),
        "when": lambda moment: short_moment(moment, language),
    }


@router.get("/live")
@access(Access.SUPERVISION)
def live(request: Request) -> Response:
    """The same as events, for a page that stays open; whoever asks for no stream gets one event."""
    account = signed_in(request)
    is_stream = "text/event-stream" in request.headers.get("accept", "")
    headers = {"X-Accel-Buffering": "no"}
    return StreamingResponse(_events(request, account, is_stream), media_type="text/event-stream", headers=headers)


async def _events(request: Request, account: Account, is_stream: bool) -> AsyncIterator[str]:
    told = ""
    for _ in range(ROUNDS if is_stream else 1):
        html = await run_in_threadpool(_live_html, account.language)
        yield ": \n\n" if html == told else _event(html)
        told = html
        if is_stream:
            await anyio.sleep(EVERY_SECONDS)
        if await request.is_disconnected():
            return


def _event(html: str) -> str:
    return "".join(f"data: {line}\n" for line in html.splitlines()) + "\n"


def _live_html(language: str) -> str:
    """The part that changes, at most once in two seconds however many look."""
    latest: dict[str, tuple[float, str]] = remembered("team")  # by language: who look at once share one reading
    made_at, html = latest.get(language, (0.0, ""))
    if time.monotonic() - made_at >= EVERY_SECONDS - 1:
        with reading() as connection:
            now = team(connection)
        html = environment(language).get_template("office/team_live.html").render(_context(now, language))
        latest[language] = time.monotonic(), html
    return html


@router.get("/zaak/{case_id}")
@access(Access.SUPERVISION)
def one_case(request: Request, case_id: int) -> Response:
    """A referred case: who, what happened, and where it may go."""
    account = signed_in(request)
    with reading() as connection:
        if case_id not in {one.case_id for one in referred(connection)}:
            raise NotFound("this case does not wait for the supervisor")
        context = {
            "person": read_person(connection, case_id),
            "lines": history(connection, case_id),
            "people": callers(connection),
            "when": lambda moment: short_moment(moment, account.language),
        }
    note_sight(account.actor, case_id)
    return page(request, "office/team_case.html", context)


@router.post("/zaak/{case_id}")
@access(Access.SUPERVISION)
def decide(request: Request, case_id: int, form: Posted) -> Response:
    """Back in the queue, to one agent, or out of it."""
    actor = signed_in(request).actor
    try:
        with writing() as connection:
            if pressed(form) == "close":
                supervising.close_referred(connection, actor, case_id)
            else:
                supervising.hand_back(connection, actor, case_id, _number(form, "medewerker"))
    except Conflict:
        return _back("niet_meer")
    return _back("bewaard")


@router.post("/quotum/{participation_id}")
@access(Access.SUPERVISION)
def quota(request: Request, participation_id: int, form: Posted) -> Response:
    """How many telephone interviews a provider gets: first what that does, then, once confirmed, the change."""
    try:
        wanted = supervising.check_quota(_number(form, "quotum"))
    except Invalid:
        return _back("getal")
    if pressed(form) == "do":
        with writing() as connection:
            supervising.set_quota(connection, signed_in(request).actor, participation_id, wanted)
        return _back("bewaard")
    with reading() as connection:
        lines = [one for one in team(connection).providers if one.group == "phone_quota"]
        line = next((one for one in lines if one.participation_id == participation_id), None)
        if line is None:
            raise NotFound("there is no such phone quota")
        n_less, n_more = dispositions.n_settled_with(connection, participation_id, wanted)
    return page(request, "office/team_quota.html", {"line": line, "wanted": wanted, "n_less": n_less, "n_more": n_more})


@router.post("/samen")
@access(Access.SUPERVISION)
def together(request: Request, form: Posted) -> Response:
    """A change of many cases: first how many, then, once confirmed, the change."""
    account = signed_in(request)
    chosen = _chosen(form)
    if pressed(form) == "do":
        with writing() as connection:
            supervising.carry_out(connection, account.actor, chosen)
        return _back("bewaard")
    with reading() as connection:
        context = {
            "chosen": chosen,
            "n_cases": supervising.n_chosen(connection, chosen),
            "people": callers(connection),
            "providers": {line.participation_id: line.provider for line in team(connection).providers},
        }
    return page(request, "office/team_sure.html", context)


def _chosen(form: Form) -> Chosen:
    action: Bulk = next((one for one in get_args(Bulk) if one == form.get("wat", [""])[0]), "release")
    return Chosen(action, _number(form, "dienstverlener"), _number(form, "van"), _number(form, "naar"))


@router.get("/kwaliteit")
@access(Access.SUPERVISION)
def per_agent(request: Request) -> Response:
    """Length of interviews and questions without an answer, per agent; and what they speak."""
    with reading() as connection:
        lines = quality(connection, callers(connection))
    context = {"lines": lines, "languages": LANGUAGES, "notice": _notice(request)}
    return page(request, "office/team_quality.html", context)


@router.post("/talen/{user_id}")
@access(Access.SUPERVISION)
def languages(request: Request, user_id: int, form: Posted) -> Response:
    """Sets what an agent speaks."""
    try:
        with writing() as connection:
            if user_id not in callers(connection):
                raise NotFound("there is no such agent")
            set_languages(connection, user_id, form.get("taal", []))
            details = {"languages": " ".join(form.get("taal", []))[:60]}
            record(connection, signed_in(request).actor, "agent.languages_set", f"user:{user_id}", **details)
    except Invalid:
        return RedirectResponse(f"{START}/kwaliteit?melding=taal", 303)
    return RedirectResponse(f"{START}/kwaliteit?melding=bewaard", 303)


def _number(form: Form, name: str) -> int | None:
    typed = form.get(name, [""])[0].strip()
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else None


def _back(notice: str) -> Response:
    return RedirectResponse(f"{START}?melding={notice}", 303)
