"""The browser that tests drive: a Chromium of the system."""

import shutil

NAMES = ("chromium", "chromium-headless-shell")
NEEDED = "Chromium is missing for the tests: run `apt-get install chromium` (or chromium-headless-shell) as root"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--in-process-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class BrowserMissing(Exception):
    """No browser on the PATH; the text says what to do."""


def executable() -> str:
    """Where the browser is.

    Raises:
        BrowserMissing: when it is not there.
    """
    for name in NAMES:
        if path := shutil.which(name):
            return path
    raise BrowserMissing(NEEDED)
