"""The way through the pages: which address follows which."""

import re
from urllib.parse import quote

from app.collection.standing import Standing
from app.engine.completeness import overview
from app.engine.screens import Screen, ends_block, following, frontier

INTRODUCTION = "/vragenlijst"
PRACTICE = "/oefenen"
HELP = "/hulp"
# only our own pages lead back from the help page, so that nobody can make a link to elsewhere
_PAGES = re.compile(
    r"/(?:oefenen|gestopt|overzicht(?:/[a-z0-9_]{1,60})?|vragenlijst(?:/[a-z0-9_]{1,60}(?:\?terug=[a-z0-9_]{1,60})?)?)"
)
DONE = "/bedankt"
ALL = "alles"  # `terug=alles`: came from the last overview


def screen_address(screen: Screen, back_to: str = "") -> str:
    return question_address(screen.code, back_to)


def question_address(code: str, back_to: str = "") -> str:
    return f"/vragenlijst/{code}" + (f"?terug={back_to}" if back_to.replace("_", "").isalnum() else "")


def overview_address(block: str) -> str:
    return f"/overzicht/{block}" if block else "/overzicht"


def help_address(page: str, address: str = HELP) -> str:
    """A page about help, with the way back to the page where the button was pressed."""
    return f"{address}?van={quote(page, safe='/')}"


def way_back(address: str) -> str:
    """The page that somebody came from; where they were when it is none of ours."""
    return address if _PAGES.fullmatch(address) else INTRODUCTION


def resume(sitting: Standing) -> str:
    """The first open screen; with all passed, the last overview."""
    first_open = frontier(sitting.route, sitting.screens)
    return screen_address(first_open) if first_open else overview_address("")


def after_answer(sitting: Standing, screen: Screen | None, back_to: str) -> str:
    """Where to go after a screen was answered.

    Who came from an overview goes back to it, unless the change opened new questions: those come first.
    """
    if screen is None:
        return resume(sitting)
    if back_to:
        return _back(sitting, back_to)
    after = following(sitting.screens, screen)
    if _has_overviews(sitting) and after and ends_block(sitting.screens, screen) and _has_lines(sitting, screen):
        return overview_address(screen.block.code)
    return screen_address(after) if after else resume(sitting)


def _back(sitting: Standing, back_to: str) -> str:
    first_open = frontier(sitting.route, sitting.screens)
    if back_to == ALL or first_open is None:
        return resume(sitting)
    is_inside = any(asked.block.code == back_to for asked in sitting.route.asked)
    opened = first_open.block.code == back_to
    return screen_address(first_open, back_to) if opened or not is_inside else overview_address(back_to)


def after_overview(sitting: Standing, block: str) -> str:
    """The screen after a block's overview."""
    in_block = [screen for screen in sitting.screens if screen.block.code == block]
    after = following(sitting.screens, in_block[-1]) if in_block else None
    first_open = frontier(sitting.route, sitting.screens)
    if first_open and (after is None or sitting.screens.index(first_open) < sitting.screens.index(after)):
        after = first_open
    return screen_address(after) if after else overview_address("")


def _has_overviews(sitting: Standing) -> bool:
    return sitting.questionnaire.is_low_threshold


def _has_lines(sitting: Standing, screen: Screen) -> bool:
    return bool(overview(sitting.route, screen.block.code))
