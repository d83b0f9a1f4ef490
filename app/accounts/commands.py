"""The command `user`."""

from typing import Annotated

import sqlalchemy as sa
import typer

from app.accounts import account_mails, users
from app.channels.email import is_set_up
from app.console import refusing, result, say
from app.database import reading, writing
from app.errors import NotFound
from app.language import SOURCE_LANGUAGE
from app.schema import ensure_migrated
from app.web.access import Role

user = typer.Typer(no_args_is_help=True, help="People with an account.")
_provider = sa.table("provider", sa.column("id"), sa.column("slug"))


@user.callback()
def user_commands() -> None:
    """People with an account."""


ShowLink = Annotated[bool, typer.Option("--show-link", help="Print the link, also where it could be mailed.")]


@user.command("add")
def add(
    email: Annotated[str, typer.Argument(help="Their e-mail address; they sign in with it.")],
    name: Annotated[str, typer.Option(help="Their name, as colleagues see it.")],
    role: Annotated[Role, typer.Option(help="What they do.")] = Role.ADMIN,
    provider: Annotated[str | None, typer.Option(help="Slug of their provider; role provider only.")] = None,
    language: Annotated[str, typer.Option(help="Of their e-mails and pages: nl or en.")] = SOURCE_LANGUAGE,
    show_link: ShowLink = False,
) -> None:
    """Make a user and mail them a link to set a password (valid for three days); without mail server, print it."""
    with refusing():
        ensure_migrated()
        with writing() as connection:
            provider_id = None
            if provider is not None:
                found = connection.execute(sa.select(_provider.c.id).where(_provider.c.slug == provider)).scalar()
                if found is None:
                    raise NotFound(f"there is no provider «{provider}»; see: peilwijs provider list")
                provider_id = int(found)
            made = users.add(connection, "command", email, name, role, provider_id, language)
        _give_link(made, email, users.INVITATION, show_link)


def _give_link(user_id: int, email: str, purpose: str, show_link: bool) -> None:
    """Mails a new link, or prints it where that is not possible, was not wanted or did not work."""
    if is_set_up() and not show_link:
        outcome = account_mails.mail_link("command", user_id, purpose)
        if outcome.state == "sent":
            say(f"An e-mail with a link to set a password went to {email}.")
            return
        say(f"The e-mail was not taken ({outcome.reason or outcome.state}); pass this link on yourself:")
    with writing() as connection:
        made = users.link(connection, "command", user_id)
    result(made)
    say(f"{email} can set a password at this address during {users.LINK_HOURS} hours, once.")


@user.command("link")
def link(
    email: Annotated[str, typer.Argument(help="The e-mail address of the user.")], show_link: ShowLink = False
) -> None:
    """Mail a new link to somebody who forgot their password; without mail server, print it."""
    with refusing():
        ensure_migrated()
        with reading() as connection:
            found = users.by_email(connection, email)
        if found is None:
            raise NotFound(f"nobody with the address {email} may sign in; see: peilwijs user list")
        _give_link(found.id, found.email, users.RESET if found.password_hash else users.INVITATION, show_link)


@user.command("list")
def everybody() -> None:
    """Print all users with role and state."""
    with refusing():
        ensure_migrated()
        with reading() as connection:
            rows = users.everybody(connection)
    for row in rows:
        state = "disabled" if row.disabled_at else "invited" if not row.password_hash else "active"
        result(f"{row.email}\t{row.role}\t{state}\t{row.name}")
    if not rows:
        say("There are no users yet; make one with: peilwijs user add EMAIL --name NAME")
