"""The command `user`."""

from typing import Annotated

import sqlalchemy as sa
import typer

from app.accounts import users
from app.console import refusing, result, say
from app.database import reading, writing
from app.errors import NotFound
from app.schema import ensure_migrated
from app.web.access import Role

user = typer.Typer(no_args_is_help=True, help="People with an account.")
_provider = sa.table("provider", sa.column("id"), sa.column("slug"))


@user.callback()
def user_commands() -> None:
    """People with an account."""


@user.command("add")
def add(
    email: Annotated[str, typer.Argument(help="Their e-mail address; they sign in with it.")],
    name: Annotated[str, typer.Option(help="Their name, as colleagues see it.")],
    role: Annotated[Role, typer.Option(help="What they do.")] = Role.ADMIN,
    provider: Annotated[str | None, typer.Option(help="Slug of their provider; role provider only.")] = None,
) -> None:
    """Make a user and print the link with which they set a password (valid for three days)."""
    with refusing():
        ensure_migrated()
        with writing() as connection:
            provider_id = None
            if provider is not None:
                found = connection.execute(sa.select(_provider.c.id).where(_provider.c.slug == provider)).scalar()
                if found is None:
                    raise NotFound(f"there is no provider «{provider}»; see: peilwijs provider list")
                provider_id = int(found)
            made = users.add(connection, "command", email, name, role, provider_id)
            link = users.link(connection, "command", made)
    result(link)
    say(f"{email} can set a password at this address during {users.LINK_HOURS} hours, once.")


@user.command("link")
def link(email: Annotated[str, typer.Argument(help="The e-mail address of the user.")]) -> None:
    """Print a new link for somebody who forgot their password."""
    with refusing():
        ensure_migrated()
        with writing() as connection:
            found = users.by_email(connection, email)
            if found is None:
                raise NotFound(f"nobody with the address {email} may sign in; see: peilwijs user list")
            made = users.link(connection, "command", found.id)
    result(made)


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
