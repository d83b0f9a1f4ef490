"""E-mails with which people get in: an invitation, and a link for who forgot their password.

They are sent in the background. Whoever asks for a link is answered before anybody looks whether the address is known
to the mail server, and the key in the link exists in the e-mail only.
"""

import secrets
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.engine import Connection, Row

from app import tasks
from app.accounts import users
from app.channels import Envelope, Outcome
from app.channels.email import deliver
from app.database import reading, writing
from app.errors import N_
from app.language import catalogue
from app.settings import settings

KIND = "accounts.mail"
NOBODY = 0
PAUSES_SECONDS = (5.0, 20.0)  # after a temporary error; who waits for a link does not wait longer
_SUBJECT = {
    users.INVITATION: N_("Uw account bij %(agency)s"),
    users.RESET: N_("Een nieuw wachtwoord voor %(agency)s"),
}
_WHY = {
    users.INVITATION: N_("Er is een account voor u gemaakt bij %(agency)s. U logt in met het adres %(email)s."),
    users.RESET: N_("Iemand heeft een nieuw wachtwoord gevraagd voor het account met het adres %(email)s."),
}
_HOW = {
    users.INVITATION: N_("Kies eerst een wachtwoord. Dat kan drie dagen lang, met deze link: %(link)s"),
    users.RESET: N_("Kies een nieuw wachtwoord. Dat kan een uur lang, met deze link: %(link)s"),
}
_ELSE = {
    users.INVITATION: N_(
        "Verwacht u deze e-mail niet? Dan hoeft u niets te doen. Zonder wachtwoord werkt het account niet."
    ),
    users.RESET: N_("Hebt u dit niet gevraagd? Dan hoeft u niets te doen. Uw wachtwoord blijft zoals het is."),
}


def ask(connection: Connection, actor: str, user_id: int, purpose: str) -> None:
    """Has a link mailed to a user, soon. For `NOBODY` just as much is done here, so that nobody can tell."""
    tasks.start(connection, KIND, actor, user_id=user_id, purpose=purpose, actor=actor)


@tasks.background(KIND)
def mail(parameters: Mapping[str, Any], advance: tasks.Advance) -> dict[str, Any]:
    """The task: makes the link and sends it. Done twice, the later link is the one that works."""
    if parameters["user_id"] == NOBODY:
        return {"state": "nobody"}
    outcome = Outcome("temporary")
    for pause_seconds in (*PAUSES_SECONDS, None):
        outcome = mail_link(parameters["actor"], parameters["user_id"], parameters["purpose"])
        if outcome.state != "temporary" or pause_seconds is None:
            break
        time.sleep(pause_seconds)
        advance(0, 1)
    return {"state": outcome.state}


def mail_link(actor: str, user_id: int, purpose: str) -> Outcome:
    """Makes a link and mails it now; of a link that did not leave, the administrator sees why."""
    with writing() as connection:
        user = users.one(connection, user_id)
        link = users.link(connection, actor, user_id, purpose)
    outcome = deliver(envelope(user, link, purpose))
    problem = "" if outcome.state == "sent" else outcome.reason or outcome.state
    with writing() as connection:
        users.link_mailed(connection, actor, user_id, problem)
    return outcome


def envelope(user: Row[Any], link: str, purpose: str) -> Envelope:
    """The e-mail in the language of its reader."""
    translate = catalogue(user.language).gettext
    known = {"agency": settings().agency_name, "name": user.name, "email": user.email, "link": link}
    texts = (N_("Dag %(name)s,"), _WHY[purpose], _HOW[purpose], _ELSE[purpose])
    return Envelope(
        message_id=f"{secrets.token_hex(16)}@{urlsplit(settings().public_url).hostname}",
        to=user.email,
        language=user.language,
        subject=translate(_SUBJECT[purpose]) % known,
        paragraphs=tuple(translate(text) % known for text in texts),
        button=translate(N_("Kies een wachtwoord")),
        link=link,
        unsubscribe_link="",
    )


def forgotten(email: str) -> None:
    """Somebody forgot their password; when the address is of a user, a link goes there. Nothing tells which it was.

    Who never had a password gets their invitation again.
    """
    with reading() as connection:
        user = users.by_email(connection, email)
    purpose = users.INVITATION if user is not None and user.password_hash is None else users.RESET
    with writing() as connection:
        ask(connection, "sign-in page", user.id if user is not None else NOBODY, purpose)
