"""Office pages of waves: make one, change one after hearing what that does, pause it; who takes part."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from sqlalchemy.engine import Connection
from starlette.responses import RedirectResponse, Response

from app.accounts.admission import signed_in
from app.audit.log import record
from app.clock import today
from app.database import reading, writing
from app.errors import NotFound
from app.fieldwork.rules import WaveRules, shipped_rules
from app.fieldwork.wave_setup import participants
from app.fieldwork.wave_setup.changes import (
    Stored,
    change_wave,
    changed,
    effects,
    services_in_use,
    set_paused,
    stored_wave,
)
from app.fieldwork.wave_setup.form import (
    GROUPS,
    MAX_BANDS,
    MAX_STEPS,
    SERVICE_CODES,
    Draft,
    Problem,
    questionnaire_names,
    read_form,
    values_of,
)
from app.fieldwork.waves import create_wave
from app.questions.question import N_
from app.web.access import Access, access
from app.web.pages import page

router = APIRouter(prefix="/kantoor")
TAKEN = N_("Er is al een meetperiode die zo heet. Kies een andere naam.")
IN_USE = N_("Deze dienst heeft al %(n)s mensen. Laat de naam staan.")
OVERTAKEN = N_("Iemand anders heeft deze meetperiode net veranderd. Kijk na wat er nu staat.")


async def _posted(request: Request) -> dict[str, str]:
    form = await request.form(max_fields=400)
    return {name: value for name, value in form.items() if isinstance(value, str)}


Posted = Annotated[dict[str, str], Depends(_posted)]


@router.get("/nieuwe-meetperiode")
@access(Access.OFFICE)
def new_wave(request: Request) -> Response:
    """A form with the shipped rules of this year."""
    year = today().year
    first, last = date(year, 1, 1), date(year, 12, 31)
    return _form(request, None, values_of(Draft("", first, last, None, shipped_rules(first))))


@router.post("/nieuwe-meetperiode")
@access(Access.OFFICE)
def make_wave(request: Request, form: Posted) -> Response:
    """Makes a wave."""
    draft, problems = read_form(form, shipped_rules(today()))
    with writing() as connection:
        if draft is not None and not _is_taken(connection, draft.label):
            made = create_wave(connection, draft.label, draft.starts_on, draft.ends_on, draft.rules)
            fresh = stored_wave(connection, draft.label)
            record(connection, signed_in(request).actor, "wave.made", f"wave:{made}")
            if draft.fieldwork_ends_on:
                change_wave(connection, signed_in(request).actor, fresh, draft)
            return RedirectResponse(f"/kantoor/golven/{quote(draft.label)}/deelnemers", 303)
    return _form(request, None, form, problems or {"label": Problem(TAKEN)})


@router.get("/golven/{wave}/instellingen")
@access(Access.OFFICE)
def settings_of(request: Request, wave: str) -> Response:
    """The form of a wave as it is."""
    with reading() as connection:
        stored = stored_wave(connection, wave)
    return _form(request, stored, values_of(stored.draft))


@router.post("/golven/{wave}/instellingen")
@access(Access.OFFICE)
def change(request: Request, wave: str, form: Posted) -> Response:
    """Changes a wave; of a running one it says first what that will do."""
    with writing() as connection:
        stored = stored_wave(connection, wave)
        draft, problems = _checked(connection, stored, form)
        if draft is None:
            return _form(request, stored, form, problems)
        if "wijzig" in form:  # back from the page that said what would happen
            return _form(request, stored, form)
        if not changed(stored.draft, draft):
            return RedirectResponse(f"/kantoor/golven/{quote(wave)}", 303)
        is_agreed = form.get("gezien") == _seal(stored, effects(connection, stored, draft), draft)
        if stored.is_running and not is_agreed:
            told = effects(connection, stored, draft)
            context = {
                "w": stored,
                "effects": told,
                "values": {name: text for name, text in form.items() if name not in ("token", "gezien")},
                "seen": _seal(stored, told, draft),
                "is_again": "gezien" in form,
                "overtaken": OVERTAKEN,
            }
            return page(request, "office/wave_sure.html", context, status=409 if "gezien" in form else 200)
        change_wave(connection, signed_in(request).actor, stored, draft)
    return RedirectResponse(f"/kantoor/golven/{quote(draft.label)}", 303)


@router.post("/golven/{wave}/pauze")
@access(Access.OFFICE)
def pause(request: Request, wave: str, form: Posted) -> Response:
    """Stops all sending for a while, or lets it go on."""
    with writing() as connection:
        set_paused(connection, signed_in(request).actor, stored_wave(connection, wave), form.get("stand") == "aan")
    return RedirectResponse(f"/kantoor/golven/{quote(wave)}/instellingen", 303)


@router.get("/golven/{wave}/deelnemers")
@access(Access.OFFICE)
def who_takes_part(request: Request, wave: str) -> Response:
    """The providers of a wave with their telephone option, and forms to add one."""
    return _participants(request, wave)


@router.post("/golven/{wave}/deelnemers")
@access(Access.OFFICE)
def take_part(request: Request, wave: str, form: Posted) -> Response:
    """Adds a provider to a wave, known or new, or sets its telephone option."""
    with writing() as connection:
        problem = participants.join(connection, signed_in(request).actor, stored_wave(connection, wave).id, form)
    if problem:
        return _participants(request, wave, problem, form)
    return RedirectResponse(f"/kantoor/golven/{quote(wave)}/deelnemers", 303)


@router.get("/dienstverleners")
@access(Access.OFFICE)
def providers(request: Request) -> Response:
    """All providers."""
    return _providers(request)


@router.post("/dienstverleners")
@access(Access.OFFICE)
def add_or_rename(request: Request, form: Posted) -> Response:
    """Adds a provider, or gives one another name; its slug stays."""
    with writing() as connection:
        problem = participants.name(connection, signed_in(request).actor, form)
    return _providers(request, problem, form) if problem else RedirectResponse("/kantoor/dienstverleners", 303)


def _checked(
    connection: Connection, stored: Stored, form: Mapping[str, str]
) -> tuple[Draft | None, dict[str, Problem]]:
    draft, problems = read_form(form, stored.draft.rules)
    if draft is None:
        return None, problems
    if draft.label != stored.draft.label and _is_taken(connection, draft.label):
        return None, {"label": Problem(TAKEN)}
    in_use = services_in_use(connection, stored.id, draft.rules)
    if in_use:
        return None, {f"service-{code}": Problem(IN_USE, {"n": n}) for code, n in sorted(in_use.items())}
    return draft, {}


def _is_taken(connection: Connection, label: str) -> bool:
    try:
        stored_wave(connection, label)
    except NotFound:
        return False
    return True


def _seal(stored: Stored, told: list[Any], draft: Draft) -> str:
    """What somebody agreed to: this change of this wave, with these effects."""
    parts = [repr(stored.draft), repr(draft), [(effect.one, effect.n, dict(effect.values)) for effect in told]]
    return hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()[:32]


def _form(
    request: Request, stored: Stored | None, values: Mapping[str, str], problems: dict[str, Problem] | None = None
) -> Response:
    rules: WaveRules = stored.draft.rules if stored else shipped_rules(today())
    context = {
        "w": stored,
        "v": values,
        "problems": problems or {},
        "services": sorted({*SERVICE_CODES, *rules.services}),
        "questionnaires": questionnaire_names(),
        "groups": GROUPS,
        "n_steps": MAX_STEPS,
        "n_bands": MAX_BANDS,
        "has_keurmerk": any(norm.kind == "keurmerk" for norm in rules.norm_sets),
    }
    return page(request, "office/wave_form.html", context, status=422 if problems else 200)


def _participants(request: Request, wave: str, problem: str = "", typed: Mapping[str, str] | None = None) -> Response:
    with reading() as connection:
        stored = stored_wave(connection, wave)
        context = {
            "w": stored,
            "lines": participants.of_wave(connection, stored.id),
            "others": participants.not_in(connection, stored.id),
            "options": participants.PHONE_OPTIONS,
            "problem": problem,
            "typed": typed or {},
        }
    return page(request, "office/participants.html", context, status=422 if problem else 200)


def _providers(request: Request, problem: str = "", typed: Mapping[str, str] | None = None) -> Response:
    with reading() as connection:
        found = participants.everybody(connection)
    context = {"lines": found, "problem": problem, "typed": typed or {}}
    return page(request, "office/providers.html", context, status=422 if problem else 200)
