"""Screens: how the questions of a route are laid out, and the way from one to the next."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.definition.questionnaire import Block
from app.engine.route import Asked, Route
from app.questions.question import Question


@dataclass(frozen=True)
class Screen:
    """One page of questions. Its code, used in the address, is that of its first question."""

    asked: tuple[Asked, ...]

    @property
    def code(self) -> str:
        return self.asked[0].question.code

    @property
    def block(self) -> Block:
        return self.asked[0].block


def screens(route: Route) -> tuple[Screen, ...]:
    """The route as screens.

    Regular wording puts the questions of a `together` block on one page, but never a question with one it
    depends on. Low-threshold wording, which has no grids, shows one question per screen.
    """
    pages: list[list[Asked]] = []
    on_page: set[str] = set()
    for asked in route.asked:
        is_together = (
            pages
            and route.facts.wording != "low_threshold"
            and asked.block.together
            and pages[-1][0].block is asked.block
            and not asked.step.looks_at & on_page
        )
        if is_together:
            pages[-1].append(asked)
        else:
            pages.append([asked])
            on_page = set()
        on_page.update(asked.question.answer_codes())
    return tuple(Screen(tuple(page)) for page in pages)


def is_passed(route: Route, screen: Screen) -> bool:
    return all(route.is_passed(asked.question) for asked in screen.asked)


def frontier(route: Route, pages: Iterable[Screen]) -> Screen | None:
    """The first screen that is not passed yet: where someone who comes back goes on. None = all passed."""
    return next((screen for screen in pages if not is_passed(route, screen)), None)


def find(pages: Iterable[Screen], code: str) -> Screen | None:
    """The screen with this code, or the one that now holds the question or grid row with this code."""
    return next((s for s in pages if any(code in _names(asked.question) for asked in s.asked)), None)


def _names(question: Question) -> tuple[str, ...]:
    return (question.code, *question.answer_codes())


def following(pages: tuple[Screen, ...], screen: Screen) -> Screen | None:
    """The screen after this one; None after the last."""
    place = pages.index(screen) + 1
    return pages[place] if place < len(pages) else None


def previous(pages: tuple[Screen, ...], screen: Screen) -> Screen | None:
    """The screen before this one; None before the first."""
    place = pages.index(screen)
    return pages[place - 1] if place else None


def ends_block(pages: tuple[Screen, ...], screen: Screen) -> bool:
    """Whether the block ends here: low-threshold wording then shows an overview."""
    after = following(pages, screen)
    return after is None or after.block is not screen.block


def progress_share(route: Route) -> float:
    """Passed questions as a share (0–1) of those on the route and those that may still come.

    An undecided question may still come while it waits, directly or through others, for a question that was
    not passed yet. When what it waits for was passed without an answer it stays away, so that the end is 1.
    """
    n_passed = sum(route.is_passed(asked.question) for asked in route.asked)
    n_all = len(route.asked) + _n_waiting(route)
    return n_passed / n_all if n_all else 1.0


def _n_waiting(route: Route) -> int:
    undecided = {question.code for question in route.undecided}
    open_codes = {
        code for asked in route.asked if not route.is_passed(asked.question) for code in asked.question.answer_codes()
    }
    n_waiting = 0
    for step in route.questionnaire.steps if undecided else ():
        if step.question.code in undecided and step.looks_at & open_codes:
            n_waiting += 1
            open_codes.update(step.question.answer_codes())
    return n_waiting
