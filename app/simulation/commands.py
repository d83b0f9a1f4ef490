"""The commands `simulate` and `demo`."""

import time
from typing import Annotated

import typer

from app.console import progress, refusing, result, say
from app.database import reading
from app.fieldwork.waves import find_wave
from app.schema import ensure_migrated
from app.simulation import demo
from app.simulation.phone import simulate_phone, told
from app.simulation.simulate import plan, printed, simulate


def simulate_command(
    wave: Annotated[str, typer.Option(help="Label of the wave.")],
    seed: Annotated[int, typer.Option(help="The same seed on the same data gives the same answers.")],
    response_share: Annotated[float, typer.Option(min=0, max=1, help="Share of the invited who begin.")] = 0.5,
    provider: Annotated[str | None, typer.Option(help="Only this provider (its slug).")] = None,
    is_phone: Annotated[
        bool, typer.Option("--phone", help="Weeks of telephoning made-up people, in two orders; stores nothing.")
    ] = False,
    weeks: Annotated[int, typer.Option(min=1, max=12, help="With --phone: how many weeks.")] = 3,
    agents: Annotated[int, typer.Option(min=1, max=50, help="With --phone: how many call at once.")] = 2,
) -> None:
    """Let made-up respondents fill in the questionnaires of a wave, through the real engine and storage."""
    with refusing():
        ensure_migrated()
        if is_phone:
            _by_phone(wave, seed, weeks, agents)
            return
        planned = plan(wave, seed, provider)
        started = time.perf_counter()
        with progress() as bar:
            task = bar.add_task("Respondents", total=len(planned.invitees))
            summaries = simulate(planned.invitees, response_share, advance=lambda: bar.advance(task))
    duration_seconds = time.perf_counter() - started
    result(printed(summaries))
    n_started, n_pages = sum(s.n_started for s in summaries), sum(s.n_pages for s in summaries)
    if n_started:
        say(f"{n_started} respondents answered {n_pages} pages in {duration_seconds:.1f} s.")
    else:
        say("Nobody started: everybody had finished, stayed away or found the wave closed.")
    for name, n_cases in planned.n_waiting.items():
        say(f"{n_cases} cases wait for the questionnaire «{name}», which is not there yet.")


def _by_phone(wave: str, seed: int, n_weeks: int, n_agents: int) -> None:
    with reading() as connection:
        rules = find_wave(connection, wave).rules
    ours = simulate_phone(rules, seed, "ours", n_weeks=n_weeks, n_agents=n_agents)
    fifo = simulate_phone(rules, seed, "fifo", n_weeks=n_weeks, n_agents=n_agents)
    result(told(ours, fifo))


def demo_command() -> None:
    """Load the demo: a wave half-way through fieldwork with three providers. An existing demo is left alone."""
    with refusing():
        ensure_migrated()
        label = load_with_progress()
    say(f"The demo is wave {label}; serve it with: peilwijs serve --demo")


def load_with_progress() -> str:
    """Loads what is missing of the demo, with a progress bar; returns the label of its wave."""
    with progress() as bar:
        task = bar.add_task("Demo respondents", total=None)
        return demo.load(bar.console.print, lambda n_done, n_all: bar.update(task, completed=n_done, total=n_all))
