"""Checks of texts: nothing empty, no stray braces, and piping only what is known and said before."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from app.definition.checks_questions import Finding, Placed
from app.definition.facts import PIPED_FACTS
from app.definition.piping import piped_names, stray_brace
from app.definition.questionnaire import Questionnaire
from app.definition.yaml_source import Path

STRAY = (
    "a brace stands here that pipes nothing; write {name} with the code of a question in small letters, "
    "or leave the brace out"
)


def text_findings(questionnaire: Questionnaire, questions: tuple[Placed, ...]) -> Iterator[Finding]:
    """What is wrong with the texts of one wording."""
    texts = questionnaire.texts
    facts = tuple(name for name in PIPED_FACTS if name != "service" or texts.audience == "clients")
    shown = tuple(item for item in questions if questionnaire.wording not in item.question.not_in)
    for page in ("introduction", "closing", "phone"):
        paragraphs = texts.phone.introduction if page == "phone" else getattr(texts, page).text
        field = "introduction" if page == "phone" else "text"
        if not paragraphs:
            yield (page, field), f"«{page}» holds no text"
        for p, paragraph in enumerate(paragraphs):
            yield from _page_findings((page, field, p), paragraph, facts)
    yield from _page_findings(("title",), texts.title, ())
    yield from _page_findings(("introduction", "title"), texts.introduction.title, facts)
    yield from _page_findings(("closing", "title"), texts.closing.title, facts)
    for b, block in enumerate(texts.blocks):
        yield from _page_findings(("blocks", b, "title"), block.title, facts)
    by_code = {item.question.code: item for item in questions}
    for item in shown:
        for path, text in _texts(item):
            for sentence in _sentences(text):
                yield path, sentence
            for name in sorted(piped_names(text) - set(facts)):
                if reason := _piping_sentence(name, item, by_code, questionnaire.wording):
                    yield path, reason
        yield from _label_findings(item)


def _page_findings(path: Path, text: str, facts: tuple[str, ...]) -> Iterator[Finding]:
    for sentence in _sentences(text):
        yield path, sentence
    for name in sorted(piped_names(text) - set(facts)):
        allowed = " and ".join(f"{{{fact}}}" for fact in facts) or "nothing"
        yield path, f"«{{{name}}}» cannot be piped here; outside questions only {allowed} can"


def _sentences(text: str) -> Iterator[str]:
    if not text.strip():
        yield "this text is empty; write it"
    if stray_brace(text):
        yield STRAY


def _texts(item: Placed) -> Iterator[tuple[Path, str]]:
    """The piped texts of a question and where they stand; optional ones only when written."""
    question, path = item.question, item.path
    for field in ("text", "lead_in", "hint", "interviewer"):
        if text := getattr(question, field):
            yield (*path, field), text
    for o, option in enumerate(question.options):
        yield (*path, "options", o, "text"), option.text
    for r, row in enumerate(question.rows):
        yield (*path, "rows", r, "text"), row.text


def _label_findings(item: Placed) -> Iterator[Finding]:
    for field in ("low_label", "high_label"):
        if "{" in (label := getattr(item.question, field, "")) or "}" in label:
            yield (*item.path, field), f"nothing can be piped in «{field}»; leave the braces out"


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
