"""The keurmerk tables of a wave as stored: one provider's, or all of them in one query."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.errors import NotFound
from app.fieldwork.tables import Participation, Provider
from app.fieldwork.waves import find_participation, find_provider, find_wave
from app.results.keurmerk import KeurmerkTable, keurmerk_table
from app.results.tallies import Tallies, of_participation, of_wave
from app.results.verdict import fail_limits

_participation = Participation.__table__  # type: ignore[attr-defined]
_provider = Provider.__table__  # type: ignore[attr-defined]


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
    providers = connection.execute(
        sa.select(_participation.c.id, _provider.c.slug, _provider.c.name)
        .join(_provider, _provider.c.id == _participation.c.provider_id)
        .where(_participation.c.wave_id == known.id)
        .order_by(_provider.c.slug)
    )
    return [
        keurmerk_table(row.slug, row.name, known.label, known.rules, tallies.get(row.id, Tallies()))
        for row in providers
    ]
