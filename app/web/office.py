"""Who may enter the office: for now whoever runs the demo, because staff accounts do not exist yet."""

from app.errors import NotFound
from app.settings import settings


def office_is_open() -> None:
    """Dependency of every office page.

    Raises:
        NotFound: outside the demo, so that nobody learns that there is an office.
    """
    if not settings().is_demo:
        raise NotFound("there is no such page")
