"""The overview of a wave: per provider how far the response is, and what is still needed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.clock import today
from app.fieldwork.rules import WaveRules
from app.fieldwork.tables import Participation, Wave
from app.fieldwork.waves import find_wave
from app.language import long_date, one_decimal
from app.results.keurmerk import KeurmerkTable
from app.results.publication import band_for
from app.results.tallies import Tally
from app.results.wave_results import tables_of

_wave = Wave.__table__  # type: ignore[attr-defined]
_participation = Participation.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class ProviderLine:
    """One provider: its clients in total, against the response norm of the wave."""

    slug: str
    name: str
    n_net: int
    n_completed: int
    response_pct: str
    response_share: float  # 0–1, for the length of the bar only
    norm_pct: str
    norm_share: float
    n_needed: int | None  # None = the norm cannot be met any more

    @property
    def meets_norm(self) -> bool:
        return self.n_needed == 0


@dataclass(frozen=True)
class WavePage:
    """A wave with its providers in order of name."""

    label: str
    period: str
    closes_on: str  # "" = the fieldwork has no last day
    n_days_left: int
    lines: tuple[ProviderLine, ...]
    n_net: int
    n_completed: int
    response_pct: str

    @property
    def n_meeting_norm(self) -> int:
        return sum(line.meets_norm for line in self.lines)


def wave_page(connection: Connection, label: str) -> WavePage:
    """The overview of one wave.

    Raises:
        NotFound: when there is no such wave.
    """
    wave = find_wave(connection, label)
    closes_on: date | None = connection.scalar(sa.select(_wave.c.fieldwork_ends_on).where(_wave.c.id == wave.id))
    tables = sorted(tables_of(connection, label), key=lambda table: table.provider_name.casefold())
    total = sum((table.total.tally for table in tables), Tally())
    return WavePage(
        label=wave.label,
        period=f"{long_date(wave.starts_on)} – {long_date(wave.ends_on)}",
        closes_on=long_date(closes_on) if closes_on else "",
        n_days_left=max(0, (closes_on - today()).days) if closes_on else 0,
        lines=tuple(_line(table, wave.rules) for table in tables),
        n_net=total.n_net,
        n_completed=total.n_completed,
        response_pct=_pct(total),
    )


def _line(table: KeurmerkTable, rules: WaveRules) -> ProviderLine:
    total = table.total
    norm_pct = band_for(rules.response_norm.clients, total.net_sample).min_pct
    return ProviderLine(
        slug=table.provider,
        name=table.provider_name,
        n_net=total.net_sample,
        n_completed=total.completed,
        response_pct=total.response_pct,
        response_share=float(total.response) / 100,
        norm_pct=_short(norm_pct),
        norm_share=float(norm_pct) / 100,
        n_needed=total.n_still_needed,
    )


def _pct(tally: Tally) -> str:
    return one_decimal(Fraction(100 * tally.n_completed, tally.n_net) if tally.n_net else 0)


def _short(pct: Decimal) -> str:
    """`40`, `42,5`: a norm as people write it."""
    return one_decimal(pct).removesuffix(",0")


@dataclass(frozen=True)
class WaveLine:
    """One wave in the list of waves."""

    label: str
    period: str
    n_providers: int


def wave_list(connection: Connection) -> Sequence[WaveLine]:
    """All waves, the newest first."""
    n_providers = (
        sa.select(sa.func.count()).where(_participation.c.wave_id == _wave.c.id).correlate(_wave).scalar_subquery()
    )
    rows = connection.execute(
        sa.select(_wave.c.label, _wave.c.starts_on, _wave.c.ends_on, n_providers.label("n_providers")).order_by(
            _wave.c.starts_on.desc(), _wave.c.label
        )
    )
    return [
        WaveLine(row.label, f"{long_date(row.starts_on)} – {long_date(row.ends_on)}", row.n_providers) for row in rows
    ]
