"""YAML as questionnaire authors mean it: every scalar is text, every node knows its line.

Hostile input is refused while it is still a stream of events: aliases, tags, duplicate keys, deep nesting
and large files never become objects.
"""

from dataclasses import dataclass, field
from typing import Any

import yaml

MAX_BYTES = 1_000_000
MAX_DEPTH = 24
MAX_NODES = 60_000
Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Fault:
    """One thing wrong in a definition: where it is and a sentence its author understands."""

    file: str
    line: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.sentence}"


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
        raise Faulty([Fault(file, 1, f"the file is larger than {MAX_BYTES // 1000} kB; split the questionnaire")])
    source = Source(file)
    reader = _Reader(source)
    try:
        for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            reader.take(event)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        sentence = f"this is not valid YAML ({error.problem or 'unreadable'}); check indentation, quotes and colons"
        raise Faulty([Fault(file, line, sentence)]) from None
    except (yaml.YAMLError, UnicodeError):
        raise Faulty([Fault(file, 1, "the file holds characters that are not plain text; save it as UTF-8")]) from None
    if not isinstance(source.tree, dict):
        raise Faulty([Fault(file, 1, "the file must start with named fields, like «title: …»")])
    return source


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
        if key in parent.value:
            self._refuse(line, f"«{key[:60]}» stands here a second time; remove one of the two")
        parent.key = key
        self.source.lines[(*parent.path, key)] = line

    def _refuse(self, line: int, sentence: str) -> None:
        raise Faulty([Fault(self.source.file, line, sentence)])
