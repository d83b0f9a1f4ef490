"""The command `peilwijs`: gathers the commands of every stage. Nothing imports this module."""

import os
from typing import Annotated

import typer
import uvicorn

from app.console import refusing, say
from app.database import ensure_migrated, migrate
from app.definition import commands as definition
from app.fieldwork import commands as fieldwork
from app.results import commands as results
from app.settings import settings
from app.simulation import commands as simulation

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


@app.command()
def worker() -> None:
    """Run the background jobs; stops on SIGTERM when the job under way is done."""
    from app import jobs

    with refusing():
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
    with refusing():
        if demo:
            os.environ["PEILWIJS_IS_DEMO"] = "1"  # for the worker processes too
            os.environ.setdefault("PEILWIJS_PUBLIC_URL", f"http://localhost:{port}")
            settings.cache_clear()
        assert settings().secret  # a public server without a secret stops here, with the reason
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


app.command("check")(definition.check)
app.command("routes")(definition.routes)
app.command("codebook")(definition.codebook)
app.add_typer(fieldwork.wave_commands)
app.add_typer(fieldwork.provider_commands)
app.add_typer(fieldwork.delivery_commands)
app.command("links")(fieldwork.links)
app.command("keurmerk")(results.keurmerk)
app.add_typer(results.responses)
app.command("simulate")(simulation.simulate_command)
app.command("demo")(simulation.demo_command)


def main() -> None:
    app()
