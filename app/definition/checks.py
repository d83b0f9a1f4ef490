"""All checks of a questionnaire: what is served has passed them.

Each check yields what it found as path and sentence; here they become faults with file and line.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from app.definition import routing
from app.definition.checks_filters import filter_findings
from app.definition.checks_language import language_faults
from app.definition.checks_language_allowed import ALLOWED
from app.definition.checks_messages import message_findings
from app.definition.checks_pictures import picture_findings
from app.definition.checks_questions import (
    Finding,
    code_findings,
    counting_findings,
    placed,
    shape_findings,
    whole_findings,
    wording_findings,
)
from app.definition.checks_texts import text_findings
from app.definition.load import MESSAGES, REGULAR, Definition, in_order, load_parts, name_faults, read_folder
from app.definition.yaml_source import Fault, Faulty


def check(definition: Definition) -> list[Fault]:
    """Every fault of a loaded definition, by file and line; an empty list when it may be served."""
    return in_order(_faults(definition, is_whole=True))


def check_files(files: Mapping[str, str], folder: str = "") -> list[Fault]:
    """Loads and checks a definition; what cannot be loaded does not hide the faults of the rest."""
    return _checked(files, folder)[1]


def check_folder(folder: Path) -> list[Fault]:
    """Loads and checks one questionnaire folder."""
    return _checked_folder(folder)[1]


def check_all(root: Path) -> dict[str, list[Fault]]:
    """Faults by questionnaire, for every folder below `root`; a folder that is a questionnaire is checked itself."""
    return {name: faults for name, (_, faults) in checked_all(root).items()}


def checked_all(root: Path) -> dict[str, tuple[Definition | None, list[Fault]]]:
    """As `check_all`, with what could be loaded."""
    return {folder.absolute().name: _checked_folder(folder) for folder in questionnaire_folders(root)}


def questionnaire_folders(root: Path) -> tuple[Path, ...]:
    """The questionnaires in a folder, by name."""
    if (root / REGULAR).is_file():
        return (root,)
    if not root.is_dir():
        return ()
    return tuple(sorted(path for path in root.iterdir() if path.is_dir() and not path.name.startswith((".", "_"))))


def load_checked(folder: Path) -> Definition:
    """Loads a questionnaire that may be served.

    Raises:
        Faulty: when it has any fault; then nobody may see it.
    """
    definition, faults = _checked_folder(folder)
    if definition is None or faults:
        raise Faulty(faults)
    return definition


def _checked_folder(folder: Path) -> tuple[Definition | None, list[Fault]]:
    try:
        definition, faults = _checked(read_folder(folder), str(folder))
    except Faulty as faulty:
        return None, faulty.faults
    names = name_faults(definition, folder) if definition else []
    return definition, in_order([*faults, *names, *_ignored_files(folder)])


def _checked(files: Mapping[str, str], folder: str) -> tuple[Definition | None, list[Fault]]:
    definition, faults = load_parts(files, folder)
    return definition, in_order([*faults, *(_faults(definition, is_whole=not faults) if definition else ())])


def _faults(definition: Definition, *, is_whole: bool) -> list[Fault]:
    faults = list(_source_faults(definition))
    faults += [definition.fault(*finding) for finding in _structure_findings(definition)]
    for wording, questionnaire in definition.wordings.items():
        for path, sentence in text_findings(questionnaire, placed(questionnaire.texts)):
            faults.append(definition.fault(path, sentence, wording))
    if definition.messages is not None:
        source = definition.sources[MESSAGES]
        faults += [source.fault(*finding) for finding in message_findings(definition.messages, definition.texts)]
    faults += language_faults(definition, is_whole=is_whole)
    if is_whole:
        known = {(fault.file, fault.line) for fault in faults}
        proof = routing.prove(definition)
        faults += routing.loop_faults(definition, proof)
        # a filter that names nothing is not also said to be never true
        unreached = routing.unreached_faults(definition, proof)
        faults += [fault for fault in unreached if (fault.file, fault.line) not in known]
    return faults


def _structure_findings(definition: Definition) -> Iterator[Finding]:
    """What does not depend on the words."""
    texts = definition.texts
    questions = placed(texts)
    yield from whole_findings(texts)
    yield from code_findings(questions)
    yield from shape_findings(questions)
    yield from counting_findings(texts, questions)
    yield from wording_findings(texts, questions)
    yield from filter_findings(texts, questions)
    yield from picture_findings(questions)


def _source_faults(definition: Definition) -> Iterator[Fault]:
    """What only the files show: files nobody reads, and filters left empty."""
    others = (wording for wording in definition.texts.wordings if wording != "regular")
    read = {REGULAR, MESSAGES, ALLOWED, *(f"{wording}.yaml" for wording in others)}
    for name, source in definition.sources.items():
        if name not in read:
            yield source.fault((), f"this file is not read; the questionnaire reads {', '.join(sorted(read))}")
    regular = definition.sources[REGULAR]
    for path in regular.lines:
        if path and path[-1] == "asked_if" and not regular.at(path).strip():
            yield regular.fault(path, "the filter is empty; write one, or remove asked_if to ask everybody")


def _ignored_files(folder: Path) -> Iterator[Fault]:
    for path in sorted(folder.glob("*.yml")):
        yield Fault(str(path), 1, "this file is not read; rename it to .yaml")
