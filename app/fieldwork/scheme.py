"""The invitation scheme: which message goes to whom on which day. Data of the wave, not code."""

from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Group = Literal["clients", "commissioners"]
Channel = Literal["email", "letter"]
Kind = Literal["invitation", "reminder", "last_reminder"]
# all: everybody of the group; no_email: who cannot be reached by e-mail
Audience = Literal["all", "no_email"]


class Step(BaseModel):
    """One message of the scheme. `day` counts from the day of the first invitation."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    day: Annotated[int, Field(ge=0, le=365)]
    channel: Channel
    kind: Kind
    audience: Audience = "all"

    @cached_property
    def name(self) -> str:
        """What the step is called everywhere: unique within its group, and the same as long as it means the same."""
        return f"{self.day}-{self.channel}-{self.kind}"


class Scheme(BaseModel):
    """The steps per target group, in order of day."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    clients: tuple[Step, ...] = (
        Step(day=0, channel="email", kind="invitation"),
        Step(day=0, channel="letter", kind="invitation", audience="no_email"),
        Step(day=7, channel="email", kind="reminder"),
        Step(day=14, channel="letter", kind="reminder"),
        Step(day=21, channel="email", kind="last_reminder"),
    )
    commissioners: tuple[Step, ...] = (
        Step(day=0, channel="email", kind="invitation"),
        Step(day=7, channel="email", kind="reminder"),
        Step(day=21, channel="email", kind="last_reminder"),
    )

    def steps(self) -> Iterator[tuple[Group, Step]]:
        """Every step with its group."""
        yield from (("clients", step) for step in self.clients)
        yield from (("commissioners", step) for step in self.commissioners)
