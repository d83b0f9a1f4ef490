"""The routing proof to read (text) and to test with (JSON)."""

import json
from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import Any

from app.definition.load import Definition
from app.definition.routing_findings import BAD, Finding, Proof, Way, in_ranges
from app.definition.yaml_source import Fault

FILTER_CHARACTERS = 46
ANSWER_CHARACTERS = 60
HEADINGS = ("question", "asked if", "services", "smallest answer set")
STATUSES = {
    "left_out": "– not in this wording",
    "not_for_service": "– not for this service",
    "unreachable": "NEVER: no route makes the filter true",
    "contradictory": "NEVER: the filter is never true",
    "loop": "LOOP",
    "too_complex": "TOO COMPLEX to prove",
    "unproven": "NOT PROVEN: a filter on the way is faulty",
}


def as_json(definition: Definition, proof: Proof, faults: Sequence[Fault]) -> str:
    """Every finding with its smallest answer set for each service: test cases as they stand."""
    document = {
        "questionnaire": proof.questionnaire,
        "version": definition.content_hash,
        "service": proof.service,
        "wordings": {
            wording: [_finding(finding) for finding in findings] for wording, findings in proof.wordings.items()
        },
        "faults": [{"file": fault.file, "line": fault.line, "sentence": fault.sentence} for fault in faults],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _finding(finding: Finding) -> dict[str, Any]:
    target = finding.target
    return {
        "kind": target.kind,
        "code": target.code,
        "block": target.block,
        "question": target.question or None,
        "option": target.option or None,
        "asked_if": list(target.asked_if),
        "status": finding.status,
        "services": list(finding.services),
        "loop": list(finding.loop),
        "smallest": _way(finding.smallest) if finding.smallest else None,
        "by_service": [_way(way) for way in finding.ways],
    }


def _way(way: Way) -> dict[str, Any]:
    facts = way.facts
    return {
        "facts": {
            "service": facts.service,
            "learning_profile": facts.learning_profile,
            "wording": facts.wording,
            "mode": facts.mode,
        },
        "answers": dict(way.answers),
    }


def as_text(definition: Definition, proof: Proof) -> str:
    """A table per wording: who is asked what, and the smallest answer set that leads there."""
    lines: list[str] = []
    for wording, findings in proof.wordings.items():
        lines += [*_summary(definition, proof, wording), ""]
        rows = [HEADINGS, *(row for finding in findings for row in _rows(finding, definition))]
        widths = [max(len(line) for row in rows for line in row[column].split("\n")) for column in range(3)]
        for row in rows:
            lines += _printed(row, widths)
            if row is HEADINGS:
                lines.append("  ".join("─" * width for width in (*widths, len(HEADINGS[3]))))
        lines.append("")
    return "\n".join(line.rstrip() for line in lines)


def _summary(definition: Definition, proof: Proof, wording: str) -> Iterator[str]:
    questions = [finding for finding in proof.wordings[wording] if finding.target.kind == "question"]
    n_reached = sum(finding.status == "reachable" for finding in questions)
    n_asked = sum(finding.status not in ("left_out", "not_for_service") for finding in questions)
    services = definition.texts.services if proof.service is None else (proof.service,)
    whom = f"service{'' if len(services) == 1 else 's'} {in_ranges(services)}" if services else "commissioners"
    yield f"{proof.questionnaire}, {wording} wording, {whom}: {n_reached} of {n_asked} questions are reached."


def _rows(finding: Finding, definition: Definition) -> Iterator[tuple[str, ...]]:
    """The lines of a target; options only when they have a filter of their own or a fault."""
    target = finding.target
    own = target.asked_if
    if target.kind == "block":
        yield ("", "", "", "")
        yield (f"[{target.block}]", _wrapped(own[0]) if own else "", "", "")
        return
    if target.kind == "question":
        is_blocks = any(block.code == target.block and block.asked_if for block in definition.texts.blocks)
        own = own[1:] if is_blocks else own
        yield (f"  {target.question}", _wrapped(" and ".join(own)), _services(finding, definition), _answers(finding))
    elif own:
        yield (f"    · {target.option}", _wrapped(own[0]), _services(finding, definition), _answers(finding))


def _wrapped(source: str) -> str:
    return "\n".join(wrap(source, FILTER_CHARACTERS))


def _services(finding: Finding, definition: Definition) -> str:
    if finding.services == (None,) or not finding.ways:
        return ""
    return "all" if finding.services == definition.texts.services else in_ranges(finding.services)


def _answers(finding: Finding) -> str:
    if finding.status in STATUSES and (finding.status in BAD or finding.smallest is None):
        members = f" of {', '.join(finding.loop)}" if finding.loop else ""
        return STATUSES[finding.status] + members
    way = finding.smallest
    if way is None:
        return ""
    given = [f"{code} = {value}" for code, value in way.answers.items()]
    if way.facts.mode != "web":
        given.append(f"({way.facts.mode})")
    if (way.facts.learning_profile or 1) > 1:
        given.append(f"(learning profile {way.facts.learning_profile})")
    return "\n".join(wrap(", ".join(given), ANSWER_CHARACTERS)) or "–"


def _printed(row: tuple[str, ...], widths: Sequence[int]) -> Iterator[str]:
    """One row of the table, as high as its highest cell."""
    cells = [cell.split("\n") for cell in row]
    for number in range(max(map(len, cells))):
        line = [cell[number] if number < len(cell) else "" for cell in cells]
        yield "  ".join([*(text.ljust(width) for text, width in zip(line, widths, strict=False)), line[3]])
