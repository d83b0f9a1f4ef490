"""The start page of the demo: the ways into a questionnaire, and the tables that they end in."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from app.accounts import sessions, users
from app.accounts.admission import signed_in
from app.database import reading, writing
from app.errors import NotFound
from app.questions.question import N_
from app.results.wave_page import WavePage, wave_page
from app.settings import ROOT
from app.simulation.demo import PROVIDERS, late_delivery, wave_label
from app.simulation.demo_links import AUDIENCES, Audience, DemoLink, State, read_links, states
from app.web.access import Access, Role, access
from app.web.pages import page

router = APIRouter()  # part of the office in the demo only
TITLES: dict[Audience, tuple[str, str]] = {
    "regular": (N_("Cliënt, gewone woorden"), N_("Een paar vragen per scherm.")),
    "low_threshold": (N_("Cliënt, makkelijke woorden"), N_("Eén vraag per scherm. U kunt de vraag laten voorlezen.")),
    "inburgering": (N_("Cliënt, inburgering"), N_("Korte zinnen voor wie Nederlands leert.")),
    "commissioner": (N_("Opdrachtgever"), N_("Over alle diensten die iemand inkocht.")),
}

# whoever tries the demo may take their chair for a while: name, and where they begin
COLLEAGUES = {Role.AGENT: ("Demo-agent", "/kantoor/bellen"), Role.SUPERVISOR: ("Demo-teamleider", "/kantoor/belteam")}


@dataclass(frozen=True)
class Way:
    """One kind of questionnaire, with a link to a new one and to one that somebody stopped half-way."""

    title: str
    about: str
    new: DemoLink | None
    half_way: DemoLink | None


@dataclass(frozen=True)
class StartPage:
    """What the start page shows. `code`: a code to type, "" when every example was finished."""

    wave: WavePage
    ways: tuple[Way, ...]
    code: str
    import_command: str


@router.get("/")
@access(Access.OFFICE)
def begin() -> Response:
    """Whoever opens the demo starts at its start page."""
    return RedirectResponse("/demo", 303)


@router.get("/demo")
@access(Access.OFFICE)
def start(request: Request) -> Response:
    """The start page."""
    label = wave_label()
    if label is None:
        raise NotFound("this database holds no demo; load it with: peilwijs demo")
    with reading() as connection:
        wave = wave_page(connection, label)
    known = states(read_links())
    ways = tuple(_ways(known))
    code = next((link.code for link, state in known.items() if state == "new"), "")
    return page(request, "office/demo.html", {"d": StartPage(wave, ways, code, _import_command(label))})


@router.post("/demo/als")
@access(Access.OFFICE)
def become(request: Request, rol: Annotated[str, Form(max_length=12)] = "") -> Response:
    """Goes on as an agent or a supervisor; signing out leads back."""
    if rol not in COLLEAGUES:
        raise NotFound("the demo knows no such colleague")
    name, address = COLLEAGUES[role := Role(rol)]
    email = f"{role.value}@demo.example.com"
    with writing() as connection:
        known = users.by_email(connection, email)
        user_id = known.id if known else users.add(connection, signed_in(request).actor, email, name, role)
        key = sessions.start(connection, user_id, sessions.device_of(request), is_complete=True)
    response = RedirectResponse(address, 303)
    sessions.give_cookie(response, key)
    return response


def _ways(known: dict[DemoLink, State]) -> Iterator[Way]:
    for audience in AUDIENCES:
        mine = [(link, state) for link, state in known.items() if link.audience == audience]
        if mine:
            title, about = TITLES[audience]
            yield Way(title, about, _first(mine, "new"), _first(mine, "half_way"))


def _first(links: list[tuple[DemoLink, State]], wanted: State) -> DemoLink | None:
    return next((link for link, state in links if state == wanted), None)


def _import_command(label: str) -> str:
    path = late_delivery()
    shown = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    return f".venv/bin/peilwijs delivery import {shown} --provider {PROVIDERS[0].slug} --wave {label}"
