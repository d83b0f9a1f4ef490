"""What the routing proof says, in short: of one target, and of a whole definition."""

from app.definition.load import Definition
from app.definition.routing import faults, prove

OPENED = {"code": "b", "text": "B"}


def status(definition: Definition, code: str, wording: str = "regular") -> str:
    kind = "option" if "." in code else "question"
    return prove(definition).finding(kind, code, wording).status  # type: ignore[arg-type]


def answers(definition: Definition, code: str, service: int | None = None) -> dict[str, str] | None:
    kind = "option" if "." in code else "question"
    finding = prove(definition, service=service).finding(kind, code)  # type: ignore[arg-type]
    return dict(finding.smallest.answers) if finding.smallest else None


def sentences(definition: Definition) -> list[str]:
    return [fault.sentence for fault in faults(definition)]
