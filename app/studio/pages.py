"""Office pages of the studio: the languages, the texts of one, and one text at a time to hear and record."""

from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from app.accounts.admission import signed_in
from app.audit.log import record as record_in_log
from app.database import reading, writing
from app.errors import Unavailable
from app.language import SOURCE_LANGUAGE, catalogue, direction
from app.speech.recording_checks import Refused
from app.studio import changes
from app.studio.choosing import WITHOUT_RECORDING, Chosen, chosen, step
from app.studio.contexts import language_list, list_page, text_page
from app.studio.posting import Posted, Sound
from app.studio.texts import Line, Texts, all_texts, texts_of
from app.web.access import Access, access
from app.web.pages import page

START = "/kantoor/studio"
router = APIRouter(prefix=START)
# every page forbids the microphone, except the one that records
MICROPHONE = {"Permissions-Policy": "camera=(), microphone=(self), geolocation=()"}


@router.get("")
@access(Access.OFFICE)
def languages(request: Request) -> Response:
    """How far every language is."""
    with reading() as connection:
        found = list(all_texts(connection))
    return page(request, "office/studio_languages.html", {"languages": language_list(found)})


@router.get("/{language}")
@access(Access.OFFICE)
def one_language(request: Request, language: str) -> Response:
    """Every text of a language, or those with a status or some words."""
    context = list_page(_texts(language), chosen(request.query_params))
    return page(request, "office/studio_texts.html", {"s": context})


@router.get("/{language}/begin")
@access(Access.OFFICE)
def begin(language: str) -> Response:
    """To the first text that nobody recorded."""
    texts, choice = _texts(language), Chosen(WITHOUT_RECORDING)
    first = next((line for line in texts.lines if choice.has(line)), None)
    return RedirectResponse(_address(texts, first, choice), 303)


@router.get("/{language}/{key}")
@access(Access.OFFICE)
def one_text(request: Request, language: str, key: str) -> Response:
    """One text: hear it, record it, approve it, and on to the next."""
    texts = _texts(language)
    return _shown(request, texts, texts.find(key))


@router.post("/{language}/{key}/opname")
@access(Access.OFFICE)
def record(request: Request, language: str, key: str, form: Posted, sound: Sound) -> Response:
    """Keeps a recording or a file. A script that asks for JSON gets the next address, or what is wrong."""
    texts = _texts(language)
    line = texts.find(key)
    asks_json = "application/json" in request.headers.get("accept", "")
    try:
        changes.keep(language, line.utterance, sound)
    except (Refused, Unavailable) as refused:
        status = 503 if isinstance(refused, Unavailable) else 400
        problem = _told(request, refused)
        if asks_json:
            return JSONResponse({"problem": problem}, status)
        return _shown(request, texts, line, problem, status)
    _log(request, "clip.recorded", texts, line)
    choice = chosen(request.query_params)
    following = step(texts, line, choice).after if form.get("verder") else line
    address = _address(texts, following, choice, told="bewaard" if following is line else "")
    return JSONResponse({"address": address}) if asks_json else RedirectResponse(address, 303)


@router.post("/{language}/{key}/goedkeuren")
@access(Access.OFFICE)
def approve(request: Request, language: str, key: str, form: Posted) -> Response:
    """Says that a clip is good, or takes that back."""
    texts = _texts(language)
    line = texts.find(key)
    is_good = form.get("goed") == "ja"
    changes.approve(language, line.utterance, str(form.get("bestand", "")), is_good)
    _log(request, "clip.approved" if is_good else "clip.unapproved", texts, line)
    return _back(request, texts, line, "goedgekeurd" if is_good else "ingetrokken")


@router.post("/{language}/{key}/weg")
@access(Access.OFFICE)
def discard(request: Request, language: str, key: str, form: Posted) -> Response:
    """Takes a recording away; the page said before what happens then."""
    texts = _texts(language)
    line = texts.find(key)
    changes.discard(language, line.utterance, str(form.get("bestand", "")))
    _log(request, "clip.removed", texts, line)
    return _back(request, texts, line, "weg")


def _log(request: Request, action: str, texts: Texts, line: Line) -> None:
    """Clips are files, so the entry comes after the change: converting sound must not keep the database waiting."""
    with writing() as connection:
        record_in_log(connection, signed_in(request).actor, action, f"clip:{texts.language}/{line.key}")


def _texts(language: str) -> Texts:
    with reading() as connection:
        return texts_of(connection, language)


def _shown(request: Request, texts: Texts, line: Line, problem: str = "", status: int = 200) -> Response:
    context = text_page(texts, line, chosen(request.query_params), request.query_params.get("gedaan", ""))
    shown = {"t": context, "problem": problem, "text_direction": direction(texts.language)}
    return page(request, "office/studio_text.html", shown, status=status, headers=MICROPHONE)


def _back(request: Request, texts: Texts, line: Line, told: str) -> Response:
    return RedirectResponse(_address(texts, line, chosen(request.query_params), told), 303)


def _address(texts: Texts, line: Line | None, choice: Chosen, told: str = "") -> str:
    """Of a text; of the list when there is none."""
    query = choice.query
    if told:
        query += ("&" if query else "?") + urlencode({"gedaan": told})
    return f"{START}/{texts.language}" + (f"/{line.key}" if line else "") + query


def _told(request: Request, refused: Refused | Unavailable) -> str:
    """The sentence in the language of the office page."""
    account = getattr(request.state, "account", None)
    texts = catalogue(account.language if account else SOURCE_LANGUAGE)
    if isinstance(refused, Refused):
        sentence = texts.gettext(refused.message)
        return sentence % refused.values if refused.values else sentence
    return texts.gettext(str(refused))
