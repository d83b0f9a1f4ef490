"""The command `peilwijs`: gathers the commands of every stage. Nothing imports this module."""

import typer

from app.console import refusing, say
from app.database import migrate

app = typer.Typer(name="peilwijs", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def peilwijs() -> None:
    """Customer-satisfaction research: from a provider's client file to the keurmerk table."""


@app.command("migrate")
def migrate_command() -> None:
    """Bring the database to the newest schema; needed after an upgrade of Peilwijs."""
    with refusing():
        migrate()
    say("The database is at the newest schema.")


def main() -> None:
    app()
