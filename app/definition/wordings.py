"""A second wording is a file of texts by question code, laid over the regular one.

Everything a respondent sees or hears is written out in every wording, so that no regular sentence slips in
among easy ones unnoticed. Only interviewer instructions fall back on the regular wording.
"""

from collections.abc import Mapping
from typing import Any

from app.definition.yaml_source import Fault, Path, Source

# The only fields a wording may change: words.
PAGES = ("title", "introduction", "closing", "phone")
SHOWN_TEXTS = ("lead_in", "hint", "low_label", "high_label")
QUESTION_TEXTS = ("text", "interviewer", *SHOWN_TEXTS)
SECTIONS = ("blocks", "option_sets", "questions")


def reworded(regular: Mapping[str, Any], source: Source, wording: str) -> tuple[dict[str, Any], list[Fault]]:
    """The regular tree with the texts of `wording` in place, and a fault for all that is more or less than words.

    `regular` must have passed the types of a questionnaire.
    """
    overlay = _Overlay(source, wording)
    tree = {**regular, **overlay.pages()}
    sets: Mapping[str, Any] = regular.get("option_sets") or {}
    blocks = regular["blocks"]
    used = {str(q.get("options")) for b in blocks for q in b["questions"] if not overlay.leaves_out(q)}
    tree["option_sets"] = {name: overlay.option_set(name, options, name in used) for name, options in sets.items()}
    tree["blocks"] = [overlay.block(block) for block in blocks]
    questions = {question["code"] for block in blocks for question in block["questions"]}
    overlay.unknown("option_sets", set(sets), "the regular wording has no option set")
    overlay.unknown("questions", questions, "the regular wording has no question")
    overlay.unknown("blocks", {block["code"] for block in blocks}, "the regular wording has no block")
    return tree, overlay.faults


class _Overlay:
    """Takes texts from a wording's tree and notes what does not belong there or is missing."""

    def __init__(self, source: Source, wording: str) -> None:
        self.source = source
        self.wording = wording
        self.faults: list[Fault] = []

    def refuse(self, path: Path, sentence: str) -> None:
        self.faults.append(self.source.fault(path, sentence))

    def leaves_out(self, question: Mapping[str, Any]) -> bool:
        return self.wording in (question.get("not_in") or ())

    def part(self, *path: str) -> Mapping[str, Any]:
        tree: Any = self.source.tree
        for key in path:
            tree = tree.get(key, {}) if isinstance(tree, dict) else {}
        if not isinstance(tree, dict):
            self.refuse(path, f"under «{path[-1]}» stand named texts, one per code")
            return {}
        return tree

    def pages(self) -> dict[str, Any]:
        """Title, introduction, closing and telephone script."""
        for key in self.source.tree:
            if key not in (*PAGES, *SECTIONS):
                self.refuse((key,), f"«{key}» is not a text; a wording changes words only")
        for key in PAGES:
            if key not in self.source.tree:
                self.refuse((), f"«{key}» is missing in this wording")
        return {key: self.source.tree[key] for key in PAGES if key in self.source.tree}

    def unknown(self, section: str, known: set[str], sentence: str) -> None:
        for code in self.part(section):
            if code not in known:
                self.refuse((section, code), f"{sentence} «{code}»; a wording cannot add one")

    def option_set(self, name: str, options: Any, is_used: bool) -> Any:
        path: Path = ("option_sets", name)
        return self.listed(options, self.part("option_sets", name), path, f"option set «{name}»", is_used)

    def block(self, block: Mapping[str, Any]) -> dict[str, Any]:
        code = block["code"]
        texts = self.part("blocks", code)
        for key in texts:
            if key != "title":
                self.refuse(("blocks", code, key), f"«{key}» is not a text; a wording changes words only")
        if "title" not in texts and not all(map(self.leaves_out, block["questions"])):
            self.refuse(("blocks", code), f"the title of block «{code}» is missing in this wording")
        questions = [self.question(question) for question in block["questions"]]
        return {**block, **({"title": texts["title"]} if "title" in texts else {}), "questions": questions}

    def question(self, question: Mapping[str, Any]) -> dict[str, Any]:
        code = question["code"]
        texts = self.part("questions", code)
        path: Path = ("questions", code)
        if self.leaves_out(question):
            if texts:
                self.refuse(path, f"«{code}» is left out of this wording (not_in), so its texts are never shown")
            return dict(question)
        changed = dict(question)
        for key, value in texts.items():
            if key in QUESTION_TEXTS:
                changed[key] = value
            elif not (key in ("options", "rows") and isinstance(question.get(key), list)):
                self.refuse((*path, key), self._no_text(key, question))
        self._missing(question, texts, path)
        for key in ("options", "rows"):
            if isinstance(question.get(key), list):
                part = self.part("questions", code, key)
                changed[key] = self.listed(question[key], part, (*path, key), f"question «{code}»", is_used=True)
        return changed

    def _no_text(self, key: str, question: Mapping[str, Any]) -> str:
        if key == "options" and isinstance(question.get("options"), str):
            return f"these options are a set; write their texts under option_sets, «{question['options']}»"
        return f"«{key}» is not a text of «{question['code']}»; a wording changes words only"

    def _missing(self, question: Mapping[str, Any], texts: Mapping[str, Any], path: Path) -> None:
        code = question["code"]
        if not texts.get("text"):
            self.refuse(path, f"the text of question «{code}» is missing in this wording")
        for key in SHOWN_TEXTS:
            if question.get(key) and key not in texts:
                self.refuse(
                    path, f"the {key} of question «{code}» is missing in this wording; write {key}: '' to leave it out"
                )

    def listed(self, items: Any, texts: Mapping[str, Any], path: Path, owner: str, is_used: bool) -> Any:
        """Options or rows with their texts in this wording."""
        known = [str(item["code"]) for item in items]
        for code, text in texts.items():
            if code not in known:
                self.refuse((*path, code), f"the regular wording has no «{code}» here; a wording cannot add one")
            elif not isinstance(text, str):
                self.refuse((*path, code), f"«{code}» must be a text and nothing else; a wording changes words only")
        if is_used and (missing := [code for code in known if code not in texts]):
            self.refuse(path, f"{owner} lacks texts in this wording: {', '.join(missing)}")
        return [_with_text(item, texts) for item in items]


def _with_text(item: Mapping[str, Any], texts: Mapping[str, Any]) -> Mapping[str, Any]:
    """An option or row with its text in this wording, where there is one."""
    text = texts.get(str(item["code"]))
    return {**item, "text": text} if isinstance(text, str) else item
