"""Checks of texts: nothing empty, no stray braces, and piping only what is known and said before."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from app.definition.checks_questions import Finding, Placed
from app.definition.facts import PIPED_FACTS
from app.definition.passages import Passage, passages
from app.definition.piping import piped_names, stray_brace
from app.definition.questionnaire import Questionnaire

STRAY = (
    "a brace stands here that pipes nothing; write {name} with the code of a question in small letters, "
    "or leave the brace out"
)


def text_findings(questionnaire: Questionnaire, questions: tuple[Placed, ...]) -> Iterator[Finding]:
    """What is wrong with the texts of one wording."""
    texts = questionnaire.texts
    facts = tuple(name for name in PIPED_FACTS if name != "service" or texts.audience == "clients")
    for page, field in (("introduction", "text"), ("closing", "text"), ("phone", "introduction")):
        if not getattr(getattr(texts, page), field):
            yield (page, field), f"«{page}» holds no text"
    by_code = {item.question.code: item for item in questions}
    for passage in passages(questionnaire):
        for sentence in _sentences(passage, facts, by_code, questionnaire.wording):
            yield passage.path, sentence


def _sentences(passage: Passage, facts: tuple[str, ...], by_code: Mapping[str, Placed], wording: str) -> Iterator[str]:
    """What is wrong with one text."""
    if passage.kind == "label":
        if "{" in passage.text or "}" in passage.text:
            yield f"nothing can be piped in «{passage.path[-1]}»; leave the braces out"
        return
    if not passage.text.strip():
        yield "this text is empty; write it"
    if stray_brace(passage.text):
        yield STRAY
    known = () if passage.kind == "title" else facts
    for name in sorted(piped_names(passage.text) - set(known)):
        if passage.question:
            reason = _piping_sentence(name, by_code[passage.question], by_code, wording)
        else:
            allowed = " and ".join(f"{{{fact}}}" for fact in known) or "nothing"
            reason = f"«{{{name}}}» cannot be piped here; outside questions only {allowed} can"
        if reason:
            yield reason


def _piping_sentence(name: str, item: Placed, by_code: Mapping[str, Placed], wording: str) -> str | None:
    """Why this name cannot be piped here; None when it can."""
    source = by_code.get(name)
    here = f"«{{{name}}}»"
    if source is None:
        rows = {row.code for other in by_code.values() for row in other.question.rows}
        if name in rows:
            return f"{here} is a row of a grid, which cannot be piped"
        if name == "service":
            return f"{here} means nothing here: commissioners have no service"
        return f"{here} is no question or case fact{suggestion(name, [*by_code, *PIPED_FACTS])}"
    if source.place == item.place:
        return f"{here} pipes the answer to this very question; pipe an earlier one"
    if source.place > item.place:
        return f"{here} is asked later; pipe an earlier answer"
    value_type = source.question.value_types().get(name)
    if value_type is None or value_type.kind == "text":
        return f"{here} is a question of type {source.question.type}, whose answer does not fit in a sentence"
    if wording in source.question.not_in:
        return f"{here} is left out of the wording {wording}, so nothing would ever be filled in here"
    return None


def suggestion(name: str, known: list[str]) -> str:
    """`; did you mean «x»?` when something looks like it."""
    close = get_close_matches(name, known, 1, 0.7)
    return f"; did you mean «{close[0]}»?" if close else "; check its spelling"
