"""Storing a delivery: one unit of work, all or nothing.

Reading, judging and encrypting happen before the database is locked, so that respondents hardly notice.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app import clock
from app.audit.log import record
from app.database import reading, writing
from app.errors import Conflict
from app.fieldwork import dispositions, progress
from app.fieldwork.delivery import new_numbers, sampling
from app.fieldwork.delivery.check import ACCEPTED, VERDICTS, Checked, check
from app.fieldwork.delivery.file import DeliveryFile
from app.fieldwork.delivery.known_cases import last_delivery
from app.fieldwork.delivery.preview import STEP, Advance, Ground, ground, stand_still, without_garbage_collection
from app.fieldwork.delivery.rows import Ready, batches, insert_new, ready, renew
from app.fieldwork.opt_outs import opted_out_keys
from app.fieldwork.tables import Case, Contact, Delivery, Participation
from app.fieldwork.waves import participate

_case = Case.__table__  # type: ignore[attr-defined]
_contact = Contact.__table__  # type: ignore[attr-defined]
_delivery = Delivery.__table__  # type: ignore[attr-defined]
_participation = Participation.__table__  # type: ignore[attr-defined]


@dataclass
class _Prepared:
    """A judged file, ready to store."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(VERDICTS, 0))
    new: list[Ready] = field(default_factory=list)
    renewed: list[Ready] = field(default_factory=list)
    n_other_service: int = 0

    def add(self, checked: Checked) -> None:
        self.counts[checked.verdict.verdict] += 1
        if checked.verdict.verdict != ACCEPTED:
            return
        if checked.known is None:
            self.new.append(ready(checked))
        else:
            self.renewed.append(ready(checked))
            self.n_other_service += checked.known.service != checked.case.service


@dataclass(frozen=True)
class Imported:
    """What storing a delivery did. With `same_file_at` nothing was done: the file was there since then."""

    counts: dict[str, int]
    n_new: int = 0
    n_updated: int = 0
    n_not_sampled: int = 0
    n_opted_out: int = 0
    n_other_service: int = 0
    same_file_at: datetime | None = None


def import_delivery(
    file: DeliveryFile,
    provider_slug: str,
    wave_label: str,
    judged: Advance = stand_still,
    stored: Advance = stand_still,
    actor: str = "command",
) -> Imported:
    """Stores the accepted rows of a file; a file that was stored before changes nothing.

    Args:
        judged: told how many more records are judged.
        stored: told how many more are stored.
        actor: who does this, for the audit log.

    Raises:
        Unreadable: when the file breaks off.
        NotFound: when there is no such wave or provider.
        Conflict: when another delivery of this provider was stored at the same moment.
    """
    with reading() as connection:
        found = ground(connection, provider_slug, wave_label, file.content_hash)
    if found.same_file_at is not None:
        return Imported(dict.fromkeys(VERDICTS, 0), same_file_at=found.same_file_at)
    prepared = _Prepared()
    with without_garbage_collection():
        for n_done, checked in enumerate(check(file, found.wave, found.known), 1):
            prepared.add(checked)
            if n_done % STEP == 0:
                judged(STEP)
        with writing() as connection:
            done = _store(connection, file, found, prepared, stored)
            _record(connection, actor, found, done)
            return done


def _record(connection: Connection, actor: str, found: Ground, done: Imported) -> None:
    record(
        connection,
        actor,
        "delivery.imported",
        f"provider:{found.provider.id} wave:{found.wave.id}",
        n_new=done.n_new,
        n_updated=done.n_updated,
        n_not_sampled=done.n_not_sampled,
        **{f"n_{verdict}": n_rows for verdict, n_rows in done.counts.items()},
    )


def _store(connection: Connection, file: DeliveryFile, found: Ground, prepared: _Prepared, stored: Advance) -> Imported:
    participation_id = participate(connection, found.wave.id, found.provider.id)
    connection.execute(
        sa.select(_participation.c.id).where(_participation.c.id == participation_id).with_for_update()
    )  # two deliveries of one provider follow each other
    if last_delivery(connection, participation_id) != found.known.last_delivery_id:
        raise Conflict("another delivery of this provider was stored in the meantime; nothing was changed, try again")
    delivery_id = _store_delivery(connection, file, participation_id, prepared)
    opted_out = opted_out_keys(connection, participation_id)
    outside = _left_out(connection, found, participation_id, prepared.new)
    states = [_disposition(row, outside, opted_out) for row in prepared.new]
    insert_new(connection, prepared.new, states, participation_id, delivery_id, stored)
    wrong = new_numbers.wrong_numbers(connection, (row.case_id for row in prepared.renewed))
    renew(connection, prepared.renewed, stored)
    new_numbers.forgive(connection, wrong)
    gone = [row.case_id for row in prepared.renewed if not opted_out.isdisjoint(row.keys[:2])]
    _report_open(connection, gone, dispositions.OPTED_OUT)
    _set_self_reporters_apart(connection, participation_id)
    if any(row.facts.wants_phone for row in (*prepared.new, *prepared.renewed)):
        _buy_phone(connection, participation_id)
    progress.recount(connection, [participation_id])
    return Imported(
        prepared.counts,
        n_new=len(prepared.new),
        n_updated=len(prepared.renewed),
        n_not_sampled=len(outside),
        n_opted_out=states.count(dispositions.OPTED_OUT),
        n_other_service=prepared.n_other_service,
    )


