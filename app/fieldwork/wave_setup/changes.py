"""Changing a wave: what that will do, in sentences, and then doing it with an entry in the audit log."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app import clock
from app.audit.log import record
from app.clock import local, today
from app.errors import NotFound
from app.fieldwork.dispositions import OPEN, in_net_sample
from app.fieldwork.rules import Band, WaveRules
from app.fieldwork.sending import outbox
from app.fieldwork.tables import Case, Message, Participation, Wave
from app.fieldwork.wave_setup.form import Draft
from app.language import long_date
from app.questions.question import N_

QUESTIONNAIRES = {
    "clients": N_("cliënten van arbeid"),
    "inburgering": N_("cliënten van inburgering"),
    "commissioners": N_("opdrachtgevers"),
}
_case = Case.__table__  # type: ignore[attr-defined]
_message = Message.__table__  # type: ignore[attr-defined]
_participation = Participation.__table__  # type: ignore[attr-defined]
_wave = Wave.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Effect:
    """One thing that a change does; `n` chooses between one and more."""

    one: str
    more: str
    n: int = 2
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Stored:
    """A wave as it is stored."""

    id: int
    draft: Draft
    invited_at: datetime | None
    paused_at: datetime | None
    n_cases: int

    @property
    def is_running(self) -> bool:
        """Whether a change touches people: cases were delivered, or the invitations began."""
        return self.invited_at is not None or self.n_cases > 0

    @property
    def is_closed(self) -> bool:
        return self.draft.fieldwork_ends_on is not None and self.draft.fieldwork_ends_on < today()


def stored_wave(connection: Connection, label: str) -> Stored:
    """The wave with this label.

    Raises:
        NotFound: when there is none.
    """
    row = connection.execute(sa.select(_wave).where(_wave.c.label == label)).first()
    if row is None:
        raise NotFound("there is no such wave")
    draft = Draft(row.label, row.starts_on, row.ends_on, row.fieldwork_ends_on, WaveRules.model_validate(row.rules))
    n_cases = connection.scalar(sa.select(sa.func.count()).select_from(_of_wave()).where(_here(row.id))) or 0
    return Stored(row.id, draft, row.invited_at, row.paused_at, n_cases)


def changed(old: Draft, new: Draft) -> list[str]:
    """The names of what differs."""
    fields = [name for name in ("label", "starts_on", "ends_on", "fieldwork_ends_on")
              if getattr(old, name) != getattr(new, name)]  # fmt: skip
    return fields + [name for name in WaveRules.model_fields if getattr(old.rules, name) != getattr(new.rules, name)]


def services_in_use(connection: Connection, wave_id: int, rules: WaveRules) -> dict[int, int]:
    """How many cases there are of each service that these rules no longer have."""
    rows = connection.execute(
        sa.select(_case.c.service, sa.func.count())
        .select_from(_of_wave())
        .where(_here(wave_id), _case.c.service.is_not(None))
        .group_by(_case.c.service)
    )
    return {service: n_cases for service, n_cases in rows if service not in rules.services}


def effects(connection: Connection, wave: Stored, new: Draft) -> list[Effect]:
    """What the change will do, in the order in which somebody wants to know it."""
    return [effect for tell in TELLERS for effect in tell(connection, wave, new)]


def change_wave(connection: Connection, actor: str, wave: Stored, new: Draft) -> int:
    """Stores the change; returns how many queued messages fell away with their step."""
    gone = [row.id for row in _queued(connection, wave.id) if _falls_away(row, new.rules)]
    # nothing of these was sent; taking them away lets the step come back if somebody puts it back
    connection.execute(sa.delete(_message).where(_message.c.id.in_(gone), _message.c.state == outbox.QUEUED))
    values = {
        "label": new.label,
        "starts_on": new.starts_on,
        "ends_on": new.ends_on,
        "fieldwork_ends_on": new.fieldwork_ends_on,
        "rules": new.rules.model_dump(mode="json"),
    }
    connection.execute(sa.update(_wave).where(_wave.c.id == wave.id).values(values))
    what = ",".join(changed(wave.draft, new))
    record(connection, actor, "wave.changed", f"wave:{wave.id}", fields=what, n_messages_gone=len(gone))
    return len(gone)


def set_paused(connection: Connection, actor: str, wave: Stored, is_paused: bool) -> None:
    """Nothing is sent while a wave is paused. Doing it twice is no change."""
    if is_paused == (wave.paused_at is not None):
        return
    at = clock.now() if is_paused else None
    connection.execute(sa.update(_wave).where(_wave.c.id == wave.id).values(paused_at=at))
    record(connection, actor, "wave.paused" if is_paused else "wave.resumed", f"wave:{wave.id}")


def _messages(connection: Connection, wave: Stored, new: Draft) -> Iterator[Effect]:
    old, queued = wave.draft.rules, _queued(connection, wave.id)
    n_gone = sum(_falls_away(row, new.rules) for row in queued)
    if old.scheme != new.rules.scheme:
        one = N_("Het schema verandert voor wie nog een bericht moet krijgen. Wat verstuurd is, blijft verstuurd.")
        yield Effect(one, one)
    if old.sends_letters and not new.rules.sends_letters:
        text = N_("Er gaan geen brieven meer uit.")
        yield Effect(text, text)
    if not old.sends_letters and new.rules.sends_letters:
        text = N_("Er gaan voortaan ook brieven uit.")
        yield Effect(text, text)
    if n_gone:
        yield Effect(
            N_("%(n)s bericht dat al klaarstaat vervalt."), N_("%(n)s berichten die al klaarstaan vervallen."), n_gone
        )


def _closing(connection: Connection, wave: Stored, new: Draft) -> Iterator[Effect]:
    before, after = wave.draft.fieldwork_ends_on, new.fieldwork_ends_on
    if before == after:
        return
    n_open = connection.scalar(
        sa.select(sa.func.count()).select_from(_of_wave()).where(_here(wave.id), _case.c.disposition == OPEN)
    ) or 0  # fmt: skip
    if after is None:
        text = N_("Invullen kan zonder einddatum.")
        yield Effect(text, text)
        return
    values = {"day": long_date(after)}
    if after < today() and (before is None or before >= today()):
        yield Effect(
            N_("Invullen stopt nu: %(n)s link gaat meteen dicht."),
            N_("Invullen stopt nu: %(n)s links gaan meteen dicht."),
            n_open,
        )
    elif before is None or after < before:
        yield Effect(
            N_("Invullen stopt eerder: na %(day)s gaat %(n)s link dicht."),
            N_("Invullen stopt eerder: na %(day)s gaan %(n)s links dicht."),
            n_open,
            values,
        )
    else:
        text = N_("Invullen kan langer: tot en met %(day)s.")
        yield Effect(text, text, values=values)
    n_late = sum(local(row.due_at).date() > after for row in _queued(connection, wave.id))
    if n_late:
        yield Effect(
            N_("%(n)s bericht dat voor later klaarstaat, gaat niet meer uit."),
            N_("%(n)s berichten die voor later klaarstaan, gaan niet meer uit."),
            n_late,
        )


def _norms(connection: Connection, wave: Stored, new: Draft) -> Iterator[Effect]:
    old_norm, new_norm = wave.draft.rules.response_norm, new.rules.response_norm
    if old_norm != new_norm:
        rows = connection.execute(
            sa.select(_case.c.kind, _case.c.service, sa.func.count())
            .select_from(_of_wave())
            .where(_here(wave.id), in_net_sample())
            .group_by(_participation.c.id, _case.c.kind, _case.c.service)
        ).all()
        n_rows = sum(
            _band(_bands(old_norm, row.kind), row[2]) != _band(_bands(new_norm, row.kind), row[2]) for row in rows
        )
        yield Effect(
            N_("De responsnorm verandert voor %(n)s dienst van een dienstverlener."),
            N_("De responsnorm verandert voor %(n)s diensten van dienstverleners."),
            n_rows,
        )
    names = ("norm_sets", "inclusive", "services_need_total", "commissioners_always_published", "publication_norm")
    if any(getattr(wave.draft.rules, name) != getattr(new.rules, name) for name in names):
        text = N_("Wat gepubliceerd wordt en wie de norm haalt, wordt opnieuw uitgerekend.")
        yield Effect(text, text)


def _deliveries(connection: Connection, wave: Stored, new: Draft) -> Iterator[Effect]:
    old = wave.draft
    if (old.starts_on, old.ends_on) != (new.starts_on, new.ends_on):
        text = N_("Volgende bestanden worden met de nieuwe data beoordeeld. Wat al is opgenomen, blijft.")
        yield Effect(text, text)
    if old.rules.services != new.rules.services:
        text = N_("De namen of de lijst van diensten veranderen, ook in de resultaten en in vragenlijsten.")
        yield Effect(text, text)
    if old.rules.max_sample != new.rules.max_sample:
        text = N_("Het nieuwe maximum geldt voor volgende bestanden. Wie al is getrokken, blijft getrokken.")
        yield Effect(text, text)
    for part, words in QUESTIONNAIRES.items():
        if getattr(old.rules.questionnaires, part) != getattr(new.rules.questionnaires, part):
            text = N_("Wie nog niet is begonnen, krijgt een andere vragenlijst. Dit gaat om: %(group)s.")
            yield Effect(text, text, values={"group": words})


def _rest(connection: Connection, wave: Stored, new: Draft) -> Iterator[Effect]:
    old = wave.draft
    if old.label != new.label:
        text = N_(
            "De meetperiode heet voortaan %(label)s, ook in adressen en opdrachten. Oude adressen werken niet meer."
        )
        yield Effect(text, text, values={"label": new.label})
    if old.rules.allow_drafted_translations != new.rules.allow_drafted_translations:
        text = (
            N_("Deelnemers mogen ook talen kiezen waarvan de vertaling nog niet is nagekeken.")
            if new.rules.allow_drafted_translations
            else N_("Deelnemers kunnen alleen nog talen kiezen waarvan alles is nagekeken.")
        )
        yield Effect(text, text)
    if old.rules.phone_quota != new.rules.phone_quota:
        text = N_("Bellen stopt voortaan bij %(quota)s gelukte gesprekken per dienstverlener.")
        yield Effect(text, text, values={"quota": new.rules.phone_quota})
    if old.rules.retention_days != new.rules.retention_days:
        text = N_("Contactgegevens worden %(days)s dagen na de laatste rapporten gewist.")
        yield Effect(text, text, values={"days": new.rules.retention_days})


TELLERS = (_messages, _closing, _norms, _deliveries, _rest)


def _of_wave() -> Any:
    return _case.join(_participation, _participation.c.id == _case.c.participation_id)


def _here(wave_id: int) -> sa.ColumnElement[bool]:
    return sa.and_(_participation.c.wave_id == wave_id)


def _queued(connection: Connection, wave_id: int) -> Sequence[Any]:
    return connection.execute(
        sa.select(_message.c.id, _message.c.step, _message.c.channel, _message.c.due_at, _case.c.kind)
        .select_from(_of_wave().join(_message, _message.c.case_id == _case.c.id))
        .where(_here(wave_id), _message.c.state == outbox.QUEUED, _message.c.batch_id.is_(None))
    ).all()


def _falls_away(row: Any, rules: WaveRules) -> bool:
    """Whether a queued message belongs to no step any more; what somebody sent again by hand stays."""
    if row.channel == "letter" and not rules.sends_letters:
        return True
    steps = rules.scheme.clients if row.kind == "client" else rules.scheme.commissioners
    return not row.step.startswith("resend-") and row.step not in {step.name for step in steps}


def _bands(norm: Any, kind: str) -> tuple[Band, ...]:
    found: tuple[Band, ...] = norm.clients if kind == "client" else norm.commissioners
    return found


def _band(bands: tuple[Band, ...], n_net: int) -> Band | None:
    return next((band for band in bands if band.net_max is None or n_net <= band.net_max), None)
