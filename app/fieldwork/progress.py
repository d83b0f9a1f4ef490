"""How far every provider is from its response norm, and from its quota of telephone interviews.

Kept as counts per participation and group, because the call queue asks for it at every call. Finished interviews are
added one by one in the unit of work that finishes them; everything else is counted again. Whoever counts locks the
row first, so that adding and counting cannot pass each other by.

A case counts for the response norm of its target group; clients of service 11 with learning profile 1 or 2 count for
the phone quota too, and are called for that.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.database import insert
from app.fieldwork.disposition_codes import FINISHED, LEAVES_NET_SAMPLE, OPEN, QUOTA
from app.fieldwork.rules import BY_PHONE_PROFILES, INBURGERING, Band, WaveRules
from app.fieldwork.tables import Case, NormProgress, Participation, Wave

NormGroup = Literal["clients", "commissioners", "phone_quota"]
BATCH = 500  # below the number of parameters that any database takes
_case = Case.__table__  # type: ignore[attr-defined]
_participation = Participation.__table__  # type: ignore[attr-defined]
_progress = NormProgress.__table__  # type: ignore[attr-defined]
_wave = Wave.__table__  # type: ignore[attr-defined]


def group_of(kind: str, service: int | None, learning_profile: int | None) -> NormGroup:
    """The norm or quota that a case is called for."""
    if kind != "client":
        return "commissioners"
    is_quota = service == INBURGERING and learning_profile in BY_PHONE_PROFILES
    return "phone_quota" if is_quota else "clients"


def counts_for_quota() -> sa.ColumnElement[bool]:
    """The condition on survey_case rows that the phone quota is about."""
    condition: sa.ColumnElement[bool] = sa.and_(
        _case.c.kind == "client",
        _case.c.service == INBURGERING,
        _case.c.learning_profile.in_(BY_PHONE_PROFILES),
    )
    return condition


def group_expression() -> sa.ColumnElement[str]:
    """`group_of` for survey_case rows, in SQL."""
    chosen: sa.ColumnElement[str] = sa.case(
        (_case.c.kind != "client", "commissioners"), (counts_for_quota(), "phone_quota"), else_="clients"
    )
    return chosen


def needed(bands: Iterable[Band], n_net: int, *, inclusive: bool) -> int:
    """The fewest interviews with which a net sample of this size meets its norm; at least 1."""
    band = next((band for band in bands if band.net_max is None or n_net <= band.net_max), None)
    if band is None:
        return 1
    share = band.min_pct * n_net / 100
    whole = int(share)
    at_least = whole if inclusive and share == whole else whole + 1
    return max(at_least, band.min_completed, 1)


def add_finished(connection: Connection, counts: Mapping[tuple[int, NormGroup], int]) -> None:
    """Adds finished interviews, per participation and group; those of the quota count for the clients' norm too."""
    added: Counter[tuple[int, str]] = Counter()
    for (participation_id, group), n_cases in counts.items():
        added[participation_id, group] += n_cases
        if group == "phone_quota":
            added[participation_id, "clients"] += n_cases
    rows = [{"here": here, "group": group, "more": added[here, group]} for here, group in sorted(added)]
    if rows:
        connection.execute(_ADD, rows)


_ADD = (
    sa.update(_progress)
    .where(_progress.c.participation_id == sa.bindparam("here"), _progress.c.norm_group == sa.bindparam("group"))
    .values(n_finished=_progress.c.n_finished + sa.bindparam("more"))
)


def recount(connection: Connection, participation_ids: Collection[int]) -> None:
    """Counts these participations again."""
    ordered = sorted(participation_ids)
    for start in range(0, len(ordered), BATCH):
        _recount(connection, ordered[start : start + BATCH])


def recount_wave(connection: Connection, wave_id: int) -> None:
    """Counts every participation of a wave again."""
    here = connection.scalars(sa.select(_participation.c.id).where(_participation.c.wave_id == wave_id))
    recount(connection, list(here))


def _recount(connection: Connection, here: list[int]) -> None:
    lock = sa.select(_progress.c.participation_id).where(_progress.c.participation_id.in_(here))
    connection.execute(lock.order_by(_progress.c.participation_id, _progress.c.norm_group).with_for_update()).all()
    counted = _counted(connection, here)
    rows = []
    for place in connection.execute(
        sa.select(_participation.c.id, _participation.c.wave_id, _participation.c.phone_quota, _rules_text)
        .join(_wave, _wave.c.id == _participation.c.wave_id)
        .where(_participation.c.id.in_(here))
        .order_by(_participation.c.id)
    ):
        quota = place.phone_quota if place.phone_quota is not None else _rules(place.rules).phone_quota
        for group, (n_net, n_finished, n_needed) in _figures(counted, place.id, _rules(place.rules), quota).items():
            row = {"participation_id": place.id, "norm_group": group, "wave_id": place.wave_id}
            rows.append(row | {"n_net": n_net, "n_finished": n_finished, "n_needed": n_needed})
    if rows:
        statement = insert(connection, _progress)
        new = {name: statement.excluded[name] for name in ("n_net", "n_finished", "n_needed")}
        connection.execute(
            statement.on_conflict_do_update(index_elements=["participation_id", "norm_group"], set_=new), rows
        )


