"""The demo: one wave half-way through fieldwork, three providers, their deliveries and made-up respondents.

Everything goes the real way: files are written, checked and imported, respondents walk the real questionnaires.
Each step looks whether it was done before, so loading twice changes nothing and an interrupted load is completed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random

import sqlalchemy as sa

from app.clock import today
from app.collection.tables import Interview
from app.database import reading, writing
from app.errors import Conflict
from app.fieldwork.delivery.file import open_delivery
from app.fieldwork.delivery.storing import import_delivery
from app.fieldwork.rules import shipped_rules
from app.fieldwork.tables import Case, Delivery, Participation, Provider, Wave
from app.fieldwork.waves import add_provider, create_wave, slug_of
from app.settings import settings
from app.simulation.demo_links import make_links
from app.simulation.people import INBURGERING, Caseload, Row, client, commissioner, with_faults, write_delivery
from app.simulation.simulate import plan, simulate

SEED = 2026
FIELDWORK_DAYS_LEFT = 21
LATE_ROWS = 8  # clients in the second file of the first provider, for whoever wants to try an import
Say = Callable[[str], None]
_wave = Wave.__table__  # type: ignore[attr-defined]
_provider = Provider.__table__  # type: ignore[attr-defined]
_participation = Participation.__table__  # type: ignore[attr-defined]
_delivery = Delivery.__table__  # type: ignore[attr-defined]
_case = Case.__table__  # type: ignore[attr-defined]
_interview = Interview.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class DemoProvider:
    """A made-up provider: how many clients of which services, how content they are and how many respond (0–1)."""

    name: str
    services: Sequence[int]
    n_clients: int
    n_commissioners: int
    quality: float
    response_share: float

    @property
    def slug(self) -> str:
        return slug_of(self.name)


# One that meets every norm, one whose grades are too low, one that still needs interviews.
PROVIDERS = (
    DemoProvider("Loopbaanhuis Midden", (3, 8, 12), 64, 5, 0.8, 0.72),
    DemoProvider("De Brug Jobcoaching", (5, 9, 13), 52, 0, 0.47, 0.62),
    DemoProvider("Stap Vooruit", (1, 9, 10, INBURGERING), 72, 4, 0.7, 0.38),
)


def wave_label() -> str | None:
    """The label of the demo's wave; None when this database holds no demo."""
    with reading() as connection:
        return connection.execute(
            sa.select(_wave.c.label)
            .join(_participation, _participation.c.wave_id == _wave.c.id)
            .join(_provider, _provider.c.id == _participation.c.provider_id)
            .where(_provider.c.slug == PROVIDERS[0].slug)
            .order_by(_wave.c.id)
        ).scalar()


def load(say: Say, advance: Callable[[int, int], None] = lambda done, total: None) -> str:
    """Loads what is missing of the demo; returns the label of its wave.

    Args:
        say: told what was done, sentence by sentence.
        advance: told how many respondents of how many are done.

    Raises:
        Conflict: when the database holds waves of its own; a demo never comes between real data.
    """
    label = _wave_and_providers(say)
    for provider in PROVIDERS:
        _deliver(provider, label, say)
    _respond(label, say, advance)
    make_links(label)
    return label


def _wave_and_providers(say: Say) -> str:
    if found := wave_label():
        return found
    day = today()
    starts_on, ends_on = day - timedelta(days=365), day - timedelta(days=1)
    with writing() as connection:
        if connection.execute(sa.select(_wave.c.id)).first():
            raise Conflict(
                "this database holds waves already, and a demo does not belong between them; "
                "point PEILWIJS_VAR_FOLDER at an empty folder"
            )
        rules = shipped_rules(starts_on).model_copy(update={"allow_drafted_translations": True})
        wave_id = create_wave(connection, str(day.year), starts_on, ends_on, rules)
        closes_on = day + timedelta(days=FIELDWORK_DAYS_LEFT)
        connection.execute(sa.update(_wave).where(_wave.c.id == wave_id).values(seed=SEED, fieldwork_ends_on=closes_on))
        for provider in PROVIDERS:
            slug = add_provider(connection, provider.name)
            provider_id = connection.scalar(sa.select(_provider.c.id).where(_provider.c.slug == slug))
            values = {"wave_id": wave_id, "provider_id": provider_id, "phone_option": "none"}
            connection.execute(sa.insert(_participation).values(values))
    say(f"Wave {day.year} runs until {closes_on}, with {len(PROVIDERS)} providers.")
    return str(day.year)


def _deliver(provider: DemoProvider, label: str, say: Say) -> None:
    """Writes the provider's file and stores it through the delivery check, unless that was done before."""
    with reading() as connection:
        delivered = connection.execute(
            sa.select(_delivery.c.id, _wave.c.starts_on, _wave.c.ends_on)
            .select_from(
                _participation.join(_wave, _wave.c.id == _participation.c.wave_id)
                .join(_provider, _provider.c.id == _participation.c.provider_id)
                .outerjoin(_delivery, _delivery.c.participation_id == _participation.c.id)
            )
            .where(_wave.c.label == label, _provider.c.slug == provider.slug)
        ).first()
    if delivered is None or delivered.id is not None:
        return
    caseload = Caseload(provider.services, delivered.starts_on, delivered.ends_on)
    path = _file(f"{provider.slug}.csv")
    write_delivery(path, _rows(provider, caseload))
    done = import_delivery(open_delivery(path), provider.slug, label)
    say(f"{provider.name}: " + ", ".join(f"{n_rows} rows {verdict}" for verdict, n_rows in done.counts.items()) + ".")
    if provider is PROVIDERS[0]:
        random = Random(f"{SEED} late")  # noqa: S311
        late = [client(random, 1000 + number, caseload) for number in range(LATE_ROWS)]
        write_delivery(_file(f"{provider.slug}-nalevering.csv"), late)


def _rows(provider: DemoProvider, caseload: Caseload) -> list[Row]:
    random = Random(f"{SEED} {provider.slug}")  # noqa: S311  made-up people, no secrets
    clients = with_faults(random, [client(random, number, caseload) for number in range(1, provider.n_clients + 1)])
    organisations = ("Gemeente Noordstad", "Werkgever Zuid", "Verzekeraar West")
    return clients + [
        commissioner(random, number, random.choice(organisations)) for number in range(provider.n_commissioners)
    ]


def _file(name: str) -> Path:
    folder = settings().var_folder / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / name


def _respond(label: str, say: Say, advance: Callable[[int, int], None]) -> None:
    """Respondents half-way through fieldwork, unless somebody began before."""
    with reading() as connection:
        begun = connection.execute(
            sa.select(_interview.c.case_id)
            .join(_case, _case.c.id == _interview.c.case_id)
            .join(_participation, _participation.c.id == _case.c.participation_id)
            .join(_wave, _wave.c.id == _participation.c.wave_id)
            .where(_wave.c.label == label)
        ).first()
    if begun:
        return
    plans = {provider: plan(label, SEED, provider.slug) for provider in PROVIDERS}
    n_all, n_done = sum(len(planned.invitees) for planned in plans.values()), 0

    def one_more() -> None:
        nonlocal n_done
        n_done += 1
        advance(n_done, n_all)

    for provider, planned in plans.items():
        for done in simulate(planned.invitees, provider.response_share, quality=provider.quality, advance=one_more):
            say(f"{provider.name}: {done.n_started} of {done.n_invited} people began, {done.n_finished} finished.")


def late_delivery() -> Path:
    """The file of a second delivery, for whoever wants to try an import."""
    return _file(f"{PROVIDERS[0].slug}-nalevering.csv")
