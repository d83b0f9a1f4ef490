"""The commands `simulate` and `demo`."""

import time
from typing import Annotated

import typer

from app.console import progress, refusing, result, say
from app.schema import ensure_migrated
from app.simulation import demo
from app.simulation.simulate import plan, printed, simulate


def simulate_command(
    wave: Annotated[str, typer.Option(help="Label of the wave.")],
    seed: Annotated[int, typer.Option(help="The same seed on the same data gives the same answers.")],
    response_share: Annotated[float, typer.Option(min=0, max=1, help="Share of the invited who begin.")] = 0.5,
    provider: Annotated[str | None, typer.Option(help="Only this provider (its slug).")] = None,
) -> None:
    """Let made-up respondents fill in the questionnaires of a wave, through the real engine and storage."""
    with refusing():
        ensure_migrated()
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
