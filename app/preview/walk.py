"""The steps of a try-out: what a posted page leads to, as collection would, with nothing stored."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qs

from app.collection.contexts import overview_page, question_page, told
from app.collection.help_pages import HelpPage
from app.collection.language_choice import asked_for
from app.collection.phone import script, with_instructions
from app.collection.posted_page import PostedPage, read_page
from app.collection.practice import CODE, practice_page
from app.collection.way import (
    after_answer,
    after_overview,
    help_address,
    overview_address,
    question_address,
    resume,
    way_back,
)
from app.engine.completeness import open_questions
from app.engine.screens import Screen, find, previous
from app.errors import N_
from app.language import LANGUAGES, catalogue
from app.preview.jumps import Aim
from app.preview.trial import Trial
from app.questions.question import first
from app.web.forms import Form, pressed

NOTHING_HERE = N_("Die knop doet niets in een voorbeeld.")


@dataclass(frozen=True)
class Shown:
    """One page of a try-out, with the words to find it again: a question or the name of a page."""

    trial: Trial
    template: str
    context: Mapping[str, Any]
    question: str = ""
    page: str = ""
    screen: Screen | None = None
    status: int = 200
    notices: tuple[str, ...] = ()  # messages
    aim: Aim | None = None  # the question that was jumped to, reached or not


def posted(trial: Trial, path: str, form: Form) -> Shown:
    """What a posted page leads to. `path` is the address that the form of the real page goes to."""
    place, _, rest = path.strip("/").partition("/")
    language, action = asked_for(form), pressed(form)
    if place == "vragenlijst" and rest:
        return _answered(trial, rest, form)
    page = _PAGE_OF_FORM.get(place, f"/{path.strip('/')}")
    if place == "hulp":
        return _from_help(trial, form)
    if language in LANGUAGES:
        return opened(trial.but(language=language), page)
    if action == "help":
        return opened(trial, help_address(page))
    if place == "oefenen":
        return _practice(trial, first(form, CODE))
    if place == "overzicht":
        return opened(trial, after_overview(trial, rest))
    if place == "klaar" and not open_questions(trial.route):
        return opened(trial, "/bedankt")
    return opened(trial, resume(trial) if place in ("begin", "klaar") else page)


def _answered(trial: Trial, code: str, form: Form) -> Shown:
    language, action, back_to = asked_for(form), pressed(form), first(form, "terug")
    keeps_open = bool(language) or action in ("stop", "previous", "help")
    read = read_page(trial, code, form, may_skip=action == "skip", keeps_open=keeps_open)
    if read is None:
        return opened(trial, resume(trial))
    after = read.after
    screen = find(after.screens, code)
    if language in LANGUAGES and screen:
        return show(after.but(language=language), screen.code, back_to=back_to)
    if action in ("stop", "help"):
        return opened(after, "/gestopt" if action == "stop" else help_address(question_address(code, back_to)))
    if action == "previous" and screen and (before := previous(after.screens, screen)):
        return show(after, before.code)
    if read.problems and screen:
        return show(after, screen.code, form=form, read=read, back_to=back_to)
    return opened(after, after_answer(after, screen, back_to), read.n_dropped)


def opened(trial: Trial, address: str, n_dropped: int = 0) -> Shown:
    """The page at an address of the respondent's pages; one that means nothing here leads to where one was."""
    path, _, query = address.partition("?")
    place, _, rest = path.strip("/").partition("/")
    back_to = parse_qs(query).get("terug", [""])[0]
    if place == "vragenlijst" and find(trial.screens, rest):
        return show(trial, rest, back_to=back_to, n_dropped=n_dropped)
    if place == "hulp":
        return _help(trial, way_back(parse_qs(query).get("van", [""])[0]))
    open_page = _PAGES.get(place)
    if open_page is None:
        return replace(opened(trial, resume(trial)), notices=(NOTHING_HERE,))
    return open_page(trial, rest, n_dropped)


def show(
    trial: Trial,
    code: str,
    *,
    form: Form | None = None,
    read: PostedPage[Trial] | None = None,
    back_to: str = "",
    n_dropped: int = 0,
) -> Shown:
    """One screen of questions, whether or not those before it were passed."""
    screen = find(trial.screens, code)
    assert screen is not None
    context = question_page(
        trial,
        screen,
        form_token=trial.form_token,
        translate=catalogue(trial.language).gettext,
        typed=form,
        problems=read.problems if read else (),
        back_to=back_to,
        n_dropped=n_dropped,
    )
    if trial.setup.mode == "phone":
        context = with_instructions(context, trial, screen)
    return Shown(trial, "question.html", {"p": context}, screen.code, "", screen, 422 if read else 200)


def _introduction(trial: Trial, rest: str, n_dropped: int) -> Shown:
    texts = trial.questionnaire.texts
    is_phone = trial.setup.mode == "phone"
    context = {
        "introduction": script(trial) if is_phone else told(texts.introduction, trial),
        "minutes": texts.minutes,
    }
    return Shown(trial, "introduction.html", context, page="vragenlijst")


def _overview(trial: Trial, block: str, n_dropped: int) -> Shown:
    known = {asked.block.code for asked in trial.route.asked}
    block = block if block in known else ""
    if not block and open_questions(trial.route):
        return opened(trial, resume(trial))
    context = overview_page(trial, block, after_overview(trial, block), trial.form_token, n_dropped)
    return Shown(trial, "overview.html", {"p": context}, page=overview_address(block).strip("/"))


def _thanks(trial: Trial, rest: str, n_dropped: int) -> Shown:
    return Shown(trial, "thanks.html", {"closing": told(trial.questionnaire.texts.closing, trial)}, page="bedankt")


def _stopped(trial: Trial, rest: str, n_dropped: int) -> Shown:
    return Shown(trial, "stopped.html", {}, page="gestopt")


def _practice(trial: Trial, given: str | None = None) -> Shown:
    context = practice_page(trial.language, given, trial.form_token)
    status = 422 if context.asks_again else 200
    return Shown(trial, "practice.html", {"p": context}, page="oefenen", status=status)


def _help(trial: Trial, back: str) -> Shown:
    context = HelpPage(back, "", trial.questionnaire.is_low_threshold, trial.form_token)
    return Shown(trial, "help.html", {"p": context}, page="hulp")


def _from_help(trial: Trial, form: Form) -> Shown:
    """In another language; nobody is called because of an example."""
    back, language = way_back(first(form, "van")), asked_for(form)
    if language in LANGUAGES:
        return _help(trial.but(language=language), back)
    return replace(_help(trial, back), notices=(NOTHING_HERE,) if pressed(form) == "bel" else ())


# the page that a form stands on, where that is not the address it goes to
_PAGE_OF_FORM = {"begin": "/vragenlijst", "klaar": "/overzicht", "afsluiten": "/gestopt"}
_PAGES: dict[str, Callable[[Trial, str, int], Shown]] = {
    "vragenlijst": _introduction,
    "oefenen": lambda trial, rest, n_dropped: _practice(trial),
    "afsluiten": _introduction,
    "overzicht": _overview,
    "bedankt": _thanks,
    "gestopt": _stopped,
}
