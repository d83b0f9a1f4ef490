"""What each respondent page shows, typed, so that templates only print."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.collection.sittings import Sitting
from app.definition.piping import pipe
from app.definition.questionnaire import Page
from app.engine.completeness import Line, overview
from app.engine.screens import Screen, previous, progress_share
from app.questions.question import UNANSWERED_PROBLEM, Problem, Question

Translate = Callable[[str], str]


@dataclass(frozen=True)
class Field:
    """One question as it stands on the page: its words, what is filled in, and what is wrong with it."""

    question: Question
    values: Mapping[str, tuple[str, ...]]  # field name → what is filled in
    errors: Mapping[str, str]  # answer code → sentence

    @property
    def template(self) -> str:
        return f"questions/{self.question.template}"

    def is_chosen(self, name: str, code: str) -> bool:
        return code in self.values.get(name, ())

    def value(self, name: str) -> str:
        return self.values.get(name, ("",))[0]


@dataclass(frozen=True)
class Summary:
    """One entry of the error summary: the sentence and the field it links to."""

    anchor: str
    sentence: str


@dataclass(frozen=True)
class QuestionPage:
    """A screen of questions."""

    code: str
    title: str
    block_title: str
    fields: tuple[Field, ...]
    is_low_threshold: bool
    progress_pct: int
    has_previous: bool
    errors: tuple[Summary, ...]
    may_skip: bool
    n_dropped: int
    back_to: str
    form_token: str


def question_page(
    sitting: Sitting,
    screen: Screen,
    *,
    form_token: str,
    translate: Translate,
    typed: Mapping[str, list[str]] | None = None,
    problems: tuple[Problem, ...] = (),
    back_to: str = "",
    n_dropped: int = 0,
) -> QuestionPage:
    """The screen with stored answers, or with what was just typed when that could not be stored."""
    errors = {problem.answer: translate(problem.message) % dict(problem.values) for problem in problems}
    fields = tuple(_field(sitting, sitting.route.presented(asked), errors, typed) for asked in screen.asked)
    only_unanswered = all(problem.message == UNANSWERED_PROBLEM for problem in problems)
    is_required = any(asked.question.required for asked in screen.asked)
    return QuestionPage(
        code=screen.code,
        title=fields[0].question.text if len(fields) == 1 else pipe(screen.block.title, sitting.route.piped_values),
        block_title=pipe(screen.block.title, sitting.route.piped_values),
        fields=fields,
        is_low_threshold=sitting.wording == "low_threshold",
        progress_pct=round(progress_share(sitting.route) * 100),
        has_previous=previous(sitting.screens, screen) is not None,
        errors=tuple(Summary(f"v-{code}", sentence) for code, sentence in errors.items()),
        may_skip=bool(problems) and only_unanswered and not is_required,
        n_dropped=n_dropped,
        back_to=back_to,
        form_token=form_token,
    )


def _field(
    sitting: Sitting, question: Question, errors: Mapping[str, str], typed: Mapping[str, list[str]] | None
) -> Field:
    own_errors = {code: sentence for code, sentence in errors.items() if code in question.answer_codes()}
    if typed is not None:
        values = {name: tuple(given) for name, given in typed.items()}
    else:
        stored = sitting.route.counted
        values = {
            code: tuple(question.filled_in(code, value))
            for code in question.answer_codes()
            if (value := stored.get(code)) is not None
        }
    return Field(question, values, own_errors)


@dataclass(frozen=True)
class OverviewPage:
    """Answers so far, of one block or of all, each with a way to change it."""

    block: str  # "" = all
    title: str
    lines: tuple[Line, ...]
    is_low_threshold: bool
    is_last: bool
    next_address: str
    progress_pct: int
    n_dropped: int
    form_token: str


def overview_page(sitting: Sitting, block: str, next_address: str, form_token: str, n_dropped: int = 0) -> OverviewPage:
    """The overview of a block, or with block "" the last page before finishing."""
    titles = {b.code: b.title for b in sitting.questionnaire.texts.blocks}
    return OverviewPage(
        block=block,
        title=pipe(titles.get(block, ""), sitting.route.piped_values),
        lines=overview(sitting.route, block or None),
        is_low_threshold=sitting.wording == "low_threshold",
        is_last=not block,
        next_address=next_address,
        progress_pct=round(progress_share(sitting.route) * 100),
        n_dropped=n_dropped,
        form_token=form_token,
    )


def told(page: Page, sitting: Sitting) -> Page:
    """Introduction or closing with the provider's name filled in."""
    values = sitting.route.piped_values
    return Page(title=pipe(page.title, values), text=tuple(pipe(paragraph, values) for paragraph in page.text))
