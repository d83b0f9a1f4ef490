"""The interview by telephone: one question at a time, stored as soon as the agent goes on."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app.accounts.admission import signed_in
from app.callcentre.agent_pages import START, away
from app.callcentre.call_screen import CallScreen, call_screen
from app.callcentre.case_in_hand import InHand, Posted, in_hand
from app.collection import interviews
from app.collection.contexts import QuestionPage, question_page, told
from app.collection.interviews import Stored
from app.collection.phone import in_dutch, with_instructions
from app.collection.sittings import Closed, Sitting
from app.definition.questionnaire import Page
from app.engine.completeness import Line, overview
from app.engine.screens import Screen, find, following, frontier, previous
from app.language import LANGUAGES, catalogue, direction
from app.questions.question import Problem, Question
from app.web.access import Access, access
from app.web.forms import Form, pressed
from app.web.pages import page

router = APIRouter(prefix=START + "/{case_id}")
FIRST = "begin"  # in place of a question's code: wherever the interview is


@dataclass(frozen=True)
class AskPage:
    """One question as the agent asks it, in the respondent's language with the Dutch beside it."""

    question: QuestionPage
    language: str
    direction: str
    dutch: tuple[Question, ...]
    languages: dict[str, str]  # code → own name; the ones that may be chosen


@dataclass(frozen=True)
class EndPage:
    """All questions were asked: what the agent says last, and the answers to look over."""

    closing: Page
    lines: tuple[Line, ...]
    language: str
    direction: str
    last: str  # the code of the last question


@router.post("/begin")
@access(Access.CALLS)
def begin(request: Request, case_id: int) -> Response:
    """Starts the interview, or goes on where it stopped."""
    hand = in_hand(signed_in(request).user_id, case_id)
    if hand is None:
        return away("kwijt")
    if hand.attempt_id is None or not hand.is_held:
        return to_card(case_id, "bel_eerst" if hand.is_held else "")
    sitting = interviews.begin(hand.caller)
    return to_card(case_id, sitting.reason) if isinstance(sitting, Closed) else to_question(case_id, resume(sitting))


@router.get("/vraag/{code}")
@access(Access.CALLS)
def show(request: Request, case_id: int, code: str) -> Response:
    """One question; one that is not (yet) on the route leads to the one that is next."""
    account = signed_in(request)
    hand = in_hand(account.user_id, case_id)
    if hand is None:
        return away("kwijt")
    if hand.attempt_id is None or not hand.is_held:
        return to_card(case_id)
    sitting = interviews.look(hand.caller)
    if isinstance(sitting, Closed) or not sitting.is_started:
        return to_card(case_id, sitting.reason if isinstance(sitting, Closed) else "")
    screen, first_open = find(sitting.screens, code), frontier(sitting.route, sitting.screens)
    if screen is None or (first_open and sitting.screens.index(screen) > sitting.screens.index(first_open)):
        return to_question(case_id, resume(sitting))
    n_dropped = request.query_params.get("weg", "")
    return _ask(
        request, call_screen(account, hand), sitting, screen, n_dropped=int(n_dropped[:3]) if n_dropped.isdigit() else 0
    )


@router.post("/vraag/{code}")
@access(Access.CALLS)
def answer(request: Request, case_id: int, code: str, form: Posted) -> Response:
    """Stores the answer and goes on. It is stored also when the case was taken over: the interview is one."""
    account = signed_in(request)
    hand = in_hand(account.user_id, case_id)
    if hand is None:
        return away("kwijt")
    if hand.attempt_id is None:
        return to_card(case_id)
    action = pressed(form)
    stored = interviews.answer(
        hand.caller,
        code,
        form,
        may_skip=action == "skip",
        keeps_open=action in ("stop", "previous"),
        language=form.get("gelezen", [""])[0] or None,
    )
    if stored is None or isinstance(stored, Closed):
        return to_card(case_id, stored.reason if isinstance(stored, Closed) else "")
    if not hand.is_held:
        return to_card(case_id)
    if stored.problems and (screen := find(stored.shown.screens, code)):
        screen_page = call_screen(account, hand)
        return _ask(request, screen_page, stored.shown, screen, form=form, problems=stored.problems)
    return _onwards(hand, stored, code, action)


