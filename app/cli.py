"""The command `peilwijs`: gathers the commands of every stage. Nothing imports this module."""

import typer

app = typer.Typer(name="peilwijs", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


def main() -> None:
    app()
