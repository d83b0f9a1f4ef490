"""Office pages of waves: all of them, and one wave's response."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.database import reading
from app.results.wave_page import wave_list, wave_page
from app.web.access import Access, access
from app.web.pages import page

router = APIRouter(prefix="/kantoor")


@router.get("/golven")
@access(Access.OFFICE)
def waves(request: Request) -> Response:
    """All waves."""
    with reading() as connection:
        found = wave_list(connection)
    return page(request, "office/waves.html", {"waves": found})


@router.get("/golven/{wave}")
@access(Access.OFFICE)
def one_wave(request: Request, wave: str) -> Response:
    """How far each provider of a wave is."""
    with reading() as connection:
        context = wave_page(connection, wave)
    return page(request, "office/wave.html", {"w": context})
