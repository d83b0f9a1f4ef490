"""Office pages of messages: read as people get them, and put in the wave's own words."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import RedirectResponse, Response

from app.accounts.admission import signed_in
from app.channels.mail_form import html, plain_text
from app.channels.mail_shown import FRAMES, in_frame
from app.database import reading, writing
from app.errors import N_, NotFound
from app.fieldwork.rules import WaveRules
from app.fieldwork.sending import invitations, own_words
from app.fieldwork.sending.invitations import KINDS, Sort
from app.fieldwork.sending.own_words import Typed
from app.fieldwork.sending.planning import SendingWave, wave_to_send
from app.language import LANGUAGES, SOURCE_LANGUAGE
from app.web.access import Access, access
from app.web.pages import page

START = "/kantoor/uitnodigen"
router = APIRouter(prefix=START)
WORDINGS = {"regular": N_("regulier"), "low_threshold": N_("laagdrempelig")}
NAME = Annotated[str, Form(max_length=60)]


@router.get("/{wave}/bericht")
@access(Access.OFFICE)
def message(
    request: Request,
    wave: str,
    vragenlijst: Annotated[str, Query(max_length=60)] = "",
    woorden: Annotated[str, Query(max_length=20)] = "regular",
    taal: Annotated[str, Query(max_length=8)] = SOURCE_LANGUAGE,
    soort: Annotated[str, Query(max_length=20)] = "invitation",
) -> Response:
    """A message as people get it."""
    known = _sending(wave)
    chosen = vragenlijst or invitations.sorts(known)["questionnaire"][0]
    return _page(request, known, Sort(chosen, woorden, taal, soort))


@router.post("/{wave}/bericht")
@access(Access.OFFICE)
def write(
    request: Request,
    wave: str,
    vragenlijst: NAME,
    woorden: NAME,
    soort: NAME,
    actie: NAME,
    onderwerp: Annotated[str, Form(max_length=2000)] = "",
    tekst: Annotated[str, Form(max_length=20_000)] = "",
    knop: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Shows the new words first; keeps them when somebody has seen them, or goes back to those of the questionnaire."""
    known, sort = _sending(wave), Sort(vragenlijst, woorden, SOURCE_LANGUAGE, soort)
    choices = invitations.sorts(known)
    if vragenlijst not in choices["questionnaire"] or soort not in KINDS or woorden not in choices["wording"]:
        raise NotFound("there is no such message")
    typed = Typed(onderwerp, tekst, knop)
    if actie != "herstel":
        problem = own_words.problem_of(typed)
        if problem or actie != "bewaar":
            return _page(request, known, sort, typed, problem)
    with writing() as connection:
        kept = None if actie == "herstel" else typed.message
        own_words.keep(connection, signed_in(request).actor, wave, sort, kept)
    query = f"vragenlijst={quote(vragenlijst)}&woorden={quote(woorden)}&soort={quote(soort)}"
    return RedirectResponse(f"{START}/{quote(wave)}/bericht?{query}", 303)


@router.get("/{wave}/bericht/{questionnaire}/{wording}/{language}/{kind}")
@access(Access.OFFICE)
def message_as_html(wave: str, questionnaire: str, wording: str, language: str, kind: str) -> Response:
    """The frame with the message in its own form."""
    return in_frame(html(invitations.example(_sending(wave), Sort(questionnaire, wording, language, kind))))


def _sending(label: str) -> SendingWave:
    with reading() as connection:
        return wave_to_send(connection, label)


def _page(request: Request, wave: SendingWave, sort: Sort, typed: Typed | None = None, problem: str = "") -> Response:
    """A message with the form of its words; `typed`: words that were not kept yet."""
    shown = invitations.example(_trying(wave, sort, typed) if typed and not problem else wave, sort)
    context = {
        "wave": wave.label,
        "is_running": wave.started_at is not None,
        "choices": invitations.sorts(wave),
        "languages": LANGUAGES,
        "kinds": KINDS,
        "wordings": WORDINGS,
        "sort": sort,
        "mail": shown,
        "plain": plain_text(shown),
        "typed": typed or own_words.typed_of(own_words.words_of(wave.rules, sort)),
        "is_tried": typed is not None and not problem,
        "is_own": wave.rules.own_message(sort.questionnaire, sort.kind, sort.wording) is not None,
        "problem": problem,
    }
    return page(request, "office/message.html", context, status=422 if problem else 200, headers=FRAMES)


def _trying(wave: SendingWave, sort: Sort, typed: Typed) -> SendingWave:
    """The wave as it would be with these words."""
    texts = {sort.questionnaire: {sort.kind: {sort.wording: typed.message}}}
    rules = WaveRules.model_validate(wave.rules.model_copy(update={"message_texts": texts}).model_dump())
    return SendingWave(wave.id, wave.label, wave.started_at, wave.paused_at, wave.fieldwork_ends_on, rules)
