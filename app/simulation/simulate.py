"""A simulation: the invited cases of a wave, or of one provider, each with a made-up person behind it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from random import Random

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.collection import versions
from app.database import not_waiting_for_disk, writing
from app.encryption import decrypt
from app.errors import NotFound
from app.fieldwork import tokens
from app.fieldwork.dispositions import in_net_sample
from app.fieldwork.tables import Case, Contact, Participation, Provider, Token
from app.fieldwork.waves import KnownWave, find_provider, find_wave
from app.simulation.respondents import Ending, Invitee, Summary, respond, summary

_case = Case.__table__  # type: ignore[attr-defined]
_contact = Contact.__table__  # type: ignore[attr-defined]
_token = Token.__table__  # type: ignore[attr-defined]
_participation = Participation.__table__  # type: ignore[attr-defined]
_provider = Provider.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Plan:
    """Who will be simulated, and how many cases wait for a questionnaire that is not there (by its name)."""

    invitees: tuple[Invitee, ...]
    n_waiting: Mapping[str, int]


def plan(wave_label: str, seed: int, provider_slug: str | None = None) -> Plan:
    """Everybody in the net sample of a wave or of one provider, with a token that opens the questionnaire.

    A person is drawn from the seed, the provider and the reference, so the same delivery gives the same people in
    any database.

    Raises:
        NotFound: when there is no such wave or provider.
    """
    with writing() as connection:
        wave = find_wave(connection, wave_label)
        provider = find_provider(connection, provider_slug) if provider_slug else None
        rows = connection.execute(_cases(wave, provider.slug if provider else None)).all()
        without = [row.id for row in rows if row.token_id is None]
        tokens.issue(connection, without, "link")
        issued = _token_ids(connection, without)
    invitees: list[Invitee] = []
    n_waiting: dict[str, int] = {}
    for row in rows:
        questionnaire = wave.rules.questionnaire_for(row.kind, row.service)
        if _exists(questionnaire):
            person = f"{seed} {row.slug} {row.kind} {decrypt(row.reference) or row.id}"
            invitees.append(Invitee(row.slug, row.id, row.token_id or issued[row.id], person))
        else:
            n_waiting[questionnaire] = n_waiting.get(questionnaire, 0) + 1
    return Plan(tuple(invitees), n_waiting)


def _cases(wave: KnownWave, provider_slug: str | None) -> sa.Select[tuple[object, ...]]:
    token_id = (
        sa.select(sa.func.min(_token.c.id))
        .where(_token.c.case_id == _case.c.id, _token.c.revoked_at.is_(None))
        .scalar_subquery()
    )
    joined = (
        _case.join(_participation, _participation.c.id == _case.c.participation_id)
        .join(_provider, _provider.c.id == _participation.c.provider_id)
        .outerjoin(_contact, _contact.c.case_id == _case.c.id)
    )
    columns = (_provider.c.slug, _case.c.id, _case.c.kind, _case.c.service, _contact.c.reference)
    is_asked = sa.or_(_case.c.kind == "client", sa.not_(_case.c.is_self_reporter))
    cases = (
        sa.select(*columns, token_id.label("token_id"))
        .select_from(joined)
        .where(_participation.c.wave_id == wave.id, in_net_sample(), is_asked)
        .order_by(_provider.c.slug, _case.c.id)
    )
    return cases.where(_provider.c.slug == provider_slug) if provider_slug else cases


def _token_ids(connection: Connection, case_ids: list[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for start in range(0, len(case_ids), 500):  # below the number of parameters that any database takes
        some = case_ids[start : start + 500]
        rows = connection.execute(sa.select(_token.c.case_id, _token.c.id).where(_token.c.case_id.in_(some)))
        found.update({row.case_id: row.id for row in rows})
    return found


def _exists(questionnaire: str) -> bool:
    try:
        versions.current(questionnaire)
    except NotFound:
        return False
    return True


def simulate(
    invitees: tuple[Invitee, ...],
    response_share: float,
    *,
    quality: float | None = None,
    advance: Callable[[], None] = lambda: None,
) -> list[Summary]:
    """Lets everybody respond, page by page; one summary per provider.

    Args:
        response_share: the share (0–1) of people who begin.
        quality: how well the provider helps its clients (0–1); None = drawn per provider from the seed.
        advance: called after each person.
    """

    def endings(group: Iterator[Invitee]) -> Iterator[Ending]:
        for invitee in group:
            yield respond(invitee, response_share, _quality_of(invitee) if quality is None else quality)
            advance()

    with not_waiting_for_disk():
        by_provider = groupby(invitees, key=lambda one: one.provider)
        return [summary(provider, list(endings(group))) for provider, group in by_provider]


def _quality_of(invitee: Invitee) -> float:
    """Some providers are better than others: the same for all clients of one provider under one seed."""
    seed = invitee.seed.split(" ", 1)[0]
    return Random(f"{seed} {invitee.provider}").uniform(0.5, 0.85)  # noqa: S311


def printed(summaries: list[Summary]) -> str:
    """The summaries as lines for people, with a total when there are several."""
    head = ("invited", "started", "broken off", "finished", "usable")
    lines = [(s.provider, [s.n_invited, s.n_started, s.n_broken_off, s.n_finished, s.n_usable]) for s in summaries]
    if len(lines) > 1:
        lines.append(("total", [sum(column) for column in zip(*(counts for _, counts in lines), strict=True)]))
    width = max(len(name) for name, _ in [("provider", []), *lines])
    text = f"{'provider':<{width}}  {'  '.join(head)}\n"
    for name, counts in lines:
        cells = (f"{count:>{len(title)}}" for title, count in zip(head, counts, strict=True))
        text += f"{name:<{width}}  {'  '.join(cells)}\n"
    return text
