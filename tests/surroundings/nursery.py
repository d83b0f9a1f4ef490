"""Servers that need not be loaded again: forked from a process that has imported everything.

Loading takes seconds and is the same for every test; all else (settings, database, signals, port) is the child's own.
"""

import gc
import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

PRELOADED = ["app.main", "app.cli", "app.simulation.commands", "uvicorn", "uvicorn.protocols.http.httptools_impl",
             "uvicorn.loops.uvloop", "tests.surroundings.nursery"]  # fmt: skip
_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(PRELOADED)


class Child:
    """One forked `peilwijs`, with what tests use of `subprocess.Popen`."""

    def __init__(self, arguments: Sequence[str], environment: Mapping[str, str], log_path: Path) -> None:
        self._process = _context.Process(target=_live, args=(list(arguments), dict(environment), str(log_path)))
        self._process.start()
        assert self._process.pid
        self.pid: int = self._process.pid

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def poll(self) -> int | None:
        """The exit status; None while it runs."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Waits for its end.

        Raises:
            subprocess.TimeoutExpired: as Popen does.
        """
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired("peilwijs", timeout or 0)
        return self._process.exitcode

    def terminate(self) -> None:
        """Asks it to end."""
        if self.poll() is None:
            os.kill(self.pid, signal.SIGTERM)


def _live(arguments: list[str], environment: dict[str, str], log_path: str) -> None:
    os.setsid()
    log = os.open(log_path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for stream in (1, 2):
        os.dup2(log, stream)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    sys.stdout, sys.stderr = os.fdopen(1, "w", buffering=1), os.fdopen(2, "w", buffering=1)
    os.environ.clear()
    os.environ.update(environment)
    gc.enable()
    from app import cli
    from app.settings import settings

    settings.cache_clear()
    sys.argv = ["peilwijs", *arguments]
    cli.main()
