"""The command `calls`."""

import json
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated, Any

import typer

from app import clock
from app.callcentre import enrolment
from app.callcentre.called_waves import CalledWave, called_waves
from app.callcentre.outlook import Outlook, outlook
from app.clock import AMSTERDAM, local
from app.console import refusing, result, say
from app.database import reading
from app.errors import Invalid
from app.fieldwork.sending.commands import moment_of
from app.fieldwork.sending.schedule import is_sending_day
from app.fieldwork.waves import find_wave
from app.schema import ensure_migrated

FIRST_HOUR = time(9)


class CallsFormat(StrEnum):
    table = "table"
    json = "json"


def calls(
    wave: Annotated[str, typer.Option(help="Label of the wave.")],
    at: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="The moment, as 2026-11-23T18:00; without it nine on the next working day."),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many cases to list.")] = 20,
    file_format: Annotated[CallsFormat, typer.Option("--format", help="For people or scripts.")] = CallsFormat.table,
) -> None:
    """Show the call queue as it would be at a moment (tomorrow), with the reason of every case. Calls nobody."""
    with refusing():
        ensure_migrated()
        moment = moment_of(at) if at else _tomorrow()
        found = _called(wave)
        enrolment.refresh_wave(found, clock.now())
        with reading() as connection:
            seen = outlook(connection, found, moment, limit)
    result(_as_json(seen) if file_format is CallsFormat.json else _as_text(seen))
    if seen.unspoken:
        listed = ", ".join(f"{language} ({n})" for language, n in sorted(seen.unspoken.items()))
        say(f"No agent speaks: {listed}. Set the languages of agents, or nobody calls these cases.")


def _called(label: str) -> CalledWave:
    now = clock.now()
    with reading() as connection:
        known = find_wave(connection, label)
        for wave in called_waves(connection, now):
            if wave.id == known.id:
                return wave
    raise Invalid(f"wave «{known.label}» is not called now; start it with: peilwijs invite --wave {known.label}")


def _tomorrow() -> datetime:
    day = clock.today() + timedelta(days=1)
    while not is_sending_day(day):
        day += timedelta(days=1)
    hour = time(10) if day.weekday() == 5 else FIRST_HOUR
    return datetime.combine(day, hour, AMSTERDAM).astimezone(UTC)


def _as_json(seen: Outlook) -> str:
    data: dict[str, Any] = {
        "at": seen.at.isoformat(),
        "day_part": seen.day_part,
        "n_now": seen.n_now,
        "by_stage": dict(seen.by_stage),
        "by_day_part": seen.by_part,
        "cases": [
            {"case": str(one.case_id), "provider": one.provider, "language": one.language, "why": one.why.text()}
            for one in seen.first
        ],
    }
    return json.dumps(data, ensure_ascii=False, indent=2)


def _as_text(seen: Outlook) -> str:
    moment = f"{local(seen.at):%A %Y-%m-%d %H:%M}"
    counts = "  ".join(f"{stage} {seen.by_stage[stage]}" for stage in ("appointment", "retry", "fresh"))
    lines = [f"{moment} ({seen.day_part or 'nobody calls at this moment'}): {seen.n_now} cases  {counts}"]
    lines += [f"by the end of the {part}: {n_cases}" for part, n_cases in seen.by_part.items()]
    lines += [f"{place:>4}  {one.case_id}  {one.why.text()}" for place, one in enumerate(seen.first, 1)]
    return "\n".join(lines)
