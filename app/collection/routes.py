"""Routes of the questionnaire. Each is thin: the work is in `interviews`, the words in the templates."""

import re

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.collection import interviews
from app.collection.contexts import overview_page, question_page, told
from app.collection.entrance import closed_page
from app.collection.interviews import Stored
from app.collection.language_choice import asked_for, forget, in_language, remember, show, shown_in
from app.collection.sittings import Closed, Sitting
from app.collection.visitors import Visitor, say_goodbye, visitor
from app.collection.way import (
    DONE,
    HELP,
    INTRODUCTION,
    after_answer,
    after_overview,
    help_address,
    overview_address,
    question_address,
    resume,
    screen_address,
)
from app.engine.screens import find, frontier, previous
from app.language import catalogue
from app.questions.question import Problem
from app.web.access import Access
from app.web.desk import Desk
from app.web.forms import Form, pressed
from app.web.pages import is_htmx

desk = Desk(visitor)
STOPPED = "/gestopt"


def go(address: str) -> Response:
    """On to another address, by GET."""
    return RedirectResponse(address, 303)


def n_dropped(request: Request) -> int:
    """How many answers the last change took out of the count, as told by a redirect."""
    told_number = request.query_params.get("weg", "")
    return int(told_number) if re.fullmatch("[0-9]{1,3}", told_number) else 0


@desk.get("/vragenlijst", Access.RESPONDENT)
def where_i_was(request: Request, who: Visitor) -> Response:
    """The introduction for who is new, the first open screen for who comes back."""
    sitting = interviews.look(who)
    if isinstance(sitting, Closed):
        return closed_page(request, sitting)
    if sitting.is_started:
        return go(resume(sitting))
    context = {
        "introduction": told(sitting.questionnaire.texts.introduction, sitting),
        "minutes": sitting.questionnaire.texts.minutes,
        "is_low_threshold": sitting.questionnaire.is_low_threshold,
        "form_token": who.form_token,
    }
    return show(request, sitting, "introduction.html", context)


@desk.post("/begin", Access.RESPONDENT)
def begin(request: Request, who: Visitor, form: Form) -> Response:
    """Starts, or goes on."""
    if pressed(form) == "help":
        return go(help_address(INTRODUCTION))
    if language := asked_for(form):
        return in_language(request, who, language, INTRODUCTION)
    sitting = interviews.begin(who)
    return (
        closed_page(request, sitting) if isinstance(sitting, Closed) else _show(request, who, sitting, resume(sitting))
    )


@desk.get("/vragenlijst/{code}", Access.RESPONDENT)
def show_question(request: Request, who: Visitor, code: str) -> Response:
    """One screen. A screen that is not (yet) on the route leads to the one that is next."""
    sitting = interviews.look(who)
    if isinstance(sitting, Closed):
        return closed_page(request, sitting)
    screen = find(sitting.screens, code) if sitting.is_started else None
    first_open = frontier(sitting.route, sitting.screens)
    if screen is None or (first_open and sitting.screens.index(screen) > sitting.screens.index(first_open)):
        return go(resume(sitting) if sitting.is_started else INTRODUCTION)
    return _question(
        request, who, sitting, screen.code, back_to=request.query_params.get("terug", ""), n_dropped=n_dropped(request)
    )


@desk.post("/vragenlijst/{code}", Access.RESPONDENT)
def answer(request: Request, who: Visitor, form: Form, code: str) -> Response:
    """Stores the answers of one screen, durably, and shows the next."""
    action = pressed(form)
    language = asked_for(form)
    keeps_open = bool(language) or action in ("stop", "previous", "help")
    stored = interviews.answer(
        who, code, form, may_skip=action == "skip", keeps_open=keeps_open, language=shown_in(form)
    )
    if stored is None:
        return go(INTRODUCTION)
    if isinstance(stored, Closed):
        return closed_page(request, stored)
    if language:
        return _in_language(request, who, stored, code, form)
    if action == "stop":
        return go(STOPPED)
    if action == "help":
        return go(help_address(question_address(code, form.get("terug", [""])[0])))
    return _after(request, who, stored, code, form, action)


def _after(request: Request, who: Visitor, stored: Stored, code: str, form: Form, action: str) -> Response:
    back_to = form.get("terug", [""])[0]
    sitting = stored.sitting
    if stored.problems and find(stored.shown.screens, code):  # in the language in which it was filled in
        return _question(request, who, stored.shown, code, form=form, problems=stored.problems, back_to=back_to)
    here, screen = find(stored.shown.screens, code), find(sitting.screens, code)
    if here and screen and len(here.asked) != len(screen.asked):
        screen = None  # a page in other words that held more questions: on to the first one that is open
    if action == "previous" and screen and (before := previous(sitting.screens, screen)):
        return _show(request, who, sitting, screen_address(before))
    return _show(request, who, sitting, after_answer(sitting, screen, back_to), stored.n_dropped)


def _in_language(request: Request, who: Visitor, stored: Stored, code: str, form: Form) -> Response:
    """The same screen in another language; what was typed and cannot be stored comes along."""
    sitting = interviews.choose_language(who, asked_for(form))
    if isinstance(sitting, Closed):
        return closed_page(request, sitting)
    problems = stored.unreadable
    screen = find(sitting.screens, problems[0].answer if problems else code)
    back_to = form.get("terug", [""])[0]
    if screen and problems and not is_htmx(request):
        response = _question(request, who, sitting, screen.code, form=form, problems=problems, back_to=back_to)
        remember(response, sitting.language)
        return response
    address = screen_address(screen, back_to) if screen else resume(sitting)
    return in_language(request, who, asked_for(form), address)


