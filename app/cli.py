"""The command `peilwijs`: gathers the commands of every stage. Nothing imports this module.

A stage is loaded when one of its commands is called: `peilwijs check` should not wait for web and database.
"""

import os
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from app.console import refusing, say

# name → stage and attribute of its `commands` module (or the module it names): a function, or a group of commands
STAGES = {
    "check": ("definition", "check"),
    "routes": ("definition", "routes"),
    "codebook": ("definition", "codebook"),
    "wave": ("fieldwork", "wave_commands"),
    "provider": ("fieldwork", "provider_commands"),
    "delivery": ("fieldwork", "delivery_commands"),
    "links": ("fieldwork", "links"),
    "invite": ("fieldwork.sending.commands", "invite"),
    "send-due": ("fieldwork.sending.commands", "send"),
    "letters": ("fieldwork.letters.commands", "letters"),
    "calls": ("callcentre", "calls"),
    "keurmerk": ("results", "keurmerk"),
    "rates": ("results.rates_command", "rates"),
    "responses": ("results", "responses"),
    "history": ("results.worked_examples.commands", "history"),
    "report": ("reports", "report"),
    "user": ("accounts", "user"),
    "audit": ("audit", "audit"),
    "audio": ("speech", "audio"),
    "simulate": ("simulation", "simulate_command"),
    "demo": ("simulation", "demo_command"),
}


class Stages(TyperGroup):
    """The commands of this module, and those of the stages."""

    def list_commands(self, ctx: Any) -> list[str]:
        return [*super().list_commands(ctx), *STAGES]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in STAGES:
            return super().get_command(ctx, cmd_name)
        stage, attribute = STAGES[cmd_name]
        module = stage if "." in stage else f"{stage}.commands"
        found = getattr(import_module(f"app.{module}"), attribute)
        if isinstance(found, typer.Typer):
            group = typer.main.get_group(found)
            group.name = cmd_name  # as the help lists it
            return group
        alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
        alone.command(cmd_name)(found)
        return typer.main.get_command(alone)


app = typer.Typer(
    name="peilwijs", cls=Stages, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
)


@app.callback()
def peilwijs() -> None:
    """Customer-satisfaction research: from a provider's client file to the keurmerk table."""


@app.command("migrate")
def migrate_command() -> None:
    """Bring the database to the newest schema; needed after an upgrade of Peilwijs."""
    from app.schema import migrate

    with refusing():
        migrate()
    say("The database is at the newest schema.")


@app.command()
def worker() -> None:
    """Run the background jobs; stops on SIGTERM when the job under way is done."""
    from app import jobs, readiness
    from app.schema import ensure_migrated

    with refusing():
        readiness.check()
        ensure_migrated()
        say("Peilwijs works in the background.")
        jobs.work()


@app.command()
def serve(
    demo: Annotated[
        bool, typer.Option("--demo", help="Load a demo wave when there is none, and open the office.")
    ] = False,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes; about one per core.")] = 1,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8000,
) -> None:
    """Serve the questionnaires; stops without losing a request on SIGTERM."""
    import uvicorn

    from app import readiness
    from app.schema import ensure_migrated
    from app.settings import settings
    from app.simulation import commands as simulation

    with refusing():
        if demo:
            os.environ["PEILWIJS_IS_DEMO"] = "1"  # for the worker processes too
            os.environ.setdefault("PEILWIJS_PUBLIC_URL", f"http://localhost:{port}")
            settings.cache_clear()
        readiness.check()
        ensure_migrated()
        if demo:
            simulation.load_with_progress()
    say(f"Peilwijs serves at {settings().public_url}" + (f" – start at {settings().public_url}/demo" if demo else ""))
    uvicorn.run(
        "app.main:create",
        factory=True,
        host=host,
        port=port,
        workers=workers if workers > 1 else None,
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=8,
        server_header=False,
        date_header=True,
    )


def main() -> None:
    app()
