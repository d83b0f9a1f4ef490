"""The fieldwork monitor of a wave or of one provider in it: every figure of the page, from the deliveries on.

A whole wave of a hundred thousand cases takes seconds to count. Such a count is kept for a few times as long as it
took, so that many open pages cost no more than a part of one processor; small ones are counted at every look.
"""

import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app import clock
from app.database import reading, remembered
from app.errors import NotFound
from app.fieldwork.tables import Participation, Provider
from app.fieldwork.waves import KnownProvider, KnownWave, find_participation, find_provider, find_wave
from app.results.monitor import counts as monitor_counts
from app.results.monitor import days as monitor_days
from app.results.monitor.counts import Counts, Deliveries, Group
from app.results.monitor.days import Day, Messages

WORTH_KEEPING_SECONDS = 0.25
KEPT_FOR = 5  # times as long as it took
MAX_KEPT = 50
_participation = Participation.__table__  # type: ignore[attr-defined]
_provider = Provider.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class OfProvider:
    """One provider's part: its clients and commissioners counted apart, and what it delivered."""

    slug: str
    name: str
    delivered: Deliveries
    clients: Counts
    commissioners: Counts


@dataclass(frozen=True)
class Monitor:
    """Everything that is counted about the fieldwork of a wave, or of one provider in it."""

    wave: KnownWave
    provider: KnownProvider | None
    made_at: datetime
    delivered: Deliveries
    all: Counts
    clients: Counts
    commissioners: Counts
    n_undelivered: int  # cases that came with answers from a file, without a delivery
    providers: tuple[OfProvider, ...]
    channels: dict[str, Counts]  # of the net sample, like the next two
    languages: dict[str, Counts]
    modes: dict[str, Counts]  # of who began
    messages: Messages
    days: Sequence[Day]


@dataclass(frozen=True)
class _Kept:
    monitor: Monitor
    until: float


Key = tuple[str, str]  # wave and provider


def _kept() -> dict[Key, _Kept]:
    return remembered("monitors")


def _counting() -> dict[Key, threading.Lock]:
    return remembered("monitors being counted")


def monitor_of(wave: str, provider: str | None = None) -> Monitor:
    """The monitor as it is now, or was a few moments ago where counting takes long.

    Raises:
        NotFound: when there is no such wave or provider, or the provider takes no part.
    """
    key = (wave, provider or "")
    if found := _still_fresh(key):
        return found
    if len(_counting()) > MAX_KEPT:
        _counting().clear()
        _kept().clear()
    with _counting().setdefault(key, threading.Lock()):  # whoever comes meanwhile waits for the same count
        if found := _still_fresh(key):
            return found
        begun = time.monotonic()
        with reading() as connection:
            made = _counted(connection, wave, provider)
        took_seconds = time.monotonic() - begun
        if took_seconds > WORTH_KEEPING_SECONDS:
            _kept()[key] = _Kept(made, time.monotonic() + KEPT_FOR * took_seconds)
        return made


def _still_fresh(key: Key) -> Monitor | None:
    kept = _kept().get(key)
    return kept.monitor if kept is not None and kept.until > time.monotonic() else None


def _counted(connection: Connection, wave: str, provider: str | None) -> Monitor:
    known = find_wave(connection, wave)
    who = find_provider(connection, provider) if provider is not None else None
    if who is not None and find_participation(connection, known.id, who.id) is None:
        raise NotFound(f"«{who.slug}» takes no part in wave «{known.label}»")
    which = monitor_counts.participations(known.id, who.id if who else None)
    groups = monitor_counts.groups_of(connection, which)
    delivered = monitor_counts.deliveries_of(connection, which)
    messages = monitor_days.messages_of(connection, which)
    net = [group for group in groups if group.in_net]
    return Monitor(
        wave=known,
        provider=who,
        made_at=clock.now(),
        delivered=_added(delivered.values()),
        all=monitor_counts.counts(groups),
        clients=monitor_counts.counts(group for group in groups if group.is_client),
        commissioners=monitor_counts.counts(group for group in groups if not group.is_client),
        n_undelivered=sum(group.n for group in groups if not group.was_delivered),
        providers=tuple(_providers(connection, which, groups, delivered)),
        channels=monitor_counts.split(net, lambda group: group.channel),
        languages=monitor_counts.split(net, lambda group: group.language),
        modes=monitor_counts.split((group for group in net if group.was_started), lambda group: group.mode),
        messages=messages,
        days=monitor_days.days_of(connection, which, messages),
    )


def _added(parts: Iterable[Deliveries]) -> Deliveries:
    names = Deliveries.__dataclass_fields__
    found = list(parts)
    return Deliveries(**{name: sum(getattr(part, name) for part in found) for name in names})


def _providers(
    connection: Connection, which: sa.Select[tuple[int]], groups: Sequence[Group], delivered: dict[int, Deliveries]
) -> Iterable[OfProvider]:
    parts = monitor_counts.split(groups, lambda group: (group.participation_id, group.is_client))
    nobody = monitor_counts.counts(())
    rows = connection.execute(
        sa.select(_participation.c.id, _provider.c.slug, _provider.c.name)
        .join(_provider, _provider.c.id == _participation.c.provider_id)
        .where(_participation.c.id.in_(which))
        .order_by(sa.func.lower(_provider.c.name))
    )
    for row in rows:
        clients, commissioners = parts.get((row.id, True), nobody), parts.get((row.id, False), nobody)
        yield OfProvider(row.slug, row.name, delivered.get(row.id, Deliveries()), clients, commissioners)
