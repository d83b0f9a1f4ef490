"""The routing proof as faults: what can never be asked, and why, at its line in questionnaire.yaml."""

from collections.abc import Iterator

from app.definition.filters import names_in, parse_filter
from app.definition.load import Definition
from app.definition.routing_findings import BAD, Finding, Proof, Target, Way
from app.definition.routing_proof import prove
from app.definition.routing_search import MAX_NODES
from app.definition.yaml_source import Fault

__all__ = ["Finding", "Proof", "Target", "Way", "faults", "faults_in", "prove"]


def faults(definition: Definition) -> list[Fault]:
    """Every block, question or option that no respondent of any service meets, with the line of its filter.

    Filters with unknown names or impossible comparisons are left to the checks of the names themselves.
    """
    return faults_in(definition, prove(definition))


def faults_in(definition: Definition, proof: Proof) -> list[Fault]:
    """The faults in a proof of all wordings and services."""
    found: dict[tuple[int, str], Fault] = {}
    for findings in _by_target(proof):
        if sentence := _sentence(findings, proof):
            fault = definition.fault(findings[0].target.path, sentence)
            found.setdefault((fault.line, sentence), fault)
    return sorted(found.values(), key=lambda fault: fault.line)


def _by_target(proof: Proof) -> Iterator[list[Finding]]:
    """The findings about one target in every wording."""
    for same in zip(*proof.wordings.values(), strict=True):
        yield list(same)


def _sentence(findings: list[Finding], proof: Proof) -> str | None:
    bad = [finding for finding in findings if finding.status in BAD and not finding.is_consequence]
    what = f"{findings[0].target.kind} «{findings[0].target.code}»"
    if findings[0].target.kind == "question" and all(finding.status == "left_out" for finding in findings):
        return f"{what} is left out of every wording, so nobody is asked it; remove it or shorten not_in"
    if not bad:
        return None
    if bad[0].status == "loop":
        return _loop_sentence(bad[0])
    where = _where(bad, findings)
    if bad[0].status == "too_complex":
        return (
            f"whether {what} is ever reached{where} cannot be proven within {MAX_NODES} steps; "
            "it is too complex to prove: split its filter, or ask one question that sums up what it depends on"
        )
    if bad[0].status == "contradictory":
        return f"{what} can never be reached{where}: its filter {_own(bad[0])} is never true, whatever the answers"
    mend = "mend the filter"
    if where and findings[0].target.kind == "question":
        mend += f", or leave the question out with not_in: [{', '.join(finding.wording for finding in bad)}]"
    return (
        f"{what} is never reached{where}: no route makes its filter {_own(bad[0])} true{_cause(bad[0], proof)}; {mend}"
    )


def _loop_sentence(finding: Finding) -> str | None:
    if finding.target.code != finding.loop[0]:
        return None  # said once, at the first of the loop
    if len(finding.loop) == 1:
        return (
            f"the filter of {finding.target.kind} «{finding.target.code}» looks at its own answer, which is a loop; "
            "let it look at an earlier question"
        )
    members = ", ".join(f"«{code}»" for code in finding.loop)
    return f"the filters of {members} look at each other, which is a loop; let them look at earlier questions only"


def _where(bad: list[Finding], findings: list[Finding]) -> str:
    """Names the wordings when it is reached in another one."""
    if all(finding in bad or finding.status == "left_out" for finding in findings) and len(findings) == len(bad):
        return ""
    return f" in the wording {' and '.join(finding.wording for finding in bad)}"


def _own(finding: Finding) -> str:
    return " and ".join(f"«{source}»" for source in finding.target.asked_if)


def _cause(finding: Finding, proof: Proof) -> str:
    """Which question that the filter looks at keeps it from being true, when there is one."""
    order = [f for f in proof.wordings[finding.wording] if f.target.kind == "question"]
    places = {f.target.code: place for place, f in enumerate(order)}
    here = places.get(finding.target.question, len(order))
    names = {name for source in finding.target.asked_if for name in names_in(parse_filter(source))}
    for looked_at in order:
        code = looked_at.target.code
        if code not in names:
            continue
        if looked_at.status == "left_out":
            return f", because «{code}» is left out of this wording"
        if places[code] >= here:
            return f", because «{code}» comes later"
        if looked_at.status in BAD:
            return f", because «{code}» is never asked itself"
    return ""
