"""What the delivery pages list: the providers of a wave with what was delivered, and one provider's deliveries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from app.fieldwork.tables import Case, Delivery, Participation, Provider, Wave

_case = Case.__table__  # type: ignore[attr-defined]
_delivery = Delivery.__table__  # type: ignore[attr-defined]
_participation = Participation.__table__  # type: ignore[attr-defined]
_provider = Provider.__table__  # type: ignore[attr-defined]
_wave = Wave.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class ProviderDeliveries:
    """One provider of a wave: how often it delivered, and how many cases there are of it."""

    slug: str
    name: str
    n_deliveries: int
    n_cases: int
    last_at: datetime | None


def providers_of(connection: Connection, wave_id: int) -> list[ProviderDeliveries]:
    """The providers of a wave in order of name."""
    n_cases = sa.select(sa.func.count()).where(_case.c.participation_id == _participation.c.id).scalar_subquery()
    rows = connection.execute(
        sa.select(
            _provider.c.slug,
            _provider.c.name,
            sa.func.count(_delivery.c.id).label("n_deliveries"),
            sa.func.max(_delivery.c.delivered_at).label("last_at"),
            n_cases.label("n_cases"),
        )
        .select_from(
            _participation.join(_provider, _provider.c.id == _participation.c.provider_id).outerjoin(
                _delivery, _delivery.c.participation_id == _participation.c.id
            )
        )
        .where(_participation.c.wave_id == wave_id)
        .group_by(_participation.c.id, _provider.c.id, _provider.c.slug, _provider.c.name)
    )
    found = [ProviderDeliveries(row.slug, row.name, row.n_deliveries, row.n_cases, row.last_at) for row in rows]
    return sorted(found, key=lambda line: line.name.casefold())


def deliveries_of(connection: Connection, participation_id: int | None) -> Sequence[Row[Any]]:
    """What a provider delivered in a wave, the newest first."""
    return connection.execute(
        sa.select(_delivery).where(_delivery.c.participation_id == participation_id).order_by(_delivery.c.id.desc())
    ).all()
