"""Gathering the material of a report: everything about one provider in one wave, at one moment."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.clock import local, today
from app.collection.tables import Interview
from app.definition.load import Definition
from app.definition.piping import pipe
from app.errors import NotFound
from app.fieldwork import questionnaires
from app.fieldwork.dispositions import NOT_SAMPLED, QUOTA_FILLED, SELF_REPORTER, UNDELIVERABLE, in_net_sample
from app.fieldwork.rules import BY_PHONE_PROFILES, INBURGERING
from app.fieldwork.tables import Case, Delivery, Participation, Wave
from app.fieldwork.waves import KnownProvider, KnownWave, find_participation, find_provider, find_wave
from app.reports import editions
from app.reports.document import Agency, Document
from app.reports.front import front_of
from app.reports.material import Delivered, Kind, Material, Sample, UsedQuestionnaire
from app.results.disclosure.versions import told_after
from app.results.figures.counts import versions_used
from app.results.figures.figure import Figure, Section
from app.results.figures.front_page import front_page
from app.results.figures.refresh import counted_up
from app.results.figures.sections import sections_of
from app.results.keurmerk import KeurmerkTable
from app.results.screening.answers import released
from app.results.wave_results import table_of
from app.settings import settings

_case = Case.__table__  # type: ignore[attr-defined]
_interview = Interview.__table__  # type: ignore[attr-defined]
_delivery = Delivery.__table__  # type: ignore[attr-defined]
_participation = Participation.__table__  # type: ignore[attr-defined]
_wave = Wave.__table__  # type: ignore[attr-defined]


def gather(connection: Connection, wave: str, provider: str, *, made_on: date | None = None) -> Material:
    """The material of a report as the data are now.

    Raises:
        NotFound: when there is no such wave or provider, or the provider takes no part in the wave.
    """
    known, who = find_wave(connection, wave), find_provider(connection, provider)
    participation_id = find_participation(connection, known.id, who.id)
    if participation_id is None:
        raise NotFound(f"«{who.slug}» takes no part in wave «{known.label}» yet; import a delivery for it first")
    with counted_up(connection, known.id, participation_id) as fresh:
        return _gathered(fresh, known, who, participation_id, made_on or today())


def _gathered(
    connection: Connection, wave: KnownWave, who: KnownProvider, participation_id: int, made_on: date
) -> Material:
    facts = connection.execute(_facts(wave.id, participation_id)).one()
    table = table_of(connection, who.slug, wave.label)
    before = _finals(connection, participation_id)
    told = [[*(chart.figure for chart in one.charts())] for one in before]
    sections = told_after(sections_of(connection, wave.label, who.slug), told, wave.rules.min_n)
    provinces = [one.front.provinces for one in before]
    front = front_page(connection, wave.label, who.slug, earlier=told, earlier_provinces=provinces)
    return Material(
        provider=who.name,
        wave=wave.label,
        starts_on=wave.starts_on,
        ends_on=wave.ends_on,
        invited_on=local(facts.invited_at).date() if facts.invited_at else None,
        phone_option=facts.phone_option,
        n_providers=facts.n_providers,
        rules=wave.rules,
        table=table,
        delivered=Delivered(facts.n_rows, facts.n_rejected, facts.n_duplicate),
        samples=_samples(connection, participation_id, table),
        n_phoned_by_profile=facts.n_phoned_by_profile,
        questionnaires=tuple(_questionnaires(wave, table)),
        sections=tuple(_by_block(connection, wave, who.name, sections)),
        front=front_of(front, table, has_benchmark=facts.n_providers > 1),
        answers=tuple(released(connection, wave.label, who.slug)),
        agency=_agency(),
        made_on=made_on,
    )


def _finals(connection: Connection, participation_id: int) -> list[Document]:
    """What was published about the provider before, the oldest first: a correction may not give single people away."""
    finals = [one for one in editions.versions_of(connection, participation_id) if one.state == "final"]
    return [editions.document_of(connection, one.id) for one in reversed(finals)]


def _facts(wave_id: int, participation_id: int) -> sa.Select[Any]:
    """Single facts, each from a query of its own."""
    of_delivery = _delivery.c.participation_id == participation_id

    def summed(column: sa.Column[int]) -> Any:
        return sa.select(sa.func.coalesce(sa.func.sum(column), 0)).where(of_delivery).scalar_subquery()

    here = (_case.c.participation_id == participation_id) & (_case.c.service == INBURGERING) & in_net_sample()
    by_profile = sa.select(sa.func.count()).where(here, _case.c.learning_profile.in_(BY_PHONE_PROFILES))
    n_providers = sa.select(sa.func.count()).where(_participation.c.wave_id == wave_id)
    return (
        sa.select(
            _wave.c.invited_at,
            _participation.c.phone_option,
            n_providers.correlate(None).scalar_subquery().label("n_providers"),
            by_profile.correlate(None).scalar_subquery().label("n_phoned_by_profile"),
            *(summed(_delivery.c[name]).label(name) for name in ("n_rows", "n_rejected", "n_duplicate")),
        )
        .join(_wave, _wave.c.id == _participation.c.wave_id)
        .where(_participation.c.id == participation_id)
    )


def _samples(connection: Connection, participation_id: int, table: KeurmerkTable) -> dict[Kind, Sample]:
    """From cases to interviews; net and completed are those of the keurmerk table."""
    of = _case.c.participation_id == participation_id
    counted: dict[str, dict[str, int]] = {"client": {}, "commissioner": {}}
    by_disposition = sa.select(_case.c.kind, _case.c.disposition, sa.func.count().label("n")).where(of)
    for kind, disposition, n in connection.execute(by_disposition.group_by(_case.c.kind, _case.c.disposition)):
        counted[kind][disposition] = n
    modes: dict[str, dict[str, int]] = {"client": {}, "commissioner": {}}
    usable = of & _interview.c.is_usable & in_net_sample()
    by_mode = sa.select(_case.c.kind, _interview.c.mode, sa.func.count().label("n")).join(
        _interview, _interview.c.case_id == _case.c.id
    )
    for kind, mode, n in connection.execute(by_mode.where(usable).group_by(_case.c.kind, _interview.c.mode)):
        modes[kind][mode] = n
    rows = {"client": table.total, "commissioner": table.commissioners}
    return {kind: _sample(counted[kind], modes[kind], rows[kind]) for kind in ("client", "commissioner")}


def _sample(dispositions: Mapping[str, int], modes: Mapping[str, int], row: Any) -> Sample:
    return Sample(
        n_cases=sum(dispositions.values()),
        n_not_sampled=dispositions.get(NOT_SAMPLED, 0),
        n_undeliverable=dispositions.get(UNDELIVERABLE, 0),
        n_quota_filled=dispositions.get(QUOTA_FILLED, 0),
        n_self_reporters=dispositions.get(SELF_REPORTER, 0),
        n_net=row.net_sample if row else 0,
        n_completed=row.completed if row else 0,
        n_by_mode=modes,
    )


def _questionnaires(wave: KnownWave, table: KeurmerkTable) -> Iterator[UsedQuestionnaire]:
    """Those that the people of this provider were asked to fill in, as they are served now."""
    rules = wave.rules
    services = [row.service for row in table.rows if row.service is not None]
    is_mixed = INBURGERING in services and len(services) > 1
    asked: dict[str, str] = {}
    for service in services:
        name = rules.questionnaire_for("client", service)
        is_course = service == INBURGERING and name != rules.questionnaires.clients
        whom = "cliënten van alle andere diensten" if is_mixed else "cliënten van alle diensten"
        asked[name] = "mensen met een inburgeringscursus" if is_course else whom
    if table.commissioners is not None:
        asked[rules.questionnaires.commissioners] = "opdrachtgevers"
    for name, whom in asked.items():
        texts = questionnaires.current(name).texts
        has_easy = "low_threshold" in texts.wordings
        yield UsedQuestionnaire(str(pipe(texts.title, {})), whom, texts.minutes, has_easy)


def _by_block(connection: Connection, wave: KnownWave, provider: str, sections: list[Section]) -> Iterator[Section]:
    """The sections divided as their questionnaires are, so that a chapter of thirty figures has headings."""
    versions = versions_used(connection, wave.id)
    for section in sections:
        titles = _titles(versions[section.group], provider)
        parts: dict[str, list[Figure]] = {}
        for figure in section.figures:
            title = titles.get(figure.code.removesuffix(".distribution"), section.title)
            parts.setdefault(title, []).append(figure)
        for title, figures in parts.items():
            yield Section(section.group, title, tuple(figures))


def _titles(versions: list[Definition], provider: str) -> dict[str, str]:
    """The title of the block of every question and row; the newest version's words win."""
    return {
        code: str(pipe(block.title, {"provider": provider}))
        for definition in reversed(versions)
        for block in definition.texts.blocks
        for question in block.questions
        for code in (question.code, *(row.code for row in question.rows))
    }


def _agency() -> Agency:
    known = settings()
    lines = [part.strip() for part in known.agency_address.split(",") if part.strip()]
    return Agency(known.agency_name, (*lines, known.help_phone, known.mail_reply_to or known.mail_from))
