"""A try-out: choices and answers that exist only in the page itself, sealed in a field of its forms.

It stands where a sitting stands, so the real pages show it. There is no row, no cookie and no session: whoever
closes the page has thrown the answers away.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from itsdangerous import BadData, URLSafeSerializer

from app.definition.questionnaire import Questionnaire
from app.encryption import key
from app.engine.route import Route, route
from app.engine.screens import Screen, screens
from app.errors import Invalid
from app.preview.setup import Setup, fitting
from app.settings import settings


@dataclass(frozen=True)
class Trial:
    """Somebody's choices and the answers so far. `form_token`: what forms of the office carry; it is not sealed in."""

    setup: Setup
    answers: dict[str, str | None]
    form_token: str = ""

    @property
    def language(self) -> str:
        return self.setup.language

    @cached_property
    def questionnaire(self) -> Questionnaire:
        return self.setup.words

    @cached_property
    def route(self) -> Route:
        return route(self.questionnaire, self.answers, self.setup.facts)

    @cached_property
    def screens(self) -> tuple[Screen, ...]:
        return screens(self.route)

    @property
    def in_dutch(self) -> "Trial":
        """The same, as the researcher reads about it."""
        return replace(self, setup=self.setup.in_dutch)

    def but(self, **other: Any) -> "Trial":
        """The same answers with other choices."""
        return replace(self, setup=self.setup.but(**other))

    def with_answers(self, changes: dict[str, str | None]) -> "Trial":
        return replace(self, answers={**self.answers, **changes})

    def sealed(self) -> str:
        """The whole try-out as one field: compact, and signed so that what comes back is what we sent."""
        chosen = self.setup
        parts = [
            *(chosen.questionnaire, chosen.wording, chosen.language),
            *(chosen.service, chosen.learning_profile, chosen.mode),
        ]
        return str(_sealer().dumps([parts, self.answers]))


def unsealed(field: str, form_token: str) -> Trial:
    """The try-out in a form.

    Raises:
        Invalid: when the field was not made by us, or with another secret.
    """
    try:
        parts, answers = _sealer().loads(field)
    except BadData:
        raise Invalid("This preview page is too old to go on with; open the preview again from its start.") from None
    return Trial(fitting(Setup(*parts)), answers, form_token)


def _sealer() -> URLSafeSerializer:
    return URLSafeSerializer(key("preview", settings().secret), salt="preview")
