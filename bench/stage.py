"""The stage of a measurement: a folder with a fresh database, cases to answer for, and servers to measure."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import psutil
import sqlalchemy as sa

from app.database import forget_engine, writing
from app.fieldwork import tokens
from app.fieldwork.rules import shipped_rules
from app.fieldwork.tables import Case, random_id
from app.fieldwork.waves import add_provider, create_wave, find_provider, find_wave, participate
from app.schema import ensure_migrated
from app.settings import ROOT, settings

FOLDER = ROOT / "var" / "bench"
BIN = Path(sys.executable).parent
YEAR = (date(2026, 1, 1), date(2026, 12, 31))
WAVE = "2026"
_case = Case.__table__  # type: ignore[attr-defined]


@contextmanager
def stage(name: str) -> Iterator[Path]:
    """A fresh folder with an empty, migrated SQLite database that this process and its children use."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=FOLDER))
    before = {key: value for key, value in os.environ.items() if key.startswith("PEILWIJS_")}
    for key in before:
        del os.environ[key]
    os.environ["PEILWIJS_VAR_FOLDER"] = str(folder)
    os.environ["PEILWIJS_RUNS_TASKS"] = "0"  # a server under load has a worker beside it
    _forget()
    try:
        ensure_migrated()
        yield folder
    finally:
        del os.environ["PEILWIJS_VAR_FOLDER"], os.environ["PEILWIJS_RUNS_TASKS"]
        os.environ.update(before)
        _forget()
        shutil.rmtree(folder, ignore_errors=True)


def _forget() -> None:
    forget_engine()
    settings.cache_clear()


def make_wave() -> None:
    rules = shipped_rules(YEAR[0]).model_copy(update={"allow_drafted_translations": True})
    with writing() as connection:
        create_wave(connection, WAVE, *YEAR, rules)


def make_participation(name: str) -> int:
    """A provider that takes part in the wave; returns the participation's id."""
    with writing() as connection:
        provider = find_provider(connection, add_provider(connection, name))
        return participate(connection, find_wave(connection, WAVE).id, provider.id)


def make_cases(participation_id: int, n_cases: int, language: str = "nl") -> dict[str, int]:
    """Clients of four services, regular and low-threshold by turns; returns link token → case id.

    In another language than Dutch every page is an easy one.
    """
    rows = [
        {
            "id": random_id(),
            "participation_id": participation_id,
            "kind": "client",
            "service": (1, 3, 8, 9)[number // 2 % 4],
            "wording": ("regular", "low_threshold")[number % 2],
            "language": language,
            "wants_phone": False,
            "is_self_reporter": False,
            "disposition": "open",
        }
        for number in range(n_cases)
    ]
    with writing() as connection:
        connection.execute(sa.insert(_case), rows)
        issued = tokens.issue(connection, [int(str(row["id"])) for row in rows], "link")
    return {token: case_id for case_id, token in issued.items()}


@dataclass
class Server:
    """A running server, its address and its log."""

    process: subprocess.Popen[bytes]
    url: str
    log_path: Path

    def cpu_seconds(self) -> float:
        """CPU time, user and system, of the server and its workers so far."""
        own = psutil.Process(self.process.pid)
        times = [process.cpu_times() for process in (own, *own.children(recursive=True))]
        return float(sum(each.user + each.system for each in times))

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)


@contextmanager
def serving(folder: Path, n_workers: int = 1) -> Iterator[Server]:
    """Peilwijs as `peilwijs serve` runs it."""
    port = _free_port()
    command = [str(BIN / "peilwijs"), "serve", "--port", str(port), "--workers", str(n_workers)]
    with _running(command, port, folder / "serve.log", "/gezond") as server:
        yield server


@contextmanager
def serving_baseline(folder: Path) -> Iterator[Server]:
    """The bare application under the same server with the same options."""
    port = _free_port()
    arguments = ["--port", str(port), "--no-access-log", "--log-level", "warning", "--no-server-header"]
    command = [str(BIN / "python"), "-m", "uvicorn", "--factory", "bench.baseline:create", *arguments]
    os.environ["BASELINE_DATABASE"] = str(folder / "baseline.sqlite3")
    with _running(command, port, folder / "baseline.log", "/") as server:
        yield server


@contextmanager
def _running(command: list[str], port: int, log_path: Path, path: str) -> Iterator[Server]:
    with log_path.open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=ROOT)
    server = Server(process, f"http://127.0.0.1:{port}", log_path)
    try:
        _wait_for(server, path)
        yield server
    finally:
        if process.poll() is None:
            server.stop()


def _wait_for(server: Server, path: str) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and server.process.poll() is None:
        try:
            urllib.request.urlopen(server.url + path, timeout=2)
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit(f"the server did not start:\n{server.log_path.read_text()[-3000:]}")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
