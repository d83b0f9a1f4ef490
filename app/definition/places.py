"""Where something was written: a path in the typed questionnaire → file and line.

Option sets are written once and used in many questions; the texts of a second wording stand in its own file
under the question's code. A fault must point at what the author wrote, not at what it became.
"""

from typing import Any

from app.definition.yaml_source import Fault, Path, Source


class Places:
    """The places of one wording of one questionnaire."""

    def __init__(self, regular: Source, wording: Source | None = None) -> None:
        self.regular = regular
        self.wording = wording

    def fault(self, path: Path, sentence: str) -> Fault:
        """A fault at the line where this path was written, in the file of the wording if it stands there."""
        if self.wording is not None:
            written = self._in_wording(path)
            if written in self.wording.lines:
                return self.wording.fault(written, sentence)
        return self.regular.fault(self._in_regular(path), sentence)

    def _in_regular(self, path: Path) -> Path:
        """The same path, with an option of a named set at the set's own place."""
        match path:
            case ("blocks", int(), "questions", int(), "options", int(), *_):
                if isinstance(name := self._regular(path[:5]), str):
                    return ("option_sets", name, *path[5:])
        return path

    def _in_wording(self, path: Path) -> Path:
        """Where a wording's file writes the text at this path."""
        match path:
            case ("blocks", int(), "questions", int(), ("options" | "rows") as part, int(), *_):
                listed = self._in_regular(path[:6])
                code = str(self._regular((*listed, "code")))
                if listed[0] == "option_sets":
                    return (*listed[:2], code)
                return ("questions", self._code(path[:4]), part, code)
            case ("blocks", int(), "questions", int(), *rest):
                return ("questions", self._code(path[:4]), *rest)
            case ("blocks", int(), *rest):
                return ("blocks", self._code(path[:2]), *rest)
            case ("option_sets", str() as name, int(), *_):
                return ("option_sets", name, str(self._regular((*path[:3], "code"))))
        return path

    def _code(self, path: Path) -> str:
        return str(self._regular((*path, "code")))

    def _regular(self, path: Path) -> Any:
        """What the regular file holds here; None where it holds nothing."""
        value = self.regular.tree
        for part in path:
            try:
                value = value[part]
            except (KeyError, IndexError, TypeError):
                return None
        return value
