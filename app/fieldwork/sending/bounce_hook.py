"""POST /bezorging: a mail provider tells what became of a message. docs/mail.md says how it signs.

The signature is an HMAC-SHA256 with PEILWIJS_BOUNCE_SECRET over the moment, a full stop and the body as it was sent.
"""

import hmac
import json
import re
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app import clock
from app.channels.bounces import STATUS, Bounce
from app.errors import Forbidden, Invalid, NotFound
from app.fieldwork.sending.bounces import book
from app.settings import settings
from app.web.desk import Admitted, Desk

PATH = "/bezorging"
MOMENT, SIGNATURE = "peilwijs-timestamp", "peilwijs-signature"
WINDOW_SECONDS = 300  # an older signature is somebody playing back what they overheard
SHORTEST_SECRET = 32
_KINDS = {"hard": "hard", "bounced": "hard", "failed": "hard", "soft": "soft", "deferred": "soft", "delivered": ""}


def nobody(request: Request) -> Admitted:
    raise Forbidden("Hier komt alleen wie een bericht ondertekent.")


desk = Desk(nobody)


@desk.post_with_proof(PATH)
def told(request: Request, body: bytes) -> Response:
    """Books a bounce; says whether the message is one of ours. The same report again changes nothing."""
    _check(request, body)
    bounce = _bounce(body)
    return JSONResponse({"booked": book(bounce) if bounce is not None else "nothing"})


def _check(request: Request, body: bytes) -> None:
    secret = settings().bounce_secret
    if len(secret) < SHORTEST_SECRET:
        raise NotFound("PEILWIJS_BOUNCE_SECRET is not set, or shorter than 32 characters")
    moment, given = request.headers.get(MOMENT, ""), request.headers.get(SIGNATURE, "")
    if not re.fullmatch(r"[0-9]{1,12}", moment) or abs(clock.now().timestamp() - int(moment)) > WINDOW_SECONDS:
        raise Forbidden("Deze melding is te oud, of zegt niet van wanneer zij is.")
    if not hmac.compare_digest(given.lower().encode(), signature(secret, moment, body).encode()):
        raise Forbidden("Deze melding is niet goed ondertekend.")


def signature(secret: str, moment: str, body: bytes) -> str:
    """How a report is signed; `moment` in Unix seconds."""
    return hmac.digest(secret.encode(), moment.encode() + b"." + body, "sha256").hex()


def _bounce(body: bytes) -> Bounce | None:
    """The report; None for one that nothing follows from."""
    try:
        report: Any = json.loads(body)
        message_id, status = report["message_id"], report["status"]
        reason = report.get("reason") or ""
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Invalid('Deze melding is geen JSON met "message_id" en "status".') from None
    if not all(isinstance(value, str) for value in (message_id, status, reason)):
        raise Invalid('In deze melding is "message_id", "status" of "reason" geen tekst.')
    code = STATUS.fullmatch(status)
    kind = {"5": "hard", "4": "soft", "2": ""}[status[0]] if code else _KINDS.get(status.lower())
    if kind is None:
        raise Invalid('De "status" is een code als 5.1.1, of een van: hard, soft, delivered.')
    if kind not in ("hard", "soft"):
        return None
    named = code or STATUS.search(reason)  # of the reason nothing but its code is kept: its words may name people
    ids = (message_id.strip().strip("<>"),)
    return Bounce("hard" if kind == "hard" else "soft", named[1] if named else "returned", ids)
