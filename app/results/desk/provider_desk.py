"""One provider of a wave at the desk: its keurmerk table with everything behind it."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from app.fieldwork.rules import WaveRules
from app.fieldwork.waves import find_participation, find_provider, find_wave
from app.results.desk.correction import Steps, steps_of
from app.results.desk.counted import Counted, Place, counted
from app.results.desk.explained import Explanation, explanations, row_key
from app.results.keurmerk import KeurmerkTable
from app.results.keurmerk_page import GROUPS, Judged, KeurmerkPage, page_of
from app.results.wave_results import table_of


@dataclass(frozen=True)
class ProviderDesk:
    """What the page prints. `row_keys` names the table's rows in order, for the links to their explanation."""

    wave: str
    slug: str
    keurmerk: KeurmerkPage
    row_keys: tuple[tuple[str, ...], ...]  # per group
    explanations: tuple[Explanation, ...]
    verdicts: tuple[tuple[Judged, Steps | None], ...]


def provider_desk(connection: Connection, wave: str, provider: str) -> ProviderDesk:
    """The desk of one provider.

    Raises:
        NotFound: when there is no such wave or provider, or the provider takes no part in the wave.
    """
    table = table_of(connection, provider, wave)
    known, who = find_wave(connection, wave), find_provider(connection, provider)
    return desk_of(known.rules, table, counted(connection, find_participation(connection, known.id, who.id) or 0))


def desk_of(rules: WaveRules, table: KeurmerkTable, counts: Mapping[Place, Counted]) -> ProviderDesk:
    """The table in words, with all that is behind it."""
    page = page_of(table)
    keys = [(row.group, row_key(row)) for row in table.rows]
    per_group = [tuple(key for of, key in keys if of == group) for group in GROUPS]
    return ProviderDesk(
        wave=table.wave,
        slug=table.provider,
        keurmerk=page,
        row_keys=tuple(keys_of for keys_of in per_group if keys_of),
        explanations=explanations(rules, table, counts),
        verdicts=tuple(zip(page.verdicts, steps_of(rules, table, counts), strict=True)),
    )
