"""The fieldwork monitor's counts of cases: one query, of which every figure on the page is a sum.

Each case falls in exactly one group, so whatever is added up comes to the same totals. What keeps a case out of the
net sample is what `fieldwork.dispositions` says; what counts as completed is what the keurmerk tables count.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.collection.tables import Interview
from app.fieldwork import dispositions
from app.fieldwork.rules import BY_PHONE_PROFILES, INBURGERING
from app.fieldwork.tables import Case, Delivery, Message, Participation
from app.results.tallies import CLIENT, Tally

# what has left us, whether or not it arrived
WENT_OUT = ("sent", "uncertain", "bounced", "printed", "returned")
SILENT = (dispositions.OPTED_OUT, dispositions.REFUSED, dispositions.CANNOT, dispositions.QUOTA_FILLED_TRIED)
CHANNELS = ("email", "letter", "both", "phone", "none")
_case = Case.__table__  # type: ignore[attr-defined]
_delivery = Delivery.__table__  # type: ignore[attr-defined]
_interview = Interview.__table__  # type: ignore[attr-defined]
_message = Message.__table__  # type: ignore[attr-defined]
_participation = Participation.__table__  # type: ignore[attr-defined]
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Group:
    """Cases that are alike in all that the monitor looks at, and how many there are."""

    participation_id: int
    kind: str  # client, commissioner
    disposition: str
    was_delivered: bool
    language: str
    channel: str  # see CHANNELS
    mode: str  # of the interview; "" = none
    was_invited: bool
    was_opened: bool
    is_finished: bool
    is_usable: bool
    n: int

    @property
    def is_client(self) -> bool:
        return self.kind == CLIENT

    @property
    def in_net(self) -> bool:
        return self.disposition not in dispositions.LEAVES_NET_SAMPLE

    @property
    def was_started(self) -> bool:
        return self.mode != ""


@dataclass(frozen=True)
class Deliveries:
    """The rows of the delivered files by verdict; accepted rows are new cases or known ones."""

    n_rows: int = 0
    n_rejected: int = 0
    n_duplicate: int = 0
    n_self_reporter: int = 0
    n_updated: int = 0
    n_new: int = 0


def groups_of(connection: Connection, participation_ids: sa.Select[tuple[int]]) -> list[Group]:
    """Every case of these participations, in groups."""
    cases = (
        sa.select(*_properties())
        .select_from(_case.outerjoin(_interview, _interview.c.case_id == _case.c.id))
        .where(_case.c.participation_id.in_(participation_ids))
        .subquery()
    )
    keys = list(cases.c)
    return [_group(row) for row in connection.execute(sa.select(*keys, sa.func.count().label("n")).group_by(*keys))]


def _properties() -> list[sa.ColumnElement[Any]]:
    """What cases are grouped by. Numbers rather than truth values: both databases group and return those alike."""
    is_by_phone = sa.and_(
        _case.c.kind == CLIENT, _case.c.service == INBURGERING, _case.c.learning_profile.in_(BY_PHONE_PROFILES)
    )
    was_called = _case.c.called_at.is_not(None)
    flags = {
        "was_delivered": _case.c.delivery_id.is_not(None),
        "by_phone": sa.or_(is_by_phone, was_called, _interview.c.mode == "phone"),
        "was_called": was_called,
        "was_opened": _case.c.opened_at.is_not(None),
        "is_finished": _interview.c.finished_at.is_not(None),
        "is_usable": _interview.c.is_usable,
    }
    one: sa.ColumnElement[int] = sa.literal_column("1")
    return [
        _case.c.participation_id,
        _case.c.kind,
        _disposition().label("disposition"),
        _case.c.language,
        sa.func.coalesce(_interview.c.mode, "").label("mode"),
        sa.func.coalesce(_went_out(), 0).label("went_out"),
        *(sa.case((condition, one), else_=0).label(name) for name, condition in flags.items()),
    ]


def _went_out() -> sa.ScalarSelect[int]:
    """Over which channels something left for a case: 1 = e-mail, 2 = letter, 3 = both; none = NULL."""
    by_email = sa.func.max(sa.case((_message.c.channel == "email", 1), else_=0))
    by_letter = sa.func.max(sa.case((_message.c.channel == "letter", 2), else_=0))
    return (
        sa.select(by_email + by_letter)
        .where(_message.c.case_id == _case.c.id, _message.c.state.in_(WENT_OUT))
        .correlate(_case)
        .scalar_subquery()
    )


def _disposition() -> sa.ColumnElement[str]:
    """A commissioner who answers as client counts as such, whatever else is known."""
    answers_as_client = sa.and_(_case.c.kind != CLIENT, _case.c.is_self_reporter, dispositions.in_net_sample())
    return sa.case((answers_as_client, dispositions.SELF_REPORTER), else_=_case.c.disposition)


def _group(row: Any) -> Group:
    channel = {1: "email", 2: "letter", 3: "both"}.get(row.went_out, "phone" if row.by_phone else "none")
    was_started = row.mode != ""
    was_opened = bool(row.was_opened) or was_started  # by telephone nobody opens a link
    return Group(
        row.participation_id, row.kind, row.disposition, bool(row.was_delivered), row.language, channel, row.mode,
        was_invited=row.went_out > 0 or bool(row.was_called) or was_opened, was_opened=was_opened,
        is_finished=bool(row.is_finished), is_usable=bool(row.is_usable), n=row.n,
    )  # fmt: skip


def deliveries_of(connection: Connection, participation_ids: sa.Select[tuple[int]]) -> dict[int, Deliveries]:
    """What the files of each participation held."""
    names = ("n_rows", "n_rejected", "n_duplicate", "n_self_reporter", "n_updated", "n_new")
    rows = connection.execute(
        sa.select(_delivery.c.participation_id, *(sa.func.sum(_delivery.c[name]) for name in names))
        .where(_delivery.c.participation_id.in_(participation_ids))
        .group_by(_delivery.c.participation_id)
    )
    return {row[0]: Deliveries(*map(int, row[1:])) for row in rows}


def participations(wave_id: int, provider_id: int | None = None) -> sa.Select[tuple[int]]:
    """The ids of a wave's participations, or of one."""
    found = sa.select(_participation.c.id).where(_participation.c.wave_id == wave_id)
    return found if provider_id is None else found.where(_participation.c.provider_id == provider_id)


