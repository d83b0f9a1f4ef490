"""A mail server in a process of its own that writes down every message it takes, before it says so.

`python -m tests.drills.mail_sink PORT JOURNAL`; ends when its standard input is closed.
"""

import os
import sys
from email.parser import BytesHeaderParser
from typing import Any

from aiosmtpd.controller import Controller


class Keeping:
    """One line per message taken: its Message-ID."""

    def __init__(self, journal: str) -> None:
        self.journal = os.open(journal, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        message_id = BytesHeaderParser().parsebytes(envelope.content)["Message-ID"]
        os.write(self.journal, f"{message_id.strip()[1:-1]}\n".encode())
        return "250 OK"


if __name__ == "__main__":
    controller = Controller(Keeping(sys.argv[2]), hostname="127.0.0.1", port=int(sys.argv[1]))
    controller.start()
    print("ready", flush=True)
    sys.stdin.read()
    controller.stop()
