"""Which waves there are to choose from in the office, and the one that its pages open with."""

from collections.abc import Sequence
from urllib.parse import quote

import sqlalchemy as sa
from starlette.responses import RedirectResponse, Response

from app.database import reading
from app.errors import Unavailable
from app.fieldwork.tables import Wave

_wave = Wave.__table__  # type: ignore[attr-defined]


def wave_labels() -> Sequence[str]:
    """The labels of all waves, the newest first; none when the database is away, as error pages ask too."""
    try:
        with reading() as connection:
            return connection.scalars(sa.select(_wave.c.label).order_by(_wave.c.starts_on.desc(), _wave.c.label)).all()
    except Unavailable:
        return ()


def to_newest_wave(start: str) -> Response | None:
    """To the page of the newest wave under this address; None when there is no wave yet."""
    with reading() as connection:
        newest = sa.select(_wave.c.label).order_by(_wave.c.starts_on.desc(), _wave.c.label).limit(1)
        label = connection.scalar(newest)
    return None if label is None else RedirectResponse(f"{start}/{quote(label, safe='')}", 303)


def to_newest_or_all(start: str) -> Response:
    """The same; to the list of waves when there is none."""
    return to_newest_wave(start) or RedirectResponse("/kantoor/golven", 303)
