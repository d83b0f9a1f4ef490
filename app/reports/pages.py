"""Office pages of reports: the reports of a wave, one report with its life, and publishing it."""

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Form, Request
from sqlalchemy.engine import Connection
from starlette.responses import RedirectResponse, Response

from app import tasks
from app.accounts.admission import signed_in
from app.audit.log import record
from app.database import reading, writing
from app.errors import Conflict, Invalid, NotFound
from app.fieldwork.wave_choice import to_newest_or_all
from app.fieldwork.waves import find_wave
from app.language import long_date
from app.reports import editions, rebuttals
from app.reports.composition import compose
from app.reports.gathering import gather
from app.reports.html import report_html, viewed
from app.reports.pdf import report_pdf
from app.reports.standing import check_reviewable, effects, standing
from app.reports.tasks import MAKE, last_task
from app.reports.workshop import make_one
from app.results.screening.answers import n_waiting
from app.web.access import Access, access
from app.web.pages import page

START = "/kantoor/rapporten"
FILES = {"pdf": "application/pdf", "html": "text/html; charset=utf-8"}
router = APIRouter(prefix=START)


@router.get("")
@access(Access.OFFICE)
def start(request: Request) -> Response:
    """To the newest wave."""
    return to_newest_or_all(START)


@router.get("/{wave}")
@access(Access.OFFICE)
def one_wave(request: Request, wave: str) -> Response:
    """How it stands with the report of every provider."""
    with reading() as connection:
        lines = editions.lines(connection, wave)
        reports = [line.report.id for line in lines if line.report is not None]
        context: dict[str, Any] = {
            "wave": find_wave(connection, wave).label,
            "address": f"{START}/{quote(wave)}",
            "lines": lines,
            "n_final": sum(line.report is not None and line.report.state == "final" for line in lines),
            "n_unread": n_waiting(connection, wave),
            "unanswered": rebuttals.unanswered(connection, reports),
            "task": last_task(connection, wave),
        }
    return page(request, "office/reports.html", context)


@router.post("/{wave}")
@access(Access.OFFICE)
def make_all(request: Request, wave: str) -> Response:
    """Starts making the drafts of all reports that are not final."""
    actor = signed_in(request).actor
    with writing() as connection:
        label = find_wave(connection, wave).label
        last = last_task(connection, label)
        if last is None or last.is_over:
            tasks.start(connection, MAKE, actor, wave=label, actor=actor)
    return RedirectResponse(f"{START}/{quote(wave)}", 303)


@router.get("/{wave}/{provider}")
@access(Access.OFFICE)
def one_provider(request: Request, wave: str, provider: str, versie: int | None = None) -> Response:
    """One report: what it says, where it stands, and what can be done with it."""
    return _page(request, wave, provider, versie)


@router.get("/{wave}/{provider}/publiceren")
@access(Access.OFFICE)
def sure(request: Request, wave: str, provider: str) -> Response:
    """What publishing will do, before it is done."""
    with reading() as connection:
        line = editions.one_line(connection, wave, provider)
        if line.report is None or line.report.state != "review":
            raise NotFound("this report is not ready to be published")
        told = effects(connection, wave, line.report)
    context = {"wave": wave, "line": line, "report": line.report, "effects": told, "address": _address(wave, provider)}
    return page(request, "office/report_sure.html", context)


@router.get("/{wave}/{provider}/{version_id}/{name}")
@access(Access.OFFICE)
def download(request: Request, wave: str, provider: str, version_id: int, name: str) -> Response:
    """One version as a file: rapport.pdf or rapport.html."""
    stem, _, suffix = name.partition(".")
    if stem != "rapport" or suffix not in FILES:
        raise NotFound("there is no such file")
    with writing() as connection:
        line = editions.one_line(connection, wave, provider)
        stored = editions.one_version(connection, line.participation_id, version_id)
        document = editions.document_of(connection, stored.id)
        record(connection, signed_in(request).actor, "report.downloaded", f"report:{stored.id}", kind=suffix)
    is_pdf = suffix == "pdf"
    content = report_pdf(document, stored.edition) if is_pdf else report_html(document, stored.edition).encode()
    file_name = f"rapport-{line.slug}-{version_id}.{suffix}"
    return Response(
        content, media_type=FILES[suffix], headers={"Content-Disposition": f"attachment; filename={file_name}"}
    )


@router.post("/{wave}/{provider}/{change}")
@access(Access.OFFICE)
def change(
    request: Request,
    wave: str,
    provider: str,
    change: str,
    gezien: Annotated[str, Form(max_length=64)] = "",
    tekst: Annotated[str, Form(max_length=20_000)] = "",
) -> Response:
    """Does one thing: maak (a draft), nagekeken, publiceren, verbeter (a correction), antwoord (to a reaction)."""
    actor = signed_in(request).actor
    try:
        _do(actor, wave, provider, change, gezien, tekst)
    except (Conflict, Invalid) as refused:
        return _page(request, wave, provider, None, str(refused), tekst)
    return RedirectResponse(_address(wave, provider), 303)


def _do(actor: str, wave: str, provider: str, change: str, seen: str, text: str) -> None:
    if change == "maak":
        make_one(wave, provider, actor)
        return
    with writing() as connection:
        line = editions.one_line(connection, wave, provider)
        if line.report is None or change not in CHANGES:
            raise NotFound("there is nothing like that to do with this report")
        CHANGES[change](connection, actor, wave, line, seen, text)


def _review(connection: Connection, actor: str, wave: str, line: editions.Line, seen: str, text: str) -> None:
    found = standing(connection, wave, line.slug)
    check_reviewable(found)
    assert line.report
    editions.review(connection, actor, line.report, seen)


def _publish(connection: Connection, actor: str, wave: str, line: editions.Line, seen: str, text: str) -> None:
    assert line.report
    editions.publish(connection, actor, line.report, seen)


def _correct(connection: Connection, actor: str, wave: str, line: editions.Line, seen: str, text: str) -> None:
    editions.check_note(text)
    document = compose(gather(connection, wave, line.slug))
    editions.correct(connection, actor, line.participation_id, document, text)


def _answer(connection: Connection, actor: str, wave: str, line: editions.Line, seen: str, text: str) -> None:
    newest_final = next(
        (one for one in editions.versions_of(connection, line.participation_id) if one.state == "final"), line.report
    )
    assert newest_final
    rebuttals.answer(connection, actor, newest_final, text)


CHANGES = {"nagekeken": _review, "publiceren": _publish, "verbeter": _correct, "antwoord": _answer}


def _page(
    request: Request, wave: str, provider: str, version: int | None, problem: str = "", typed: str = ""
) -> Response:
    with reading() as connection:
        found = standing(connection, wave, provider, version)
        label = find_wave(connection, wave).label
    shown = found.shown
    context = {
        "wave": label,
        "s": found,
        "address": _address(wave, provider),
        "list_address": f"{START}/{quote(wave)}",
        "answers_address": f"/kantoor/antwoorden/{quote(wave)}/{quote(provider)}",
        "last_day": long_date(found.last_day) if found.last_day else "",
        "r": viewed(found.document, shown.edition) if shown and found.document else None,
        "problem": problem,
        "typed": typed,
    }
    return page(request, "office/report.html", context, status=409 if problem else 200)


def _address(wave: str, provider: str) -> str:
    return f"{START}/{quote(wave)}/{quote(provider)}"
