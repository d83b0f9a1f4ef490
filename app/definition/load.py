"""Loading: YAML files → typed questionnaire in every wording, or faults with file and line.

A definition that cannot be typed is never returned. The deeper checks live in `checks` and `routing`; what is
served goes through `checks.load_checked`.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from app.definition.filters import FilterError, parse_filter
from app.definition.messages import Messages
from app.definition.places import Places
from app.definition.questionnaire import Questionnaire, Texts
from app.definition.type_faults import type_faults
from app.definition.wordings import reworded
from app.definition.yaml_source import Fault, Faulty, Source, read_text, read_yaml
from app.definition.yaml_source import Path as Place

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

    def places(self, wording: str = "regular") -> Places:
        """Where the parts of one wording were written."""
        return Places(self.sources[REGULAR], None if wording == "regular" else self.sources[f"{wording}.yaml"])

    def fault(self, path: Place, sentence: str, wording: str = "regular") -> Fault:
        """A fault at the line where a path was written: ("blocks", 0, "questions", 2, "asked_if")."""
        return self.places(wording).fault(path, sentence)


def read_folder(folder: Path) -> dict[str, str]:
    """The YAML files of one questionnaire.

    Raises:
        Faulty: when there is no questionnaire.yaml or a file is not UTF-8.
    """
    if not (folder / REGULAR).is_file():
        raise Faulty([_no_regular(str(folder / REGULAR))])
    return {path.name: read_text(path) for path in sorted(folder.glob("*.yaml")) if path.is_file()}


def load_folder(folder: Path) -> Definition:
    """Loads one questionnaire folder; see `load`."""
    definition = load(read_folder(folder), str(folder))
    if faults := name_faults(definition, folder):
        raise Faulty(faults)
    return definition


def name_faults(definition: Definition, folder: Path) -> list[Fault]:
    """The questionnaire must be called as its folder is: everything else finds it by that name."""
    wanted = folder.absolute().name
    if definition.name == wanted:
        return []
    return [definition.fault(("name",), f"the name «{definition.name}» must be the folder's name, «{wanted}»")]


def load(files: Mapping[str, str], folder: str = "") -> Definition:
    """Loads a definition from file texts.

    Raises:
        Faulty: with every fault found, each with file and line.
    """
    definition, faults = load_parts(files, folder)
    if definition is None or faults:
        raise Faulty(in_order(faults))
    return definition


def load_parts(files: Mapping[str, str], folder: str = "") -> tuple[Definition | None, list[Fault]]:
    """What could be loaded, with the faults of the rest; no definition when its regular wording is faulty."""
    prefix = f"{folder}/" if folder else ""
    if REGULAR not in files:
        return None, [_no_regular(prefix + REGULAR)]
    faults: list[Fault] = []
    sources = _read(files, prefix, faults)
    messages = _messages(sources[MESSAGES], faults) if MESSAGES in sources else None
    regular = sources.get(REGULAR)
    texts = _texts(Places(regular), regular.tree, faults) if regular else None
    if texts is None:
        return None, faults
    wordings = {"regular": Questionnaire(texts, "regular")}
    for wording in texts.wordings:
        file = f"{wording}.yaml"
        if file in files and file not in sources:
            continue  # unreadable, which is told already
        if wording != "regular" and (reworded_texts := _reworded(sources, wording, faults)):
            wordings[wording] = Questionnaire(reworded_texts, wording)
    return Definition(files, sources, wordings, messages), faults


def in_order(faults: Iterable[Fault]) -> list[Fault]:
    """Each fault once, by file and line; the regular wording first, for its faults may cause others."""
    return sorted(dict.fromkeys(faults), key=lambda fault: (not fault.file.endswith(REGULAR), fault.file, fault.line))


def _no_regular(file: str) -> Fault:
    return Fault(file, 1, "this file is missing; every questionnaire starts with it")


def _read(files: Mapping[str, str], prefix: str, faults: list[Fault]) -> dict[str, Source]:
    sources = {}
    for name, text in files.items():
        try:
            sources[name] = read_yaml(prefix + name, text)
        except Faulty as faulty:
            faults += faulty.faults
    return sources


def _reworded(sources: Mapping[str, Source], wording: str, faults: list[Fault]) -> Texts | None:
    regular, source = sources[REGULAR], sources.get(f"{wording}.yaml")
    if source is None:
        sentence = f"the file {wording}.yaml is missing, though the wording is listed"
        faults.append(regular.fault(("wordings",), sentence))
        return None
    tree, wording_faults = reworded(regular.tree, source, wording)
    faults += wording_faults
    return _texts(Places(regular, source), tree, faults)


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


def _texts(places: Places, tree: Mapping[str, Any], faults: list[Fault]) -> Texts | None:
    """The typed texts of one wording; None when something was refused, which is then in `faults`."""
    refused = [*_filter_faults(places.regular)]
    texts = None
    try:
        texts = Texts.model_validate(_expanded(tree))
    except ValidationError as error:
        refused += [places.fault(path, sentence) for path, sentence in type_faults(error)]
    faults += refused
    return None if refused else texts


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


def _messages(source: Source, faults: list[Fault]) -> Messages | None:
    try:
        return Messages.model_validate(source.tree)
    except ValidationError as error:
        faults += [source.fault(path, sentence) for path, sentence in type_faults(error)]
        return None
