"""Envelopes: claimed messages with address, words and a fresh link. Decrypted data stay in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.channels import Envelope
from app.encryption import decrypt
from app.fieldwork.sending.message_texts import Addressee, words
from app.fieldwork.sending.opt_out_links import opt_out_link
from app.fieldwork.sending.planning import SendingWave
from app.fieldwork.tables import Case, Contact, Message, Participation, Provider
from app.settings import settings

_message = Message.__table__  # type: ignore[attr-defined]
_case = Case.__table__  # type: ignore[attr-defined]
_contact = Contact.__table__  # type: ignore[attr-defined]
_participation = Participation.__table__  # type: ignore[attr-defined]
_provider = Provider.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, repr=False)
class Draft:
    """A claimed message on its way to an envelope; the address is still encrypted."""

    id: int
    row: Any
    wave: SendingWave
    token: str


def drafts(
    connection: Connection, ids: Sequence[int], waves: Mapping[int, SendingWave], tokens: Mapping[int, str]
) -> list[Draft]:
    """The claimed messages in the order in which they are due, with the token of each case."""
    rows = connection.execute(
        sa.select(
            _message.c.id,
            _message.c.case_id,
            _message.c.kind,
            _message.c.message_id,
            _case.c.kind.label("case_kind"),
            _case.c.service,
            _case.c.wording,
            _case.c.language,
            _contact.c.email,
            _participation.c.wave_id,
            _provider.c.name.label("provider"),
        )
        .select_from(
            _message.join(_case, _case.c.id == _message.c.case_id)
            .join(_participation, _participation.c.id == _case.c.participation_id)
            .join(_provider, _provider.c.id == _participation.c.provider_id)
            .outerjoin(_contact, _contact.c.case_id == _case.c.id)
        )
        .where(_message.c.id.in_(ids))
        .order_by(_message.c.due_at, _message.c.id)
    )
    return [Draft(row.id, row, waves[row.wave_id], tokens[row.case_id]) for row in rows]


def case_ids(connection: Connection, ids: Sequence[int]) -> list[int]:
    """The cases of these messages."""
    return list(connection.scalars(sa.select(_message.c.case_id).where(_message.c.id.in_(ids)).distinct()))


def envelope(draft: Draft) -> Envelope:
    """A draft in words, with its address.

    Raises:
        NotFound: when the questionnaire has no such message.
        Invalid: when the address cannot be decrypted.
    """
    row, address = draft.row, settings().public_url.rstrip("/")
    link = f"{address}/v/{draft.token}"
    addressee = Addressee(draft.wave.rules.questionnaire_for(row.case_kind, row.service), row.wording, row.language)
    said = words(addressee, row.kind, draft.wave, provider=row.provider, link=link)
    return Envelope(
        message_id=row.message_id,
        to=decrypt(row.email),
        language=said.language,
        subject=said.subject,
        paragraphs=said.paragraphs,
        button=said.button,
        link=link,
        unsubscribe_link=opt_out_link(row.case_id),
        until=said.until,
    )
