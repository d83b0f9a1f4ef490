"""Babel's way into a questionnaire: the texts of its YAML files that are translated.

In a mapping file: `[app.definition.extractor:extract: questionnaires/**.yaml]`. Those texts are the ones of the easy
wording (or of easy pages), its telephone introduction included, and of its invitations and reminders.
"""

from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import IO, Any

from app.definition.load import MESSAGES, Definition, load_folder
from app.definition.passages import Passage, passages
from app.definition.piping import piped_names
from app.definition.translations import messages_to_translate, translated_wording

Message = tuple[int, str, str, list[str]]  # line, function name, text, comments
_load = lru_cache(maxsize=4)(load_folder)
_KINDS = {
    "title": "title",
    "introduction": "first page",
    "phone": "said on the telephone before the first question",
    "block": "heading above several questions",
    "lead_in": "statement before the question",
    "question": "question",
    "hint": "hint below the question",
    "option": "answer",
    "row": "row of a table",
    "label": "words at one end of the grades 1 to 10",
    "closing": "last page",
    "message": "e-mail or letter",
}
_NAMES = {
    "provider": "the name of a company or school",
    "service": "the name of a kind of help",
    "link": "a web address",
    "code": "a code of letters and digits",
    "until": "a date",
    "phone": "a telephone number",
}


def extract(
    file: IO[bytes], keywords: Mapping[str, Any], comment_tags: Collection[str], options: Mapping[str, Any]
) -> Iterator[Message]:
    """Extracts the texts of one YAML file of a questionnaire folder, each text once.

    Args:
        file: a real file; its folder holds the rest of the questionnaire.
        keywords, comment_tags, options: part of Babel's signature, without meaning here.
    """
    path = Path(file.name)
    definition = _load(path.parent)
    found: dict[str, list[Passage]] = {}
    for passage in _translated_passages(definition, path.name):
        found.setdefault(passage.text, []).append(passage)
    for text, uses in found.items():
        yield _line(definition, path.name, uses[0]), "", text, [*_comments(definition.name, uses)]


def _translated_passages(definition: Definition, file_name: str) -> Iterator[Passage]:
    """The texts to translate that stand in this file."""
    wording = translated_wording(definition)
    if wording is None:
        return
    if file_name == MESSAGES:
        yield from messages_to_translate(definition)
        return
    for passage in passages(definition.wordings[wording]):
        if passage.kind != "interviewer" and _file(definition, wording, passage) == file_name:
            yield passage


def _file(definition: Definition, wording: str, passage: Passage) -> str:
    return Path(definition.fault(passage.path, "", wording).file).name


def _line(definition: Definition, file_name: str, passage: Passage) -> int:
    if passage.kind == "message":
        return definition.sources[file_name].line(passage.path)
    return definition.fault(passage.path, "", translated_wording(definition) or "").line


def _comments(name: str, uses: list[Passage]) -> Iterator[str]:
    """What a translator has to know about one text."""
    kinds = dict.fromkeys(passage.kind for passage in uses)
    for kind in kinds:
        codes = dict.fromkeys(passage.question for passage in uses if passage.kind == kind and passage.question)
        where = f" ({', '.join(codes)})" if codes else ""
        yield f"{name}: {_KINDS[kind]}{where}"
    for pipe in sorted(piped_names(uses[0].text)):
        yield f"Keep {{{pipe}}} as it is: {_NAMES.get(pipe, 'the answer to an earlier question')} comes there."
