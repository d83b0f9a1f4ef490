"""What can go wrong, by meaning; the edges (web, command line) turn it into a page or an exit status."""


class PeilwijsError(Exception):
    """Base: the text is one plain sentence for the person who can mend it."""


class Invalid(PeilwijsError):
    """Input that cannot be accepted; nothing was changed."""


class NotFound(PeilwijsError):
    """What was asked for does not exist (or not for this person)."""


class Conflict(PeilwijsError):
    """It exists already, or something else happened first."""


class Forbidden(PeilwijsError):
    """This person may not do this."""


class Unavailable(PeilwijsError):
    """Temporarily impossible: database locked, full or gone. Trying again later makes sense."""


def N_(message: str) -> str:
    """Marks a message for the catalogues without translating it here: that happens where it is shown."""
    return message
