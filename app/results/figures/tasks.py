"""Counting for figures in the background: every so often for all waves, and with progress for one of them."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from app.database import reading
from app.fieldwork.tables import Wave
from app.fieldwork.waves import find_wave
from app.results.figures.refresh import refresh
from app.tasks import Advance, background

COUNT = "results.count"
COUNTING_SECONDS = 15.0  # per wave and time: the worker has e-mails to send as well
_wave = Wave.__table__  # type: ignore[attr-defined]


@background(COUNT)
def count(parameters: Mapping[str, Any], advance: Advance) -> dict[str, Any]:
    """Counts what changed in one wave; twice does no harm.

    Raises:
        NotFound: when there is no such wave.
    """
    with reading() as connection:
        wave_id = find_wave(connection, str(parameters["wave"])).id
    return {"n_counted": refresh(wave_id, advance=advance)}


def count_all(seconds: float | None = COUNTING_SECONDS) -> int:
    """Counts what changed in any wave, the newest first; returns how many interviews those were.

    Args:
        seconds: per wave; what is left is for the next time. None = until all is counted.
    """
    with reading() as connection:
        wave_ids = connection.scalars(sa.select(_wave.c.id).order_by(_wave.c.id.desc())).all()
    return sum(refresh(wave_id, seconds=seconds) for wave_id in wave_ids)
