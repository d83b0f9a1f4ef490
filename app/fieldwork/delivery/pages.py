"""Office pages of deliveries: send a file, see what would happen, store it or not; and the reserve of the sample."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Request
from starlette.datastructures import UploadFile
from starlette.responses import FileResponse, RedirectResponse, Response

from app import tasks
from app.accounts.admission import signed_in
from app.audit.log import record
from app.database import reading, writing
from app.errors import Invalid, NotFound
from app.fieldwork.delivery import uploads
from app.fieldwork.delivery.check import DUPLICATE, REJECTED, SELF_REPORTER, VERDICTS
from app.fieldwork.delivery.comparison import draws
from app.fieldwork.delivery.file import MAX_MB
from app.fieldwork.delivery.known_cases import last_delivery
from app.fieldwork.delivery.listing import deliveries_of, providers_of
from app.fieldwork.delivery.marked_workbook import VERDICT_NAMES
from app.fieldwork.delivery.reserve import add_from_reserve
from app.fieldwork.delivery.tasks import CHECK, IMPORT, judged_rows, notes_of, sample_of
from app.fieldwork.wave_choice import to_newest_wave
from app.fieldwork.waves import KnownProvider, KnownWave, find_participation, find_provider, find_wave
from app.questions.question import N_
from app.web.access import Access, access
from app.web.guards import LargerBody
from app.web.pages import page

START = "/kantoor/aanlevering"
router = APIRouter(prefix=START)
# a file of the largest size, and what a browser packs around it
UPLOAD = LargerBody(re.compile(rf"{START}/[^/]+/[^/]+"), MAX_MB * 1_000_000 + 65_536)
ROWS_PER_PAGE = 50
NO_FILE = N_("Kies eerst een bestand: CSV of Excel.")
NO_NUMBER = N_("Vul in hoeveel cliënten u wilt toevoegen, met een cijfer.")


async def _file(request: Request) -> UploadFile | None:
    file = (await request.form(max_files=1)).get("bestand")
    return file if isinstance(file, UploadFile) else None


@router.get("")
@access(Access.OFFICE)
def start(request: Request) -> Response:
    """To the newest wave."""
    return to_newest_wave(START) or page(request, "office/deliveries.html", {"wave": None, "providers": ()})


@router.get("/{wave}")
@access(Access.OFFICE)
def one_wave(request: Request, wave: str) -> Response:
    """The providers of a wave, and what each delivered."""
    with reading() as connection:
        known = find_wave(connection, wave)
        providers = providers_of(connection, known.id)
    return page(request, "office/deliveries.html", {"wave": known, "providers": providers})


@router.get("/{wave}/{provider}")
@access(Access.OFFICE)
def one_provider(request: Request, wave: str, provider: str) -> Response:
    """What a provider delivered, its sample, and a form for the next file."""
    return _provider_page(request, wave, provider)


@router.post("/{wave}/{provider}")
@access(Access.OFFICE)
def send(
    request: Request, wave: str, provider: str, file: Annotated[UploadFile | None, Depends(_file)] = None
) -> Response:
    """Keeps a file and starts its check."""
    account = signed_in(request)
    with reading() as connection:
        known, who = find_wave(connection, wave), find_provider(connection, provider)
    if file is None or not file.filename:
        return _provider_page(request, wave, provider, {"bestand": NO_FILE})
    upload = uploads.keep(file.file, file.filename, account.actor, known.label, who.slug)
    return _checking(upload, account.language)


@router.get("/{wave}/{provider}/{upload_id}")
@access(Access.OFFICE)
def one_upload(request: Request, wave: str, provider: str, upload_id: str) -> Response:
    """Where an upload stands: being checked, to be looked at, being stored, stored."""
    account = signed_in(request)
    upload = _mine(request, wave, provider, upload_id)
    with reading() as connection:
        who = find_provider(connection, provider)
        task = tasks.progress(connection, upload.import_id or upload.check_id, account.actor)
    context = {"upload": upload, "provider": who, "task": task, "address": _address(upload)}
    if not task.is_over:
        return page(request, "office/delivery_progress.html", context)
    if task.state == "failed":
        return page(request, "office/delivery_failed.html", context)
    if upload.import_id:
        return page(request, "office/delivery_stored.html", context | {"stored_before_at": _stored_before(task)})
    return _preview_page(request, upload, context, task)


@router.get("/{wave}/{provider}/{upload_id}/bestand")
@access(Access.OFFICE)
def marked_file(request: Request, wave: str, provider: str, upload_id: str) -> Response:
    """The same file with its faulty cells marked and explained."""
    upload = _mine(request, wave, provider, upload_id)
    if not upload.marked.exists():
        raise NotFound("this upload was stored or discarded, or is still being checked")
    with writing() as connection:
        record(connection, signed_in(request).actor, "delivery.downloaded", f"upload:{upload.id}")
    name = f"aanlevering-{upload.provider}-{upload.wave}-beoordeeld.xlsx"
    return FileResponse(upload.marked, filename=name)


@router.post("/{wave}/{provider}/{upload_id}/opnemen")
@access(Access.OFFICE)
def store(request: Request, wave: str, provider: str, upload_id: str) -> Response:
    """Stores the accepted rows; checks again when another delivery came in between."""
    account = signed_in(request)
    upload = _mine(request, wave, provider, upload_id)
    with writing() as connection:
        if not upload.path.exists() or not _may_be_stored(connection, upload):
            return RedirectResponse(_address(upload), 303)
        now = _participation(connection, wave, provider)
        is_overtaken = (last_delivery(connection, now) if now else None) != upload.last_delivery_id
        if not is_overtaken:
            task_id = tasks.start(connection, IMPORT, upload.owner, upload=upload.id, language=account.language)
            upload = uploads.tell(upload, import_id=task_id)
    if is_overtaken:
        return _checking(uploads.tell(upload, import_id=""), account.language)
    return RedirectResponse(_address(upload), 303)


@router.post("/{wave}/{provider}/{upload_id}/weg")
@access(Access.OFFICE)
def discard(request: Request, wave: str, provider: str, upload_id: str) -> Response:
    """Takes an upload away; nothing of it was stored."""
    upload = _mine(request, wave, provider, upload_id)
    uploads.discard(upload)
    with writing() as connection:
        record(connection, signed_in(request).actor, "delivery.discarded", f"upload:{upload.id}")
    return RedirectResponse(f"{START}/{quote(wave)}/{quote(provider)}", 303)


@router.post("/{wave}/{provider}/reserve/{service}")
@access(Access.OFFICE)
def draw_more(
    request: Request,
    wave: str,
    provider: str,
    service: int,
    aantal: Annotated[str, Form(max_length=10)] = "",
    zeker: Annotated[str, Form(max_length=5)] = "",
) -> Response:
    """Adds the next clients of the reserve to the sample: says first what that does, then does it."""
    with reading() as connection:
        known, who = find_wave(connection, wave), find_provider(connection, provider)
        participation_id = find_participation(connection, known.id, who.id)
    field = f"aantal-{service}"
    if participation_id is None:
        raise NotFound("this provider takes no part in this wave")
    n_cases = int(aantal) if aantal.isascii() and aantal.strip().isdigit() else 0
    if not n_cases:
        return _provider_page(request, wave, provider, {field: NO_NUMBER})
    if not zeker:
        context = {"wave": known, "provider": who, "service": service, "n_cases": n_cases}
        context["service_name"] = known.rules.services.get(service, str(service))
        return page(request, "office/reserve_sure.html", context | {"address": f"{START}/{quote(wave)}/{who.slug}"})
    try:
        with writing() as connection:
            add_from_reserve(connection, signed_in(request).actor, known, participation_id, service, n_cases)
    except Invalid as refused:
        return _provider_page(request, wave, provider, {field: str(refused)})
    return RedirectResponse(f"{START}/{quote(wave)}/{quote(provider)}?getrokken={n_cases}#steekproef", 303)


def _provider_page(request: Request, wave: str, provider: str, problems: dict[str, str] | None = None) -> Response:
    with reading() as connection:
        known, who = find_wave(connection, wave), find_provider(connection, provider)
        participation_id = find_participation(connection, known.id, who.id)
        context = {
            "wave": known,
            "provider": who,
            "deliveries": deliveries_of(connection, participation_id),
            "sample": _sampled(connection, known, participation_id),
            "uploads": uploads.of_owner(signed_in(request).actor, known.label, who.slug),
            "address": f"{START}/{quote(wave)}/{who.slug}",
            "problems": problems or {},
            "max_mb": MAX_MB,
            "n_drawn": _number(request.query_params.get("getrokken", "0"), 0),
        }
    return page(request, "office/delivery.html", context, status=422 if problems else 200)


def _sampled(connection: Any, wave: KnownWave, participation_id: int | None) -> Sequence[Any]:
    """The services with a maximum or a reserve; nothing where nobody is sampled."""
    found = draws(connection, participation_id, dict(wave.rules.max_sample))
    return [draw for draw in found if draw.max_sample is not None or draw.n_reserve_before]


def _preview_page(request: Request, upload: uploads.Upload, context: dict[str, Any], task: tasks.Progress) -> Response:
    if not upload.path.exists():
        raise NotFound("this upload was stored or discarded")
    counts = task.result["counts"]
    first = next((name for name in (REJECTED, DUPLICATE, SELF_REPORTER) if counts[name]), VERDICTS[0])
    verdict = request.query_params.get("oordeel", first)
    if verdict not in VERDICTS:
        raise NotFound("there is no such verdict")
    n_pages = max(1, -(-counts[verdict] // ROWS_PER_PAGE))
    number = min(_number(request.query_params.get("pagina", "1"), 1), n_pages)
    rows = judged_rows(upload, verdict, (number - 1) * ROWS_PER_PAGE, ROWS_PER_PAGE)
    with writing() as connection:
        who = signed_in(request).actor
        record(connection, who, "delivery.seen", f"upload:{upload.id}", verdict=verdict, page=number)
    with reading() as connection:
        services = find_wave(connection, upload.wave).rules.services
    context |= {
        "counts": counts,
        "verdicts": {name: VERDICT_NAMES[name] for name in VERDICTS},
        "verdict": verdict,
        "rows": rows,
        "number": number,
        "n_pages": n_pages,
        "notes": notes_of(task.result),
        "sample": sample_of(task.result),
        "services": services,
        "stored_before_at": _stored_before(task),
    }
    return page(request, "office/delivery_preview.html", context)


def _checking(upload: uploads.Upload, language: str) -> Response:
    with writing() as connection:
        task_id = tasks.start(connection, CHECK, upload.owner, upload=upload.id, language=language)
        uploads.tell(upload, check_id=task_id)
    return RedirectResponse(_address(upload), 303)


def _may_be_stored(connection: Any, upload: uploads.Upload) -> bool:
    """Not before the check is done, and not while an earlier press of the button is being worked on."""
    if tasks.progress(connection, upload.check_id, upload.owner).state != "done":
        return False
    return not upload.import_id or tasks.progress(connection, upload.import_id, upload.owner).is_over


def _mine(request: Request, wave: str, provider: str, upload_id: str) -> uploads.Upload:
    upload = uploads.find(upload_id, signed_in(request).actor)
    if (upload.wave, upload.provider) != (wave, provider):
        raise NotFound("there is no such upload for this provider")
    return upload


def _participation(connection: Any, wave: str, provider: str) -> int | None:
    known: KnownWave = find_wave(connection, wave)
    who: KnownProvider = find_provider(connection, provider)
    return find_participation(connection, known.id, who.id)


def _stored_before(task: tasks.Progress) -> datetime | None:
    at = task.result.get("same_file_at")
    return datetime.fromisoformat(at) if at else None


def _address(upload: uploads.Upload) -> str:
    return f"{START}/{quote(upload.wave)}/{quote(upload.provider)}/{upload.id}"


def _number(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and 0 < int(text) < 10**7 else otherwise