def _buy_phone(connection: Connection, participation_id: int) -> None:
    """Clients for whom the telephone was bought are called, also when nobody had set the provider's option yet."""
    not_set = sa.and_(_participation.c.id == participation_id, _participation.c.phone_option == "none")
    connection.execute(sa.update(_participation).where(not_set).values(phone_option="part"))


def _store_delivery(connection: Connection, file: DeliveryFile, participation_id: int, prepared: _Prepared) -> int:
    result = connection.execute(
        sa.insert(_delivery).values(
            participation_id=participation_id,
            content_hash=file.content_hash,
            delivered_at=clock.now(),
            n_rows=sum(prepared.counts.values()),
            n_new=len(prepared.new),
            n_updated=len(prepared.renewed),
            **{f"n_{verdict}": n_rows for verdict, n_rows in prepared.counts.items()},
        )
    )
    assert result.inserted_primary_key is not None
    return int(result.inserted_primary_key[0])


def _left_out(connection: Connection, found: Ground, participation_id: int, new: Sequence[Ready]) -> set[int]:
    """The new clients (by id) that the wave's maximum leaves outside the sample."""
    max_sample = found.wave.rules.max_sample
    if not max_sample:
        return set()
    drawn = connection.execute(
        sa.select(_case.c.service, sa.func.count())
        .where(
            _case.c.participation_id == participation_id,
            _case.c.kind == "client",
            _case.c.disposition != dispositions.NOT_SAMPLED,
        )
        .group_by(_case.c.service)
    )
    n_drawn_before = {service: n_cases for service, n_cases in drawn}
    n_deliveries = connection.scalar(sa.select(sa.func.count()).where(_delivery.c.participation_id == participation_id))
    candidates: dict[int, list[int]] = {}
    for place, row in enumerate(new):
        if row.facts.kind == "client" and row.facts.service is not None:
            candidates.setdefault(row.facts.service, []).append(place)
    seed = f"{found.wave.seed}:{found.provider.slug}:{n_deliveries}"
    outside = sampling.left_out(candidates, n_drawn_before, max_sample, seed)
    return {new[place].case_id for place in outside}


def _disposition(row: Ready, outside: set[int], opted_out: set[bytes]) -> str:
    if row.case_id in outside:
        return dispositions.NOT_SAMPLED
    keys = (row.keys.reference, row.keys.email, row.keys.phone)
    return dispositions.OPTED_OUT if opted_out and not opted_out.isdisjoint(keys) else dispositions.OPEN


def _set_self_reporters_apart(connection: Connection, participation_id: int) -> None:
    """Commissioners who turn out to be clients too, by e-mail address, leave the commissioners' net sample."""
    client, client_contact = _case.alias(), _contact.alias()
    emails = (
        sa.select(client_contact.c.email_key)
        .join(client, client.c.id == client_contact.c.case_id)
        .where(client_contact.c.participation_id == participation_id, client.c.kind == "client")
        .where(client_contact.c.email_key.is_not(None))
    )
    found = connection.scalars(
        sa.select(_case.c.id)
        .join(_contact, _contact.c.case_id == _case.c.id)
        .where(_case.c.participation_id == participation_id, _case.c.kind == "commissioner")
        .where(_case.c.disposition == dispositions.OPEN, _contact.c.email_key.in_(emails))
    )
    dispositions.report(connection, list(found), dispositions.SELF_REPORTER)


def _report_open(connection: Connection, case_ids: Sequence[int], disposition: str) -> None:
    """A disposition for those of these cases that are still open."""
    for batch in batches(case_ids):
        is_open = sa.and_(_case.c.id.in_(batch), _case.c.disposition == dispositions.OPEN)
        dispositions.report(connection, list(connection.scalars(sa.select(_case.c.id).where(is_open))), disposition)
