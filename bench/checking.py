"""How long `peilwijs check` takes for all questionnaires."""

import subprocess
import time
from collections.abc import Iterator

from app.settings import settings
from bench.figures import Figure
from bench.stage import BIN

N_TIMES = 3


def run(full: bool) -> Iterator[Figure]:
    """The whole command, start of Python included."""
    command = [str(BIN / "peilwijs"), "check", str(settings().questionnaires_folder)]
    durations_seconds = []
    for _ in range(N_TIMES):
        began = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        durations_seconds.append(time.perf_counter() - began)
    detail = {"durations_seconds": durations_seconds}
    yield Figure("peilwijs check, all questionnaires", min(durations_seconds), "s", "at most", 1, detail)
