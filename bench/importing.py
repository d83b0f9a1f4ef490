"""Checking and storing a delivery of 100,000 rows, as the command does it."""

import os
import subprocess
import time
from collections.abc import Iterator
from random import Random

from app.simulation.people import Caseload, client, write_delivery
from bench.figures import Figure
from bench.stage import BIN, WAVE, YEAR, make_participation, make_wave, stage

N_ROWS = 100_000


def run(full: bool) -> Iterator[Figure]:
    """Time and memory of the process that imports."""
    with stage("importing") as folder:
        make_wave()
        make_participation("Werkpad")
        random = Random(1)
        caseload = Caseload((1, 3, 5, 8, 9), *YEAR)
        path = folder / "clients.csv"
        write_delivery(path, (client(random, number, caseload) for number in range(N_ROWS)))
        began = time.perf_counter()
        command = [str(BIN / "peilwijs"), "delivery", "import", str(path), "--provider", "werkpad", "--wave", WAVE]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        output = process.stdout.read() if process.stdout else ""
        _, status, usage = os.wait4(process.pid, 0)
        duration_seconds = time.perf_counter() - began
    if status or f"{N_ROWS} accepted" not in output:
        raise SystemExit(f"the import went wrong: {output}")
    detail = {"megabytes": round(usage.ru_maxrss / 1024), "cpu_seconds": usage.ru_utime + usage.ru_stime}
    yield Figure(f"check and store a delivery of {N_ROWS:,} rows", duration_seconds, "s", "at most", 30, detail)
    yield Figure("the same: memory at its highest", usage.ru_maxrss / 1024, "MiB", "at most", 512, detail)
