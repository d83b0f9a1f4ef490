"""The practice question: looks and works like the real ones, is about nothing, and is never stored."""

from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from app.collection import interviews
from app.collection.entrance import closed_page
from app.collection.fields import Field, field_html
from app.collection.language_choice import asked_for, in_language, show
from app.collection.routes import go
from app.collection.sittings import Closed
from app.collection.visitors import Visitor, visitor
from app.collection.way import INTRODUCTION, PRACTICE, help_address
from app.language import catalogue
from app.questions.question import N_, Option, first
from app.questions.single import SingleChoice
from app.web.access import Access
from app.web.desk import Desk
from app.web.forms import Form, pressed

desk = Desk(visitor)
CODE = "oefening"
LEAD_IN = N_("Dit is een oefening.")
TEXT = N_("Wat voor weer is het vandaag?")
HINT = N_("Tik op een antwoord. Tik daarna op ‘Volgende’.")
OPTIONS = (
    ("sun", N_("De zon schijnt")),
    ("cloud", N_("Er zijn wolken")),
    ("rain", N_("Het regent")),
    ("", N_("Iets anders")),
)


@dataclass(frozen=True)
class PracticePage:
    """The question, or what was chosen: then `chosen` is that option."""

    field: Markup
    chosen: Option | None
    asks_again: bool
    anchor: str
    form_token: str


@lru_cache(maxsize=32)
def question(language: str) -> SingleChoice:
    """The practice question in one language."""
    translate = catalogue(language).gettext
    options = tuple(Option(code=picture or "other", text=translate(text), picture=picture) for picture, text in OPTIONS)
    return SingleChoice(
        type="single",
        code=CODE,
        lead_in=translate(LEAD_IN),
        text=translate(TEXT),
        hint=translate(HINT),
        options=options,
    )


@desk.get(PRACTICE, Access.RESPONDENT)
def practise(request: Request, who: Visitor) -> Response:
    """The question, on easy pages and before the first real one."""
    return _page(request, who)


@desk.post(PRACTICE, Access.RESPONDENT)
def practised(request: Request, who: Visitor, form: Form) -> Response:
    """What somebody chose, or how to choose. Nothing is stored."""
    if pressed(form) == "help":
        return go(help_address(PRACTICE))
    if language := asked_for(form):
        return in_language(request, who, language, PRACTICE)
    return _page(request, who, first(form, CODE))


def practice_page(language: str, given: str | None, form_token: str) -> PracticePage:
    """What the page shows; `given` is what was posted."""
    asked = question(language)
    chosen = asked.option(given or "")
    field = field_html(Field(asked, {}, {}), language, as_title=True, is_low_threshold=True)
    return PracticePage(field, chosen, given is not None and chosen is None, f"v-{CODE}", form_token)


def _page(request: Request, who: Visitor, given: str | None = None) -> Response:
    """The question as it stands; `given` is what was posted."""
    sitting = interviews.look(who)
    if isinstance(sitting, Closed):
        return closed_page(request, sitting)
    if sitting.is_started or not sitting.questionnaire.is_low_threshold:
        return go(INTRODUCTION)
    context = practice_page(sitting.language, given, who.form_token)
    status = 422 if context.asks_again else 200
    return show(request, sitting, "practice.html", {"p": context}, status=status)
