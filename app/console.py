"""The command line's voice: results on standard output, everything else on standard error."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)

from app.errors import PeilwijsError

messages = Console(stderr=True, highlight=False, soft_wrap=True)


def say(sentence: str) -> None:
    """A message for the operator; never part of the result."""
    messages.print(sentence, markup=False)


def refuse(sentence: str) -> NoReturn:
    """One plain sentence and exit status 1: refused, nothing changed."""
    say(sentence)
    raise typer.Exit(1)


@contextmanager
def refusing() -> Iterator[None]:
    """Turns our own errors into a sentence and exit status 1."""
    try:
        yield
    except PeilwijsError as error:
        refuse(str(error))


def result(text: str) -> None:
    """The result on standard output, in UTF-8 whatever the terminal says, ending in a line end."""
    sys.stdout.buffer.write(text.encode() if text.endswith("\n") else f"{text}\n".encode())
    sys.stdout.buffer.flush()


def progress() -> Progress:
    """A progress bar for a long job, gone when it is done; silent where nobody watches."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        console=messages,
        transient=True,
        disable=not messages.is_terminal,
    )
