"""Screens: how the questions of a route are laid out, and the way from one to the next."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.definition.questionnaire import Block
from app.engine.route import Asked, Route


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
    depends on. The page ends there also while that question is not asked: so a page keeps its questions whatever
    is filled in on it. Low-threshold wording and interviewers, who have no grids, ask one question per screen.
    """
    asked_by_code = {asked.step.question.code: asked for asked in route.asked}
    is_alone = route.questionnaire.is_one_by_one
    pages: list[list[Asked]] = []
    on_page: set[str] = set()
    block: Block | None = None
    for step in route.questionnaire.steps:
        if is_alone or step.block is not block or not block.together or step.looks_at & on_page:
            is_new, on_page, block = True, set(), step.block
        if asked := asked_by_code.get(step.question.code):
            if is_new:
                pages.append([])
            pages[-1].append(asked)
            is_new = False
            on_page.update(step.codes)
    return tuple(Screen(tuple(page)) for page in pages)


def is_passed(route: Route, screen: Screen) -> bool:
    return all(route.is_passed(asked) for asked in screen.asked)


def frontier(route: Route, pages: Iterable[Screen]) -> Screen | None:
    """The first screen that is not passed yet: where someone who comes back goes on. None = all passed."""
    return next((screen for screen in pages if not is_passed(route, screen)), None)


def find(pages: Iterable[Screen], code: str) -> Screen | None:
    """The screen with this code, or the one that now holds the question or grid row with this code."""
    return next((s for s in pages if any(code == a.question.code or code in a.step.codes for a in s.asked)), None)


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
    n_passed = sum(route.is_passed(asked) for asked in route.asked)
    n_all = len(route.asked) + _n_waiting(route)
    return n_passed / n_all if n_all else 1.0


def _n_waiting(route: Route) -> int:
    undecided = {question.code for question in route.undecided}
    open_codes = {code for asked in route.asked if not route.is_passed(asked) for code in asked.step.codes}
    n_waiting = 0
    for step in route.questionnaire.steps if undecided else ():
        if step.question.code in undecided and step.looks_at & open_codes:
            n_waiting += 1
            open_codes.update(step.codes)
    return n_waiting
