"""Post that came back: booked by the code on the letter, typed or scanned."""

import re
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app import clock
from app.audit.log import record
from app.errors import N_
from app.fieldwork import addresses, tokens
from app.fieldwork.dispositions import UNDELIVERABLE
from app.fieldwork.letters.batches import LETTER, PRINTED, RETURNED, message_table
from app.fieldwork.tables import Case, CaseEvent, Participation

_LINK = re.compile(r"(?:^|/v/)([\w-]{22})(?:[/?#].*)?$", re.ASCII)
_case = Case.__table__  # type: ignore[attr-defined]
_event = CaseEvent.__table__  # type: ignore[attr-defined]
_participation = Participation.__table__  # type: ignore[attr-defined]
BOOKED = N_("Geboekt. Naar dit adres gaan geen brieven meer.")
BOOKED_LAST = N_("Geboekt. Deze persoon is nu niet meer te bereiken en telt niet mee in de netto steekproef.")
BEFORE = N_("Deze brief was al geboekt. Er is niets veranderd.")
EMPTY = N_("Vul een code in, of scan de QR-code.")
UNKNOWN = N_("Deze code kennen wij niet in deze meetperiode. Controleer de code op de brief.")
NO_LETTER = N_("Van deze code is geen brief geboekt als gedrukt. Boek eerst de partij als gedrukt.")
IN_GROUP = N_("Er zit een fout in groepje %(group)s. Controleer dat groepje op de brief.")
SOMEWHERE = N_("Er zit een fout in de code. Controleer de vier groepjes van vier op de brief.")


@dataclass(frozen=True)
class Answer:
    """What came of one code. `message` is a text of the catalogue, with `%(group)s` where a group is known."""

    is_booked: bool
    message: str
    group: int | None = None


def book(connection: Connection, actor: str, wave_id: int, typed: str) -> Answer:
    """Books the newest printed letter of the case that a code or link belongs to as returned."""
    link = _LINK.search(typed.strip())
    key = link[1] if link else ""
    if not link:
        read = tokens.read_code(typed)
        if read.problem:
            message = EMPTY if read.problem == "empty" else IN_GROUP if read.wrong_group else SOMEWHERE
            return Answer(False, message, read.wrong_group)
        key = read.code
    found = tokens.find(connection, key)
    if found is None or not _is_of_wave(connection, found.case_id, wave_id):
        return Answer(False, UNKNOWN)
    return _book(connection, actor, found.case_id)


def _book(connection: Connection, actor: str, case_id: int) -> Answer:
    letter = connection.execute(
        sa.select(message_table.c.id, message_table.c.state)
        .where(message_table.c.case_id == case_id, message_table.c.channel == LETTER)
        .where(message_table.c.state.in_((PRINTED, RETURNED)))
        .order_by(message_table.c.sent_at.desc(), message_table.c.id.desc())
        .with_for_update()
    ).first()
    if letter is None:
        return Answer(False, NO_LETTER)
    if letter.state == RETURNED:
        return Answer(False, BEFORE)
    now = clock.now()
    connection.execute(sa.update(message_table).where(message_table.c.id == letter.id).values(state=RETURNED))
    addresses.mark_failed(connection, [case_id], LETTER, now)
    connection.execute(sa.insert(_event).values(case_id=case_id, at=now, actor=actor, kind="post_returned"))
    record(connection, actor, "post.returned", f"case:{case_id}", message=letter.id)
    disposition = connection.scalar(sa.select(_case.c.disposition).where(_case.c.id == case_id))
    return Answer(True, BOOKED_LAST if disposition == UNDELIVERABLE else BOOKED)


def _is_of_wave(connection: Connection, case_id: int, wave_id: int) -> bool:
    of_case = (
        sa.select(_case.c.id)
        .join(_participation, _participation.c.id == _case.c.participation_id)
        .where(_case.c.id == case_id, _participation.c.wave_id == wave_id)
    )
    return connection.execute(of_case).first() is not None
