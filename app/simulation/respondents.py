"""Made-up respondents walk through their questionnaires.

Each page goes through `collection.interviews`, the same functions and the same unit of work per page that a browser
reaches, so whatever a simulation stores could have been stored by people.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from app.collection import interviews
from app.collection.interviews import Stored
from app.collection.sittings import Closed, Sitting
from app.collection.visitors import Visitor
from app.engine.completeness import usable
from app.engine.screens import Screen, frontier, is_passed, previous
from app.questions.question import Question
from app.simulation.characters import Character, character, fill_in, slip

MAX_PAGES = 500  # far above any questionnaire: a walk that needs more goes round in circles
Form = dict[str, list[str]]


CHANGES_MIND_SHARE = 0.3  # of those who go back


@dataclass(frozen=True)
class Invitee:
    """A case that may fill in: who it is to the web, and what its person is drawn from."""

    provider: str  # slug
    case_id: int
    token_id: int
    seed: str


@dataclass(frozen=True)
class Ending:
    """How one walk ended."""

    is_started: bool
    is_finished: bool = False
    is_usable: bool = False
    n_pages: int = 0


@dataclass(frozen=True)
class Summary:
    """What a simulation did at one provider. `n_broken_off` of `n_started` did not finish."""

    provider: str
    n_invited: int
    n_started: int
    n_broken_off: int
    n_finished: int
    n_usable: int
    n_pages: int


def summary(provider: str, endings: Sequence[Ending]) -> Summary:
    n_started = sum(ending.is_started for ending in endings)
    n_finished = sum(ending.is_finished for ending in endings)
    return Summary(
        provider=provider,
        n_invited=len(endings),
        n_started=n_started,
        n_broken_off=n_started - n_finished,
        n_finished=n_finished,
        n_usable=sum(ending.is_usable for ending in endings),
        n_pages=sum(ending.n_pages for ending in endings),
    )


def respond(invitee: Invitee, response_share: float, quality: float) -> Ending:
    """One person decides whether to take part and, if so, walks until the end or until patience runs out.

    Args:
        response_share: the share (0–1) of people who begin.
        quality: how well the provider helps its clients (0–1).
    """
    random = Random(invitee.seed)  # noqa: S311  made-up people, no secrets
    if random.random() >= response_share:
        return Ending(is_started=False)
    who = character(random, quality)
    return Walk(Visitor(invitee.case_id, invitee.token_id, session=""), random, who).until_it_ends()


class Walk:
    """One person on the way through one questionnaire."""

    def __init__(self, visitor: Visitor, random: Random, who: Character) -> None:
        self.visitor, self.random, self.who = visitor, random, who
        self.n_pages = 0

    def until_it_ends(self) -> Ending:
        sitting = interviews.begin(self.visitor)
        while isinstance(sitting, Sitting) and self.n_pages < MAX_PAGES:
            screen = frontier(sitting.route, sitting.screens)
            if screen is None:
                interviews.finish(self.visitor)
                return Ending(True, True, usable(sitting.route, is_finished=True), self.n_pages)
            if self.n_pages == self.who.patience:
                return self._break_off(screen)
            sitting = self._on(sitting, screen)
        assert self.n_pages < MAX_PAGES, f"case {self.visitor.case_id} goes round in circles"
        return Ending(is_started=False)  # the door was closed

    def _on(self, sitting: Sitting, screen: Screen) -> Sitting | Closed:
        """Answers a screen; whoever doubts goes back instead, and may change an answer that others hang on."""
        if self.random.random() < self.who.doubts_share:
            steering = _steering(sitting)
            if steering and self.random.random() < CHANGES_MIND_SHARE:
                return self._change_mind(sitting, self.random.choice(steering))
            if before := previous(sitting.screens, screen):
                return self._answer(sitting, before)
        return self._answer(sitting, screen)

    def _answer(self, sitting: Sitting, screen: Screen) -> Sitting | Closed:
        form: Form = {}
        mistakes: Form = {}
        for question in _presented(sitting, screen):
            fill_in(self.random, self.who, question, form)
            mistakes.update(slip(self.random, self.who, question))
        if mistakes:
            self._post(screen, {**form, **mistakes})
        return self._post_all(screen, form)

    def _change_mind(self, sitting: Sitting, screen: Screen) -> Sitting | Closed:
        """Another answer to a question that steers the route; half of the people take that back again."""
        before: Form = {}
        after: Form = {}
        for question in _presented(sitting, screen):
            fill_in(self.random, self.who, question, after)
            for name, kind in question.value_types().items():
                stored = sitting.route.counted.get(name)
                if stored is not None:
                    before[name] = list(question.filled_in(name, stored))
                others = [code for code in kind.codes or () if code != stored]
                if kind.kind == "choice" and others:
                    after[name] = [self.random.choice(others)]
        changed = self._post_all(screen, after)
        return self._post_all(screen, before) if self.random.random() < 0.5 else changed

    def _post_all(self, screen: Screen, form: Form) -> Sitting | Closed:
        """Posts a page, and once more when the page asks about what was left open."""
        stored = self._post(screen, form)
        if isinstance(stored, Stored) and stored.problems:
            assert stored.only_unanswered, f"a made-up answer was refused: {stored.problems}"
            stored = self._post(screen, form, may_skip=True)
        return stored.sitting if isinstance(stored, Stored) else stored

    def _break_off(self, screen: Screen) -> Ending:
        """Stops for now with an empty page, and does not come back."""
        stored = self._post(screen, {}, keeps_open=True)
        is_usable = isinstance(stored, Stored) and usable(stored.sitting.route, is_finished=False)
        return Ending(True, False, is_usable, self.n_pages)

    def _post(self, screen: Screen, form: Form, *, may_skip: bool = False, keeps_open: bool = False) -> Stored | Closed:
        self.n_pages += 1
        stored = interviews.answer(self.visitor, screen.code, form, may_skip=may_skip, keeps_open=keeps_open)
        assert stored is not None, f"the screen {screen.code} was just shown"
        return stored


def _presented(sitting: Sitting, screen: Screen) -> list[Question]:
    return [sitting.route.presented(asked) for asked in screen.asked]


def _steering(sitting: Sitting) -> list[Screen]:
    """Passed screens with an answer that decides what else is asked."""
    gates = {name for step in sitting.questionnaire.steps for name in step.looks_at}
    return [
        screen
        for screen in sitting.screens
        if is_passed(sitting.route, screen) and any(gates & set(asked.step.codes) for asked in screen.asked)
    ]
