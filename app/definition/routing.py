"""The routing proof as faults: what can never be asked, and why, at its line in questionnaire.yaml."""

from collections.abc import Iterator

from app.definition.filters import names_in, parse_filter
from app.definition.load import Definition
from app.definition.routing_findings import BAD, Finding, Proof, Target, Way
from app.definition.routing_loops import loops
from app.definition.routing_proof import prove
from app.definition.routing_search import MAX_STEPS
from app.definition.yaml_source import Fault

__all__ = ["Finding", "Proof", "Target", "Way", "faults", "loop_faults", "prove", "unreached_faults"]


def faults(definition: Definition) -> list[Fault]:
    """Every loop of filters, and every block, question or option that nobody meets, at the line of its filter.

    Filters with unknown names or impossible comparisons are left to the checks of the names themselves.
    """
    proof = prove(definition)
    return [*loop_faults(definition, proof), *unreached_faults(definition, proof)]


def loop_faults(definition: Definition, proof: Proof) -> list[Fault]:
    """Each loop of filters once, at the first filter that belongs to it."""
    targets = {finding.target.code: finding.target for finding in proof.findings if finding.target.kind != "block"}
    return [
        definition.fault(targets[members[0]].path, _loop_sentence(targets[members[0]], members))
        for members in dict.fromkeys(loops(definition.texts).values())
    ]


def unreached_faults(definition: Definition, proof: Proof) -> list[Fault]:
    """What no respondent of any service meets; `proof` is that of all wordings and services."""
    found: dict[tuple[int, str], Fault] = {}
    for findings in zip(*proof.wordings.values(), strict=True):  # of one target in every wording
        if sentence := _sentence(definition, findings, proof):
            fault = definition.fault(findings[0].target.path, sentence)
            found.setdefault((fault.line, sentence), fault)
    return sorted(found.values(), key=lambda fault: fault.line)


def _loop_sentence(first: Target, members: tuple[str, ...]) -> str:
    if len(members) == 1:
        return (
            f"the filter of {first.kind} «{first.code}» depends on its own answer, which is a loop; "
            "let it look at an earlier question"
        )
    codes = ", ".join(f"«{code}»" for code in members)
    return f"the filters of {codes} depend on each other, which is a loop; let them look at earlier questions only"


def _sentence(definition: Definition, findings: tuple[Finding, ...], proof: Proof) -> str | None:
    target = findings[0].target
    what = f"{target.kind} «{target.code}»"
    if target.kind == "question" and all(finding.status == "left_out" for finding in findings):
        return f"{what} is left out of every wording, so nobody is asked it; remove it or shorten not_in"
    bad = [f for f in findings if f.status in BAD and f.status != "loop" and not f.is_consequence]
    if not bad:
        return None
    wordings = [finding.wording for finding in bad]
    where = "" if len(bad) == len(findings) else f" in the wording {' and '.join(wordings)}"
    own = " and ".join(f"«{source}»" for source in target.asked_if)
    if bad[0].status == "too_complex":
        return (
            f"whether {what} is ever reached{where} cannot be proven in {MAX_STEPS} steps, it is too complex to prove; "
            "split its filter, or ask one question that sums up what it depends on"
        )
    if bad[0].status == "contradictory":
        return f"{what} can never be reached{where}: its filter {own} is never true, whatever is answered; mend it"
    mend = "mend the filter"
    if target.kind == "question" and any(finding.status == "reachable" for finding in findings):
        mend += f", or leave the question out with not_in: [{', '.join(wordings)}]"
    cause = _cause(definition, bad[0], proof)
    return f"{what} is never reached{where}: no route makes its filter {own} true{cause}; {mend}"


def _cause(definition: Definition, finding: Finding, proof: Proof) -> str:
    """Which question that the filter looks at keeps it from being true, when one does so alone."""
    questions = {f.target.code: f for f in proof.wordings[finding.wording] if f.target.kind == "question"}
    order = list(questions)
    for code in _looked_at(definition, finding.target):
        if questions[code].status == "left_out":
            return f", because «{code}» is left out of this wording"
        if finding.target.kind != "block" and order.index(code) >= order.index(finding.target.question):
            return f", because «{code}» comes later"
        if questions[code].status in BAD:
            return f", because «{code}» is never asked itself"
    return ""


def _looked_at(definition: Definition, target: Target) -> Iterator[str]:
    """The questions whose answers a filter looks at."""
    names = {name for source in target.asked_if for name in names_in(parse_filter(source))}
    for block in definition.texts.blocks:
        for question in block.questions:
            if names & set(question.answer_codes()):
                yield question.code
