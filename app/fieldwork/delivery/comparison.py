"""A file against what a provider delivered before: what is new, what changes, what stays as it is, and who is drawn."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.database import reading
from app.encryption import decrypt
from app.fieldwork.delivery.case_rows import ContactData
from app.fieldwork.delivery.check import ACCEPTED, Checked
from app.fieldwork.delivery.rows import BATCH, RENEWED_FACTS
from app.fieldwork.dispositions import NOT_SAMPLED
from app.fieldwork.tables import Case, Contact

_case = Case.__table__  # type: ignore[attr-defined]
_contact = Contact.__table__  # type: ignore[attr-defined]


@dataclass
class Comparison:
    """Told every judged record; counts what the accepted ones mean beside the stored cases."""

    n_new: int = 0
    n_changed: int = 0
    n_unchanged: int = 0
    new_clients: Counter[int] = field(default_factory=Counter)  # per service
    _known: list[Checked] = field(default_factory=list)

    def notice(self, checked: Checked) -> None:
        """Takes one judged record into account."""
        if checked.verdict.verdict != ACCEPTED:
            return
        if checked.known is None:
            self.n_new += 1
            if checked.case.kind == "client" and checked.case.service is not None:
                self.new_clients[checked.case.service] += 1
            return
        self._known.append(checked)
        if len(self._known) == BATCH:
            self.finish()

    def finish(self) -> None:
        """Compares what was not compared yet."""
        if not self._known:
            return
        with reading() as connection:
            n_unchanged = _n_unchanged(connection, self._known)
        self.n_unchanged += n_unchanged
        self.n_changed += len(self._known) - n_unchanged
        self._known.clear()


@dataclass(frozen=True)
class Draw:
    """What a wave's maximum means for one service: a client is drawn, or waits in the reserve."""

    service: int
    max_sample: int | None
    n_drawn_before: int
    n_reserve_before: int
    n_new: int = 0

    @property
    def n_drawn(self) -> int:
        """How many of the new clients are drawn."""
        if self.max_sample is None:
            return self.n_new
        return min(self.n_new, max(0, self.max_sample - self.n_drawn_before))

    @property
    def n_reserve(self) -> int:
        """How many of the new clients wait."""
        return self.n_new - self.n_drawn


def draws(
    connection: Connection,
    participation_id: int | None,
    max_sample: Mapping[int, int],
    new_clients: Mapping[int, int] = {},
) -> list[Draw]:
    """Per service how the sample stands, and what the new clients would add to it."""
    drawn: Counter[int] = Counter()
    reserve: Counter[int] = Counter()
    rows = connection.execute(
        sa.select(_case.c.service, _case.c.disposition, sa.func.count())
        .where(_case.c.participation_id == participation_id, _case.c.kind == "client", _case.c.service.is_not(None))
        .group_by(_case.c.service, _case.c.disposition)
    )
    for service, disposition, n_cases in rows:
        (reserve if disposition == NOT_SAMPLED else drawn)[service] += n_cases
    return [
        Draw(service, max_sample.get(service), drawn[service], reserve[service], new_clients.get(service, 0))
        for service in sorted({*drawn, *reserve, *new_clients})
    ]


def _n_unchanged(connection: Connection, known: list[Checked]) -> int:
    """How many of these records say nothing that is not stored already."""
    ids = [checked.known.id for checked in known if checked.known]
    columns = [_contact.c.case_id, *(_contact.c[name] for name in ContactData._fields)]
    facts = [_case.c[name].label(f"case_{name}") for name in RENEWED_FACTS]
    rows = connection.execute(
        sa.select(*columns, *facts).join(_case, _case.c.id == _contact.c.case_id).where(_case.c.id.in_(ids))
    )
    stored = {row.case_id: row._mapping for row in rows}
    return sum(_says_nothing_new(checked, stored.get(checked.known.id)) for checked in known if checked.known)


def _says_nothing_new(checked: Checked, stored: sa.RowMapping | None) -> bool:
    """What was not delivered again stays, so only what was delivered is compared."""
    if stored is None:
        return False
    for name in RENEWED_FACTS:
        given = getattr(checked.case, name)
        if given is not None and given != stored[f"case_{name}"]:
            return False
    return all(
        not given or given == decrypt(stored[name])
        for name, given in zip(ContactData._fields, checked.case.contact, strict=True)
    )
