"""When an agent works and rests: a log of stretches, one open at most."""


def begin(user_id: int) -> None:
    """The agent starts; starting twice changes nothing."""
    raise NotImplementedError


def pause(user_id: int) -> None:
    """A break; without a shift under way nothing changes."""
    raise NotImplementedError


def resume(user_id: int) -> None:
    """Back from a break."""
    raise NotImplementedError


def end(user_id: int) -> None:
    """The agent goes home."""
    raise NotImplementedError
