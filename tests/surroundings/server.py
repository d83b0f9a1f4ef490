"""A real `peilwijs serve` on a free port, with its own folder and its log kept."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from tests.surroundings.nursery import Child

PEILWIJS = Path(sys.executable).with_name("peilwijs")


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


class Served:
    """One served Peilwijs: `url`, `var_folder`, `log`; can be killed and started again on the same data."""

    def __init__(self, var_folder: Path, *arguments: str, **environment: str) -> None:
        self.var_folder = var_folder
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.log_path = var_folder / "serve.log"
        self._command = [str(PEILWIJS), "serve", "--port", str(self.port), *arguments]
        self.environment = os.environ | {
            "PEILWIJS_VAR_FOLDER": str(var_folder),
            "PEILWIJS_DATABASE_URL": "",
            "PEILWIJS_PUBLIC_URL": self.url,
            **environment,
        }
        self.process: subprocess.Popen[bytes] | Child | None = None

    @property
    def log(self) -> str:
        """All that the server has said so far."""
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    @property
    def faults(self) -> list[str]:
        """Lines of the log that tell of an exception nobody handled."""
        return [line for line in self.log.splitlines() if "Traceback" in line or '"event": "error"' in line]

    def start(self, patience_seconds: float = 60) -> None:
        """Starts it and waits until it answers."""
        if "--workers" in self._command:  # these start processes of their own, from nothing
            with self.log_path.open("ab") as log:
                self.process = subprocess.Popen(
                    self._command, env=self.environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                    start_new_session=True,
                )  # fmt: skip
        else:
            self.process = Child(self._command[1:], self.environment, self.log_path)
        wait_until_healthy(self.url, self.process, patience_seconds, self.log_path)

    def stop(self, patience_seconds: float = 15) -> int:
        """Asks it to end (SIGTERM); returns its exit status."""
        assert self.process
        if self.process.poll() is None:
            self.process.terminate()
        try:
            return self.process.wait(patience_seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"the server did not stop within {patience_seconds} s\n{self.log[-2000:]}") from None

    def kill(self) -> None:
        """Kills it and its workers (SIGKILL): no chance to tidy up."""
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def wait_until_healthy(
    url: str, process: subprocess.Popen[bytes] | Child, patience_seconds: float, log_path: Path
) -> None:
    """Returns once /gezond answers 200; fails with the log when the process ends or patience does."""
    deadline = time.monotonic() + patience_seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise AssertionError(f"the server ended with {process.returncode}\n{log_path.read_text()[-4000:]}")
        try:
            with urllib.request.urlopen(f"{url}/gezond", timeout=2) as response:
                if response.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise AssertionError(f"the server did not answer within {patience_seconds} s\n{log_path.read_text()[-4000:]}")
