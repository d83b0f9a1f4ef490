"""The command `audit`."""

import typer

from app.audit.log import verify
from app.console import refuse, refusing, result
from app.database import reading
from app.schema import ensure_migrated

audit = typer.Typer(no_args_is_help=True, help="The log of who saw or changed what.")


@audit.callback()
def audit_commands() -> None:
    """The log of who saw or changed what."""


@audit.command("verify")
def verify_command() -> None:
    """Prove that nothing in the audit log was changed, removed or added; exit 1 when something was."""
    with refusing():
        ensure_migrated()
        with reading() as connection:
            verdict = verify(connection)
    for fault in verdict.faults:
        result(fault)
    if verdict.faults:
        refuse(f"The audit log is not whole: {len(verdict.faults)} faults. Compare with a back-up from before.")
    result(f"{verdict.n_entries} entries, last seal {verdict.seal}: whole.")
