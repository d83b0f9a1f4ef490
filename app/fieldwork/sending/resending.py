"""Sending a message once more, because somebody asked for it or a researcher decided so."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.clock import now
from app.errors import N_, Conflict
from app.fieldwork.dispositions import OPEN
from app.fieldwork.scheme import Channel, Kind, Step
from app.fieldwork.sending import outbox
from app.fieldwork.sending.due_steps import RESEND, UNDER_WAY, DueStep
from app.fieldwork.sending.planning import has_email
from app.fieldwork.sending.schedule import next_allowed
from app.fieldwork.tables import Case, Contact, Message

NO_ADDRESS = N_("Wij hebben geen e-mailadres dat werkt. Vul eerst een adres in.")
NOT_OPEN = N_("Deze persoon krijgt geen berichten meer: klaar, afgemeld of niet meer in de steekproef.")
_case = Case.__table__  # type: ignore[attr-defined]
_contact = Contact.__table__  # type: ignore[attr-defined]
_message = Message.__table__  # type: ignore[attr-defined]


def send_link(connection: Connection, case_id: int) -> datetime:
    """Queues an e-mail with a fresh link; when it goes. Asking twice sends one, as long as it did not go yet.

    Raises:
        Conflict: when the case gets no messages, or has no address that works.
    """
    reachable = (
        sa.select(_case.c.disposition, has_email().label("has_email"))
        .outerjoin_from(_case, _contact, _contact.c.case_id == _case.c.id)
        .where(_case.c.id == case_id)
        .with_for_update(of=_case)
    )
    case = connection.execute(reachable).first()
    if case is None or case.disposition != OPEN:
        raise Conflict(NOT_OPEN)
    if not case.has_email:
        raise Conflict(NO_ADDRESS)
    waits = sa.select(sa.func.min(_message.c.due_at)).where(_resends(case_id), _message.c.state.in_(UNDER_WAY))
    waiting: datetime | None = connection.scalar(waits)
    return waiting or send_again(connection, case_id, "email", "invitation")[1]


def send_again(connection: Connection, case_id: int, channel: Channel, kind: Kind) -> tuple[str, datetime]:
    """Queues one more message for a case; the name of its step, and when it goes."""
    n_before = connection.scalar(sa.select(sa.func.count()).select_from(_message).where(_resends(case_id))) or 0
    name, at = f"{RESEND}{n_before + 1}", next_allowed(now())
    outbox.queue(connection, [(case_id, DueStep(name, Step(day=0, channel=channel, kind=kind), at))])
    return name, at


def _resends(case_id: int) -> sa.ColumnElement[bool]:
    return sa.and_(_message.c.case_id == case_id, _message.c.step.startswith(RESEND, autoescape=True))
