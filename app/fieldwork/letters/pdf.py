"""Letters as one PDF. The work is done in a process of its own, so that no page waits for it."""

import io
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO, Any

import segno
import typst

from app.errors import Unavailable
from app.fieldwork.letters.text import FONTS, Letter, clean, sender
from app.settings import ROOT, settings

TEMPLATE = Path(__file__).with_name("letter.typ")
PATIENCE_SECONDS = 600
LESS_URGENT = 10  # than answering pages
MASK = 3  # stripes aslant: no lines that a finder could take for its own


def letters_pdf(letters: Sequence[Letter], title: str, day: date, advance: Callable[[int], None]) -> bytes:
    """The PDF, one letter after another; equal input gives equal bytes.

    Args:
        advance: told how many letters more have their QR code; the rest goes fast.

    Raises:
        Unavailable: when the process that makes it is stopped.
    """
    command = [sys.executable, "-m", "app.fieldwork.letters.pdf"]
    process = subprocess.Popen(command, stdin=-1, stdout=-1, stderr=-1, cwd=ROOT)  # noqa: S603 (our own module)
    assert process.stdin and process.stderr and process.stdout
    listening = threading.Thread(target=_listen, args=(process.stderr, advance), daemon=True)
    listening.start()
    watching = threading.Timer(PATIENCE_SECONDS, process.kill)
    watching.start()
    try:
        with process.stdin as pipe:
            pipe.write(json.dumps(document(letters, title, day)).encode())
        pdf: bytes = process.stdout.read()
        status = process.wait()
    except OSError:
        process.kill()
        status = process.wait() or 1
    finally:
        watching.cancel()
        listening.join(5)
    if status:
        raise Unavailable("the letters could not be made; nothing was changed, try again")
    return pdf


def document(letters: Sequence[Letter], title: str, day: date) -> dict[str, Any]:
    """What the template is given; the QR codes are still links."""
    return {
        "title": clean(title),
        "day": [day.year, day.month, day.day],
        "window": settings().letter_window,
        "agency": sender(),
        "letters": [letter.page(day) for letter in letters],
    }


def with_qr_codes(data: dict[str, Any], advance: Callable[[int], None]) -> dict[str, Any]:
    """The same with the QR codes drawn: most of the work."""
    for letter in data["letters"]:
        letter["qr"] = qr_code(letter.pop("link"))
        advance(1)
    return data


def _listen(lines: IO[bytes], advance: Callable[[int], None]) -> None:
    for line in lines:
        if line.strip().isdigit():
            advance(int(line))


def qr_code(link: str) -> str:
    """A QR code as SVG, with the white edge that scanners need.

    The pattern laid over it is always the same: trying all eight takes most of the time, and the links are random
    enough to look no better under another.
    """
    file = io.BytesIO()
    code = segno.make(link, error="m", micro=False, mask=MASK)
    code.save(file, kind="svg", xmldecl=False, omitsize=True, border=4, nl=False)
    return file.getvalue().decode()


def compiled(data: dict[str, Any]) -> bytes:
    """The document; the template's root is the folder of the fonts, so no other file can be read."""
    pdf: bytes = typst.compile(TEMPLATE.read_bytes(), pdf_standards="ua-1", format="pdf", **_surroundings(data))
    return pdf


def pictures(data: dict[str, Any]) -> list[bytes]:
    """Every page as PNG, for eyes and tests."""
    pages: Any = typst.compile(TEMPLATE.read_bytes(), format="png", ppi=110, **_surroundings(data))
    return pages if isinstance(pages, list) else [pages]


def _surroundings(data: dict[str, Any]) -> dict[str, Any]:
    year, month, day = data["day"]
    return {
        "root": str(FONTS),
        "font_paths": [str(FONTS)],
        "ignore_system_fonts": True,
        "sys_inputs": {"data": json.dumps(data)},
        "timestamp": int(datetime(year, month, day, 12, tzinfo=UTC).timestamp()),
    }


def _main() -> None:
    os.nice(LESS_URGENT)
    data = with_qr_codes(json.load(sys.stdin.buffer), lambda n: print(n, file=sys.stderr, flush=True))
    sys.stdout.buffer.write(compiled(data))


if __name__ == "__main__":
    _main()