_rules_text = sa.cast(_wave.c.rules, sa.Text).label("rules")


@lru_cache(maxsize=64)
def _rules(text: str) -> WaveRules:
    return WaveRules.model_validate_json(text)


_Counts = Mapping[tuple[int, str], tuple[int, int]]


def _counted(connection: Connection, here: Sequence[int]) -> _Counts:
    """Net sample and finished interviews per participation and group, apart from one another."""
    batches = (here[start : start + BATCH] for start in range(0, len(here), BATCH))
    return {key: counts for batch in batches for key, counts in _counted_in(connection, batch).items()}


def _counted_in(connection: Connection, here: Sequence[int]) -> _Counts:
    is_net = _case.c.disposition.not_in(LEAVES_NET_SAMPLE)
    rows = connection.execute(
        sa.select(
            _case.c.participation_id,
            group_expression().label("norm_group"),
            sa.func.sum(sa.case((is_net, 1), else_=0)).label("n_net"),
            sa.func.sum(sa.case((_case.c.disposition == FINISHED, 1), else_=0)).label("n_finished"),
        )
        .where(_case.c.participation_id.in_(here))
        .group_by(_case.c.participation_id, sa.text("norm_group"))
    )
    return {(row.participation_id, row.norm_group): (row.n_net, row.n_finished) for row in rows}


def _figures(
    counted: _Counts, participation_id: int, rules: WaveRules, quota: int
) -> dict[NormGroup, tuple[int, int, int]]:
    """Net sample, finished and needed per group that there is anybody of."""
    nobody = (0, 0)
    commissioners, by_phone = (
        counted.get((participation_id, group), nobody) for group in ("commissioners", "phone_quota")
    )
    n_net, n_finished = _shown(counted, (participation_id, "clients"))
    norm = rules.response_norm
    found: dict[NormGroup, tuple[int, int, int]] = {
        "clients": (n_net, n_finished, needed(norm.clients, n_net, inclusive=rules.inclusive)),
    }
    if (participation_id, "commissioners") in counted:
        wanted = needed(norm.commissioners, commissioners[0], inclusive=rules.inclusive)
        found["commissioners"] = (*commissioners, wanted)
    if (participation_id, "phone_quota") in counted:
        found["phone_quota"] = (*by_phone, quota)
    return found


def full_quotas(connection: Connection, participation_ids: Collection[int]) -> list[int]:
    """Of these participations, those with a phone quota that has been filled."""
    statement = sa.select(_progress.c.participation_id).where(_progress.c.norm_group == "phone_quota", is_full())
    return list(connection.scalars(statement.where(_progress.c.participation_id.in_(participation_ids))))


def n_towards_quota(connection: Connection, participation_id: int) -> int:
    """How many interviews count for the phone quota."""
    here = _progress.c.participation_id == participation_id, _progress.c.norm_group == "phone_quota"
    return int(connection.scalar(sa.select(_progress.c.n_finished).where(*here)) or 0)


def is_full() -> sa.ColumnElement[bool]:
    """The condition on norm_progress rows that have what they need."""
    condition: sa.ColumnElement[bool] = _progress.c.n_finished >= _progress.c.n_needed
    return condition


def stale(connection: Connection, wave_id: int) -> list[int]:
    """The participations of a wave whose counts are missing or are not those of its cases any more."""
    here = connection.scalars(sa.select(_participation.c.id).where(_participation.c.wave_id == wave_id)).all()
    stored = {(row.participation_id, row.norm_group): row for row in progress_of(connection, wave_id)}
    counted = _counted(connection, here)
    found = {key[0] for key, row in stored.items() if _shown(counted, key) != (row.n_net, row.n_finished)}
    found |= {participation_id for participation_id, _ in counted.keys() - stored.keys()}
    return sorted(found)


def _shown(counted: _Counts, key: tuple[int, str]) -> tuple[int, int]:
    """What is kept for a group: everybody of the quota is a client too."""
    participation_id, group = key
    groups = ("clients", "phone_quota") if group == "clients" else (group,)
    parts = [counted.get((participation_id, each), (0, 0)) for each in groups]
    return sum(part[0] for part in parts), sum(part[1] for part in parts)


def unsettled_quotas(connection: Connection, wave_id: int) -> list[int]:
    """The participations where somebody still waits though the quota is full, or was given up though it is not."""
    waits = sa.or_(sa.and_(is_full(), _case.c.disposition == OPEN), sa.and_(~is_full(), _case.c.disposition.in_(QUOTA)))
    statement = (
        sa.select(_progress.c.participation_id)
        .join(_case, _case.c.participation_id == _progress.c.participation_id)
        .where(_progress.c.wave_id == wave_id, _progress.c.norm_group == "phone_quota", counts_for_quota(), waits)
    )
    return list(connection.scalars(statement.distinct()))


def progress_of(connection: Connection, wave_id: int) -> list[sa.Row[Any]]:
    """The counts of a wave: participation, group, net sample, finished, needed."""
    return list(connection.execute(sa.select(_progress).where(_progress.c.wave_id == wave_id)))
