"""The addresses of the programming interface. All of them read; nothing can be changed here."""

import hashlib
from collections.abc import Callable
from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Path, Query, Request
from pydantic import BaseModel, TypeAdapter
from sqlalchemy.engine import Connection
from starlette.responses import Response

from app.clock import today
from app.database import reading
from app.errors import NotFound
from app.fieldwork.tables import Participation, Provider, Wave
from app.fieldwork.waves import find_wave
from app.results.api import models, shapes
from app.results.api.admission import needs
from app.results.api.problems import Problem, documented
from app.results.api.tokens import COUNTS, FIGURES, GRADES, KEURMERK, Caller
from app.results.figures.sections import sections_of
from app.results.keurmerk import KeurmerkTable
from app.results.wave_results import table_of, tables_of
from app.web.access import Access, access

ROOT = "/api/v1"
FRESH_SECONDS = 60
NAME = r"^[^\x00-\x1f\x7f]+$"
Label = Annotated[str, Path(description="Label of the wave.", max_length=40, pattern=NAME)]
Slug = Annotated[str, Path(description="Slug of the provider.", max_length=80, pattern=NAME)]
Service = Annotated[int | None, Query(description="Only clients of this service.", ge=1, le=999)]
router = APIRouter(
    prefix=ROOT,
    responses=documented(401, 403, 404, 409, 422, 429) | {304: {"description": "Nothing changed since that ETag."}},
)
_wave = Wave.__table__  # type: ignore[attr-defined]
_provider = Provider.__table__  # type: ignore[attr-defined]
_participation = Participation.__table__  # type: ignore[attr-defined]
# Of the reports, which lie above: the grades that were frozen with a final one.
_report = sa.table(
    "report", sa.column("participation_id"), sa.column("version"), sa.column("state"), sa.column("snapshot", sa.JSON)
)


@router.get("/waves", response_model=list[models.WaveModel])
@access(Access.API)
def waves(request: Request, caller: Annotated[Caller, Depends(needs(GRADES, KEURMERK, COUNTS, FIGURES))]) -> Response:
    """The waves that the token may read, the newest first."""
    statement = sa.select(_wave.c.label, _wave.c.starts_on, _wave.c.ends_on).order_by(_wave.c.starts_on.desc())
    if caller.wave is not None:
        statement = statement.where(_wave.c.label == caller.wave)
    with reading() as connection:
        found = [models.WaveModel(**row) for row in connection.execute(statement).mappings()]
    return _answer(request, found, list[models.WaveModel])


@router.get("/waves/{wave}/grades", response_model=list[models.GradesModel])
@access(Access.API)
def grades(request: Request, wave: Label, caller: Annotated[Caller, Depends(needs(GRADES))]) -> Response:
    """The grades that may be published, as they stand in the providers' final reports, the newest version of each."""
    with reading() as connection:
        found = _in_final_reports(connection, _label(connection, caller, wave), caller.provider)
    return _answer(request, found, list[models.GradesModel])


@router.get("/waves/{wave}/keurmerk", response_model=list[models.KeurmerkModel])
@access(Access.API)
def keurmerk(request: Request, wave: Label, caller: Annotated[Caller, Depends(needs(KEURMERK))]) -> Response:
    """The table "Resultaten voor het keurmerk" of every provider that the token may read."""
    with reading() as connection:
        tables = _tables(connection, caller, _label(connection, caller, wave))
    return _answer(request, [shapes.keurmerk(table) for table in tables], list[models.KeurmerkModel])


@router.get("/waves/{wave}/keurmerk/{provider}", response_model=models.KeurmerkModel)
@access(Access.API)
def keurmerk_of(
    request: Request, wave: Label, provider: Slug, caller: Annotated[Caller, Depends(needs(KEURMERK))]
) -> Response:
    """The table of one provider."""
    with reading() as connection:
        table = table_of(connection, _slug(caller, provider), _label(connection, caller, wave))
    return _answer(request, shapes.keurmerk(table), models.KeurmerkModel)


