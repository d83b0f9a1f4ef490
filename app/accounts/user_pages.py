"""The administrator's page of users."""

from typing import Annotated

import sqlalchemy as sa
from fastapi import APIRouter, Form, Request
from sqlalchemy.engine import Connection
from starlette.responses import RedirectResponse, Response

from app.accounts import account_mails, single_sign_on, users
from app.accounts.admission import signed_in
from app.channels.email import is_set_up
from app.database import reading, writing
from app.errors import N_, Invalid, PeilwijsError
from app.web.access import Access, Role, access
from app.web.pages import page

router = APIRouter(prefix="/kantoor/beheer/gebruikers")
Text = Annotated[str, Form(max_length=300)]
ROLE_NAMES = {
    Role.ADMIN: N_("beheerder"),
    Role.RESEARCHER: N_("onderzoeker"),
    Role.SUPERVISOR: N_("supervisor"),
    Role.AGENT: N_("beller"),
    Role.PROVIDER: N_("dienstverlener"),
}
BLANK = {"email": "", "name": "", "role": Role.RESEARCHER.value, "provider": "", "language": users.STAFF_LANGUAGES[0]}
# Fieldwork's table, by name: accounts lie below the stages.
_provider = sa.table("provider", sa.column("id"), sa.column("name"))


def _show(
    request: Request, problem: str = "", status: int = 200, link: str = "", mailed_to: str = "", typed: object = None
) -> Response:
    with reading() as connection:
        everybody = users.everybody(connection)
        links = users.links_under_way(connection)
        providers = connection.execute(sa.select(_provider).order_by(_provider.c.name)).all()
    context = {
        "users": everybody,
        "links": links,
        "providers": providers,
        "provider_names": {row.id: row.name for row in providers},
        "roles": {role.value: name for role, name in ROLE_NAMES.items()},
        "problem": problem,
        "link": link,
        "mailed_to": mailed_to,
        "can_mail": is_set_up(),
        "typed": typed or BLANK,
    }
    return page(request, "office/users.html", context, status=status)


@router.get("")
@access(Access.ADMIN)
def everybody(request: Request) -> Response:
    """All users, and a form for a new one."""
    return _show(request)


@router.post("")
@access(Access.ADMIN)
def add(
    request: Request, email: Text = "", name: Text = "", role: Text = "", provider: Text = "", language: Text = "nl"
) -> Response:
    """Makes a user, and mails the link with which they set a password; where no e-mail can be sent it is shown."""
    actor, link = signed_in(request).actor, ""
    typed = {"email": email, "name": name, "role": role, "provider": provider, "language": language}
    try:
        if role not in ROLE_NAMES:
            raise Invalid(N_("Kies een rol uit de lijst."))
        with writing() as connection:
            provider_id = int(provider) if provider.isdigit() and role == Role.PROVIDER else None
            made = users.add(connection, actor, email, name, Role(role), provider_id, language)
            if is_set_up():
                account_mails.ask(connection, actor, made, users.INVITATION)
            else:
                link = users.link(connection, actor, made)
    except PeilwijsError as problem:
        return _show(request, str(problem), 422, typed=typed)
    return _show(request, link=link, mailed_to="" if link else users.plain_email(email))


@router.post("/{user_id}/{change}")
@access(Access.ADMIN)
def change(request: Request, user_id: int, change: str) -> Response:
    """Does one thing to one user: mail, link, disable, enable, forget-phone, forget-sso."""
    actor = signed_in(request).actor
    link = mailed_to = ""
    try:
        with writing() as connection:
            if change == "link":
                users.one(connection, user_id)
                link = users.link(connection, actor, user_id)
            elif change == "mail":
                mailed_to = _ask_mail(connection, actor, user_id)
            elif change in CHANGES:
                CHANGES[change](connection, actor, user_id)
            else:
                raise Invalid(N_("Dit kan niet met een account. Kies een van de knoppen."))
    except PeilwijsError as problem:
        return _show(request, str(problem), 422)
    if link or mailed_to:
        return _show(request, link=link, mailed_to=mailed_to)
    return RedirectResponse("/kantoor/beheer/gebruikers", 303)


def _ask_mail(connection: Connection, actor: str, user_id: int) -> str:
    if not is_set_up():
        raise Invalid(N_("Er is geen mailserver ingesteld. Toon de link en geef hem zelf door."))
    user = users.one(connection, user_id)
    account_mails.ask(connection, actor, user_id, users.RESET if user.password_hash else users.INVITATION)
    return str(user.email)


CHANGES = {
    "disable": users.disable,
    "enable": users.enable,
    "forget-phone": users.forget_phone,
    "forget-sso": single_sign_on.forget,
}
