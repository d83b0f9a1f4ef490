"""What a researcher can do with one case. Each action says first what it will do, and does it in one unit of work.

The writers are those of fieldwork; here stand the conditions, the words, and the entries in the audit log and the
history of the case.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app import clock
from app.audit.log import record
from app.encryption import encrypt
from app.errors import Conflict, Invalid, NotFound
from app.fieldwork import addresses, dispositions, opt_outs, tokens
from app.fieldwork.scheme import Channel
from app.fieldwork.sending.due_steps import UNDER_WAY, WORDS, Reason
from app.fieldwork.sending.resending import send_again
from app.fieldwork.sending.schedule import next_allowed
from app.fieldwork.tables import CaseEvent, Message
from app.questions.question import N_
from app.results.monitor.case import CaseFacts, facts_of
from app.settings import settings
from app.web.pages import moment_text

TITLES = {
    "opnieuw": N_("Stuur een nieuw bericht"),
    "code": N_("Maak een nieuwe code"),
    "onbereikbaar": N_("Markeer als niet te bereiken"),
    "afmelden": N_("Meld af"),
    "notitie": N_("Schrijf een notitie"),
}
MAX_NOTE = 2000
NO_LONGER = N_("Dit kan nu niet meer. Kijk wat er in de tussentijd veranderde.")
EMPTY_NOTE = N_("Vul een notitie in.")
LONG_NOTE = N_("De notitie is te lang: hoogstens 2000 tekens.")
NO_CHOICE = N_("Maak een keuze.")
_event = CaseEvent.__table__  # type: ignore[attr-defined]
_message = Message.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Told:
    """A sentence of the catalogue with its values."""

    message: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """What an action will do, or why it cannot be done now (`refusal`)."""

    action: str
    effects: tuple[Told, ...] = ()
    choices: tuple[tuple[str, str], ...] = ()  # value and words; the first is chosen beforehand
    refusal: str = ""

    @property
    def title(self) -> str:
        return TITLES[self.action]


@dataclass(frozen=True, repr=False)
class Made:
    """A new code and link: shown once, stored nowhere."""

    code: str
    link: str


def plan_of(connection: Connection, case: CaseFacts, action: str, language: str) -> Plan:
    """What an action would do with this case now.

    Raises:
        NotFound: when there is no such action.
    """
    plans = {"opnieuw": _resend, "code": _code, "onbereikbaar": _undeliverable, "afmelden": _opt_out, "notitie": _note}
    if action not in plans:
        raise NotFound("there is nothing like that to do with a case")
    return plans[action](connection, case, language)


def _resend(connection: Connection, case: CaseFacts, language: str) -> Plan:
    row, now = case.row, clock.now()
    refusal = ""
    if row.disposition != dispositions.OPEN:
        refusal = WORDS[Reason(row.disposition)]
    elif row.invited_at is None:
        refusal = N_("De uitnodigingen van deze meetperiode zijn nog niet begonnen.")
    elif case.is_closed(clock.local(now).date()):
        refusal = N_("Invullen kan niet meer: het veldwerk van deze meetperiode is voorbij.")
    elif _waiting(connection, case.id):
        refusal = N_("Er staat al een bericht voor deze persoon in de wachtrij.")
    elif not (row.has_email or case.may_get_letters):
        refusal = N_("Er is geen e-mailadres of postadres dat werkt.")
    choices = [("email", N_("Per e-mail"))] if row.has_email else []
    if case.may_get_letters:
        choices.append(("letter", N_("Per brief, in de volgende partij")))
    when = Told(N_("Het gaat weg vanaf %(moment)s."), {"moment": moment_text(next_allowed(now), language)})
    if row.paused_at is not None:
        when = Told(N_("Het gaat weg als de pauze van deze meetperiode voorbij is."))
    effects = (
        Told(N_("Er komt een bericht in de wachtrij, met een nieuwe link of code.")),
        when,
        Told(N_("Links en codes die deze persoon al heeft, blijven werken.")),
    )
    return Plan("opnieuw", effects, tuple(choices), refusal)


def _code(connection: Connection, case: CaseFacts, language: str) -> Plan:
    may = (dispositions.OPEN, dispositions.UNDELIVERABLE)
    refusal = "" if case.row.disposition in may else WORDS[Reason(case.row.disposition)]
    effects = [
        Told(
            N_("Alle links en codes die deze persoon had, werken niet meer. Ook niet die in brieven die nog weg gaan.")
        ),
        Told(N_("U krijgt een nieuwe code en een nieuwe link te zien, één keer.")),
        Told(N_("Wat deze persoon al invulde, blijft staan.")),
    ]
    return Plan("code", tuple(effects), refusal=refusal)


def _undeliverable(connection: Connection, case: CaseFacts, language: str) -> Plan:
    row = case.row
    refusal = "" if row.disposition == dispositions.OPEN else WORDS[Reason(row.disposition)]
    known = (
        ("email", N_("Het e-mailadres werkt niet"), row.has_email),
        ("letter", N_("Het postadres werkt niet"), row.has_address),
        ("phone", N_("Geen telefoonnummer werkt"), row.has_phone and row.phone_failed_at is None),
    )
    choices = [(value, words) for value, words, is_there in known if is_there]
    choices.append(("alles", N_("Deze persoon is op geen enkele manier te bereiken")))
    effects = (
        Told(N_("Langs deze weg sturen of bellen wij niet meer. Andere wegen blijven in gebruik.")),
        Told(N_("Is er geen weg meer over, dan telt deze persoon niet meer mee in de netto steekproef.")),
        Told(N_("Een volgende aanlevering met een ander adres maakt dit weer ongedaan.")),
    )
    return Plan("onbereikbaar", effects, tuple(choices), refusal)


def _opt_out(connection: Connection, case: CaseFacts, language: str) -> Plan:
    is_out = opt_outs.has_opted_out(connection, case.id)
    effects = (
        Told(N_("Deze persoon krijgt geen berichten en telefoontjes meer, ook niet na een nieuwe aanlevering.")),
        Told(N_("De persoon blijft meetellen in de netto steekproef. Antwoorden die er al zijn, blijven staan.")),
        Told(N_("U kunt dit niet ongedaan maken.")),
    )
    return Plan("afmelden", effects, refusal=WORDS[Reason.OPTED_OUT] if is_out else "")


def _note(connection: Connection, case: CaseFacts, language: str) -> Plan:
    effects = (
        Told(N_("De notitie wordt versleuteld bewaard en komt in de geschiedenis van deze persoon.")),
        Told(N_("Zij gaat weg met de contactgegevens. Schrijf niet meer op dan nodig is.")),
    )
    return Plan("notitie", effects)


def perform(connection: Connection, actor: str, case_id: int, action: str, form: Mapping[str, str]) -> Made | None:
    """Does an action, within the caller's unit of work; a new code is returned, and cannot be read again.

    Raises:
        NotFound: when there is no such case or action.
        Conflict: when it cannot be done any more.
        Invalid: when the form is not complete, in a sentence of the catalogue.
    """
    case = facts_of(connection, case_id, locked=True)
    plan = plan_of(connection, case, action, "nl")
    if plan.refusal:
        raise Conflict(NO_LONGER)
    choice = form.get("keuze", "")
    if plan.choices and choice not in dict(plan.choices):
        raise Invalid(NO_CHOICE)
    if action == "opnieuw":
        _do_resend(connection, actor, case, "letter" if choice == "letter" else "email")
    elif action == "code":
        return _do_code(connection, actor, case)
    elif action == "onbereikbaar":
        _do_undeliverable(connection, actor, case, choice)
    elif action == "afmelden":
        opt_outs.opt_out(connection, case.id)
        _written_down(connection, actor, case.id, "opted_out", "case.opted_out")
    else:
        _do_note(connection, actor, case, form.get("notitie", "").strip())
    return None


def _do_resend(connection: Connection, actor: str, case: CaseFacts, channel: Channel) -> None:
    name, _ = send_again(connection, case.id, channel, "reminder" if case.row.was_invited else "invitation")
    _written_down(connection, actor, case.id, "resent", "case.resent", channel=channel, step=name)


def _do_code(connection: Connection, actor: str, case: CaseFacts) -> Made:
    tokens.revoke(connection, [case.id])
    code = tokens.issue(connection, [case.id], "code")[case.id]
    link = tokens.issue(connection, [case.id], "link")[case.id]
    _written_down(connection, actor, case.id, "code_issued", "case.code_issued")
    return Made(tokens.grouped(code), f"{settings().public_url.rstrip('/')}/v/{link}")


def _do_undeliverable(connection: Connection, actor: str, case: CaseFacts, choice: str) -> None:
    now = clock.now()
    for channel in ("email", "letter", "phone") if choice == "alles" else (choice,):
        addresses.mark_failed(connection, [case.id], channel, now)
    if choice == "alles":  # also who has no contact data
        dispositions.report(connection, [case.id], dispositions.UNDELIVERABLE)
    _written_down(connection, actor, case.id, "undeliverable", "case.undeliverable", channel=choice)


def _do_note(connection: Connection, actor: str, case: CaseFacts, note: str) -> None:
    if not note or len(note) > MAX_NOTE:
        raise Invalid(LONG_NOTE if note else EMPTY_NOTE)
    _written_down(connection, actor, case.id, "note", "case.noted", note=note)


def _written_down(
    connection: Connection, actor: str, case_id: int, kind: str, action: str, *, note: str = "", **details: str
) -> None:
    """A line in the history of the case and an entry in the audit log. The log never holds the note itself."""
    event = {"case_id": case_id, "at": clock.now(), "actor": actor, "kind": kind, "note": encrypt(note)}
    connection.execute(sa.insert(_event).values(event))
    record(connection, actor, action, f"case:{case_id}", **details)


def _waiting(connection: Connection, case_id: int) -> bool:
    waits = sa.select(_message.c.id).where(_message.c.case_id == case_id, _message.c.state.in_(UNDER_WAY))
    return connection.execute(waits).first() is not None
