"""Office pages of letters: make a batch, print it, book it, and book the post that comes back."""

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from app import tasks
from app.accounts.admission import signed_in
from app.audit.log import record
from app.clock import now
from app.database import reading, writing
from app.errors import Conflict, NotFound
from app.fieldwork.letters import batches as letter_batches
from app.fieldwork.letters import making as letters
from app.fieldwork.letters import returned_post
from app.fieldwork.letters.batches import Batch
from app.fieldwork.sending.planning import wave_to_send
from app.fieldwork.wave_choice import to_newest_or_all
from app.fieldwork.waves import find_wave
from app.web.access import Access, access
from app.web.pages import page

START = "/kantoor/brieven"
router = APIRouter(prefix=START)
FILES = {letters.PDF: "application/pdf", letters.CSV: "text/csv; charset=utf-8"}
MAX_TYPED = 300


@router.get("")
@access(Access.OFFICE)
def start(request: Request) -> Response:
    """To the newest wave."""
    return to_newest_or_all(START)


@router.get("/{wave}")
@access(Access.OFFICE)
def one_wave(request: Request, wave: str) -> Response:
    """How many letters wait, and the batches so far."""
    return _wave_page(request, wave)


@router.post("/{wave}")
@access(Access.OFFICE)
def make(request: Request, wave: str) -> Response:
    """Claims the letters that wait and starts making them."""
    actor = signed_in(request).actor
    try:
        with writing() as connection:
            batch_id = letter_batches.take(connection, wave_to_send(connection, wave), actor)
            if batch_id is not None:
                tasks.start(connection, letters.MAKE, actor, batch=batch_id, actor=actor)
    except Conflict as refused:
        return _wave_page(request, wave, str(refused))
    return RedirectResponse(f"{START}/{quote(wave)}" + (f"/{batch_id}" if batch_id else ""), 303)


@router.get("/{wave}/post")
@access(Access.OFFICE)
def post_page(request: Request, wave: str) -> Response:
    """Where codes of returned letters are scanned or typed, one after the other."""
    return _post_page(request, wave)


@router.post("/{wave}/post")
@access(Access.OFFICE)
def book_post(request: Request, wave: str, code: Annotated[str, Form(max_length=MAX_TYPED)] = "") -> Response:
    """Books one returned letter; the page is ready for the next."""
    with writing() as connection:
        wave_id = find_wave(connection, wave).id
        answer = returned_post.book(connection, signed_in(request).actor, wave_id, code)
    return _post_page(request, wave, answer, "" if answer.is_booked else code)


@router.get("/{wave}/{batch_id}")
@access(Access.OFFICE)
def one_batch(request: Request, wave: str, batch_id: int) -> Response:
    """How far a batch is; its files, until it is booked as printed."""
    return _batch_page(request, wave, batch_id)


@router.post("/{wave}/{batch_id}/{change}")
@access(Access.OFFICE)
def change(request: Request, wave: str, batch_id: int, change: str) -> Response:
    """Does one thing to a batch: gedrukt (printed), ongedaan (given up), opnieuw (made again)."""
    actor = signed_in(request).actor
    _batch(wave, batch_id)
    try:
        with writing() as connection:
            if change == "gedrukt" and letters.is_made(batch_id):
                letter_batches.book_printed(connection, actor, batch_id)
            elif change == "ongedaan":
                letter_batches.give_up(connection, actor, batch_id)
            elif change == "opnieuw":
                tasks.start(connection, letters.MAKE, actor, batch=batch_id, actor=actor)
            else:
                raise NotFound("there is nothing like that to do with this batch now")
    except Conflict as refused:
        return _wave_page(request, wave, str(refused))
    if change != "opnieuw":
        letters.delete_files(batch_id)
    return RedirectResponse(f"{START}/{quote(wave)}" + (f"/{batch_id}" if change != "ongedaan" else ""), 303)


@router.get("/{wave}/{batch_id}/{name}")
@access(Access.OFFICE)
def download(request: Request, wave: str, batch_id: int, name: str) -> Response:
    """One of the files of a batch."""
    found = _batch(wave, batch_id)
    if name not in FILES or found.printed_at is not None:
        raise NotFound("there is no such file")
    content = letters.made_file(batch_id, name)
    with writing() as connection:
        record(connection, signed_in(request).actor, "letters.downloaded", f"batch:{batch_id}", file=name)
    stem, _, suffix = name.partition(".")
    headers = {"Content-Disposition": f"attachment; filename={stem}-{batch_id}.{suffix}"}
    return Response(content, media_type=FILES[name], headers=headers)


def _wave_page(request: Request, wave: str, problem: str = "") -> Response:
    with reading() as connection:
        known = wave_to_send(connection, wave)
        context = {
            "wave": known.label,
            "address": f"{START}/{quote(known.label)}",
            "may_send": known.may_send(now()),
            "is_started": known.started_at is not None,
            "n_waiting": letter_batches.n_waiting(connection, known.id),
            "batches": [(one, _state(one)) for one in letter_batches.batches(connection, known.id)],
            "n_returned": letter_batches.n_returned(connection, known.id),
            "problem": problem,
        }
    return page(request, "office/letters.html", context, status=409 if problem else 200)


def _batch_page(request: Request, wave: str, batch_id: int) -> Response:
    found = _batch(wave, batch_id)
    address = f"{START}/{quote(wave)}"
    context: dict[str, Any] = {"wave": wave, "address": address, "batch": found, "state": _state(found)}
    return page(request, "office/letter_batch.html", context | {"task": letters.last_task(batch_id)})


def _post_page(request: Request, wave: str, answer: returned_post.Answer | None = None, typed: str = "") -> Response:
    with reading() as connection:
        label = find_wave(connection, wave).label
    context = {"wave": label, "address": f"{START}/{quote(label)}", "answer": answer, "typed": typed}
    return page(request, "office/returned_post.html", context, status=422 if answer and not answer.is_booked else 200)


def _state(found: Batch) -> str:
    """printed, ready, making, or failed: neither a file nor somebody who makes it."""
    if found.printed_at is not None:
        return "printed"
    task = letters.last_task(found.id)
    if task is not None and not task.is_over:
        return "making"
    return "ready" if letters.is_made(found.id) else "failed"


def _batch(wave: str, batch_id: int) -> Batch:
    with reading() as connection:
        return letter_batches.batch(connection, find_wave(connection, wave).id, batch_id)