@dataclass(frozen=True)
class Counts:
    """How far the cases of a set of groups are. Each number from `n_net` on counts who came this far or further."""

    n_cases: int
    n_not_sampled: int
    n_undeliverable: int
    n_quota_filled: int
    n_self_reporter: int
    n_net: int
    n_invited: int
    n_opened: int
    n_started: int
    n_finished: int
    n_usable: int
    n_usable_unfinished: int
    n_silent: Mapping[str, int]  # of the net sample, by disposition: who gets nothing more and did not finish

    @property
    def tally(self) -> Tally:
        """As far as the response goes."""
        return Tally(n_net=self.n_net, n_completed=self.n_usable)


def counts(groups: Iterable[Group]) -> Counts:
    """The sums of some groups."""
    found = list(groups)

    def n(condition: Callable[[Group], bool] = lambda group: True) -> int:
        return sum(group.n for group in found if condition(group))

    def n_in(disposition: str) -> int:
        return n(lambda group: group.disposition == disposition)

    return Counts(
        n_cases=n(),
        n_not_sampled=n_in(dispositions.NOT_SAMPLED),
        n_undeliverable=n_in(dispositions.UNDELIVERABLE),
        n_quota_filled=n_in(dispositions.QUOTA_FILLED),
        n_self_reporter=n_in(dispositions.SELF_REPORTER),
        n_net=n(lambda group: group.in_net),
        n_invited=n(lambda group: group.in_net and group.was_invited),
        n_opened=n(lambda group: group.in_net and group.was_opened),
        n_started=n(lambda group: group.in_net and group.was_started),
        n_finished=n(lambda group: group.in_net and group.is_finished),
        n_usable=n(lambda group: group.in_net and group.is_usable),
        n_usable_unfinished=n(lambda group: group.in_net and group.is_usable and not group.is_finished),
        n_silent={one: n_one for one in SILENT if (n_one := n_in(one))},
    )


def split(groups: Iterable[Group], key: Callable[[Group], Key]) -> dict[Key, Counts]:
    """The sums per value of a property."""
    parts: dict[Key, list[Group]] = {}
    for group in groups:
        parts.setdefault(key(group), []).append(group)
    return {value: counts(part) for value, part in parts.items()}
