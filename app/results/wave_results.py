"""The keurmerk tables of a wave as stored: one provider's, or all of them in one query."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.errors import NotFound
from app.fieldwork.tables import Participation, Provider
from app.fieldwork.waves import KnownWave, find_participation, find_provider, find_wave
from app.results.keurmerk import KeurmerkTable, keurmerk_table
from app.results.tallies import Tallies, of_participation, of_some, of_wave
from app.results.verdict import fail_limits

_participation = Participation.__table__  # type: ignore[attr-defined]
_provider = Provider.__table__  # type: ignore[attr-defined]
Advance = Callable[[int, int], None]
AT_A_TIME = 25  # providers


def table_of(connection: Connection, provider: str, wave: str) -> KeurmerkTable:
    """One provider's table.

    Raises:
        NotFound: when there is no such wave or provider, or the provider takes no part in the wave.
    """
    known, who = find_wave(connection, wave), find_provider(connection, provider)
    participation_id = find_participation(connection, known.id, who.id)
    if participation_id is None:
        raise NotFound(f"«{who.slug}» takes no part in wave «{known.label}» yet; import a delivery for it first")
    tallies = of_participation(connection, participation_id, fail_limits(known.rules))
    return keurmerk_table(who.slug, who.name, known.label, known.rules, tallies)


def tables_of(connection: Connection, wave: str) -> list[KeurmerkTable]:
    """The table of every provider in the wave, in order of slug.

    Raises:
        NotFound: when there is no such wave.
    """
    known = find_wave(connection, wave)
    tallies = of_wave(connection, known.id, fail_limits(known.rules))
    return [_table(known, provider, tallies) for provider in _providers(connection, known.id)]


def tables_step_by_step(connection: Connection, wave: str, advance: Advance) -> list[KeurmerkTable]:
    """The same, some providers at a time: `advance(done, total)` tells how far it is.

    Raises:
        NotFound: when there is no such wave.
    """
    known = find_wave(connection, wave)
    providers = _providers(connection, known.id)
    tables: list[KeurmerkTable] = []
    for start in range(0, len(providers), AT_A_TIME):
        some = providers[start : start + AT_A_TIME]
        tallies = of_some(connection, [provider.id for provider in some], fail_limits(known.rules))
        tables += [_table(known, provider, tallies) for provider in some]
        advance(len(tables), len(providers))
    return tables


def _providers(connection: Connection, wave_id: int) -> Sequence[sa.Row[tuple[int, str, str]]]:
    return connection.execute(
        sa.select(_participation.c.id, _provider.c.slug, _provider.c.name)
        .join(_provider, _provider.c.id == _participation.c.provider_id)
        .where(_participation.c.wave_id == wave_id)
        .order_by(_provider.c.slug)
    ).all()


def _table(known: KnownWave, provider: Any, tallies: Mapping[int, Tallies]) -> KeurmerkTable:
    found = tallies.get(provider.id, Tallies())
    return keurmerk_table(provider.slug, provider.name, known.label, known.rules, found)
