"""Mail that came back: a hard bounce closes the address, a soft one is only counted."""

import logging
from collections import Counter

from app import clock
from app.channels import OutOfReach
from app.channels.bounce_mailbox import Booked, visit
from app.channels.bounces import Bounce
from app.database import writing
from app.fieldwork.sending import outbox
from app.settings import settings

log = logging.getLogger("peilwijs.bounces")


def book(bounce: Bounce) -> Booked:
    """Books one bounce; a second time changes nothing. `unknown`: it is about no message of ours."""
    with writing() as connection:
        for message_id in bounce.message_ids:
            if bounce.kind == "soft":
                if outbox.is_known(connection, message_id):
                    return "soft"
            elif outbox.bounced(connection, message_id, bounce.reason, clock.now()) is not None:
                return "hard"
    return "unknown"


def read_mailbox() -> Counter[str]:
    """Books what is in the mailbox of the settings, if there is one. For the schedule; may be missed or done twice."""
    if not settings().bounce_url:
        return Counter()
    try:
        counts = visit(book)
    except OutOfReach as problem:
        log.warning("bounces: %s", problem)
        return Counter()
    if counts:
        log.warning("bounces: %d hard, %d soft, %d other mail", counts["hard"], counts["soft"], counts["unknown"])
    return counts