@router.get("/waves/{wave}/response", response_model=list[models.CountsModel])
@access(Access.API)
def response(request: Request, wave: Label, caller: Annotated[Caller, Depends(needs(COUNTS))]) -> Response:
    """Net sample, completed interviews and response of every provider that the token may read."""
    with reading() as connection:
        tables = _tables(connection, caller, _label(connection, caller, wave))
    return _answer(request, [shapes.counts(table) for table in tables], list[models.CountsModel])


@router.get("/waves/{wave}/figures", response_model=models.FiguresModel)
@access(Access.API)
def figures(
    request: Request, wave: Label, caller: Annotated[Caller, Depends(needs(FIGURES))], service: Service = None
) -> Response:
    """The figures over all providers together; small groups are hidden."""
    if caller.provider is not None:
        raise Problem(403, "this token may read one provider only; ask for the figures of that provider")
    return _figures(request, caller, wave, None, service)


@router.get("/waves/{wave}/figures/{provider}", response_model=models.FiguresModel)
@access(Access.API)
def figures_of(
    request: Request,
    wave: Label,
    provider: Slug,
    caller: Annotated[Caller, Depends(needs(FIGURES))],
    service: Service = None,
) -> Response:
    """The figures of one provider beside those of all; small groups are hidden."""
    return _figures(request, caller, wave, _slug(caller, provider), service)


def _figures(request: Request, caller: Caller, wave: str, provider: str | None, service: int | None) -> Response:
    with reading() as connection:
        label = _label(connection, caller, wave)
        _require_closed(connection, label)
        sections = sections_of(connection, label, provider, service=service)
    return _answer(request, shapes.figures(provider, label, sections), models.FiguresModel)


def _label(connection: Connection, caller: Caller, wave: str) -> str:
    """The label, when there is such a wave and the token may read it."""
    if caller.wave not in (None, wave):
        raise NotFound(f"there is no wave «{wave}»")
    return find_wave(connection, wave).label


def _require_closed(connection: Connection, label: str) -> None:
    """While people still answer, figures grow one by one, and what was told yesterday would tell who came since."""
    ends_on = connection.scalar(sa.select(_wave.c.fieldwork_ends_on).where(_wave.c.label == label))
    if ends_on is None or ends_on >= today():
        raise Problem(409, "figures are told when the fieldwork of the wave is over; ask again after its last day")


def _slug(caller: Caller, provider: str) -> str:
    if caller.provider not in (None, provider):
        raise NotFound(f"there is no provider «{provider}»")
    return provider


def _tables(connection: Connection, caller: Caller, wave: str) -> list[KeurmerkTable]:
    return [table_of(connection, caller.provider, wave)] if caller.provider else tables_of(connection, wave)


def _in_final_reports(connection: Connection, wave: str, slug: str | None) -> list[models.GradesModel]:
    joined = (
        _participation.join(_provider, _provider.c.id == _participation.c.provider_id)
        .join(_wave, _wave.c.id == _participation.c.wave_id)
        .join(_report, _report.c.participation_id == _participation.c.id)
    )
    columns = _provider.c.slug.label("provider"), _provider.c.name, _report.c.snapshot["grades"].label("rows")
    final = sa.select(*columns).select_from(joined).where(_wave.c.label == wave, _report.c.state == "final")
    rows = connection.execute(final.order_by(_provider.c.slug, _report.c.version))
    newest = {row.provider: {"name": row.name, "rows": row.rows or []} for row in rows}
    return [models.GradesModel(provider=one, wave=wave, **of) for one, of in newest.items() if slug in (None, one)]


def _answer(request: Request, content: BaseModel | list[Any], shape: Any) -> Response:
    """The content as JSON with its ETag; nothing but that when the caller has it already."""
    body = TypeAdapter(shape).dump_json(content, exclude_unset=True)
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": f"private, max-age={FRESH_SECONDS}", "Vary": "Authorization"}
    given = [part.strip().removeprefix("W/") for part in request.headers.get("if-none-match", "").split(",")]
    if tag in given or "*" in given:
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type="application/json")


def description(make: Callable[[], dict[str, Any]]) -> Callable[[], dict[str, Any]]:
    """The OpenAPI document as an endpoint of its own, which everybody may read."""

    @access(Access.PUBLIC)
    def openapi() -> dict[str, Any]:
        return make()

    return openapi
