"""Loading: YAML files → typed questionnaire in every wording, or faults with file and line.

A definition that has faults is never returned; the deeper checks live in `checks` and `routing`.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from app.definition.filters import FilterError, parse_filter
from app.definition.messages import Messages
from app.definition.questionnaire import Questionnaire, Texts
from app.definition.wordings import reworded
from app.definition.yaml_source import Fault, Faulty, Source, read_yaml

REGULAR = "questionnaire.yaml"
MESSAGES = "messages.yaml"


@dataclass(frozen=True)
class Definition:
    """A questionnaire with all its wordings and messages, and the source it came from."""

    files: Mapping[str, str]  # file name → text
    sources: Mapping[str, Source]  # file name → parsed, for line numbers
    wordings: Mapping[str, Questionnaire]
    messages: Messages | None

    @property
    def name(self) -> str:
        return self.texts.name

    @property
    def texts(self) -> Texts:
        return self.wordings["regular"].texts

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 over the files: interviews pin this version."""
        return hashlib.sha256(self.stored_source.encode()).hexdigest()

    @property
    def stored_source(self) -> str:
        return json.dumps(dict(self.files), sort_keys=True, ensure_ascii=False)


def read_folder(folder: Path) -> dict[str, str]:
    """The YAML files of one questionnaire.

    Raises:
        Faulty: when there is no questionnaire.yaml or a file is not UTF-8.
    """
    if not (folder / REGULAR).is_file():
        raise Faulty([Fault(str(folder / REGULAR), 1, "this file is missing; every questionnaire starts with it")])
    files = {}
    for path in sorted(folder.glob("*.yaml")):
        try:
            files[path.name] = path.read_text("utf-8")
        except UnicodeDecodeError as error:
            raise Faulty(
                [Fault(str(path), 1, f"byte {error.start} is not UTF-8 text; save the file as UTF-8")]
            ) from None
    return files


def load_folder(folder: Path) -> Definition:
    """Loads one questionnaire folder; see `load`."""
    definition = load(read_folder(folder), str(folder))
    if definition.name != folder.name:
        raise Faulty(
            [
                Fault(
                    str(folder / REGULAR),
                    definition.sources[REGULAR].line(("name",)),
                    f"the name «{definition.name}» must be the folder's name, «{folder.name}»",
                )
            ]
        )
    return definition


def load(files: Mapping[str, str], folder: str = "") -> Definition:
    """Loads a definition from file texts.

    Raises:
        Faulty: with every fault found, each with file and line.
    """
    prefix = f"{folder}/" if folder else ""
    sources = {name: read_yaml(prefix + name, text) for name, text in files.items()}
    if REGULAR not in sources:
        raise Faulty([Fault(prefix + REGULAR, 1, "this file is missing; every questionnaire starts with it")])
    regular = sources[REGULAR]
    texts = _texts(regular, _expanded(regular.tree))
    wordings = {"regular": Questionnaire(texts, "regular")}
    faults: list[Fault] = []
    for wording in texts.wordings[1:]:
        source = sources.get(f"{wording}.yaml")
        if source is None:
            faults.append(
                regular.fault(("wordings",), f"the file {wording}.yaml is missing, though the wording is listed")
            )
            continue
        tree, wording_faults = reworded(regular.tree, source)
        faults += wording_faults
        if not wording_faults:
            wordings[wording] = Questionnaire(_texts(source, _expanded(tree)), wording)
    messages = _messages(sources[MESSAGES]) if MESSAGES in sources else None
    if faults:
        raise Faulty(faults)
    return Definition(files, sources, wordings, messages)


def _expanded(tree: Mapping[str, Any]) -> dict[str, Any]:
    """Named option sets (`options: satisfaction`) written out in each question."""
    sets = tree.get("option_sets")
    sets = sets if isinstance(sets, dict) else {}
    blocks = []
    for block in tree.get("blocks", []) if isinstance(tree.get("blocks"), list) else []:
        if isinstance(block, dict) and isinstance(block.get("questions"), list):
            block = {**block, "questions": [_with_set(question, sets) for question in block["questions"]]}
        blocks.append(block)
    return {**tree, "blocks": blocks} if blocks else dict(tree)


def _with_set(question: Any, sets: Mapping[str, Any]) -> Any:
    if isinstance(question, dict) and isinstance(question.get("options"), str):
        return {**question, "options": sets.get(question["options"], question["options"])}
    return question


def _texts(source: Source, tree: Mapping[str, Any]) -> Texts:
    if faults := list(_filter_faults(source)):
        raise Faulty(faults)
    try:
        return Texts.model_validate(tree)
    except ValidationError as error:
        raise Faulty(_faults(source, error)) from None


def _filter_faults(source: Source) -> Iterator[Fault]:
    """Each filter that cannot be parsed, at its line."""
    for path in source.lines:
        if path and path[-1] == "asked_if":
            filter_source = source.at(path)
            try:
                if not isinstance(filter_source, str):
                    raise FilterError("a filter is one line of text, like had_contact == 'yes'")
                if filter_source:
                    parse_filter(filter_source)
            except FilterError as error:
                yield source.fault(path, str(error))


def _messages(source: Source) -> Messages:
    try:
        return Messages.model_validate(source.tree)
    except ValidationError as error:
        raise Faulty(_faults(source, error)) from None


_SENTENCES = {
    "missing": "«{name}» is missing here",
    "extra_forbidden": "«{name}» is not a field that belongs here; check its spelling",
    "string_pattern_mismatch": "«{value}» is not a good code: small letters, digits and underscores, a letter first",
    "string_too_short": "«{name}» is empty; write its text",
    "string_too_long": "«{name}» is too long",
    "literal_error": "«{value}» is not allowed for «{name}»; choose {expected}",
    "tuple_type": "«{name}» must be a list (or an option set that exists)",
    "string_type": "«{name}» must be a text",
    "int_parsing": "«{name}» must be a whole number",
    "bool_parsing": "«{name}» must be true or false",
}


def _faults(source: Source, error: ValidationError) -> list[Fault]:
    faults = []
    for item in error.errors(include_url=False):
        path = tuple(part for part in item["loc"] if part != "function-before[_typed_question(), Question]")
        sentence = _SENTENCES.get(item["type"], item["msg"].removeprefix("Value error, "))
        name = next((part for part in reversed(path) if isinstance(part, str)), "the file")
        value = str(item.get("input", ""))[:60]
        expected = (item.get("ctx") or {}).get("expected", "")
        faults.append(source.fault(path, sentence.format(name=name, value=value, expected=expected)))
    return faults
