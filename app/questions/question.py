"""What every question type offers: the fields an author writes and the plug points the rest uses.

Stored answers are canonical text, one per *answer code* (a question's own code, `<code>.other` for
"other, namely", a grid row's code): `yes`, `phone email`, `7.5`, `12`. None means "passed, not answered".
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

from app.errors import N_ as N_  # the core knows no language: it only marks

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
OptionCode = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_]{0,39}$")]
Prose = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
Wording = Literal["regular", "low_threshold"]
Role = Literal["promoter", "neutral", "detractor"]
# What a question type may have beside its texts; anything else is an author's mistake.
Part = Literal["options", "option filters", "rows", "other", "exclusive", "role"]
Form = Mapping[str, Sequence[str]]
FilterValue = str | int | Decimal | frozenset[str]


class Strict(BaseModel):
    """Base of everything an author writes: unknown keys are faults, values never change."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Option(Strict):
    """One answer option. `other` opens a text field, `exclusive` takes all other choices away.

    `picture`: a drawing of static/pictures.svg, shown beside the text on easy pages.
    """

    code: OptionCode
    text: Prose
    asked_if: str = ""
    other: bool = False
    exclusive: bool = False
    role: Role | None = None
    picture: str = ""


class Row(Strict):
    """One line of a grid; its code is the answer code."""

    code: Code
    text: Prose


UNANSWERED_PROBLEM = N_("Geef een antwoord. Of ga verder zonder antwoord.")
REQUIRED_PROBLEM = N_("Geef een antwoord. Dit antwoord hebben wij nodig.")


@dataclass(frozen=True)
class Problem:
    """Why an entry was not accepted: a catalogue message for one answer field."""

    answer: str
    message: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Parsed:
    """What a form held for one question: canonical answers to store, or problems (then nothing is stored)."""

    answers: dict[str, str | None]
    problems: tuple[Problem, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not self.problems and not any(self.answers.values())


@dataclass(frozen=True)
class Variable:
    """One column of an export and one line of the codebook."""

    code: str
    label: str
    measure: Literal["nominal", "ordinal", "scale", "text"]
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ValueType:
    """What a filter may compare an answer or case fact with.

    `codes` is None for open values. `kind`: "choice" (one code), "choices" (a set of codes), "number" or "text".
    """

    kind: Literal["choice", "choices", "number", "text"]
    codes: tuple[str, ...] | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    step: Decimal | None = None


class Question(Strict, ABC):
    """A question as its author wrote it. Subclasses are the question types."""

    template: ClassVar[str]
    asks: ClassVar[bool] = True
    text_fields: ClassVar[tuple[str, ...]] = ("lead_in", "text", "hint", "interviewer")
    takes: ClassVar[frozenset[Part]] = frozenset()

    code: Code
    type: str
    text: Prose
    lead_in: str = ""
    hint: str = ""
    interviewer: str = ""
    asked_if: str = ""
    not_in: tuple[Wording, ...] = ()
    required: bool = False
    optional: bool = False
    options: tuple[Option, ...] = ()
    rows: tuple[Row, ...] = ()

    def answer_codes(self) -> tuple[str, ...]:
        """The codes under which answers to this question are stored."""
        return (self.code, *(f"{self.code}.other" for option in self.options if option.other))

    def texts(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Each text that was written, with its place in the question."""
        for name in self.text_fields:
            if text := getattr(self, name):
                yield (name,), text
        yield from ((("options", o, "text"), option.text) for o, option in enumerate(self.options))
        yield from ((("rows", r, "text"), row.text) for r, row in enumerate(self.rows))

    @abstractmethod
    def value_types(self) -> dict[str, ValueType]:
        """Per name usable in filters, the type of its value."""

    @abstractmethod
    def parse(self, form: Form) -> Parsed:
        """Reads posted fields (name = answer code) into canonical answers."""

    @abstractmethod
    def typed(self, answer: str, stored: str) -> FilterValue:
        """The value filters compare for a stored canonical answer."""

    @abstractmethod
    def accepts(self, answer: str, stored: str) -> bool:
        """Whether `stored` is a canonical answer to this question."""

    @abstractmethod
    def shown(self, answers: Mapping[str, str | None]) -> str:
        """The answer in words, for overviews and piping; "" when unanswered."""

    @abstractmethod
    def variables(self) -> tuple[Variable, ...]:
        """Columns of this question in exports and codebook."""

    def to_cells(self, answers: Mapping[str, str | None]) -> dict[str, str]:
        """Export cells by variable code; empty text = not answered."""
        return {code: answers.get(code) or "" for code in self.answer_codes()}

    def from_cells(self, cells: Mapping[str, str]) -> dict[str, str | None]:
        """The inverse of `to_cells`; only answered codes. Values still have to pass `accepts`."""
        return {code: cells[code] for code in self.answer_codes() if cells.get(code)}

    def unanswered(self, answers: Mapping[str, str | None]) -> list[str]:
        """The answer codes to ask about once more before going on without an answer."""
        return [code for code in self.answer_codes() if not code.endswith(".other") and not answers.get(code)]

    def filled_in(self, answer: str, stored: str) -> tuple[str, ...]:
        """The values of the form field that shows a stored answer."""
        return (stored,)

    def one_by_one(self) -> "tuple[Question, ...]":
        """The questions to ask where every screen holds one: a question that is several at once comes apart."""
        return (self,)

    def picture(self, stored: str) -> str:
        """The drawing beside a stored answer that is one option; "" when there is none."""
        option = self.option(stored)
        return option.picture if option else ""

    def option(self, code: str) -> Option | None:
        return next((option for option in self.options if option.code == code), None)

    def model_post_init(self, context: Any, /) -> None:
        """Hook for types that need a rule over several fields."""


def first(form: Form, name: str) -> str:
    """The first value of a form field, trimmed, without control characters."""
    values = form.get(name) or ("",)
    return clean(values[0])


def clean(text: str, limit: int = 10_000) -> str:
    """Plain text as people meant it: line ends unified, control characters gone, trimmed."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]", "", text).strip()[:limit].rstrip()
