"""What goes wrong in the programming interface, as JSON of RFC 9457 (application/problem+json)."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.errors import NotFound, Unavailable
from app.web.guards import log_event

MEDIA_TYPE = "application/problem+json"


class ProblemModel(BaseModel):
    """Why a request got no answer."""

    type: str = Field(examples=["about:blank"])
    title: str = Field(examples=["Not Found"])
    status: int = Field(examples=[404])
    detail: str = Field(examples=["there is no wave «2020»"])


class Problem(Exception):
    """A refusal: its status and one sentence for the developer."""

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status, self.detail, self.headers = status, detail, headers


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """These statuses for the description of a route."""
    schema = ProblemModel.model_json_schema()
    return {
        status: {"description": HTTPStatus(status).phrase, "content": {MEDIA_TYPE: {"schema": schema}}}
        for status in statuses
    }


def answer(status: int, detail: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """A problem as a response."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    return JSONResponse(body, status, dict(headers or {}), MEDIA_TYPE)


def handle_all(app: FastAPI) -> None:
    """Every error of the application becomes a problem."""

    def refused(_request: Request, error: Exception) -> Response:
        assert isinstance(error, Problem)
        return answer(error.status, error.detail, error.headers)

    def http(_request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return answer(error.status_code, str(error.detail), error.headers)

    def not_found(_request: Request, error: Exception) -> Response:
        return answer(404, str(error))

    def invalid(_request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        where = ", ".join(".".join(str(part) for part in fault["loc"]) for fault in error.errors())
        return answer(422, f"these parameters cannot be read: {where}")

    def unavailable(_request: Request, _error: Exception) -> Response:
        return answer(503, "temporarily unavailable, try again in a moment", {"Retry-After": "5"})

    def unexpected(_request: Request, error: Exception) -> Response:
        log_event("error", kind=type(error).__name__, exception=error)
        return answer(500, "something went wrong here; the operator can find it in the log")

    for kind, handler in (
        (Problem, refused),
        (HTTPException, http),
        (NotFound, not_found),
        (RequestValidationError, invalid),
        (Unavailable, unavailable),
        (Exception, unexpected),
    ):
        app.add_exception_handler(kind, handler)
