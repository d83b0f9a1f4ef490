"""Office pages of exports: choose what, wait for it, fetch it. Only who asked for a file can fetch it."""

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Form, Request
from starlette.responses import FileResponse, RedirectResponse, Response

from app import tasks
from app.accounts.admission import signed_in
from app.database import reading, writing
from app.errors import NotFound
from app.fieldwork.wave_choice import to_newest_or_all
from app.fieldwork.waves import find_wave
from app.questions.question import N_
from app.results.exports import kept
from app.results.exports.kept import FORMATS, Asked, Kept
from app.results.exports.table_files import providers_in
from app.web.access import Access, access
from app.web.pages import page

START = "/kantoor/exports"
router = APIRouter(prefix=START)
CONTENTS = {
    "responses": N_("Antwoorden, één rij per interview"),
    "keurmerk": N_("Tabellen voor het keurmerk"),
    "figures": N_("Figuren als tabel"),
    "codebook": N_("Codeboeken van de vragenlijsten"),
}
FORMAT_NAMES = {
    "csv-excel": N_("CSV voor Excel"),
    "csv": N_("CSV, kaal"),
    "xlsx": N_("Excel: gegevens, labels en codeboek"),
    "sav": N_("SPSS"),
    "json": N_("JSON"),
    "zip": N_("webpagina en DDI, samen in een zipbestand"),
}
PLAIN_XLSX = N_("Excel")
NO_CHOICE = N_("Kies wat u wilt hebben.")
NO_REASON = N_("Schrijf op waarvoor u de klantnummers nodig hebt.")
UNKNOWN_PROVIDER = N_("Kies een dienstverlener uit de lijst, of alle.")
CHOICES = {
    f"{content}:{form}": PLAIN_XLSX if form == "xlsx" and content != "responses" else FORMAT_NAMES[form]
    for content, forms in FORMATS.items()
    for form in forms
}
Typed = Annotated[str, Form(max_length=500)]
EMPTY = {"bestand": "responses:xlsx", "dienstverlener": "", "woorden": "released", "klantnummers": "", "reden": ""}


@router.get("")
@access(Access.OFFICE)
def start(request: Request) -> Response:
    """To the newest wave."""
    return to_newest_or_all(START)


@router.get("/{wave}")
@access(Access.OFFICE)
def one_wave(request: Request, wave: str) -> Response:
    """A form for the next export, and those of the last day."""
    return _wave_page(request, wave)


@router.post("/{wave}")
@access(Access.OFFICE)
def make(
    request: Request,
    wave: str,
    bestand: Typed = "",
    dienstverlener: Typed = "",
    woorden: Typed = "",
    klantnummers: Typed = "",
    reden: Typed = "",
) -> Response:
    """Puts an export in the queue."""
    typed = {"bestand": bestand, "dienstverlener": dienstverlener, "woorden": woorden}
    typed |= {"klantnummers": klantnummers, "reden": reden.strip()}
    if problems := _problems(wave, typed):
        return _wave_page(request, wave, typed, problems)
    content, _, form = bestand.partition(":")
    is_named = content == "responses" and bool(klantnummers)
    asked = Asked(
        wave,
        dienstverlener or None,
        content,  # type: ignore[arg-type]
        form,
        "reference" if is_named else "pseudonym",
        "none" if woorden == "none" else "released",
        typed["reden"] if is_named else None,
    )
    with writing() as connection:
        export_id = kept.start(connection, signed_in(request).actor, asked)
    return RedirectResponse(f"{START}/{quote(wave)}/{export_id}", 303)


@router.get("/{wave}/{export_id}")
@access(Access.OFFICE)
def one_export(request: Request, wave: str, export_id: str) -> Response:
    """How far an export is; when it is ready, the link to fetch it."""
    export = _mine(request, wave, export_id)
    task = None
    if not export.is_expired:
        with reading() as connection:
            task = tasks.progress(connection, export.task_id, export.owner)
    return page(request, "office/export.html", {"e": export, "task": task, "words": _words(export), "start": START})


@router.get("/{wave}/{export_id}/bestand")
@access(Access.OFFICE)
def fetch(request: Request, wave: str, export_id: str) -> Response:
    """The file itself, until it expires."""
    export = _mine(request, wave, export_id)
    if not export.is_there:
        raise NotFound("this export is not ready, was thrown away, or is older than a day")
    with writing() as connection:
        kept.fetched(connection, export.owner, export)
    return FileResponse(export.path, media_type="application/octet-stream", filename=export.file_name)


@router.post("/{wave}/{export_id}/weg")
@access(Access.OFFICE)
def discard(request: Request, wave: str, export_id: str) -> Response:
    """Throws the file away before it expires."""
    export = _mine(request, wave, export_id)
    with writing() as connection:
        kept.discard(connection, export.owner, export)
    return RedirectResponse(f"{START}/{quote(wave)}", 303)


def _problems(wave: str, typed: dict[str, str]) -> dict[str, str]:
    problems = {}
    if typed["bestand"] not in CHOICES:
        problems["bestand"] = NO_CHOICE
    if typed["bestand"].startswith("responses:") and typed["klantnummers"] and not typed["reden"]:
        problems["reden"] = NO_REASON
    if typed["dienstverlener"]:
        with reading() as connection:
            if typed["dienstverlener"] not in providers_in(connection, wave):
                problems["dienstverlener"] = UNKNOWN_PROVIDER
    return problems


def _wave_page(
    request: Request, wave: str, typed: dict[str, str] | None = None, problems: dict[str, str] | None = None
) -> Response:
    with reading() as connection:
        known = find_wave(connection, wave)
        context: dict[str, Any] = {
            "wave": known,
            "providers": providers_in(connection, wave),
            "exports": [(one, _words(one)) for one in kept.of_owner(connection, signed_in(request).actor, known.label)],
        }
    context |= {"contents": CONTENTS, "formats": FORMATS, "choices": CHOICES, "start": START}
    context |= {"typed": typed or EMPTY, "problems": dict.fromkeys(EMPTY, "") | (problems or {})}
    context |= {"is_refused": bool(problems), "n_ready": sum(one.is_there for one, _ in context["exports"])}
    return page(request, "office/exports.html", context, status=422 if problems else 200)


def _words(export: Kept) -> tuple[str, str]:
    """Content and format, to be translated."""
    asked = export.asked
    return CONTENTS[asked.content], CHOICES[f"{asked.content}:{asked.format}"]


def _mine(request: Request, wave: str, export_id: str) -> Kept:
    with reading() as connection:
        export = kept.find(connection, export_id, signed_in(request).actor)
    if export.asked.wave != wave:
        raise NotFound("there is no such export in this wave")
    return export
