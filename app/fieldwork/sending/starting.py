"""Starting the invitation scheme of a wave: that moment is its day 0."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.audit.log import record
from app.clock import local
from app.errors import Conflict, Invalid
from app.fieldwork.sending import outbox
from app.fieldwork.sending.planning import Plan, SendingWave, plan, sending_wave
from app.fieldwork.tables import Wave

_wave = Wave.__table__  # type: ignore[attr-defined]


def startable(connection: Connection, wave_id: int, at: datetime) -> SendingWave:
    """A wave whose scheme may begin at this moment.

    Raises:
        Conflict: when it began already.
        Invalid: when the fieldwork is over by then.
    """
    wave = sending_wave(connection, wave_id)
    if wave.started_at is not None:
        raise Conflict(
            f"the invitations of wave {wave.label} began on {local(wave.started_at):%Y-%m-%d %H:%M} already; "
            "what is due is sent by: peilwijs send-due"
        )
    if wave.is_closed(at):
        raise Invalid(
            f"the fieldwork of wave {wave.label} ends on {wave.fieldwork_ends_on}, before the first invitation; "
            "give it a later last day"
        )
    return wave


def start(connection: Connection, wave_id: int, at: datetime, actor: str) -> Plan:
    """Starts the scheme and puts the messages of day 0 in the outbox.

    Raises:
        Conflict: when it began already.
        Invalid: when the fieldwork is over by then.
    """
    startable(connection, wave_id, at)
    begun = sa.update(_wave).where(_wave.c.id == wave_id, _wave.c.invited_at.is_(None)).values(invited_at=at)
    if connection.execute(begun).rowcount != 1:
        raise Conflict("the invitations of this wave began in this very moment; look at the wave again")
    wave = sending_wave(connection, wave_id)
    made = plan(connection, wave, at)
    outbox.queue(connection, made.due)
    record(connection, actor, "wave.invited", f"wave:{wave_id}", messages=len(made.due))
    return made