def _question(
    request: Request,
    who: Visitor,
    sitting: Sitting,
    code: str,
    *,
    form: Form | None = None,
    problems: tuple[Problem, ...] = (),
    back_to: str = "",
    n_dropped: int = 0,
) -> Response:
    screen = find(sitting.screens, code)
    assert screen is not None
    shown = question_page(
        sitting,
        screen,
        form_token=who.form_token,
        translate=catalogue(sitting.language).gettext,
        typed=form,
        problems=problems,
        back_to=back_to,
        n_dropped=n_dropped,
    )
    headers = {} if problems else {"HX-Push-Url": screen_address(screen, back_to)}
    return show(request, sitting, "question.html", {"p": shown}, status=422 if problems else 200, headers=headers)


def _show(request: Request, who: Visitor, sitting: Sitting, address: str, n_dropped: int = 0) -> Response:
    """The page at an address of this sitting: at once for htmx, by redirect without JavaScript."""
    path, _, query = address.partition("?")
    if not is_htmx(request):
        mark = f"{'&' if query else '?'}weg={n_dropped}" if n_dropped else ""
        return go(address + mark)
    if path.startswith("/vragenlijst/"):
        return _question(request, who, sitting, path.removeprefix("/vragenlijst/"), n_dropped=n_dropped)
    return _overview(request, who, sitting, path.removeprefix("/overzicht").strip("/"), n_dropped)


@desk.get("/overzicht", Access.RESPONDENT)
def final_overview(request: Request, who: Visitor) -> Response:
    """All answers, before finishing."""
    return _overview_of(request, who, "", n_dropped(request))


@desk.get("/overzicht/{block}", Access.RESPONDENT)
def block_overview(request: Request, who: Visitor, block: str) -> Response:
    """The answers of one block."""
    return _overview_of(request, who, block, n_dropped(request))


def _overview_of(request: Request, who: Visitor, block: str, n_dropped: int) -> Response:
    sitting = interviews.look(who)
    if isinstance(sitting, Closed):
        return closed_page(request, sitting)
    known = {asked.block.code for asked in sitting.route.asked} | {""}
    if not sitting.is_started or block not in known or (not block and frontier(sitting.route, sitting.screens)):
        return go(resume(sitting) if sitting.is_started else INTRODUCTION)
    return _overview(request, who, sitting, block, n_dropped)


def _overview(request: Request, who: Visitor, sitting: Sitting, block: str, n_dropped: int) -> Response:
    shown = overview_page(sitting, block, after_overview(sitting, block), who.form_token, n_dropped)
    headers = {"HX-Push-Url": overview_address(block)}
    return show(request, sitting, "overview.html", {"p": shown}, headers=headers)


@desk.post("/overzicht/{block}", Access.RESPONDENT)
def leave_overview(request: Request, who: Visitor, form: Form, block: str) -> Response:
    """On from the overview of a block, or the same in another language."""
    if pressed(form) == "help":
        return go(help_address(overview_address(block)))
    sitting = interviews.look(who)
    if isinstance(sitting, Closed):
        return closed_page(request, sitting)
    if language := asked_for(form):
        is_known = any(asked.block.code == block for asked in sitting.route.asked)
        return in_language(request, who, language, overview_address(block if is_known else ""))
    return _show(request, who, sitting, after_overview(sitting, block)) if sitting.is_started else go(INTRODUCTION)


@desk.post("/klaar", Access.RESPONDENT)
def finish(request: Request, who: Visitor, form: Form) -> Response:
    """Ends the interview; posting twice ends it once."""
    if pressed(form) == "help":
        return go(help_address(overview_address("")))
    if language := asked_for(form):
        return in_language(request, who, language, overview_address(""))
    sitting = interviews.finish(who)
    if isinstance(sitting, Closed):
        return go(DONE) if sitting.reason == "finished" else closed_page(request, sitting)
    return go(resume(sitting) if sitting.is_started else INTRODUCTION)


@desk.get("/bedankt", Access.RESPONDENT)
def thanks(request: Request, who: Visitor) -> Response:
    """Thanks and what happens next."""
    sitting = interviews.finished(who)
    if sitting is None:
        return go(INTRODUCTION)
    closing = told(sitting.questionnaire.texts.closing, sitting)
    return show(request, sitting, "thanks.html", {"closing": closing, "form_token": who.form_token})


@desk.post("/bedankt", Access.RESPONDENT)
def thanks_in_language(request: Request, who: Visitor, form: Form) -> Response:
    """The same thanks in another language."""
    if pressed(form) == "help":
        return go(HELP)
    return in_language(request, who, asked_for(form), DONE)


@desk.get(STOPPED, Access.RESPONDENT)
def stopped(request: Request, who: Visitor) -> Response:
    """Stopped for now: says that everything is kept, and how to go on."""
    sitting = interviews.look(who)
    if isinstance(sitting, Closed):
        return closed_page(request, sitting)
    return show(request, sitting, "stopped.html", {"form_token": who.form_token})


@desk.post("/afsluiten", Access.RESPONDENT)
def leave(request: Request, who: Visitor, form: Form) -> Response:
    """Takes the cookies away, for a phone or computer that others use too."""
    if pressed(form) == "help":
        return go(help_address(STOPPED))
    if language := asked_for(form):
        return in_language(request, who, language, STOPPED)
    response = go("/code")
    say_goodbye(response)
    forget(response)
    return response
