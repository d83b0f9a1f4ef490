"""Pictures of options: each names a drawing that exists."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from app.definition.checks_questions import Finding, Placed

DRAWINGS = Path(__file__).resolve().parents[1] / "static" / "pictures.svg"


@cache
def pictures() -> tuple[str, ...]:
    """The names of the drawings, in the order in which they stand in the strip."""
    return tuple(re.findall(r'<g id="([a-z_]+)"', DRAWINGS.read_text("utf-8")))


def picture_findings(questions: tuple[Placed, ...]) -> Iterator[Finding]:
    """Options with a picture that nobody drew."""
    for item in questions:
        for o, option in enumerate(item.question.options):
            if option.picture and option.picture not in pictures():
                known = ", ".join(pictures())
                sentence = f"there is no picture «{option.picture}»; choose from {known}, or leave it out"
                yield (*item.path, "options", o, "picture"), sentence
