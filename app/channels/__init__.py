"""PLUG POINT: the channels that carry one message after another to people. A new one: a module and two lines here.

Letters are no such channel: they wait in the outbox until somebody makes a batch of them.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Literal, Protocol


@dataclass(frozen=True, repr=False)  # no repr: what stands on it must never reach a log
class Envelope:
    """One message, ready to be put in the form of its channel. Lives in memory only."""

    message_id: str  # the same at every attempt, without angle brackets
    to: str  # the address on this channel
    language: str
    subject: str
    paragraphs: tuple[str, ...]  # plain text; the link may stand in it
    button: str
    link: str  # opens the questionnaire
    unsubscribe_link: str  # the opt-out page, and where one-click unsubscribing posts to; "" = for staff
    until: str = ""  # the last day, in words of the language; "" = there is none


@dataclass(frozen=True)
class Outcome:
    """What came of one attempt.

    sent: the other side has taken it. temporary: try again later. permanent: the address does not work.
    refused: the message will never be taken, which says nothing about the address.
    uncertain: it may have been taken, nobody knows. withdrawn: it was called back before anything was said.
    `reason` is of our own words and codes (`550 5.1.1`), never a text of the other side: that may name people.
    """

    state: Literal["sent", "temporary", "permanent", "refused", "uncertain", "withdrawn"]
    reason: str = ""


class OutOfReach(Exception):
    """The channel as a whole does not work now; nothing was sent. Says why, without naming people."""


# Called at the last moment before anything can reach the recipient (for e-mail: before DATA). False = do not send:
# somebody opted out in the meantime, or another worker has taken the message over.
MaySend = Callable[[], bool]


class Line(Protocol):
    """An open connection to send over; not shared between threads."""

    def send(self, envelope: Envelope, may_send: MaySend) -> Outcome:
        """Sends one message; calls `may_send` exactly once, unless the attempt ends before.

        Raises:
            OutOfReach: when the channel itself fails before `may_send` was called.
        """


class Channel(Protocol):
    """One way of sending."""

    def open(self) -> AbstractContextManager[Line]:
        """A connection for several messages.

        Raises:
            OutOfReach: when there is none to be had.
        """


from app.channels.email import Email  # noqa: E402  (modules of channels import what stands above)

REGISTRY: Mapping[str, Channel] = {"email": Email()}
