"""Office pages of the results desk: a wave's providers beside one another, and one provider with all behind it."""

from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app.database import reading
from app.fieldwork.wave_choice import to_newest_wave
from app.language import SOURCE_LANGUAGE
from app.results.desk.provider_desk import provider_desk
from app.results.desk.questions_desk import COUNTED, questions_desk
from app.results.desk.wave_desk import wave_desk
from app.web.access import Access, access
from app.web.pages import page

router = APIRouter(prefix="/kantoor")


@router.get("/resultaten")
@access(Access.OFFICE)
def start(request: Request) -> Response:
    """The newest wave."""
    return to_newest_wave("/kantoor/resultaten") or page(request, "office/results_start.html", {})


@router.get("/resultaten/{wave}")
@access(Access.OFFICE)
def one_wave(request: Request, wave: str) -> Response:
    """Every provider of a wave, or the questions of all of them together."""
    if _shows_questions(request):
        return _questions(request, wave, None)
    with reading() as connection:
        desk = wave_desk(connection, wave, request.query_params)
    return page(request, "office/results_wave.html", {"d": desk})


@router.get("/resultaten/{wave}/{provider}")
@access(Access.OFFICE)
def one_provider(request: Request, wave: str, provider: str) -> Response:
    """The table "Resultaten voor het keurmerk" of one provider, with what is behind every number; or its questions."""
    if _shows_questions(request):
        return _questions(request, wave, provider)
    with reading() as connection:
        desk = provider_desk(connection, wave, provider)
    return page(request, "office/results_provider.html", {"d": desk})


def _shows_questions(request: Request) -> bool:
    return request.query_params.get("toon") == "vragen"


def _questions(request: Request, wave: str, provider: str | None) -> Response:
    account = getattr(request.state, "account", None)
    with reading() as connection:
        desk = questions_desk(
            connection, wave, provider, request.query_params, account.language if account else SOURCE_LANGUAGE
        )
    return page(request, "office/results_questions.html", {"d": desk, "counted": COUNTED})


@router.get("/keurmerk/{wave}/{provider}")
@access(Access.OFFICE)
def moved(request: Request, wave: str, provider: str) -> Response:
    """Where the table stood before."""
    return RedirectResponse(f"/kantoor/resultaten/{quote(wave, safe='')}/{quote(provider, safe='')}", 303)
