"""YAML as questionnaire authors mean it: every scalar is text, every node knows its line.

Hostile input is refused while it is still a stream of events: aliases, tags, duplicate keys, deep nesting
and large files never become objects.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

import yaml

MAX_BYTES = 1_000_000
MAX_DEPTH = 24
MAX_NODES = 60_000
Path = tuple[str | int, ...]

# Control characters break pages and exports; U+0085, U+2028 and U+2029 are line ends to YAML but not to an
# editor, so that lines would be counted wrongly; the bidirectional ones make a text read other than it is.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\uffff]"
)
# What libyaml says, in words that help.
_PROBLEMS = {
    "found character that cannot start any token": "a tab, @, %, ` or another sign cannot start a text here; "
    "indent with spaces and put the text between quotes",
    "mapping values are not allowed in this context": "there is a colon too many; "
    "put a text that holds a colon between quotes",
    "found unexpected end of stream": "a quote or bracket is opened and never closed",
    "did not find expected ',' or '}'": "between { and } a comma or quote is missing; "
    "put a text that holds a comma, brace or colon between quotes",
    "did not find expected ',' or ']'": "between [ and ] a comma or quote is missing",
    "could not find expected ':'": "a field name stands here without a colon",
    "did not find expected key": "the indentation does not fit what stands above, or a text needs quotes",
    "did not find expected '-' indicator": "the indentation of this list does not fit what stands above",
    "did not find expected <document start>": "something stands outside the fields; check indentation and quotes",
}


@dataclass(frozen=True)
class Fault:
    """One thing wrong in a definition: where it is and a sentence its author understands."""

    file: str
    line: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {' '.join(self.sentence.split())}"


class Faulty(Exception):
    """A definition that may not be served."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


@dataclass
class Source:
    """One parsed YAML file: nested dicts, lists and text, with the line of every path."""

    file: str
    tree: Any = None
    lines: dict[Path, int] = field(default_factory=dict)

    def line(self, path: Path) -> int:
        """The line of a path, or of its nearest known parent."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def at(self, path: Path) -> Any:
        """What stands at a path that was read."""
        value = self.tree
        for part in path:
            value = value[part]
        return value

    def fault(self, path: Path, sentence: str) -> Fault:
        return Fault(self.file, self.line(path), sentence)


_MISSING = object()


@dataclass
class _Open:
    """A collection still being read."""

    value: Any
    path: Path
    key: Any = _MISSING


def read_yaml(file: str, text: str) -> Source:
    """Reads one YAML document.

    Raises:
        Faulty: with one fault that names the line.
    """
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise Faulty([too_large(file)])
    text = text.removeprefix("\ufeff")  # Windows editors put a byte-order mark in front
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if forbidden := _FORBIDDEN.search(text):
        line = text.count("\n", 0, forbidden.start()) + 1
        raise Faulty([Fault(file, line, _forbidden_sentence(forbidden[0]))])
    source = Source(file)
    reader = _Reader(source)
    try:
        for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            reader.take(event)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        problem = error.problem or "unreadable"
        sentence = f"this is not valid YAML: {_PROBLEMS.get(problem, problem)}"
        raise Faulty([Fault(file, min(line, n_lines(text)), sentence)]) from None
    except (yaml.YAMLError, UnicodeError):
        raise Faulty([Fault(file, 1, "the file holds characters that are not plain text; save it as UTF-8")]) from None
    if not isinstance(source.tree, dict):
        raise Faulty([Fault(file, 1, "the file must start with named fields, like «title: …»")])
    return source


def read_text(path: FilePath) -> str:
    """The text of a definition file.

    Raises:
        Faulty: when it is too large, unreadable or not UTF-8.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise Faulty([too_large(str(path))])
        data = path.read_bytes()
    except OSError as error:
        sentence = f"the file cannot be read ({error.strerror}); check that it exists and its permissions"
        raise Faulty([Fault(str(path), 1, sentence)]) from None
    try:
        return data.decode().replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        sentence = f"byte {error.start + 1} of the file is not UTF-8 text; save the file as UTF-8"
        raise Faulty([Fault(str(path), line, sentence)]) from None


def too_large(file: str) -> Fault:
    return Fault(file, 1, f"the file is larger than {MAX_BYTES // 1000} kB; split the questionnaire")


def n_lines(text: str) -> int:
    """How many lines an editor counts."""
    return max(1, text.count("\n") + (not text.endswith("\n")))


def _forbidden_sentence(character: str) -> str:
    return (
        f"an invisible character (U+{ord(character):04X}) stands here; "
        "delete it, or type the text again instead of pasting it"
    )


class _Reader:
    """Builds the tree from events, refusing what an author never needs."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.stack: list[_Open] = []
        self.n_nodes = 0
        self.n_documents = 0

    def take(self, event: yaml.Event) -> None:
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.DocumentStartEvent):
            self.n_documents += 1
            if self.n_documents > 1:
                self._refuse(line, "a second document starts here (---); a file holds one")
        elif isinstance(event, yaml.AliasEvent):
            self._refuse(line, "aliases (*name) are not allowed; write the text out")
        elif isinstance(event, yaml.NodeEvent):
            self._take_node(event, line)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self.stack.pop()

    def _take_node(self, event: yaml.NodeEvent, line: int) -> None:
        self.n_nodes += 1
        if event.anchor:
            self._refuse(line, "anchors (&name) are not allowed; write the text out")
        tag = getattr(event, "tag", None)
        if tag and tag != "!":
            self._refuse(line, f"tags ({tag[:40]}) are not allowed; write plain text")
        if len(self.stack) >= MAX_DEPTH or self.n_nodes > MAX_NODES:
            self._refuse(line, "the file is nested too deeply or holds too many entries")
        if isinstance(event, yaml.ScalarEvent):
            if forbidden := _FORBIDDEN.search(event.value):  # written as an escape, like "\\0"
                self._refuse(line, _forbidden_sentence(forbidden[0]))
            self._add(event.value, line)
        else:
            value: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
            self.stack.append(_Open(value, self._add(value, line)))

    def _add(self, value: Any, line: int) -> Path:
        """Puts a value where it belongs and returns its path."""
        if not self.stack:
            self.source.tree = value
            self.source.lines[()] = line
            return ()
        parent = self.stack[-1]
        if isinstance(parent.value, list):
            path: Path = (*parent.path, len(parent.value))
            parent.value.append(value)
        elif parent.key is _MISSING:
            self._take_key(parent, value, line)
            return parent.path
        else:
            path = (*parent.path, parent.key)
            parent.value[parent.key] = value
            parent.key = _MISSING
        self.source.lines.setdefault(path, line)
        return path

    def _take_key(self, parent: _Open, key: Any, line: int) -> None:
        if not isinstance(key, str):
            self._refuse(line, "a field name must be plain text")
        if key == "<<":
            self._refuse(line, "merging (<<) is not allowed; write the fields out")
        if key in parent.value:
            self._refuse(line, f"«{key[:60]}» stands here a second time; remove one of the two")
        parent.key = key
        self.source.lines[(*parent.path, key)] = line

    def _refuse(self, line: int, sentence: str) -> None:
        raise Faulty([Fault(self.source.file, line, sentence)])
