"""The frame around a respondent's page: a bar above it to jump with, and a panel that says why."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from app.definition.routing_findings import in_ranges
from app.engine.completeness import Line, overview
from app.errors import N_
from app.language import LANGUAGES
from app.preview.filters_told import FACT_VALUES
from app.preview.jumps import MARKS, Aim, aims
from app.preview.reasons import Reason, Reasons, Why, why
from app.preview.setup import START, service_names
from app.preview.trial import Trial
from app.preview.walk import Shown
from app.preview.within import within
from app.web.pages import environment

BASE = "office/preview.html"
BEFORE = ("vragenlijst", "oefenen")  # pages that come before the first question
PAGES = (
    ("/vragenlijst", N_("Inleiding")),
    ("/oefenen", N_("Oefenvraag")),
    ("/hulp", N_("Hulp")),
    ("/overzicht", N_("Overzicht van de antwoorden")),
    ("/bedankt", N_("Bedankt")),
    ("/gestopt", N_("Gestopt voor nu")),
)


@dataclass(frozen=True)
class Target:
    """One line of the list to jump with. `mark` is a message that says why it cannot be reached."""

    value: str
    text: str
    is_here: bool
    mark: str


@dataclass(frozen=True)
class Refusal:
    """Why a jump did not get there, and an address where it would."""

    aim: Aim
    mark: str
    address: str
    services: str
    reason: Reason | None


@dataclass(frozen=True)
class Frame:
    """All that stands around the page."""

    trial: Trial
    sealed: str
    title: str
    language: str
    service: str
    wording: str
    mode: str
    address: str
    start: str
    here: str
    groups: tuple[tuple[str, tuple[Target, ...]], ...]
    notices: tuple[str, ...]
    filled: tuple[Line, ...]
    refusal: Refusal | None
    why: Why

    @property
    def n_skipped(self) -> int:
        """Questions that were not asked so far."""
        return sum(len(one.reasons) for one in self.why.skipped)


def framed(shown: Shown, office_language: str) -> str:
    """The whole page as HTML: what the respondent sees, within a frame in the language of the researcher."""
    frame = _frame(shown)
    office, respondent = environment(office_language), environment(shown.trial.language)
    parts = {
        name: Markup(office.get_template(f"office/preview_{name}.html").render(f=frame))  # noqa: S704
        for name in ("bar", "why")
    }
    context = {
        "base": BASE,
        "account": None,
        "offered": shown.trial.setup.offered,
        "is_low_threshold": shown.trial.questionnaire.is_low_threshold,
        "form_token": shown.trial.form_token,
        "preview": parts,
        "preview_address": frame.address,
    }
    html = respondent.get_template(shown.template).render({**context, **shown.context})
    return within(html, frame.sealed)


def _frame(shown: Shown) -> Frame:
    trial, setup = shown.trial, shown.trial.setup
    return Frame(
        trial=trial,
        sealed=trial.sealed(),
        title=setup.definition.texts.title,
        language=LANGUAGES[setup.language],
        service="" if setup.service is None else f"{setup.service}. {service_names().get(setup.service, '')}",
        wording=FACT_VALUES[setup.met_wording],
        mode=FACT_VALUES[setup.mode],
        address=setup.address(_question(shown), shown.page),
        start=f"{START}?{setup.query}",
        here=shown.question,
        groups=tuple(_groups(shown)),
        notices=shown.notices,
        filled=_filled(shown),
        refusal=_refusal(shown),
        why=why(trial, shown.screen, is_begun=shown.page not in BEFORE),
    )


def _question(shown: Shown) -> str:
    """The question that was jumped to, else the first of its page."""
    return shown.aim.code if shown.aim and not shown.aim.obstacle else shown.question


def _groups(shown: Shown) -> Iterator[tuple[str, tuple[Target, ...]]]:
    """The list to jump with: the pages, then the questions by block."""
    yield (
        N_("Pagina's"),
        tuple(
            Target(path, words, shown.page == path.strip("/"), "")
            for path, words in PAGES
            if path != "/oefenen" or shown.trial.questionnaire.is_low_threshold
        ),
    )
    here = _question(shown)
    for block, members in groupby(aims(shown.trial.setup), lambda one: one.block):
        yield block, tuple(Target(one.code, one.text, one.code == here, MARKS[one.obstacle]) for one in members)


def _filled(shown: Shown) -> tuple[Line, ...]:
    """The smallest answer set of the question that was jumped to, in words."""
    answers = shown.aim.answers if shown.aim else {}
    return tuple(
        line for line in overview(shown.trial.in_dutch.route) if set(line.question.answer_codes()) & set(answers)
    )


def _refusal(shown: Shown) -> Refusal | None:
    there = shown.aim
    if there is None or not there.obstacle:
        return None
    step = next((s for s in shown.trial.in_dutch.questionnaire.steps if s.question.code == there.code), None)
    reason = Reasons(shown.trial).of(step) if step else None
    address = there.elsewhere.address(there.code) if there.elsewhere else ""
    return Refusal(there, MARKS[there.obstacle], address, in_ranges(there.services), reason)
