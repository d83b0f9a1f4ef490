"""A second wording is a file of texts by question code, laid over the regular one."""

from collections.abc import Mapping
from typing import Any

from app.definition.yaml_source import Fault, Path, Source

# The only fields a wording may change: words.
QUESTION_TEXTS = ("text", "lead_in", "hint", "interviewer", "low_label", "high_label")
TOP_LEVEL = ("title", "introduction", "closing", "phone", "blocks", "option_sets", "questions")


def reworded(regular: Mapping[str, Any], wording: Source) -> tuple[dict[str, Any], list[Fault]]:
    """The regular tree with the texts of `wording` in place, and a fault for all that is more than words."""
    overlay = _Overlay(wording)
    tree: dict[str, Any] = dict(regular)
    for key, value in wording.tree.items():
        if key not in TOP_LEVEL:
            overlay.refuse((key,), f"«{key}» is not a text; a wording changes words only")
        elif key in ("title", "introduction", "closing", "phone"):
            tree[key] = value
    tree["option_sets"] = {
        name: overlay.options(options, overlay.part("option_sets", name), ("option_sets", name))
        for name, options in regular.get("option_sets", {}).items()
    }
    overlay.unknown("option_sets", set(regular.get("option_sets", {})), "the regular wording has no option set")
    tree["blocks"] = [overlay.block(block) for block in regular.get("blocks", [])]
    known = {q.get("code") for b in regular.get("blocks", []) for q in b.get("questions", [])}
    overlay.unknown("questions", known, "the regular wording has no question")
    overlay.unknown("blocks", {b.get("code") for b in regular.get("blocks", [])}, "the regular wording has no block")
    return tree, overlay.faults


class _Overlay:
    """Takes texts from a wording's tree and notes what does not belong there."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.faults: list[Fault] = []

    def refuse(self, path: Path, sentence: str) -> None:
        self.faults.append(self.source.fault(path, sentence))

    def part(self, *path: str) -> Mapping[str, Any]:
        tree: Any = self.source.tree
        for key in path:
            tree = tree.get(key, {}) if isinstance(tree, dict) else {}
        if not isinstance(tree, dict):
            self.refuse(path, "here stand named texts, one per code")
            return {}
        return tree

    def unknown(self, section: str, known: set[str], sentence: str) -> None:
        for code in self.part(section):
            if code not in known:
                self.refuse((section, code), f"{sentence} «{code}»; a wording cannot add one")

    def block(self, block: dict[str, Any]) -> dict[str, Any]:
        texts = self.part("blocks", block.get("code", ""))
        for key in texts:
            if key != "title":
                self.refuse(("blocks", block["code"], key), f"«{key}» is not a text; a wording changes words only")
        questions = [self.question(question) for question in block.get("questions", [])]
        return {**block, **({"title": texts["title"]} if "title" in texts else {}), "questions": questions}

    def question(self, question: dict[str, Any]) -> dict[str, Any]:
        code = question.get("code", "")
        texts = self.part("questions", code)
        path: Path = ("questions", code)
        changed = dict(question)
        for key, value in texts.items():
            if key in QUESTION_TEXTS:
                changed[key] = value
            elif key in ("options", "rows") and isinstance(question.get(key), list):
                changed[key] = self.options(question[key], self.part("questions", code, key), (*path, key))
            else:
                self.refuse((*path, key), f"«{key}» is not a text of «{code}»; a wording changes words only")
        if self.source.file.split("/")[-1].removesuffix(".yaml") in question.get("not_in", ()):
            if texts:
                self.refuse(path, f"«{code}» is left out of this wording (not_in), so its texts are never shown")
        elif not texts.get("text"):
            self.refuse(path if texts else ("questions",), f"the text of question «{code}» is missing in this wording")
        return changed

    def options(self, options: Any, texts: Mapping[str, Any], path: Path) -> Any:
        if not isinstance(options, list):
            return options
        known = {option.get("code") for option in options if isinstance(option, dict)}
        for code, text in texts.items():
            if code not in known:
                self.refuse((*path, code), f"the regular wording has no «{code}» here; a wording cannot add one")
            elif not isinstance(text, str):
                self.refuse((*path, code), f"«{code}» must be a text")
        return [_with_text(option, texts) for option in options]


def _with_text(option: Any, texts: Mapping[str, Any]) -> Any:
    """An option or row with its text in this wording, where there is one."""
    text = texts.get(str(option.get("code"))) if isinstance(option, dict) else None
    return {**option, "text": text} if isinstance(text, str) else option
