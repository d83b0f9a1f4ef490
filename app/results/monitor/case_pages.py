"""Office pages of one case: find it, see what happened to it, and do something for it."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from sqlalchemy.engine import Connection
from starlette.responses import RedirectResponse, Response

from app.accounts.admission import signed_in
from app.audit.log import record
from app.database import reading, writing
from app.encryption import decrypt
from app.errors import Conflict, Invalid
from app.fieldwork.case_history import HistoryLine
from app.fieldwork.sending.due_steps import WORDS, Reason
from app.fieldwork.wave_choice import wave_labels
from app.language import SOURCE_LANGUAGE
from app.questions.question import N_
from app.results.monitor.case import contact_of, facts_of, history
from app.results.monitor.case_actions import NO_LONGER, TITLES, perform, plan_of
from app.results.monitor.case_search import BY, IN_GROUP, MAX_FOUND, Found, search
from app.results.monitor.days import step_key
from app.results.monitor.words import step_words
from app.web.access import Access, access
from app.web.pages import page

START = "/kantoor/case"
router = APIRouter(prefix=START)
MAX_TYPED = 300
DONE = {
    "opnieuw": N_("Het bericht staat in de wachtrij."),
    "onbereikbaar": N_("Dit is genoteerd."),
    "afmelden": N_("Deze persoon krijgt geen berichten meer."),
    "notitie": N_("De notitie is bewaard."),
}
KIND_WORDS = {"client": N_("Cliënt"), "commissioner": N_("Opdrachtgever")}
Typed = Annotated[str, Form(max_length=MAX_TYPED)]


@router.get("")
@access(Access.OFFICE)
def search_page(request: Request, meetperiode: Annotated[str, Query(max_length=40)] = "") -> Response:
    """Where somebody is looked up."""
    return _search_page(request, Found(), wave=meetperiode)


@router.post("")
@access(Access.OFFICE)
def find(request: Request, op: Typed = "klantnummer", zoek: Typed = "", meetperiode: Typed = "") -> Response:
    """Looks somebody up. By POST, so that what was typed stands in no address, history or log of a server."""
    with writing() as connection:
        found = search(connection, signed_in(request).actor, op, zoek, meetperiode)
    if len(found.cases) == 1:
        return RedirectResponse(f"{START}/{found.cases[0].id}", 303)
    return _search_page(request, found, op, zoek, meetperiode)


@router.get("/{case_id}")
@access(Access.OFFICE)
def one_case(request: Request, case_id: int, gedaan: Annotated[str, Query(max_length=20)] = "") -> Response:
    """Where a case stands and what happened to it, without contact data."""
    with reading() as connection:
        return _case_page(request, connection, case_id, told=DONE.get(gedaan, ""))


@router.post("/{case_id}/contact")
@access(Access.OFFICE)
def show_contact(request: Request, case_id: int) -> Response:
    """The same page with contact data and notes, this once; the audit log says who asked."""
    with writing() as connection:
        facts_of(connection, case_id)
        record(connection, signed_in(request).actor, "contact.seen", f"case:{case_id}")
        return _case_page(request, connection, case_id, with_contact=True)


@router.get("/{case_id}/{action}")
@access(Access.OFFICE)
def before(request: Request, case_id: int, action: str) -> Response:
    """What an action will do, or why it cannot be done."""
    return _action_page(request, case_id, action)


@router.post("/{case_id}/{action}")
@access(Access.OFFICE)
def act(request: Request, case_id: int, action: str, keuze: Typed = "",
        notitie: Annotated[str, Form(max_length=5000)] = "") -> Response:  # fmt: skip
    """Does it, in one unit of work. A new code is in the answer itself, and nowhere else."""
    try:
        with writing() as connection:
            form = {"keuze": keuze, "notitie": notitie}
            made = perform(connection, signed_in(request).actor, case_id, action, form)
    except Invalid as refused:
        return _action_page(request, case_id, action, str(refused), typed=notitie, status=422)
    except Conflict:
        return _action_page(request, case_id, action, NO_LONGER, status=409)
    if made is not None:
        return page(request, "office/monitor_code.html", {"case_id": case_id, "made": made})
    return RedirectResponse(f"{START}/{case_id}?gedaan={action}", 303)


def _search_page(request: Request, found: Found, by: str = "klantnummer", typed: str = "", wave: str = "") -> Response:
    context = {
        "by": by if by in BY else "klantnummer",
        "choices": BY,
        "typed": typed,
        "waves": wave_labels(),
        "wave": wave,
        "found": found,
        "states": {row.id: WORDS[Reason(row.disposition)] for row in found.cases if row.disposition in set(Reason)},
        "kinds": KIND_WORDS,
        "in_group": found.problem == IN_GROUP,
        "max_found": MAX_FOUND,
    }
    return page(request, "office/monitor_search.html", context, status=422 if found.problem else 200)


def _case_page(
    request: Request, connection: Connection, case_id: int, *, told: str = "", with_contact: bool = False
) -> Response:
    language = signed_in(request).language
    case = facts_of(connection, case_id)
    contact = contact_of(connection, case_id) if with_contact else None
    lines = history(connection, case)
    context = {
        "case": case,
        "row": case.row,
        "kind": KIND_WORDS[case.row.kind],
        "language_name": _language_name(case.row.language, language),
        "contact": contact,
        "told": told,
        "actions": {
            name: words for name, words in TITLES.items() if not plan_of(connection, case, name, language).refusal
        },
        "lines": [(line, _step(line, language), decrypt(line.note) if with_contact else "") for line in lines],
    }
    return page(request, "office/monitor_case.html", context)


def _action_page(
    request: Request, case_id: int, action: str, problem: str = "", *, typed: str = "", status: int = 200
) -> Response:
    with reading() as connection:
        case = facts_of(connection, case_id)
        plan = plan_of(connection, case, action, signed_in(request).language)
    context: dict[str, Any] = {"case": case, "row": case.row, "plan": plan, "problem": problem, "typed": typed}
    return page(request, "office/monitor_action.html", context | {"kind": KIND_WORDS[case.row.kind]}, status=status)


def _step(line: HistoryLine, language: str) -> str:
    return step_words(step_key(*line.step), language) if line.step else ""


def _language_name(code: str, language: str) -> str:
    from babel import Locale  # slow to load

    return str(Locale.parse(language or SOURCE_LANGUAGE).languages.get(code, code))
