"""Multiple choice: any options together; an exclusive one ("none", "rather not say") stands alone."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from app.questions.question import (
    N_,
    FilterValue,
    Form,
    Option,
    Parsed,
    Part,
    Problem,
    Question,
    ValueType,
    Variable,
    clean,
    first,
)
from app.questions.single import UNKNOWN_OPTION

EXCLUSIVE_WITH_OTHERS = N_("U koos „%(option)s” en ook iets anders. Dat kan niet samen. Haal een van de twee weg.")


class MultipleChoice(Question):
    """Stored as option codes in the order of the options, joined by a space."""

    type: Literal["multiple"]
    template: ClassVar[str] = "multiple.html"
    takes: ClassVar[frozenset[Part]] = frozenset({"options", "option filters", "other", "exclusive"})

    def value_types(self) -> dict[str, ValueType]:
        return {self.code: ValueType("choices", tuple(option.code for option in self.options))}

    def parse(self, form: Form) -> Parsed:
        wanted = {clean(value) for value in form.get(self.code, ())} - {""}
        other = next((option for option in self.options if option.other), None)
        other_text = first(form, f"{self.code}.other") if other else ""
        if other and other_text:
            wanted.add(other.code)
        if unknown := wanted - {option.code for option in self.options}:
            return Parsed({}, (Problem(self.code, UNKNOWN_OPTION, {"option": sorted(unknown)[0]}),))
        chosen = [option for option in self.options if option.code in wanted]
        if lonely := self._exclusive_among(chosen):
            return Parsed({}, (Problem(self.code, EXCLUSIVE_WITH_OTHERS, {"option": lonely.text}),))
        answers: dict[str, str | None] = {self.code: " ".join(option.code for option in chosen) or None}
        if other:
            answers[f"{self.code}.other"] = other_text or None
        return Parsed(answers)

    @staticmethod
    def _exclusive_among(chosen: list[Option]) -> Option | None:
        return next((option for option in chosen if option.exclusive), None) if len(chosen) > 1 else None

    def typed(self, answer: str, stored: str) -> FilterValue:
        return frozenset(stored.split())

    def accepts(self, answer: str, stored: str) -> bool:
        if answer != self.code:
            return True
        wanted = stored.split()
        chosen = [option for option in self.options if option.code in wanted]
        is_canonical = bool(chosen) and stored == " ".join(option.code for option in chosen)
        return is_canonical and self._exclusive_among(chosen) is None

    def filled_in(self, answer: str, stored: str) -> tuple[str, ...]:
        return tuple(stored.split()) if answer == self.code else (stored,)

    def shown(self, answers: Mapping[str, str | None]) -> str:
        chosen = (answers.get(self.code) or "").split()
        words = []
        for option in self.options:
            if option.code in chosen:
                other_text = answers.get(f"{self.code}.other") if option.other else None
                words.append(f"{option.text}: {other_text}" if other_text else option.text)
        return "; ".join(words)

    def variables(self) -> tuple[Variable, ...]:
        flags = tuple(
            Variable(
                f"{self.code}.{option.code}",
                f"{self.text} – {option.text}",
                "nominal",
                {"0": "nee", "1": "ja"},
            )
            for option in self.options
        )
        texts = tuple(
            Variable(f"{self.code}.{option.code}.text", f"{self.text} – {option.text}, namelijk", "text")
            for option in self.options
            if option.other
        )
        return flags + texts

    def to_cells(self, answers: Mapping[str, str | None]) -> dict[str, str]:
        stored = answers.get(self.code)
        chosen = (stored or "").split()
        cells = {
            f"{self.code}.{option.code}": "" if stored is None else str(int(option.code in chosen))
            for option in self.options
        }
        for option in self.options:
            if option.other:
                cells[f"{self.code}.{option.code}.text"] = answers.get(f"{self.code}.other") or ""
        return cells

    def from_cells(self, cells: Mapping[str, str]) -> dict[str, str | None]:
        chosen = [option.code for option in self.options if cells.get(f"{self.code}.{option.code}") == "1"]
        answers: dict[str, str | None] = {self.code: " ".join(chosen)} if chosen else {}
        for option in self.options:
            if option.other and (text := cells.get(f"{self.code}.{option.code}.text")):
                answers[f"{self.code}.other"] = text
        return answers