def _onwards(hand: InHand, stored: Stored, code: str, action: str) -> Response:
    """Where to go after an answer was stored."""
    if action == "stop":
        return RedirectResponse(f"{START}/{hand.case_id}/afronden", 303)
    sitting = stored.sitting
    here = find(sitting.screens, code)
    if action == "previous" and here and (before := previous(sitting.screens, here)):
        return to_question(hand.case_id, before.code)
    after = following(sitting.screens, here) if here else None
    return to_question(hand.case_id, after.code if after else resume(sitting), stored.n_dropped)


@router.get("/slot")
@access(Access.CALLS)
def end(request: Request, case_id: int) -> Response:
    """After the last question."""
    account = signed_in(request)
    hand = in_hand(account.user_id, case_id)
    if hand is None:
        return away("kwijt")
    sitting = interviews.look(hand.caller)
    if isinstance(sitting, Closed) or not hand.is_held or hand.attempt_id is None:
        return to_card(case_id, sitting.reason if isinstance(sitting, Closed) else "")
    if not sitting.is_started or frontier(sitting.route, sitting.screens):
        return to_question(case_id, resume(sitting))
    shown = EndPage(
        closing=told(sitting.questionnaire.texts.closing, sitting),
        lines=overview(sitting.route),
        language=sitting.language,
        direction=direction(sitting.language),
        last=sitting.screens[-1].code if sitting.screens else FIRST,
    )
    return page(request, "office/calls_end.html", {"s": call_screen(account, hand), "e": shown})


@router.post("/klaar")
@access(Access.CALLS)
def finish(request: Request, case_id: int) -> Response:
    """Ends the interview; what is left is to book the outcome."""
    hand = in_hand(signed_in(request).user_id, case_id)
    if hand is None:
        return away("kwijt")
    sitting = interviews.finish(hand.caller)
    if isinstance(sitting, Sitting):
        return to_question(case_id, resume(sitting))
    if sitting.reason == "finished" and hand.attempt_id is not None:
        return RedirectResponse(f"{START}/{case_id}/afronden", 303)
    return to_card(case_id, sitting.reason)


@router.post("/taal")
@access(Access.CALLS)
def language(request: Request, case_id: int, form: Posted) -> Response:
    """Goes on in another language; the answers stay."""
    hand = in_hand(signed_in(request).user_id, case_id)
    if hand is None:
        return away("kwijt")
    sitting = interviews.choose_language(hand.caller, form.get("taal", [""])[0])
    code = form.get("vraag", [""])[0]
    if isinstance(sitting, Closed) or not code:
        return to_card(case_id)
    return to_question(case_id, code if find(sitting.screens, code) else resume(sitting))


def resume(sitting: Sitting) -> str:
    """The first open question; "" when all were asked."""
    first_open = frontier(sitting.route, sitting.screens)
    return first_open.code if first_open else ""


def to_question(case_id: int, code: str, n_dropped: int = 0) -> Response:
    """On to a question, or to the end when there is none left."""
    mark = f"?weg={n_dropped}" if n_dropped else ""
    return RedirectResponse(f"{START}/{case_id}/vraag/{code}{mark}" if code else f"{START}/{case_id}/slot", 303)


def to_card(case_id: int, notice: str = "") -> Response:
    """Back to the page of the case itself."""
    return RedirectResponse(f"{START}/{case_id}" + (f"?melding={notice}" if notice else ""), 303)


def _ask(
    request: Request,
    screen_page: CallScreen,
    sitting: Sitting,
    screen: Screen,
    *,
    form: Form | None = None,
    problems: tuple[Problem, ...] = (),
    n_dropped: int = 0,
) -> Response:
    asked = question_page(
        sitting,
        screen,
        form_token=screen_page.form_token,
        translate=catalogue(screen_page.language).gettext,
        typed=form,
        problems=problems,
        n_dropped=n_dropped,
    )
    shown = AskPage(
        question=with_instructions(asked, sitting, screen),
        language=sitting.language,
        direction=direction(sitting.language),
        dutch=in_dutch(sitting, screen),
        languages={code: LANGUAGES[code] for code in sitting.languages},
    )
    status = 422 if problems else 200
    return page(request, "office/calls_question.html", {"s": screen_page, "a": shown}, status=status)
