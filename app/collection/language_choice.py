"""The language somebody asks for: a button of the menu, the form they filled in, a link, a cookie, their browser."""

import re
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.collection import interviews
from app.collection.sittings import Sitting
from app.collection.visitors import Visitor
from app.definition.languages import page_languages
from app.language import SOURCE_LANGUAGE
from app.settings import settings
from app.web.forms import Form
from app.web.pages import is_htmx, page

BUTTON = "taal"  # of the menu, and the name of the parameter in a link
SHOWN_IN = "gelezen"  # the hidden field of a form in another language than Dutch


def asked_for(form: Form) -> str:
    """The language whose button sent this form; "" when it was another button."""
    return form.get(BUTTON, [""])[0]


def shown_in(form: Form) -> str:
    """The language of the page that this form was on."""
    return form.get(SHOWN_IN, [SOURCE_LANGUAGE])[0]


def in_language(request: Request, who: Visitor, language: str, address: str) -> Response:
    """Chooses a language and goes to a page, loading it anew: its bar, direction and letters change."""
    sitting = interviews.choose_language(who, language)
    response = Response(headers={"HX-Redirect": address}) if is_htmx(request) else RedirectResponse(address, 303)
    if isinstance(sitting, Sitting):
        remember(response, sitting.language)
    return response


def show(
    request: Request,
    sitting: Sitting,
    template: str,
    context: Mapping[str, Any],
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A page of a sitting in its own language, with the menu of the others."""
    given = {"is_low_threshold": sitting.questionnaire.is_low_threshold, **context, "offered": sitting.languages}
    return page(request, template, given, language=sitting.language, status=status, headers=headers)


def language_of(request: Request, offered: tuple[str, ...] | None = None, otherwise: str = "") -> str:
    """The language for a page without a questionnaire: what the link says, then what was chosen, then the browser."""
    if offered is None:
        offered = page_languages(settings().is_demo)
    wishes = (request.query_params.get(BUTTON, ""), request.cookies.get(_cookie(), ""), otherwise)
    return next((wish for wish in (*wishes, *_of_browser(request)) if wish in offered), SOURCE_LANGUAGE)


def _of_browser(request: Request) -> list[str]:
    """The languages of Accept-Language, the most wanted first."""
    ranked: list[tuple[float, str]] = []
    for part in request.headers.get("accept-language", "")[:200].split(","):
        found = re.fullmatch(
            r"\s*([A-Za-z]{2,3})(?:-[A-Za-z0-9-]+)?\s*(?:;\s*q=(0(?:\.\d{1,3})?|1(?:\.0{1,3})?))?\s*", part
        )
        if found:
            ranked.append((-float(found[2] or 1), found[1].lower()))
    return [language for weight, language in sorted(ranked, key=lambda one: one[0]) if weight]


def remember(response: Response, language: str) -> None:
    """Keeps a choice for the pages that know no case: errors, and where a code is typed."""
    response.set_cookie(
        _cookie(),
        language,
        max_age=settings().session_hours * 3600,
        path="/",
        secure=settings().is_https,
        httponly=True,
        samesite="lax",
    )


def forget(response: Response) -> None:
    """Takes the choice back, for a device that others use too."""
    response.delete_cookie(_cookie(), path="/", secure=settings().is_https, httponly=True, samesite="lax")


def _cookie() -> str:
    return "__Host-taal" if settings().is_https else "taal"
