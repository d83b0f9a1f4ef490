"""What each respondent page shows, typed, so that templates only print."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from app.collection.fields import Field, field_html
from app.collection.standing import Standing
from app.definition.questionnaire import Page
from app.engine.completeness import Line, overview
from app.engine.screens import Screen, previous, progress_share
from app.questions.question import REQUIRED_PROBLEM, UNANSWERED_PROBLEM, Problem, Question

Translate = Callable[[str], str]


@dataclass(frozen=True)
class Summary:
    """One entry of the error summary: the sentence and the field it links to."""

    anchor: str
    sentence: str


@dataclass(frozen=True)
class ShownField:
    """One question on the page, as HTML."""

    html: Markup
    asks: bool
    has_errors: bool


@dataclass(frozen=True)
class QuestionPage:
    """A screen of questions."""

    code: str
    title: str
    block_title: str
    fields: tuple[ShownField, ...]
    is_low_threshold: bool
    progress_pct: int
    has_previous: bool
    errors: tuple[Summary, ...]
    may_skip: bool
    n_dropped: int
    back_to: str
    form_token: str


def question_page(
    sitting: Standing,
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
    needed = {code for asked in screen.asked if asked.question.required for code in asked.question.answer_codes()}
    errors = {problem.answer: translate(_message(problem, needed)) % dict(problem.values) for problem in problems}
    fields = [_field(sitting, sitting.route.presented(asked), errors, typed) for asked in screen.asked]
    is_low_threshold = sitting.questionnaire.is_low_threshold
    is_alone = len(fields) == 1
    only_unanswered = all(problem.message == UNANSWERED_PROBLEM for problem in problems)
    return QuestionPage(
        code=screen.code,
        title=fields[0].question.text if is_alone else sitting.route.pipe(screen.block.title),
        block_title=sitting.route.pipe(screen.block.title),
        fields=tuple(
            ShownField(
                field_html(field, sitting.language, is_alone, is_low_threshold), field.question.asks, bool(field.errors)
            )
            for field in fields
        ),
        is_low_threshold=is_low_threshold,
        progress_pct=round(progress_share(sitting.route) * 100),
        has_previous=previous(sitting.screens, screen) is not None,
        errors=tuple(Summary(f"v-{code}", _named(code, sentence, fields)) for code, sentence in errors.items()),
        may_skip=bool(problems) and only_unanswered and not needed,
        n_dropped=n_dropped,
        back_to=back_to,
        form_token=form_token,
    )


def _named(code: str, sentence: str, fields: Sequence[Field]) -> str:
    """What is wrong, led by the question or row that it is about where the page holds several."""
    rows = {row.code: row.text for field in fields for row in field.question.rows}
    texts = {field.question.code: field.question.text for field in fields} if len(fields) > 1 else {}
    about = (texts | rows).get(code)
    if about is None:
        return sentence
    return f"{about} {sentence}" if about.endswith("?") else f"{about}: {sentence}"


def _message(problem: Problem, needed: set[str]) -> str:
    """The sentence for a problem; nobody is told to go on without an answer that is needed."""
    is_needed = problem.message == UNANSWERED_PROBLEM and problem.answer in needed
    return REQUIRED_PROBLEM if is_needed else problem.message


def _field(
    sitting: Standing, question: Question, errors: Mapping[str, str], typed: Mapping[str, list[str]] | None
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


def overview_page(
    sitting: Standing, block: str, next_address: str, form_token: str, n_dropped: int = 0
) -> OverviewPage:
    """The overview of a block, or with block "" the last page before finishing."""
    titles = {b.code: b.title for b in sitting.questionnaire.texts.blocks}
    return OverviewPage(
        block=block,
        title=sitting.route.pipe(titles.get(block, "")),
        lines=overview(sitting.route, block or None),
        is_low_threshold=sitting.questionnaire.is_low_threshold,
        is_last=not block,
        next_address=next_address,
        progress_pct=round(progress_share(sitting.route) * 100),
        n_dropped=n_dropped,
        form_token=form_token,
    )


def told(page: Page, sitting: Standing) -> Page:
    """Introduction or closing with the provider's name filled in."""
    paragraphs = tuple(sitting.route.pipe(paragraph) for paragraph in page.text)
    return page.model_copy(update={"title": sitting.route.pipe(page.title), "text": paragraphs})
