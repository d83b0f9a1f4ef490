"""Jinja: one environment per language, autoescape on, unknown names are errors."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache, partial
from typing import Any

from babel.dates import format_datetime
from jinja2 import Environment, FileSystemLoader, PrefixLoader, StrictUndefined
from jinja2.ext import Extension
from jinja2.loaders import ChoiceLoader
from starlette.requests import Request
from starlette.responses import HTMLResponse

from app import language as languages
from app.clock import local
from app.settings import ROOT, settings
from app.web.static_files import address

APP = ROOT / "app"
# what a page of a language needs at once; other letters, such as é in a name, are fetched when they occur
_LATIN = ("atkinson-latin.woff2",)
_FONTS = {
    "ar": ("noto-arabic.woff2", "atkinson-ascii.woff2"),
    "fa": ("noto-arabic.woff2", "atkinson-ascii.woff2"),
    "ti": ("noto-ethiopic.woff2", "atkinson-ascii.woff2"),
    "uk": ("noto-cyrillic.woff2", "atkinson-ascii.woff2"),
    "tr": (*_LATIN, "atkinson-latin-ext.woff2"),
    "pl": (*_LATIN, "atkinson-latin-ext.woff2"),
}
# what later stages offer to the templates, made per language; without a maker of clips nothing can be heard
_offered: dict[str, Callable[[str], object]] = {
    "clip": lambda language: lambda text: None,
    "sound": lambda language: lambda texts, ids, small=False: "",
}


class _WithoutIndentation(Extension):
    """Templates are indented for their readers; the pages need not carry that over a slow telephone line."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        return re.sub(r"(?m)^[ \t]+", "", source)


def offer(name: str, make: Callable[[str], object]) -> None:
    """Offers a global to all templates: `make(language)`. For the composition root, before the first page."""
    _offered[name] = make
    environment.cache_clear()


@cache
def environment(language: str) -> Environment:
    """The templates with texts, direction and number format of one language."""
    loader = ChoiceLoader(
        [FileSystemLoader(APP / "templates"), PrefixLoader({"questions": FileSystemLoader(APP / "questions")})]
    )
    jinja = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n", _WithoutIndentation],
    )
    jinja.install_gettext_translations(languages.catalogue(language), newstyle=True)  # type: ignore[attr-defined]
    jinja.globals.update(
        static=address,
        lang=language,
        direction=languages.direction(language),
        fonts=_FONTS.get(language, _LATIN),
        autonyms=languages.LANGUAGES,
        right_to_left=languages.RIGHT_TO_LEFT,
        offered=(),  # the languages of the menu, where a page has one
        language_links="",  # what comes before the language in the menu's links; "" = buttons
        moment=partial(moment_text, language=language),
        agency_name=settings().agency_name,
        help_phone=settings().help_phone,
        help_phone_link="tel:" + settings().help_phone.replace(" ", ""),
        is_demo=settings().is_demo,
        **{name: make(language) for name, make in _offered.items()},
    )
    return jinja


def moment_text(moment: datetime, language: str) -> str:
    """`3 mrt 2026 14:05`, by the clock on the wall in the Netherlands."""
    return format_datetime(local(moment), "d MMM y HH:mm", locale=language)


def is_htmx(request: Request) -> bool:
    """Whether htmx asks, so that the changed part of the page suffices."""
    return request.headers.get("hx-request") == "true"


def page(
    request: Request,
    template: str,
    context: Mapping[str, Any],
    *,
    language: str | None = None,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> HTMLResponse:
    """Renders a page, or only its `<main>` for htmx. Office pages are in the language of who is signed in."""
    account = getattr(request.state, "account", None)
    jinja = environment(language or (account.language if account else languages.SOURCE_LANGUAGE))
    base = "fragment.html" if is_htmx(request) else "page.html"
    html = jinja.get_template(template).render(context, base=base, account=account)
    given = dict(headers or {})
    if base == "fragment.html" and request.method == "GET":
        given.setdefault("HX-Push-Url", request.url.path)  # the address bar follows redirects too
    return HTMLResponse(html, status, given)
