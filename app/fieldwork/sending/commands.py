"""The commands `invite` and `send-due`."""

from collections import Counter
from datetime import datetime
from typing import Annotated

import typer

from app import clock
from app.clock import AMSTERDAM, local
from app.console import refusing, result, say
from app.database import reading, writing
from app.errors import Invalid
from app.fieldwork import waves
from app.fieldwork.sending import starting
from app.fieldwork.sending.due_steps import Reason
from app.fieldwork.sending.planning import plan
from app.fieldwork.sending.rounds import Report, WaveReport, send_due
from app.fieldwork.sending.schedule import is_allowed, next_allowed
from app.schema import ensure_migrated

SENTENCES = {
    Reason.FINISHED: "has finished",
    Reason.OPTED_OUT: "opted out",
    Reason.REFUSED: "refused",
    Reason.UNDELIVERABLE: "undeliverable on every channel",
    Reason.NOT_SAMPLED: "not in the sample",
    Reason.QUOTA_FILLED: "the telephone quota is filled",
    Reason.QUOTA_FILLED_TRIED: "called before the telephone quota was filled",
    Reason.CANNOT: "cannot take part",
    Reason.SELF_REPORTER: "a self-reporter, answers as client",
    Reason.TELEPHONE: "is called from day 0",
    Reason.NO_ADDRESS: "no e-mail or postal address that works",
    Reason.NO_LETTERS: "only a postal address, and the wave sends no letters",
    Reason.NO_STEP: "no step of the scheme fits",
    Reason.UNDER_WAY: "the message before is still to go",
    Reason.NOT_YET: "the next step comes later",
    Reason.ALL_SENT: "has had every message",
}
At = Annotated[
    str | None, typer.Option(metavar="TIME", help="As if it were then: 2026-11-23T09:00, Dutch time unless it says so.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say who would get what; change nothing.")]


def invite(
    wave: Annotated[str, typer.Option(help="Label of the wave.")], at: At = None, dry_run: DryRun = False
) -> None:
    """Start the invitation scheme of a wave: day 0 is now, or --at. Sending itself is done by the worker."""
    with refusing():
        ensure_migrated()
        moment = moment_of(at)
        with reading() as connection:
            wave_id = waves.find_wave(connection, wave).id
            made = plan(connection, starting.startable(connection, wave_id, moment), moment)
        if not dry_run:
            with writing() as connection:
                made = starting.start(connection, wave_id, moment, "command")
    result("\n".join(_lines(WaveReport(wave, "", made.counts(), made.skipped))))
    first = next_allowed(moment)
    when = "" if first == moment else f"; the first leave on {local(first):%A %Y-%m-%d %H:%M}"
    say(f"{'Would queue' if dry_run else 'Queued'} {len(made.due)} messages{when}.")


def send(at: At = None, dry_run: DryRun = False) -> None:
    """Queue the steps that are due in all waves and send what is in the queue; letters wait for `letters`."""
    with refusing():
        ensure_migrated()
        report = send_due(moment_of(at) if at else None, dry_run=dry_run)
    result("\n".join(line for wave in report.waves for line in _lines(wave)) or "no wave has been started")
    _tell(report, dry_run=dry_run)


def moment_of(text: str | None) -> datetime:
    """A moment as typed; without a time zone it is Dutch time. None = now.

    Raises:
        Invalid: when it is no moment.
    """
    if text is None:
        return clock.now()
    try:
        typed = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid(f"«{text[:40]}» is not a moment; write it like 2026-11-23T09:00") from None
    return typed if typed.tzinfo else typed.replace(tzinfo=AMSTERDAM)


def _lines(wave: WaveReport) -> list[str]:
    """Counts only: who it is about stays in the database."""
    if wave.idle:
        return [f"wave {wave.label}: {wave.idle}, nothing is sent"]
    lines = [f"wave {wave.label}"]
    lines += [
        f"  {n_cases:>7}  {step} ({channel})" for (step, channel), n_cases in sorted(wave.due.items(), key=_order)
    ]
    skipped = Counter({SENTENCES[reason]: n_cases for reason, n_cases in wave.skipped.items()})
    lines += [f"  {n_cases:>7}  skipped: {sentence}" for sentence, n_cases in skipped.most_common()]
    return lines


def _order(line: tuple[tuple[str, str], int]) -> tuple[int, str]:
    day = line[0][0].partition("-")[0]
    return (int(day) if day.isdecimal() else 0, line[0][0])


def _tell(report: Report, *, dry_run: bool) -> None:
    if dry_run:
        say("A dry run: nothing was queued or sent.")
        return
    outcomes = ", ".join(f"{n_messages} {state}" for state, n_messages in sorted(report.outcomes.items()))
    say(f"Queued {report.n_queued} messages; {outcomes or 'sent nothing'}.")
    if report.waits_until is not None and not is_allowed(report.at):
        say(f"Nothing leaves at this hour; the next allowed moment is {local(report.waits_until):%A %Y-%m-%d %H:%M}.")
    for problem in report.problems:
        say(f"Not everything could be sent: {problem}.")
