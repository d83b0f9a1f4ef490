"""The preview of a delivery: what confirming it would do. Nothing is stored."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.database import reading
from app.fieldwork.delivery.check import ACCEPTED, Checked, Verdict, check, counts
from app.fieldwork.delivery.file import DeliveryFile
from app.fieldwork.delivery.known_cases import KnownCases, known_cases
from app.fieldwork.tables import Delivery
from app.fieldwork.waves import KnownProvider, KnownWave, find_participation, find_provider, find_wave

Advance = Callable[[int], None]  # told how many more records are done
Notice = Callable[[Checked], None]  # told every judged record, in the order of judging
STEP = 1000
_delivery = Delivery.__table__  # type: ignore[attr-defined]


def stand_still(n_records: int) -> None:
    """Where nobody watches the progress."""


def pass_over(checked: Checked) -> None:
    """Where nobody wants to see the records."""


@dataclass(frozen=True)
class Ground:
    """What a delivery is judged against: the wave, the provider and what it delivered before."""

    wave: KnownWave
    provider: KnownProvider
    participation_id: int | None
    known: KnownCases
    same_file_at: datetime | None  # when exactly this file was stored before


@dataclass(frozen=True)
class Preview:
    """The verdicts of a file in its own order, and how many known cases it would renew."""

    file: DeliveryFile
    ground: Ground
    verdicts: list[Verdict]
    n_updated: int

    @property
    def counts(self) -> dict[str, int]:
        """How many records got each verdict."""
        return counts(self.verdicts)


def ground(connection: Connection, provider_slug: str, wave_label: str, content_hash: str) -> Ground:
    """Reads what a delivery is judged against.

    Raises:
        NotFound: when there is no such wave or provider.
    """
    wave = find_wave(connection, wave_label)
    provider = find_provider(connection, provider_slug)
    participation_id = find_participation(connection, wave.id, provider.id)
    same_file_at = connection.execute(
        sa.select(_delivery.c.delivered_at)
        .where(_delivery.c.participation_id == participation_id, _delivery.c.content_hash == content_hash)
        .order_by(_delivery.c.id.desc())
    ).scalar()
    return Ground(wave, provider, participation_id, known_cases(connection, participation_id), same_file_at)


def preview(
    file: DeliveryFile,
    provider_slug: str,
    wave_label: str,
    advance: Advance = stand_still,
    notice: Notice = pass_over,
) -> Preview:
    """Judges a file without storing anything.

    Raises:
        Unreadable: when the file breaks off.
        NotFound: when there is no such wave or provider.
    """
    with reading() as connection:
        found = ground(connection, provider_slug, wave_label, file.content_hash)
    verdicts, n_updated = [], 0
    with without_garbage_collection():
        for n_done, checked in enumerate(check(file, found.wave, found.known), 1):
            verdicts.append(checked.verdict)
            n_updated += is_update(checked)
            notice(checked)
            if n_done % STEP == 0:
                advance(STEP)
    verdicts.sort(key=lambda verdict: verdict.row)
    return Preview(file, found, verdicts, n_updated)


@contextmanager
def without_garbage_collection() -> Iterator[None]:
    """A hundred thousand rows hold no cycles, and looking for them again and again takes a fifth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def is_update(checked: Checked) -> bool:
    """Whether an accepted row renews a known case instead of making a new one."""
    return checked.verdict.verdict == ACCEPTED and checked.known is not None
