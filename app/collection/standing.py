"""Where somebody stands in a questionnaire: all that the pages, and the way through them, need to know."""

from typing import Protocol, Self

from app.definition.questionnaire import Questionnaire
from app.engine.route import Route
from app.engine.screens import Screen


class Standing(Protocol):
    """A sitting of a case, or a try-out that is stored nowhere."""

    @property
    def questionnaire(self) -> Questionnaire: ...

    @property
    def language(self) -> str: ...

    @property
    def route(self) -> Route: ...

    @property
    def screens(self) -> tuple[Screen, ...]: ...

    def with_answers(self, changes: dict[str, str | None]) -> Self:
        """The same, as it is after these answers."""
