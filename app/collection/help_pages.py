"""Help on every screen: the phone number, *bel mij*, and the way back to the same question."""

from dataclasses import dataclass

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from app.collection import interviews
from app.collection.entrance import closed_page
from app.collection.fields import Field, field_html
from app.collection.language_choice import asked_for, in_language, show
from app.collection.routes import go
from app.collection.sittings import Closed, Sitting
from app.collection.visitors import Visitor, visitor
from app.collection.way import HELP, help_address, way_back
from app.database import reading
from app.fieldwork.call_requests import DAY_PARTS, DayPart, has_phone, request_call, request_of
from app.fieldwork.delivery.cells import Refused
from app.fieldwork.delivery.cells import phone as e164
from app.group_commit import write_together
from app.language import LANGUAGES, catalogue, direction
from app.questions.question import N_, Option, first
from app.questions.single import SingleChoice
from app.web.access import Access
from app.web.desk import Desk
from app.web.forms import Form, pressed

desk = Desk(visitor)
CALL_ME, NOTED = f"{HELP}/bel-mij", f"{HELP}/genoteerd"
MAX_PHONE_LENGTH = 30
WHEN = N_("Wanneer mogen wij bellen?")
WORDS: dict[DayPart, str] = {
    "morning": N_("In de ochtend, van 9 tot 12 uur"),
    "afternoon": N_("In de middag, van 12 tot 5 uur"),
    "evening": N_("In de avond, van 5 tot 9 uur"),
    "any": N_("Dat maakt niet uit"),
}
NO_PHONE = N_("Wij hebben uw nummer nog niet. Typ uw telefoonnummer.")
WRONG_PHONE = N_("Dit nummer klopt niet. Typ het nog een keer, bijvoorbeeld 06 12345678.")


@dataclass(frozen=True)
class Spoken:
    """A language to be called in, in its own words."""

    code: str
    name: str
    direction: str
    is_chosen: bool


@dataclass(frozen=True)
class HelpPage:
    """The phone number, and how it goes on from here. `request` is what was asked already, in words."""

    back: str
    request: str
    is_low_threshold: bool
    form_token: str


@dataclass(frozen=True)
class CallForm:
    """When, in which language and on which number somebody wants to be called."""

    when: Markup
    languages: tuple[Spoken, ...]
    has_phone: bool
    phone: str
    problem: str
    back: str
    is_low_threshold: bool
    form_token: str


@desk.get(HELP, Access.RESPONDENT)
def show_help(request: Request, who: Visitor) -> Response:
    """How to reach us, how to stop and go on, and whether this is safe."""
    sitting = interviews.look(who)
    if isinstance(sitting, Closed):
        return closed_page(request, sitting)
    return _help(request, who, sitting, "help.html")


@desk.post(HELP, Access.RESPONDENT)
def from_help(request: Request, who: Visitor, form: Form) -> Response:
    """*Bel mij* leads to its own page."""
    back = way_back(first(form, "van"))
    if language := asked_for(form):
        return in_language(request, who, language, help_address(back))
    return go(help_address(back, CALL_ME if pressed(form) == "bel" else HELP))


@desk.get(CALL_ME, Access.RESPONDENT)
def show_call_form(request: Request, who: Visitor) -> Response:
    """Where somebody asks to be called."""
    sitting = interviews.look(who)
    if isinstance(sitting, Closed):
        return closed_page(request, sitting)
    return _call_form(request, who, sitting, {"van": [request.query_params.get("van", "")]})


@desk.post(CALL_ME, Access.RESPONDENT)
def call_me(request: Request, who: Visitor, form: Form) -> Response:
    """Notes the request for the call centre."""
    sitting = interviews.look(who)
    if isinstance(sitting, Closed):
        return closed_page(request, sitting)
    back = way_back(first(form, "van"))
    if language := asked_for(form):
        return in_language(request, who, language, help_address(back, CALL_ME))
    if pressed(form) == "help":
        return go(help_address(back))
    typed = first(form, "telefoon")[:MAX_PHONE_LENGTH]
    try:
        phone = e164(typed) if typed else ""
    except Refused:
        return _call_form(request, who, sitting, form, WRONG_PHONE)
    if not phone and not _has_phone(who):
        return _call_form(request, who, sitting, form, NO_PHONE)
    language = first(form, "spreektaal")
    language = language if language in LANGUAGES else sitting.language
    wanted = first(form, "wanneer")
    day_part: DayPart = next((part for part in DAY_PARTS if part == wanted), "any")
    write_together(lambda connection: request_call(connection, who.case_id, language, day_part, phone))
    return go(help_address(back, NOTED))


@desk.get(NOTED, Access.RESPONDENT)
def noted(request: Request, who: Visitor) -> Response:
    """Says that we will call, and leads back."""
    sitting = interviews.look(who)
    if isinstance(sitting, Closed):
        return closed_page(request, sitting)
    return _help(request, who, sitting, "call_noted.html")


def _has_phone(who: Visitor) -> bool:
    with reading() as connection:
        return has_phone(connection, who.case_id)


def _help(request: Request, who: Visitor, sitting: Sitting, template: str) -> Response:
    back = way_back(request.query_params.get("van", ""))
    with reading() as connection:
        asked = request_of(connection, who.case_id)
    words = ""
    if asked:
        words = LANGUAGES.get(asked.language, asked.language)
        if asked.day_part != "any":
            words = f"{catalogue(sitting.language).gettext(WORDS[asked.day_part])} – {words}"
    context = HelpPage(
        back=back,
        request=words,
        is_low_threshold=sitting.questionnaire.is_low_threshold,
        form_token=who.form_token,
    )
    return _shown(request, sitting, template, context, back)


def _call_form(request: Request, who: Visitor, sitting: Sitting, form: Form, problem: str = "") -> Response:
    translate = catalogue(sitting.language).gettext
    is_easy = sitting.questionnaire.is_low_threshold
    options = tuple(Option(code=part, text=translate(WORDS[part])) for part in DAY_PARTS)
    question = SingleChoice(type="single", code="wanneer", text=translate(WHEN), options=options)
    values = {"wanneer": (first(form, "wanneer") or "any",)}
    spoken = first(form, "spreektaal") or sitting.language
    context = CallForm(
        when=field_html(Field(question, values, {}), sitting.language, as_title=False, is_low_threshold=is_easy),
        languages=tuple(Spoken(code, name, direction(code), code == spoken) for code, name in LANGUAGES.items()),
        has_phone=_has_phone(who),
        phone=first(form, "telefoon")[:MAX_PHONE_LENGTH],
        problem=translate(problem) if problem else "",
        back=way_back(first(form, "van")),
        is_low_threshold=is_easy,
        form_token=who.form_token,
    )
    return _shown(request, sitting, "call_me.html", context, context.back, 422 if problem else 200)


def _shown(
    request: Request, sitting: Sitting, template: str, context: HelpPage | CallForm, back: str, status: int = 200
) -> Response:
    """A page that keeps the way back in its address, also when only its middle changes."""
    headers = {"HX-Push-Url": help_address(back, request.url.path)}
    return show(request, sitting, template, {"p": context}, status=status, headers=headers)
