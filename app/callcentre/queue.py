"""The call queue: gives an agent one case, and holds it for them."""

from dataclasses import dataclass

from app.callcentre.sentences import Sentence


@dataclass(frozen=True)
class Handed:
    """A case handed to an agent, locked to them, and why this one."""

    case_id: int
    why: Sentence


def next_case(user_id: int) -> Handed | None:
    """Claims the next case for an agent, or gives back the one they hold; None when there is nothing to call now."""
    raise NotImplementedError


def hold(user_id: int, case_id: int) -> bool:
    """The heartbeat: keeps the case five minutes longer. False = the case is no longer this agent's."""
    raise NotImplementedError


def release(user_id: int, case_id: int) -> None:
    """Gives a case back unchanged; one that is not held changes nothing."""
    raise NotImplementedError
